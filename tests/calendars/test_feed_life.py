"""Whatever happens, a feed that is served from what is stored is to the byte what the rows say (CALENDARS 4.16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from samsyn.calendars.service.feeds import ServedFeed, serving
from samsyn.core.errors import SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AskPerson, ask_person
from tests.calendars.box import settings
from tests.calendars.feed_life import STEPS, Followed, Life, followed_by
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Town
from tests.lifecycle.walk import walk_to

LIVES = 6
LONG = 14


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the rows were looked at."""
    counted: Counter[str] = Counter()

    def renewed(*given: object) -> ServedFeed:
        counted["looks"] += 1
        return really(*given)  # type: ignore[arg-type]

    really = serving.renewed
    monkeypatch.setattr(serving, "renewed", renewed)
    return counted


def lived(town: Town, seed: int) -> Life:
    walks = [
        walk_to(town, OperationState.INVITED),
        walk_to(town, OperationState.SCHEDULED, starts_at=START + timedelta(days=7)),
    ]
    return Life(town, walks, Random(seed))


@pytest.mark.parametrize("seed", range(LIVES))
def test_whatever_happens_what_is_served_is_what_the_rows_say(town: Town, looks: Counter[str], seed: int) -> None:
    life = lived(town, seed)
    feeds = followed_by(town, life.walks[0])
    before = {feed: feed.judged() for feed in feeds}
    for _ in range(LONG):
        name = life.random.choice(STEPS)
        with suppress(SamsynError):
            life.steps[name]()
        for feed in feeds:
            served = feed.judged(life.at)
            if not isinstance(served, ServedFeed):
                continue
            was = before[feed]
            if isinstance(was, ServedFeed):  # new exactly when another byte is in it
                assert (served.etag == was.etag) is (served.body == was.body), (name, feed.name)
                assert served.etag != was.etag or served.changed_at == was.changed_at, (name, feed.name)
            before[feed] = served
            looks.clear()
            assert feed.served(life.at) == served
            assert not looks, f"{feed.name} is looked at again after {name}, though nothing happened"


def met(life: Life) -> None:
    """A meeting moved before anybody is told: the operation's own row alone."""
    lead = life.planner_of(life.walks[0])
    change = "UPDATE operation SET meeting_place = 'Torget', version = version + 1, changed_at = now() WHERE id = :o"
    life.sql(lead, change, o=life.walks[0].operation)


def accepted(life: Life) -> None:
    life.walks[0].say(life.town, life.town.tobacco, accepted=True)


def renamed(life: Life) -> None:
    life.sql(life.town.planner(life.town.tobacco), "UPDATE authority SET name = name || ' x' WHERE id = me()")


def let_out(life: Life) -> None:
    lead = life.planner_of(life.walks[0])
    going = "UPDATE participation SET withdrawn_at = now() WHERE operation_id = :o AND authority_id = :a"
    life.sql(lead, going, o=life.walks[0].operation, a=life.town.tobacco.id)


def told(life: Life) -> None:
    """A further version is written, to another authority's person."""
    copy = (
        "INSERT INTO delivery (id, operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole,"
        " time_moved, sequence, code_word, meeting_place, starts_at, ends_at, asks, role, authorities, written_at)"
        " SELECT gen_random_uuid(), operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole,"
        " time_moved, sequence + 7, code_word, meeting_place, starts_at, ends_at, asks, role, authorities, now()"
        " FROM delivery WHERE operation_id = :o AND to_id = :a"
    )
    life.sql(life.planner_of(life.walks[0]), copy, o=life.walks[0].operation, a=life.town.environment.id)


PLANTED: dict[str, Callable[[Life], None]] = {
    "operation": met,
    "assignment": accepted,
    "authority": renamed,
    "participation": let_out,
    "delivery": told,
    "activity": Life.walked,
}


@contextmanager
def unmarked(cluster: Cluster, database: str, table: str) -> Iterator[None]:
    """The fault: changes of a table leave no marks."""

    def say(word: str) -> None:
        with as_owner(cluster, database) as db:
            db.execute(text(f"ALTER TABLE {table} {word} TRIGGER USER"))
            db.commit()

    say("DISABLE")
    try:
        yield
    finally:
        say("ENABLE")


def stale(feeds: list[Followed]) -> list[str]:
    """The feeds that are served as they are not."""
    found = []
    for feed in feeds:
        try:
            feed.judged()
        except AssertionError:
            found.append(feed.name)
    return found


@pytest.mark.parametrize("table", PLANTED)
def test_a_table_that_leaves_no_mark_is_seen(town: Town, cluster: Cluster, database: str, table: str) -> None:
    life = lived(town, 1)
    feeds = followed_by(town, life.walks[0])
    assert stale(feeds) == []
    with unmarked(cluster, database, table):
        PLANTED[table](life)
        assert stale(feeds) != []


@pytest.mark.parametrize("table", PLANTED)
def test_the_same_with_its_mark_is_served_as_it_is(town: Town, table: str) -> None:
    life = lived(town, 1)
    feeds = followed_by(town, life.walks[0])
    assert stale(feeds) == []
    PLANTED[table](life)
    assert stale(feeds) == []


def test_who_ends_last_is_in_the_next_fetch_though_another_began_later(town: Town) -> None:
    """The body is made while a change is under way, which is older than the newest that the body was made from."""
    life = lived(town, 1)
    feeds = followed_by(town, life.walks[0])
    change = text("UPDATE operation SET code_word = code_word || 'x', version = version + 1 WHERE id = :o")
    with unit_of_work(life.planner_of(life.walks[0])) as first:
        first.session.execute(change, {"o": life.walks[0].operation})
        with unit_of_work(life.planner_of(life.walks[1])) as second:
            second.session.execute(change, {"o": life.walks[1].operation})
        before = {feed: feed.judged() for feed in feeds}
    named = [feed for feed in feeds if "busy" not in feed.name and "late" not in feed.name]
    assert all(feed.judged() != before[feed] for feed in named)
    assert stale(feeds) == []


def test_who_comes_to_an_operation_while_it_changes_misses_nothing(town: Town) -> None:
    """The change began before the authority was there, and ends after its feed was made."""
    life = lived(town, 1)
    walk, health = life.walks[0], town.health
    feeds = followed_by(town, walk)
    change = text("UPDATE operation SET code_word = code_word || 'x', version = version + 1 WHERE id = :o")
    come = (
        "INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)"
        " VALUES (:o, :a, :l, false, 0)"
    )
    with unit_of_work(life.planner_of(walk)) as first:
        first.session.execute(change, {"o": walk.operation})
        life.sql(town.planner(town.police), come, o=walk.operation, a=health.id, l=town.police.id)
        with unit_of_work(town.planner(health)) as uow:
            ask_person(uow, AskPerson(walk.operation, health.id, health.inspectors[0]))
        before = {feed: feed.judged() for feed in feeds}
    own = next(feed for feed in feeds if feed.name == "a late comer's own")
    assert own.judged() != before[own]
    assert stale(feeds) == []
