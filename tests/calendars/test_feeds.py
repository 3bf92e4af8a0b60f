"""The feed of a person: the same while nothing visible changed, new as soon as something did, gone when revoked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed, fetch_feed, revoke_feed
from samsyn.calendars.service.feeds import ServedFeed
from samsyn.core.errors import NotFoundError
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import Reschedule, let_go, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanMeeting, plan_meeting
from samsyn_workers.calendars import links_of
from samsyn_workers.lifecycle import weigh
from tests.calendars.box import settings
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to


@dataclass
class Reader:
    """A person with a feed."""

    viewer: Viewer
    feed: UUID

    def fetch(self) -> ServedFeed:
        with unit_of_work(self.viewer) as uow:
            return fetch_feed(uow, self.feed, links_of(load_settings()))

    def text(self) -> str:
        return gzip.decompress(self.fetch().body).decode().replace("\r\n ", "")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def subscribe(town: Town, level: FeedLevel = FeedLevel.FULL) -> Reader:
    viewer = town.inspector(town.tobacco)
    with unit_of_work(viewer) as uow:
        feed, _ = create_feed(uow, level)
    return Reader(viewer, feed)


@pytest.fixture(params=list(FeedLevel))
def reader(request: pytest.FixtureRequest, town: Town, walk: Walk) -> Reader:
    return subscribe(town, request.param)


def test_two_fetches_are_identical_and_a_fresh_rendering_is_what_is_stored(reader: Reader) -> None:
    first = reader.fetch()
    assert reader.fetch() == first
    with unit_of_work(reader.viewer) as uow:
        lose = "UPDATE feed_body SET source = 'lost', frame = 'lost', body = 'x', etag = 'lost' WHERE feed_id = :id"
        uow.session.execute(text(lose), {"id": reader.feed})
    again = reader.fetch()
    assert (again.body, again.etag) == (first.body, first.etag)


def test_what_the_reader_cannot_see_does_not_make_the_feed_new(town: Town, walk: Walk, reader: Reader) -> None:
    before = reader.fetch()
    walk.say(town, town.police, accepted=True)
    walk.say(town, town.environment, accepted=True)
    assert reader.fetch() == before
    walk.say(town, town.tobacco, accepted=True)
    mine = reader.fetch()
    walk.move(town, OperationState.CONFIRMED)
    walk.say(town, town.environment, accepted=False)  # breaks the quorum: marked as in danger, taken back
    weigh(acts_for=str(town.police.id))
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, walk.operation).in_danger
    assert reader.fetch() == mine


def move_operation(town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(walk.operation, START + hours(1), get_operation(uow, walk.operation).version))


def move_meeting(town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, walk.operation)
        lead, meets_at = town.police.inspectors[0], START - hours(0.5)
        plan_meeting(uow, PlanMeeting(walk.operation, meets_at, "Räddningsgården", lead, seen.version))


def rename_lead(town: Town, walk: Walk) -> None:
    with unit_of_work(Viewer(town.police.id, None, frozenset({"unit_admin"}))) as uow:
        uow.session.execute(
            text("UPDATE authority SET name = :name WHERE id = me()"), {"name": f"Polisen Köping {town.mark}"}
        )


@pytest.mark.parametrize("what", [move_operation, move_meeting, rename_lead])
def test_whatever_the_reader_sees_makes_the_feed_new(town: Town, walk: Walk, what: object) -> None:
    reader = subscribe(town)
    before = reader.fetch()
    assert callable(what)
    what(town, walk)
    after = reader.fetch()
    assert after.etag != before.etag
    assert after.changed_at >= before.changed_at
    assert reader.fetch() == after


def test_a_yes_shows(town: Town, walk: Walk) -> None:
    reader = subscribe(town)
    before = reader.text()
    walk.say(town, town.tobacco, accepted=True)
    assert reader.text() != before


def test_who_was_withdrawn_and_what_was_cancelled_shows_as_called_off(town: Town, walk: Walk) -> None:
    reader = subscribe(town)
    assert "INSTÄLLD" not in reader.text()
    with unit_of_work(town.planner(town.police)) as uow:
        let_go(uow, walk.places[town.tobacco.id])
    assert "SUMMARY:INSTÄLLD: " in reader.text()
    assert "STATUS:CANCELLED" in reader.text()


def test_a_cancelled_operation_shows_as_called_off_with_the_last_sequence(town: Town, walk: Walk) -> None:
    reader = subscribe(town)
    walk.move(town, OperationState.CANCELLED)
    assert "SUMMARY:INSTÄLLD: " in reader.text()
    assert "SEQUENCE:1\r\n" in reader.text()


def test_a_revoked_feed_is_not_found_from_the_next_fetch_on(town: Town, reader: Reader) -> None:
    reader.fetch()
    with unit_of_work(reader.viewer) as uow:
        revoke_feed(uow, reader.feed)
    with pytest.raises(NotFoundError):
        reader.fetch()


def test_nobody_else_fetches_it(town: Town, reader: Reader) -> None:
    with pytest.raises(NotFoundError):
        Reader(town.inspector(town.tobacco, 1), reader.feed).fetch()
