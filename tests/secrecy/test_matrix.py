"""The permission matrix, tested whole: every route, as people of every role, who have to do with a thing or have not.

What a route answers is held against ``matrix``. A route that is not in the table fails, and so does a line of it
that is no route: a new page says there who may come. Where somebody is told that there is no such thing, the answer
is the one that an id of nothing gets, in status, body and headers (SECRECY 2, no. 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.web.app import create_app
from samsyn.web.guards import MARK, Permission, declared_permissions
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import make_town
from tests.secrecy.asking import RELATIONS, ROLES, Asked, People, nothing_kept
from tests.secrecy.bodies import OTHERWISE, body_of, keys_of, plant_more, words_of
from tests.secrecy.matrix import READING
from tests.secrecy.matrix_writing import WRITING
from tests.secrecy.planting import plant
from tests.secrecy.rows import Row, read
from tests.secrecy.test_http import make_real

ARGUMENT = re.compile(r"<(?:uuid:|path:)?(\w+)>")
ONE_OF = re.compile(r"<any\((\w+)[^>]*>")

BEGINS = {"/settings/places/<uuid:authority_id>", "/operations/<uuid:operation_id>/field-session"}
"""What begins a session, which is not kept here either, so that it is not known at the end of the same request."""


@dataclass
class Scene:
    app: APIFlask
    people: People
    keys: Mapping[str, UUID]


@dataclass
class Found:
    """What was not as the table says, in words."""

    cells: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)
    asked: int = 0


@pytest.fixture(scope="module")
def scene(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("matrix")
    make_key_file(folder / "keys.json")
    planted = plant(make_town())
    make_real(planted, folder)
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture",
        redis_url="redis://127.0.0.1:9",
        smtp_url="smtp://127.0.0.1:9",
        data_dir=folder,
        undo_seconds=0,
    )
    app = create_app(settings, bind_database=False)
    with as_owner(cluster, database) as db:
        plant_more(planted, db)
        people = People(app, planted, db)
        return Scene(app, people, keys_of(planted, people, db))


def path_of(rule: str, keys: Mapping[str, UUID], *, absent: bool = False) -> str:
    """Fill a rule with the keys, or with ids of nothing."""
    names = OTHERWISE.get(rule, {})

    def fill(found: re.Match[str]) -> str:
        return str(uuid4() if absent else keys.get(names.get(found[1], found[1]), "x"))

    return ARGUMENT.sub(fill, ONE_OF.sub(r"\1", rule))


def asks(rule: str, row: Row) -> Iterator[tuple[str, str]]:
    """Who asks: whom a row is for in every relation, and the others near, and one of them far: no key is read for them.

    Of a list's files one of those asks who may have the list: they are the list again, and dear.
    """
    has_key, file = "<uuid:" in rule, rule.endswith((".csv", ".json", ".xlsx"))
    others = [role for role in ROLES if role not in row.who]
    for relation in RELATIONS if has_key else ("own",):
        insiders = [role for role in ROLES if role in row.who]
        yield from ((relation, role) for role in (insiders[:1] if file and not has_key else insiders))
        yield from ((relation, role) for role in others[: {"own": None, "outside": 1}.get(relation, 0)])


def try_route(scene: Scene, method: str, rule: str, row: Row, found: Found) -> None:
    """Ask one route as everybody; of each relation the first who is told of nothing asks for what is not there too."""
    compared = set[str]()

    def ask(who: tuple[str, str] | None, *, absent: bool = False, briefly: bool = False) -> Asked:
        found.asked += 1
        path = path_of(rule, scene.keys, absent=absent)
        words = {**scene.keys, **words_of(scene.people.offices[who[0] if who else "own"])}
        answer = scene.people.ask(who, method, path, body_of(rule, words), briefly=briefly)
        return replace(answer, status=303) if rule in BEGINS and who and answer.status == 401 else answer

    for who in (None, *asks(rule, row)):
        relation = who[0] if who else "nobody"
        meant = row.cells[who[0]][who[1]] if who else row.nobody
        compare = "<uuid:" in rule and meant in {"none", "who"} and relation not in compared
        answer = ask(who, briefly=meant in {"no", "none"} and not compare)
        if answer.cell != meant:
            found.cells.append(f"{method} {rule}: {who} is told {answer.cell} ({answer.status}), not {meant}")
        if compare and answer.cell == meant:
            compared.add(relation)
            if ask(who, absent=True) != answer:
                found.told_apart.append(f"{method} {rule}: {who} can tell it from what is not there")


def try_all(scene: Scene, table: Mapping[tuple[str, str], Row]) -> Found:
    found = Found()
    with nothing_kept():
        for (method, rule), row in table.items():
            try_route(scene, method, rule, row, found)
    return found


@pytest.fixture(scope="module", params=["reading", "writing"])
def tried(request: pytest.FixtureRequest, scene: Scene) -> Found:
    return try_all(scene, read({"reading": READING, "writing": WRITING}[request.param]))


def test_every_route_is_in_the_table_and_every_line_of_it_is_a_route(scene: Scene) -> None:
    """A new page says who may come."""
    assert set(read(READING + WRITING)) == set(declared_permissions(scene.app))
    assert {method for method, _ in read(READING)} == {"GET"}


def test_everybody_is_let_in_refused_or_told_of_nothing_just_as_the_table_says(tried: Found) -> None:
    assert tried.cells == []
    assert tried.asked > 1000


def test_what_is_hidden_is_answered_as_what_is_not_there(tried: Found) -> None:
    assert tried.told_apart == []


def test_a_guard_that_is_open_shows_in_the_table(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that is planted: the log for everybody. So the test above would be red."""
    rule = next(one for one in scene.app.url_map.iter_rules() if one.rule == "/audit/alarms")
    monkeypatch.setitem(vars(scene.app.view_functions[rule.endpoint]), MARK, Permission())
    found = try_all(scene, {key: row for key, row in read(READING).items() if key[1] == rule.rule})
    assert len(found.cells) == len(ROLES) - 1


def test_a_policy_that_is_open_shows_in_the_table(scene: Scene, cluster: Cluster, database: str) -> None:
    """Another: findings for everybody. The route has no rule of its own beside row security."""
    with as_owner(cluster, database) as db:
        db.execute(text("CREATE POLICY planted_fault ON finding FOR SELECT TO samsyn_app USING (true)"))
        db.commit()
        try:
            finding = "/api/v1/findings/<uuid:finding_id>"
            found = try_all(scene, {key: row for key, row in read(READING).items() if key[1] == finding})
        finally:
            db.execute(text("DROP POLICY planted_fault ON finding"))
            db.commit()
    assert {said.split("'")[1] for said in found.cells} == set(RELATIONS) - {"own"}
