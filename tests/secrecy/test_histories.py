"""Random histories, and a random person who looks around: no word outside of what the law lets them see.

Who may read what is told by ``History`` from what happened, not by the policies. A seeded part runs with the others;
500 histories with 40 looks run in ``make test-long``.
"""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from samsyn.calendars.rendering import event, message
from samsyn.calendars.rendering import text as text_part
from samsyn.calendars.rendering.appointment import Surface
from samsyn.calendars.rendering.text import Words
from samsyn.calendars.rules import FeedLevel
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.web.app import create_app
from tests.cluster import Cluster
from tests.core.owner import acting_in, as_owner
from tests.factories import Office
from tests.secrecy.history import Evening, History
from tests.secrecy.looking_around import Looker
from tests.secrecy.markers import words
from tests.secrecy.surfaces import database

ENDED: Final = {OperationState.DONE, OperationState.REPORTED}
MOST_EVENINGS: Final = 4
SLOW: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
OUTSIDE: Final = {"mail": {"meeting place"}, **{f"feed {level}": set[str]() for level in FeedLevel}}
OUTSIDE[f"feed {FeedLevel.FULL}"] = {"meeting place"}
"""What leaves the house: there a meeting place may stand, and nothing else that anybody typed (R7)."""

SEEN: Final = {"finding", "legal basis", "meeting place", "safety note", "message", "balancing", "common part"}
"""What somebody must have read in the seeded part."""


class Histories(RuleBasedStateMachine):
    """People of four authorities plan, write, hand over and withdraw; anybody looks, also from outside."""

    looker: Looker

    @initialize(steps=st.integers(3, 6), business=st.integers(0, 2))
    def begin(self, steps: int, business: int) -> None:
        self.history = History()
        self.looker.tokens.clear()
        self.looker.history = self.history
        self.plan([0, 1, 2, 3], 2, business, steps)
        self.say(0, 1)
        if self.history.evenings[0].over:
            self.give(0, 1)
        for office in self.history.town.offices:
            viewer = self.history.town.planner(office)
            self.check(viewer, "database", list(database(viewer)))

    def office(self, n: int) -> Office:
        return self.history.town.offices[n % 4]

    def evening(self, n: int) -> Evening:
        return self.history.evenings[n % len(self.history.evenings)]

    @precondition(lambda self: len(self.history.evenings) < MOST_EVENINGS)
    @rule(order=st.permutations(range(4)), n=st.integers(1, 3), business=st.integers(0, 2), steps=st.integers(0, 5))
    def plan(self, order: list[int], n: int, business: int, steps: int) -> None:
        lead, *others = [self.office(one) for one in order[: n + 1]]
        evening = self.history.propose(lead, others, business)
        for _ in range(steps):
            self.history.advance(evening)
            if evening.state is OperationState.ONGOING:
                self.history.find(evening, evening.offices[n])

    @precondition(lambda self: self.history.evenings)
    @rule(n=st.integers(0, 3))
    def advance(self, n: int) -> None:
        self.history.advance(self.evening(n))

    @precondition(lambda self: self.history.evenings)
    @rule(n=st.integers(0, 3), who=st.integers(0, 3))
    def say(self, n: int, who: int) -> None:
        evening = self.evening(n)
        self.history.say(evening, evening.offices[who % len(evening.offices)])

    @precondition(lambda self: self.history.evenings)
    @rule(n=st.integers(0, 3))
    def order(self, n: int) -> None:
        if self.evening(n).state not in ENDED:
            self.history.order(self.evening(n))

    @precondition(lambda self: self.history.evenings)
    @rule(n=st.integers(0, 3), who=st.integers(0, 3))
    def find(self, n: int, who: int) -> None:
        evening = self.evening(n)
        if evening.state in {OperationState.ONGOING, OperationState.DONE}:
            self.history.find(evening, evening.offices[who % len(evening.offices)])

    @precondition(lambda self: self.history.evenings)
    @rule(n=st.integers(0, 3), who=st.integers(0, 3), person=st.integers(0, 1))
    def recuse(self, n: int, who: int, person: int) -> None:
        evening = self.evening(n)
        office = evening.offices[who % len(evening.offices)]
        if office.inspectors[person] not in evening.recused and evening.state is not OperationState.INVITED:
            self.history.recuse(evening, office, person)

    @precondition(lambda self: any(one.evening.state in ENDED for one in self.history.findings))
    @rule(n=st.integers(0, 9), to=st.integers(0, 4))
    def give(self, n: int, to: int) -> None:
        over = [one for one in self.history.findings if one.evening.state in ENDED]
        found = over[n % len(over)]
        receiver = None if to == 4 else self.office(to)
        if receiver is not found.owner:
            self.history.give(found, receiver)

    @precondition(lambda self: any(one.copies for one in self.history.findings))
    @rule(n=st.integers(0, 9))
    def withdraw(self, n: int) -> None:
        given = [(one, key) for one in self.history.findings for key in one.copies]
        self.history.withdraw(*given[n % len(given)])

    @precondition(lambda self: any(one.state in ENDED for one in self.history.evenings))
    @rule(n=st.integers(0, 3), by=st.integers(0, 3), to=st.integers(0, 3))
    def ask(self, n: int, by: int, to: int) -> None:
        over = [one for one in self.history.evenings if one.state in ENDED]
        evening = over[n % len(over)]
        ask, to_whom = evening.offices[by % len(evening.offices)], evening.offices[to % len(evening.offices)]
        if ask is not to_whom:
            self.history.ask(evening, ask, to_whom)

    @precondition(lambda self: self.history.questions)
    @rule(n=st.integers(0, 3))
    def refuse(self, n: int) -> None:
        self.history.refuse(self.history.questions[n % len(self.history.questions)])

    @rule(n=st.integers(0, 3))
    def compile(self, n: int) -> None:
        self.history.compile(self.office(n))

    @rule(who=st.integers(0, 15), seeds=st.lists(st.integers(0, 2**32), min_size=4, max_size=8))
    def look(self, who: int, seeds: list[int]) -> None:
        viewer = self.viewers()[who]
        for seed in seeds:
            for where, seen in self.looker.fetch(self.history, viewer, seed):
                self.check(viewer, where, seen)

    def viewers(self) -> list[Viewer]:
        town = self.history.town
        people = [
            one
            for office in (*town.offices, town.outsider)
            for one in (town.planner(office), town.inspector(office), town.inspector(office, 1))
        ]
        return [*people, Viewer()]

    def check(self, viewer: Viewer, where: str, seen: list[bytes]) -> None:
        rights = self.history.rights
        read = {word for chunk in seen for word in words(chunk) if word in rights}
        leaked = sorted({rights[word][0] for word in read if not rights[word][1](viewer)})
        self.looker.saw |= {rights[word][0] for word in read}
        assert leaked == [], f"{sorted(viewer.roles)} reads {leaked} in {where}"
        if where in OUTSIDE:
            assert {rights[word][0] for word in read} <= OUTSIDE[where], where


@pytest.fixture(scope="module")
def app(database: str, tmp_path_factory: pytest.TempPathFactory) -> APIFlask:
    assert database
    return make_app(tmp_path_factory.mktemp("histories"))


def make_app(folder: Path) -> APIFlask:
    make_key_file(folder / "keys.json")
    dead = "//127.0.0.1:9"
    said = Settings(
        database_url="postgresql://bound", redis_url=f"redis:{dead}", smtp_url=f"smtp:{dead}", data_dir=folder
    )
    return create_app(said, bind_database=False)


def run(app: APIFlask, examples: int, steps: int, looker: Looker | None = None) -> Looker:
    looker = looker or Looker(app)
    machine = type("Machine", (Histories,), {"looker": looker})
    quiet = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], report_multiple_bugs=False, suppress_health_check=SLOW,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=quiet)
    return looker


def test_nobody_reads_a_word_that_is_not_theirs(app: APIFlask, capfd: pytest.CaptureFixture[str]) -> None:
    looker = run(app, examples=6, steps=30)
    said = capfd.readouterr()
    assert looker.saw >= SEEN, "or the test would be green on a house that shows nothing"
    assert words((said.out + said.err).encode()) == set(), "a log line holds a word that somebody typed"


@pytest.mark.long
def test_nobody_reads_a_word_that_is_not_theirs_in_500_histories(app: APIFlask) -> None:
    run(app, examples=500, steps=80)


def look_until_found(looker: Looker) -> None:
    """A history with an evening that is over and one that is to come; everybody looks at everything but by chance."""
    machine: Any = type("Machine", (Histories,), {"looker": looker})()
    machine.begin(6, 0)
    machine.plan([1, 0, 2, 3], 1, 1, 3)
    for seed in range(400):
        for who in range(16):
            machine.look(who, [seed])


def test_a_leak_in_a_mail_is_found(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    looker = Looker(app)

    def telling(said: Words) -> str:
        found = [word.decode() for word, (kind, _) in looker.history.rights.items() if kind == "finding"]
        return text_part.plain(said) + "".join(found)

    monkeypatch.setattr(message, "plain", telling)
    with pytest.raises(AssertionError, match="mail"):
        look_until_found(looker)


def test_a_leak_in_a_feed_is_found(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    for surface in (Surface.BUSY, Surface.AUTHORITY):
        monkeypatch.setitem(event.ALLOWED, surface, event.ALLOWED[surface] | {"LOCATION"})
    with pytest.raises(AssertionError, match="feed"):
        look_until_found(Looker(app))


def test_a_cache_that_forgets_who_reads_is_found(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    [rule] = [one for one in app.url_map.iter_rules() if one.rule == "/operations/<uuid:operation_id>"]
    kept: dict[object, Any] = {}
    show: Any = app.view_functions[rule.endpoint]

    @wraps(show)
    def cached(operation_id: UUID) -> Any:
        if operation_id not in kept:
            kept[operation_id] = show(operation_id=operation_id)
        return kept[operation_id]

    monkeypatch.setitem(app.view_functions, rule.endpoint, cached)
    with pytest.raises(AssertionError, match=r"reads .* in /operations/"):
        look_until_found(Looker(app))


def test_a_policy_that_opens_a_silo_is_found(cluster: Cluster, tmp_path: Path) -> None:
    name = cluster.create()
    cluster.migrate(name)
    with as_owner(cluster, name) as db:
        db.execute(text("CREATE POLICY leak ON finding FOR SELECT TO samsyn_app USING (true)"))
        db.commit()
    with acting_in(cluster, name), pytest.raises(AssertionError, match="finding"):
        look_until_found(Looker(make_app(tmp_path)))
