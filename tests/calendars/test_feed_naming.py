"""A full feed says where a visit goes when the authority lets it, and the visit is announced or done (SECRECY, R7)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.calendars.queries import naming_of
from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed, decide_naming, fetch_feed
from samsyn.calendars.service.feeds import ServedFeed
from samsyn.core.errors import NotAllowedError
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import AddVisit, EndVisit, add_visit, declare_recusal, end_visit
from samsyn.operations.service.teams import form_team, join_team
from samsyn_workers.calendars import links_of
from tests.calendars.box import settings
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import Walk, walk_to


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


class Feed:
    """The own feed of the tobacco unit's inspector."""

    def __init__(self, viewer: Viewer, level: FeedLevel = FeedLevel.FULL) -> None:
        self.viewer = viewer
        with unit_of_work(viewer) as uow:
            self.key: UUID = create_feed(uow, level)[0]

    def fetch(self) -> ServedFeed:
        with unit_of_work(self.viewer) as uow:
            return fetch_feed(uow, self.key, links_of(load_settings()))

    def text(self) -> str:
        return gzip.decompress(self.fetch().body).decode().replace("\r\n ", "")


def decide(town: Town, office: Office, *, allowed: bool) -> None:
    with unit_of_work(town.planner(office)) as uow:
        decide_naming(uow, allowed=allowed)


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


@pytest.fixture
def announced(cluster: Cluster, database: str, walk: Walk) -> Walk:
    with as_owner(cluster, database) as db:
        for table in ("visit_target", "part_answer"):
            db.execute(text(f"UPDATE {table} SET announced = true WHERE operation_id = :o"), {"o": walk.operation})
        db.commit()
    return walk


def name_of(town: Town, n: int = 0) -> str:
    return f"Kiosk {n} {town.mark}"


def test_nobody_has_allowed_it_at_first(town: Town, announced: Walk) -> None:
    feed = Feed(town.inspector(town.tobacco))
    assert name_of(town) not in feed.text()
    with unit_of_work(feed.viewer) as uow:
        assert naming_of(uow).allowed is False


def test_an_announced_visit_is_named_from_the_next_fetch_on_and_no_longer_when_it_is_taken_back(
    town: Town, announced: Walk
) -> None:
    feed = Feed(town.inspector(town.tobacco))
    before = feed.text()
    decide(town, town.tobacco, allowed=True)
    named = feed.text()
    assert f"SUMMARY:Samsyn: {name_of(town)}\r\n" in named
    assert "LOCATION:Polishuset\\, plan 2 → " in named
    assert f"18:00 {name_of(town)}\\, " in named
    assert "DTSTAMP" in before
    assert feed.fetch() == feed.fetch()
    decide(town, town.tobacco, allowed=False)
    after = feed.text()
    assert name_of(town) not in after
    assert stamp(after) >= stamp(named) >= stamp(before)  # a client never sees a change go backwards


def stamp(said: str) -> str:
    return next(line for line in said.splitlines() if line.startswith("LAST-MODIFIED"))


@pytest.mark.parametrize("level", [FeedLevel.BUSY, FeedLevel.AUTHORITY])
def test_the_lower_levels_never_name_it_and_do_not_look_new(town: Town, announced: Walk, level: FeedLevel) -> None:
    feed = Feed(town.inspector(town.tobacco), level)
    before = feed.fetch()
    decide(town, town.tobacco, allowed=True)
    assert feed.fetch() == before
    assert town.mark not in feed.text().replace(town.tobacco.name, "")


def test_another_authoritys_decision_opens_nothing(town: Town, announced: Walk) -> None:
    feed = Feed(town.inspector(town.tobacco))
    before = feed.fetch()
    decide(town, town.police, allowed=True)
    assert feed.fetch() == before


def test_what_is_unannounced_is_not_named_though_it_is_open_to_who_goes(
    cluster: Cluster, database: str, town: Town, walk: Walk
) -> None:
    walk.say(town, town.tobacco, accepted=True)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE visit_target SET open_at = now() - interval '1 hour' WHERE operation_id = :o"),
                   {"o": walk.operation})  # fmt: skip
        db.commit()
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    assert name_of(town) not in feed.text()
    assert "Samsyn: Insats " in feed.text()


def test_one_unannounced_visit_keeps_the_announced_ones_silent_too(town: Town, announced: Walk) -> None:
    """Told of one and not of the other would tell that there is another."""
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    assert name_of(town) in feed.text()
    with unit_of_work(town.planner(town.police)) as uow:
        begin = START + hours(1)
        add_visit(uow, AddVisit(announced.operation, town.businesses[1], begin, begin + hours(1)))
    said = feed.text()
    assert name_of(town) not in said
    assert name_of(town, 1) not in said


def test_an_authority_that_says_it_comes_unannounced_keeps_it_silent(
    cluster: Cluster, database: str, town: Town, announced: Walk
) -> None:
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    assert name_of(town) in feed.text()
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE part_answer SET announced = false WHERE part_id = :p"),
                   {"p": announced.parts[town.environment.id]})  # fmt: skip
        db.commit()
    assert name_of(town) not in feed.text()


def test_two_announced_visits_are_one_name_and_a_number_with_a_line_each(
    cluster: Cluster, database: str, town: Town, announced: Walk
) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        begin = START + hours(1)
        add_visit(uow, AddVisit(announced.operation, town.businesses[1], begin, begin + hours(1), announced=True))
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    said = feed.text()
    assert f"SUMMARY:Samsyn: {name_of(town)} och 1 till\r\n" in said
    assert f"\\n18:00 {name_of(town)}\\, " in said
    assert f"\\n19:00 {name_of(town, 1)}\\, " in said


def test_a_visit_that_the_persons_team_does_not_go_to_is_left_out(town: Town, announced: Walk) -> None:
    lead = town.planner(town.police)
    with unit_of_work(lead) as uow:
        begin = START + hours(1)
        second = AddVisit(announced.operation, town.businesses[1], begin, begin + hours(1), announced=True)
        other = add_visit(uow, second)
        team = form_team(uow, announced.operation, "A", [other])
        form_team(uow, announced.operation, "B", [announced.visit])
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    assert "och 1 till" in feed.text()
    with unit_of_work(lead) as uow:
        join_team(uow, announced.places[town.tobacco.id], team)
    said = feed.text()
    assert f"SUMMARY:Samsyn: {name_of(town, 1)}\r\n" in said
    assert name_of(town) not in said


def test_done_unannounced_visits_are_named_but_not_those_that_may_have_to_be_done_again(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED, starts_at=START)
    with unit_of_work(town.planner(town.police)) as uow:
        begin = START + hours(1)
        again = add_visit(uow, AddVisit(walk.operation, town.businesses[1], begin, begin + hours(1)))
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    walk.move(town, OperationState.ONGOING)
    with unit_of_work(town.planner(town.police)) as uow:
        end_visit(uow, EndVisit(walk.visit, VisitState.DONE, uow.now))
        end_visit(uow, EndVisit(again, VisitState.CLOSED_PREMISES, uow.now))
    assert name_of(town) not in feed.text()  # the evening goes on
    walk.move(town, OperationState.DONE)
    said = feed.text()
    assert f"SUMMARY:Samsyn: {name_of(town)}\r\n" in said
    assert name_of(town, 1) not in said


def test_what_is_called_off_says_no_more_than_its_code_word(town: Town, announced: Walk) -> None:
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    announced.move(town, OperationState.CANCELLED)
    said = feed.text()
    assert "SUMMARY:INSTÄLLD: Samsyn: Insats " in said
    assert name_of(town) not in said


def test_who_declared_jav_is_not_told_where_it_goes(town: Town, announced: Walk) -> None:
    feed = Feed(town.inspector(town.tobacco))
    decide(town, town.tobacco, allowed=True)
    with unit_of_work(feed.viewer) as uow:
        declare_recusal(uow, announced.visit, "släkt")
    assert name_of(town) not in feed.text()


def test_only_a_unit_administrator_decides_and_it_stands_in_the_trail(
    cluster: Cluster, database: str, town: Town
) -> None:
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        decide_naming(uow, allowed=True)
    for allowed in (True, True, False):
        decide(town, town.tobacco, allowed=allowed)
    with as_owner(cluster, database) as db:
        said = db.execute(text("SELECT action, actor_person_id FROM audit WHERE object_authority_id = :a"
                               " AND action LIKE 'feed.naming%' ORDER BY at"), {"a": town.tobacco.id})  # fmt: skip
        assert said.all() == [(f"feed.naming_{word}", town.tobacco.planner) for word in ("allow", "end")]
