"""What a campaign made from rows asks the kernel holds all that is held of everybody, and every way between places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import update

from samsyn.businesses.models import Premises
from samsyn.core.uow import unit_of_work
from samsyn.planning.campaigns.travel import minutes_between
from samsyn.planning.queries.asked_plan import read_problem_of
from samsyn.planning.queries.campaigns import MeetingPlace
from samsyn.planning.rules import LeaveKind, Span
from tests.factories import Office, Town
from tests.planning import scene
from tests.planning.campaigning import MONDAY, made

DAY = 1440
OPENS, CLOSES = 8 * 60, 17 * 60
"""Of each of five days, as the campaign of these tests has it."""


def ask(town: Town, office: Office, when: Span, n: int = 0) -> None:
    """Somebody is asked for another operation that the police leads: the time is held until the answer."""
    scene.send(town, scene.propose(town, when, [office]), office, n)


def away(town: Town, office: Office, when: Span, n: int = 0) -> None:
    scene.leave(town, office, when, LeaveKind.TRAINING, n)


HOLDS: tuple[Callable[[Town, Office, Span, int], None], ...] = (ask, away, scene.book, scene.take)


def taken_of(draw: Random) -> tuple[int, int]:
    """Return a time of one of the days, from minute to minute; it may begin and end between two quarters."""
    first = draw.randrange(5) * DAY + draw.randrange(OPENS - 60, CLOSES - 30)
    return first, first + draw.choice((7, 15, 40, 90, 240))


@pytest.mark.parametrize("seed", range(6))
def test_all_that_is_held_of_anybody_is_held_in_what_the_kernel_is_asked(town: Town, seed: int) -> None:
    draw, campaign = Random(seed), made(town)
    begins = scene.moment(MONDAY, "00:00")
    people = {
        office.inspectors[n]: (office, n)
        for office in (town.police, town.tobacco)
        for n in range(len(office.inspectors))
    }
    held: dict[UUID, list[tuple[int, int]]] = {person: [] for person in people}
    for hold in HOLDS * 2:
        person, when = draw.choice(sorted(people, key=str)), taken_of(draw)
        if any(one[0] < when[1] and when[0] < one[1] for one in held[person]):
            continue
        first, last = (begins + timedelta(minutes=one) for one in when)
        hold(town, *people[person][:1], (first, last), people[person][1])
        held[person].append(when)
    with unit_of_work(town.planner(town.police)) as uow:
        problem = read_problem_of(uow, campaign, {}).problem
    assert {one.id for one in problem.inspectors} == {str(one) for one in people}
    for one in problem.inspectors:
        for quarter in range(5 * DAY // 15):
            span = (quarter * 15, quarter * 15 + 15)
            there = OPENS <= span[0] % DAY < CLOSES
            gone = any(first < span[1] and span[0] < last for first, last in held[UUID(one.id)])
            works = any(first <= span[0] and span[1] <= last for first, last in one.shifts)
            busy = any(first < span[1] and span[0] < last for first, last in one.busy)
            assert (works and not busy) == (there and not gone), (one.id, span)


def test_every_way_between_two_places_takes_its_time(town: Town) -> None:
    points = [(59.3946, 15.8388), (59.4102, 15.8031), (59.3611, 15.9004)]
    meets = (59.3971, 15.8402)
    with unit_of_work(town.planner(town.police)) as uow:
        for at, premises in zip(points, town.premises, strict=True):
            place = {"latitude": at[0], "longitude": at[1]}
            uow.session.execute(update(Premises).where(Premises.id == premises).values(**place))
    campaign = made(town, meeting_places=(MeetingPlace("Järntorget", *meets),))
    with unit_of_work(town.planner(town.police)) as uow:
        problem = read_problem_of(uow, campaign, {}).problem
    where = [one.id for one in problem.locations]
    assert len(where) == 4
    assert {problem.travel[a][b] == 0 for a in range(4) for b in range(4) if a != b} == {False}
    known = sorted(minutes_between(one, other) for one in (meets, *points) for other in (meets, *points))
    assert sorted(n for row in problem.travel for n in row) == known
