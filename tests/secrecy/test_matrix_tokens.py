"""The token's column of the permission matrix: each route of the API, with and without its scope, own, foreign, absent.

With just the scope that ``matrix_tokens`` names a token is answered as its person is (``matrix``); with every scope but
that one it is refused wherever it asks, and what is hidden is refused as what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from samsyn.access.rules import all_scopes
from samsyn.access.service import MakeToken, make_token
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.guards import declared_permissions
from tests.secrecy import test_matrix
from tests.secrecy.asking import ROLES, Asked, nothing_kept
from tests.secrecy.bodies import body_of, words_of
from tests.secrecy.matrix import READING
from tests.secrecy.matrix_tokens import scopes
from tests.secrecy.matrix_writing import WRITING
from tests.secrecy.rows import Row, read
from tests.secrecy.test_matrix import Found, Scene, path_of

scene = test_matrix.scene
RELATIONS: Final = ("own", "partner", "outside")
"""Whose token asks: the thing's own authority, who takes part, and who has nothing to do with it."""


@dataclass
class Tokens:
    """Tokens of the people of the matrix, made when they are first asked for."""

    scene: Scene
    made: dict[tuple[str, str, frozenset[str]], str] = field(default_factory=dict)

    def of(self, relation: str, role: str, may: frozenset[str]) -> str:
        key = relation, role, may
        if key not in self.made:
            office, person = self.scene.people.offices[relation], self.scene.people.persons[relation, role]
            with unit_of_work(Viewer(office.id, person)) as uow:
                self.made[key] = make_token(uow, MakeToken("matris", may))
        return self.made[key]


def without(scope: str) -> frozenset[str]:
    """Every scope but one; a scope to write would open what is read."""
    group, _, act = scope.partition(":")
    return frozenset(all_scopes()) - ({scope} if act == "write" else {scope, f"{group}:write"})


def asks(rule: str, row: Row, relations: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """In each relation one person who has the roles for it: who is let in where anybody is."""
    for relation in relations if "<uuid:" in rule else ("own",):
        able = [role for role in ROLES if role in row.who]
        yield relation, next((role for role in able if row.cells[relation][role] == "in"), able[0])


def ask(tokens: Tokens, who: tuple[str, str], method: str, rule: str, may: frozenset[str], *, absent: bool) -> Asked:
    scene = tokens.scene
    words = {**scene.keys, **words_of(scene.people.offices[who[0]])}
    path = path_of(rule, scene.keys, absent=absent)
    return scene.people.ask(who, method, path, body_of(rule, words), secret=tokens.of(*who, may))


def asked_of(
    wanted: dict[tuple[str, str], str], relations: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str], tuple[str, str], str, str]]:
    """Each route with who asks, the scope, and what that person is answered with it."""
    table = read(READING + WRITING)
    for key, scope in wanted.items():
        for who in asks(key[1], table[key], relations):
            yield key, who, scope, table[key].cells[who[0]][who[1]]


def try_all(tokens: Tokens, wanted: dict[tuple[str, str], str], relations: tuple[str, ...] = RELATIONS) -> Found:
    found, asked = Found(), list(asked_of(wanted, relations))
    for _, who, scope, _ in asked:
        for may in (frozenset({scope}), without(scope)):
            tokens.of(*who, may)
    with nothing_kept():
        for key, who, scope, meant in asked:
            try_token(tokens, key, who, (frozenset({scope}), meant, "with"), found)
            try_token(tokens, key, who, (without(scope), "no", "without"), found)
    return found


def try_token(
    tokens: Tokens, key: tuple[str, str], who: tuple[str, str], said: tuple[frozenset[str], str, str], found: Found
) -> None:
    """Ask a route by one token; where it is refused, also for what is not there."""
    may, meant, word = said
    answer = ask(tokens, who, *key, may, absent=False)
    found.asked += 1
    if answer.cell != meant:
        found.cells.append(f"{' '.join(key)} {word}: {who} is told {answer.cell} ({answer.status}), not {meant}")
    elif (
        "<uuid:" in key[1]
        and (meant == "none" or word == "without")
        and ask(tokens, who, *key, may, absent=True) != answer
    ):
        found.told_apart.append(f"{' '.join(key)} {word}: {who}")


@pytest.fixture(scope="module")
def tokens(scene: Scene) -> Tokens:
    return Tokens(scene)


def api_routes(scene: Scene) -> set[tuple[str, str]]:
    declared = declared_permissions(scene.app)
    return {key for key, permission in declared.items() if key[1].startswith("/api/") and not permission.open}


def test_every_route_of_the_api_has_its_scope_and_every_line_is_a_route(scene: Scene) -> None:
    assert set(scopes()) == api_routes(scene)
    assert set(scopes().values()) <= set(all_scopes())


def test_a_token_is_answered_as_its_person_with_its_scope_and_refused_without_it(tokens: Tokens) -> None:
    found = try_all(tokens, scopes())
    assert found.cells == []
    assert found.told_apart == []
    assert found.asked > 200


def test_no_scope_opens_a_page(tokens: Tokens) -> None:
    """With all of them, as each page's own reader."""
    opened, may = list[object](), frozenset(all_scopes())
    declared = declared_permissions(tokens.scene.app)
    pages = {key: "" for key, one in declared.items() if not key[1].startswith("/api/") and not one.open}
    readers = {key: who for key, who, _, _ in asked_of(pages, ("own",))}
    for who in readers.values():
        tokens.of(*who, may)
    with nothing_kept():
        for key, who in readers.items():
            answer = ask(tokens, who, *key, may, absent=False)
            opened += [] if answer.cell == "no" else [(key, answer.status)]
    assert len(readers) > 150
    assert opened == []


def test_no_scope_opens_the_persons_own_things_on_what_is_open_to_all(tokens: Tokens) -> None:
    """The start page is open, to say where to sign in: with a token of any scope it would say what waits."""
    who, declared = ("own", "planner"), declared_permissions(tokens.scene.app)
    secret = tokens.of(*who, frozenset({"checklists:read"}))
    rules = {rule for (method, rule), one in declared.items() if method == "GET" and one.open and "<" not in rule}
    assert {"/", "/help", "/metrics"} <= rules
    pages = [rule for rule in sorted(rules) if not rule.startswith("/api/")]
    answers = {rule: tokens.scene.people.ask(who, "GET", rule, None, secret=secret).status for rule in pages}
    assert answers == dict.fromkeys(pages, 403)


def open_for_all(scopes: frozenset[str] | None, group: str, *, write: bool) -> bool:
    return True


def reads_open_writes(scopes: frozenset[str] | None, group: str, *, write: bool) -> bool:
    return scopes is None or bool({f"{group}:read", f"{group}:write"} & scopes)


@pytest.mark.parametrize("fault", [open_for_all, reads_open_writes])
def test_a_check_of_scopes_that_is_open_shows_at_every_route(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    """Two faults that are planted: any token opens anything; a scope to read opens what is written."""
    monkeypatch.setattr("samsyn.web.guards.covers", fault)
    wanted = {key: scope for key, scope in scopes().items() if fault is open_for_all or scope.endswith(":write")}
    found = try_all(tokens, wanted, ("outside",))
    assert {line.split(" without")[0] for line in found.cells} == {" ".join(key) for key in wanted}
