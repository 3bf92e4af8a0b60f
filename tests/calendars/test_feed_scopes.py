"""Feeds of a unit, of chosen operations, of a collaboration: little is told, to who may follow, while that holds."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.calendars.rules import LEVELS_OF, FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import create_feed, fetch_feed, rotate_feed
from samsyn.calendars.service.feeds import ServedFeed
from samsyn.core.errors import InvalidError, NotFoundError, SamsynError
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import Reschedule, ask_for_person, let_go, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AnswerAssignment, AskPerson, answer_assignment
from samsyn_workers.calendars import links_of
from samsyn_workers.lifecycle import weigh
from tests.calendars.box import settings
from tests.calendars.scopes import EVERY, made_of
from tests.factories import START, Town, hours
from tests.interop.wire import wire_faults
from tests.lifecycle.walk import Walk, walk_to

SHARED = [scope for scope in FeedScope if scope is not FeedScope.OWN]


@dataclass
class Follower:
    """Somebody with a feed."""

    viewer: Viewer
    feed: UUID
    level: FeedLevel

    def fetch(self, at: datetime | None = None) -> ServedFeed:
        with unit_of_work(self.viewer, at) as uow:
            return fetch_feed(uow, self.feed, links_of(load_settings()))

    def text(self, at: datetime | None = None) -> str:
        data = gzip.decompress(self.fetch(at).body)
        assert wire_faults(data, self.level) == []
        return data.decode().replace("\r\n ", "")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def follow(viewer: Viewer, of: FeedOf, level: FeedLevel = FeedLevel.BUSY) -> Follower:
    with unit_of_work(viewer) as uow:
        return Follower(viewer, create_feed(uow, level, of)[0], level)


@pytest.fixture(params=EVERY, ids=lambda it: f"{it[0]}-{it[1]}")
def follower(request: pytest.FixtureRequest, town: Town, walk: Walk) -> Follower:
    scope, level = request.param
    return follow(town.inspector(town.tobacco), made_of(town, walk, scope), level)


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, town: Town, walk: Walk) -> Follower:
    """Followed by somebody who does not go."""
    return follow(town.inspector(town.tobacco, 1), made_of(town, walk, request.param))


def summaries(said: str) -> list[str]:
    return re.findall(r"SUMMARY:(.*?)\r\n", said)


def test_the_operation_is_one_event_at_every_scope_and_level(town: Town, walk: Walk, follower: Follower) -> None:
    said = follower.text()
    with unit_of_work(follower.viewer) as uow:
        operation = get_operation(uow, walk.operation)
    word = f"Samsyn: Insats {operation.code_word}"
    assert summaries(said) == ["Upptagen" if follower.level is FeedLevel.BUSY else word]
    assert f"DTSTART:{operation.begins_at.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n" in said
    assert f"DTEND:{operation.ends_at.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n" in said
    assert ("Polishuset" in said) is (follower.level is FeedLevel.FULL)
    assert "ATTENDEE" not in said
    assert (town.tobacco.name in said) is (follower.level is FeedLevel.AUTHORITY)
    assert str(walk.operation) not in said or follower.level is FeedLevel.FULL


def test_two_fetches_are_identical_and_a_body_that_was_lost_comes_back_the_same(follower: Follower) -> None:
    first = follower.fetch()
    assert follower.fetch(datetime.now(UTC) + timedelta(minutes=1)) == first
    with unit_of_work(follower.viewer) as uow:
        lose = "UPDATE feed_body SET source = 'lost', frame = 'lost', body = 'x', etag = 'lost' WHERE feed_id = :id"
        uow.session.execute(text(lose), {"id": follower.feed})
    again = follower.fetch()
    assert (again.body, again.etag) == (first.body, first.etag)


def test_what_nobody_sees_there_does_not_make_it_new(town: Town, walk: Walk, shared: Follower) -> None:
    walk.say(town, town.tobacco, accepted=True)
    before = shared.fetch()
    walk.say(town, town.police, accepted=True)
    walk.say(town, town.environment, accepted=True)
    walk.move(town, OperationState.CONFIRMED)
    walk.say(town, town.environment, accepted=False)
    weigh(acts_for=str(town.police.id))
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, walk.operation).in_danger
    assert shared.fetch() == before


def test_a_move_and_a_cancellation_are_in_the_next_fetch(town: Town, walk: Walk, follower: Follower) -> None:
    before = follower.fetch()
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(walk.operation, START + hours(1), get_operation(uow, walk.operation).version))
    moved = follower.fetch()
    assert moved.etag != before.etag
    said = follower.text()
    assert f"{START + hours(0.5):%Y%m%dT%H%M%SZ}" in said
    walk.move(town, OperationState.CANCELLED)
    said = follower.text()
    assert [one.startswith("INSTÄLLD: ") for one in summaries(said)] == [True]
    assert "STATUS:CANCELLED\r\n" in said
    assert "TRANSP:TRANSPARENT\r\n" in said


def test_what_was_called_off_stays_until_its_end_and_then_vanishes(town: Town, walk: Walk, follower: Follower) -> None:
    with unit_of_work(follower.viewer) as uow:
        ends_at = get_operation(uow, walk.operation).ends_at
    walk.move(town, OperationState.CANCELLED)
    assert summaries(follower.text(ends_at - timedelta(minutes=1)))
    assert summaries(follower.text(ends_at)) == []


def test_what_was_held_stays_for_sixty_days_and_what_is_far_off_comes_later(follower: Follower) -> None:
    ends_at = START + hours(3)
    assert len(summaries(follower.text(ends_at + timedelta(days=59)))) == 1
    assert summaries(follower.text(ends_at + timedelta(days=60))) == []
    assert summaries(follower.text(START - timedelta(days=401))) == []


def test_a_unit_s_event_reaches_from_its_first_to_its_last_and_counts_nobody(town: Town, walk: Walk) -> None:
    unit = follow(town.planner(town.tobacco), made_of(town, walk, FeedScope.UNIT), FeedLevel.AUTHORITY)
    asked = unit.text()
    assert "STATUS:TENTATIVE\r\n" in asked
    walk.say(town, town.tobacco, accepted=True)
    said = unit.fetch()
    assert "STATUS:CONFIRMED\r\n" in unit.text()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        one_more = AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[1])
        second = ask_for_person(uow, one_more).assignment_id
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        answer_assignment(uow, AnswerAssignment(second, accepted=True))
    assert unit.fetch().body == said.body
    for place in (walk.places[town.tobacco.id], second):
        with unit_of_work(town.planner(town.police)) as uow:
            let_go(uow, place)
    assert [one.startswith("INSTÄLLD: ") for one in summaries(unit.text())] == [True]


def test_a_unit_nobody_of_which_goes_has_nothing(town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        other = add_unit(uow, AddUnit("Serveringsenheten", Field.ALCOHOL))
    of = FeedOf(FeedScope.UNIT, unit_id=other)
    assert summaries(follow(town.planner(town.tobacco), of).text()) == []


def test_only_the_chosen_operations_are_in_it(town: Town, walk: Walk) -> None:
    other = walk_to(town, OperationState.SCHEDULED, starts_at=START + timedelta(days=7))
    viewer = town.inspector(town.tobacco)
    assert len(summaries(follow(viewer, made_of(town, walk, FeedScope.OPERATIONS)).text())) == 1
    both = FeedOf(FeedScope.OPERATIONS, operations=frozenset({walk.operation, other.operation}))
    assert len(summaries(follow(viewer, both).text())) == 2
    assert len(summaries(follow(viewer, made_of(town, walk, FeedScope.COLLABORATION)).text())) == 2


def test_who_takes_no_part_learns_nothing_from_the_collaboration_s(town: Town, walk: Walk) -> None:
    of = made_of(town, walk, FeedScope.COLLABORATION)
    assert len(summaries(follow(town.planner(town.environment), of).text())) == 1
    assert summaries(follow(town.planner(town.health), of).text()) == []


@pytest.mark.parametrize("scope", SHARED)
def test_no_scope_but_the_own_tells_all(town: Town, walk: Walk, scope: FeedScope) -> None:
    viewer, of = town.inspector(town.tobacco), made_of(town, walk, scope)
    for level in set(FeedLevel) - set(LEVELS_OF[scope]):
        with unit_of_work(viewer) as uow, pytest.raises(InvalidError):
            create_feed(uow, level, of)
        feed = follow(viewer, of).feed
        with pytest.raises(IntegrityError), unit_of_work(viewer) as uow:
            uow.session.execute(text("UPDATE feed SET level = :l WHERE id = :f"), {"l": level.value, "f": feed})


def test_what_is_hidden_is_refused_as_what_is_not_there(town: Town, walk: Walk) -> None:
    stranger = town.planner(town.outsider)

    def refusal(of: FeedOf) -> dict[str, object]:
        with pytest.raises(SamsynError) as refused, unit_of_work(stranger) as uow:
            create_feed(uow, FeedLevel.BUSY, of)
        return {"code": refused.value.code, "fields": refused.value.fields, "words": str(refused.value)}

    for hidden, absent in (
        (made_of(town, walk, FeedScope.UNIT), FeedOf(FeedScope.UNIT, unit_id=uuid4())),
        (made_of(town, walk, FeedScope.OPERATIONS), FeedOf(FeedScope.OPERATIONS, operations=frozenset({uuid4()}))),
        (made_of(town, walk, FeedScope.COLLABORATION), FeedOf(FeedScope.COLLABORATION, collaboration_id=uuid4())),
    ):
        assert refusal(hidden) == refusal(absent)


def test_nobody_hangs_a_hidden_operation_on_a_feed_past_the_service(town: Town, walk: Walk) -> None:
    stranger = town.planner(town.outsider)
    mine = follow(stranger, FeedOf())
    values = {"f": mine.feed, "p": stranger.person_id}
    for key in (walk.operation, uuid4()):
        with pytest.raises(NotFoundError), unit_of_work(stranger) as uow:
            uow.session.execute(text("INSERT INTO feed_operation VALUES (:f, :o, :p)"), {**values, "o": key})


def test_a_key_that_the_scope_does_not_ask_for_is_refused(town: Town, walk: Walk) -> None:
    for of in (
        FeedOf(FeedScope.UNIT),
        FeedOf(FeedScope.OPERATIONS),
        FeedOf(FeedScope.COLLABORATION),
        FeedOf(FeedScope.OWN, unit_id=town.tobacco.unit),
        FeedOf(FeedScope.UNIT, unit_id=town.tobacco.unit, operations=frozenset({walk.operation})),
        FeedOf(FeedScope.OPERATIONS, operations=frozenset(uuid4() for _ in range(101))),
    ):
        with pytest.raises(InvalidError), unit_of_work(town.inspector(town.tobacco)) as uow:
            create_feed(uow, FeedLevel.BUSY, of)


def test_where_units_read_apart_only_the_own_one_is_followed(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE authority SET spanning = true WHERE id = me()"))
        other = add_unit(uow, AddUnit("Gränspolisen", Field.POLICE))
    viewer = town.inspector(town.police)
    mine = follow(viewer, FeedOf(FeedScope.UNIT, unit_id=town.police.unit))
    mine.fetch()
    with pytest.raises(InvalidError), unit_of_work(viewer) as uow:
        create_feed(uow, FeedLevel.BUSY, FeedOf(FeedScope.UNIT, unit_id=other))
    with unit_of_work(town.planner(town.police)) as uow:  # moved to the other unit
        moved = {"u": other, "p": viewer.person_id}
        uow.session.execute(text("UPDATE staff SET unit_id = :u WHERE person_id = :p AND authority_id = me()"), moved)
    with pytest.raises(NotFoundError):
        mine.fetch()


def test_who_has_left_the_collaboration_follows_it_no_longer(town: Town, walk: Walk) -> None:
    follower = follow(town.inspector(town.tobacco), made_of(town, walk, FeedScope.COLLABORATION))
    follower.fetch()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(text("UPDATE collaboration_member SET left_on = current_date WHERE authority_id = me()"))
    with pytest.raises(NotFoundError):
        follower.fetch()


def test_a_changed_address_follows_the_same_under_other_keys(follower: Follower) -> None:
    def uids(said: str) -> list[str]:
        return re.findall(r"UID:(\S+)", said)

    with unit_of_work(follower.viewer) as uow:
        changed = Follower(follower.viewer, rotate_feed(uow, follower.feed)[0], follower.level)
    with pytest.raises(NotFoundError):
        follower.fetch()
    assert len(summaries(changed.text())) == 1
    full = follower.level is FeedLevel.FULL
    before = follow(follower.viewer, FeedOf(), FeedLevel.FULL)
    assert (uids(changed.text()) == uids(before.text())) is full
