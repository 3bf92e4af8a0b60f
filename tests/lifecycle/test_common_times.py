"""When an operation could be, from what its planner may know: shifts, bookings, doors, meeting, competences, weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.common_times.asking import Kind
from samsyn.lifecycle.common_times.queries import Times, common_times, read_plan
from samsyn.lifecycle.common_times.wishes import Hours, Wish, first_week, usual_hours
from samsyn.lifecycle.service import Reschedule, change_meeting, reschedule
from samsyn.operations.queries import get_operation, visits_of
from samsyn.operations.service import (
    AddVisit,
    AskPart,
    PlanMeeting,
    ProposeOperation,
    add_visit,
    declare_recusal,
    propose_operation,
)
from samsyn.planning.iso_week import Week
from samsyn.planning.red_days import DayKind
from samsyn.planning.rules import Span
from samsyn.planning.service import add_shifts, refresh_unavailable
from samsyn.planning.slots.blame import Way
from tests.factories import Office, Town
from tests.planning import scene
from tests.planning.scene import MONDAY, moment
from tests.web.statements import counted

NOW = datetime(2027, 2, 1, tzinfo=UTC)
ONE_WEEK = Wish(Week(MONDAY), weeks=1)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def search(
    town: Town, operation: UUID, wish: Wish = ONE_WEEK, viewer: Viewer | None = None, now: datetime = NOW
) -> Times:
    with unit_of_work(viewer or town.planner(town.police), now) as uow:
        return common_times(uow, read_plan(uow, operation), wish)


def works(town: Town, office: Office, n: int, spans: list[Span]) -> None:
    """A colleague's shifts are known for the week around."""
    person = office.inspectors[n]
    around = (moment(MONDAY, "00:00") - timedelta(days=1), moment(MONDAY + timedelta(days=8), "00:00"))
    edges = [(around[0], around[0] + timedelta(hours=1)), (around[1] - timedelta(hours=1), around[1])]
    with unit_of_work(town.planner(office)) as uow:
        add_shifts(uow, person, [*spans, *edges])
        refresh_unavailable(uow, person, around)


def all_day(office_hours: tuple[str, str] = ("08:00", "17:00")) -> list[Span]:
    return [scene.span(MONDAY + timedelta(days=n), *office_hours) for n in range(5)]


def spans(times: Times) -> list[Span]:
    return [(one.begins_at, one.ends_at) for one in times.offers]


def key_of(times: Times, office: Office) -> str:
    return next(one.key for one in times.asked if one.authority_id == office.id and one.kind is Kind.PEOPLE)


@pytest.fixture
def operation(town: Town) -> UUID:
    """Two hours on Thursday, one of the police and one of the tobacco board."""
    when = scene.span(MONDAY + timedelta(days=3), "10:00", "12:00")
    return scene.propose(town, when, (town.police, town.tobacco))


def test_on_day_one_working_hours_are_assumed_and_nothing_is_sure(town: Town, operation: UUID) -> None:
    found = search(town, operation)
    assert (found.tried, found.possible, found.sure) == (5 * 29, 5 * 29, 0)
    assert spans(found)[0] == scene.span(MONDAY, "08:00", "10:00")
    assert found.offers[0].until == moment(MONDAY, "15:00")
    assert not any(one.sure for one in found.offers)
    assert {(one.sure, one.perhaps) for one in found.offers[0].shares} == {(0, 2)}


def test_known_shifts_make_a_time_sure_and_come_first(town: Town, operation: UUID) -> None:
    for office in (town.police, town.tobacco):
        works(town, office, 0, [scene.span(TUESDAY, "09:00", "12:00"), scene.span(FRIDAY, "18:00", "22:00")])
    found = search(town, operation)
    assert spans(found)[0] == scene.span(TUESDAY, "09:00", "11:00")
    assert [one.sure for one in found.offers][:3] == [True, True, True]
    assert spans(found)[1] == scene.span(FRIDAY, "18:00", "20:00")  # outside of office hours, in everybody's shift
    assert spans(found)[2] == scene.span(FRIDAY, "20:00", "22:00")
    assert found.offers[0].until == moment(TUESDAY, "10:00")
    assert found.sure == 5 + 9


def test_what_is_held_or_busy_is_not_free_but_the_operations_own_hold_is(town: Town, operation: UUID) -> None:
    scene.send(town, operation, town.tobacco, 0, accepted=True)
    scene.take(
        town, town.tobacco, scene.span(MONDAY + timedelta(days=3), "10:00", "12:00"), 0
    )  # it stands in the own calendar
    assert search(town, operation).possible == 5 * 29
    scene.book(town, town.tobacco, scene.span(MONDAY, "08:00", "12:00"), 0)
    found = search(town, operation)
    assert spans(found)[0] == scene.span(MONDAY, "12:00", "14:00")
    assert found.possible == 4 * 29 + 13


def test_one_of_the_unit_is_enough_where_nobody_is_named(town: Town, operation: UUID) -> None:
    scene.book(town, town.tobacco, scene.span(MONDAY, "08:00", "17:00"), 0)
    assert search(town, operation).possible == 5 * 29
    scene.book(town, town.tobacco, scene.span(MONDAY, "12:00", "17:00"), 1)
    found = search(town, operation)
    assert spans(found)[0] == scene.span(MONDAY, "08:00", "10:00")
    assert found.offers[0].until == moment(MONDAY, "10:00")
    assert {one.key: one.perhaps for one in found.offers[0].shares}[key_of(found, town.tobacco)] == 1


def test_people_come_to_the_meeting_or_the_briefing_before(town: Town, operation: UUID) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        meets_at, seen = moment(MONDAY + timedelta(days=3), "09:10"), get_operation(uow, operation).version
        change_meeting(uow, PlanMeeting(operation, meets_at, "Räddningsgården", town.police.inspectors[0], seen))
    found = search(town, operation)
    assert (found.offers[0].begins_at, found.offers[0].starts_at) == (
        moment(MONDAY, "08:10"),
        moment(MONDAY, "09:00"),
    )
    assert found.possible == 5 * 25


def test_places_have_to_be_open_while_they_are_visited(town: Town, operation: UUID) -> None:
    assert search(town, operation).offers[0].hours_unknown == 1
    scene.opens(town, 0, 3, 11 * 60, 26 * 60)  # Wednesday from 11
    found = search(town, operation)
    assert spans(found)[0] == scene.span(MONDAY + timedelta(days=2), "11:00", "13:00")
    assert found.offers[0].hours_unknown == 0
    assert found.offers[-1].day == MONDAY + timedelta(days=2)


def test_a_night_past_midnight_is_found_when_any_hour_will_do(town: Town, operation: UUID) -> None:
    scene.opens(town, 0, 5, 23 * 60, 26 * 60)
    assert search(town, operation).possible == 0
    found = search(town, operation, replace(ONE_WEEK, hours=Hours.ANY))
    assert spans(found) == [(moment(FRIDAY, "23:00"), moment(FRIDAY + timedelta(days=1), "01:00"))]
    assert found.offers[0].until == moment(FRIDAY + timedelta(days=1), "00:00")


def test_a_competence_is_asked_of_those_who_have_it(town: Town) -> None:
    when = scene.span(MONDAY, "10:00", "12:00")
    operation = make(town, when, AskPart(town.tobacco.id, town.tobacco.unit, 2, "tobacco"))
    assert search(town, operation).possible == 5 * 29
    other = make(town, when, AskPart(town.tobacco.id, town.tobacco.unit, 1, "serving"))
    found = search(town, other)
    said = {one.key: one for one in found.blames}[key_of(found, town.tobacco)]
    assert (found.possible, said.people, said.most) == (0, 0, 0)
    assert found.never == (key_of(found, town.tobacco),)


def make(town: Town, when: Span, *asked: AskPart, lasts: timedelta | None = None) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, *when))
        ends = when[0] + lasts if lasts else when[1]
        add_visit(uow, AddVisit(operation, town.businesses[0], when[0], ends, parts=asked))
    return operation


def test_an_authority_of_which_nobody_can_be_seen_is_never_sure_and_never_in_the_way(town: Town) -> None:
    when = scene.span(MONDAY, "10:00", "12:00")
    operation = make(town, when, AskPart(town.outsider.id, town.outsider.unit, 3))
    found = search(town, operation)
    asked = next(one for one in found.asked if one.authority_id == town.outsider.id)
    assert (asked.seen, found.possible, found.sure) == (False, 5 * 29, 0)
    assert (found.offers[0].shares[0].sure, found.offers[0].shares[0].perhaps) == (0, 3)


def test_where_there_is_no_time_it_says_who_and_what_would_help(town: Town, operation: UUID) -> None:
    for n in (0, 1):
        for day in range(5):
            on = MONDAY + timedelta(days=day)
            scene.take(town, town.police, scene.span(on, "07:00", "12:00"), n)
            scene.take(town, town.tobacco, scene.span(on, "12:00", "18:00"), n)
    found = search(town, operation)
    police, tobacco = key_of(found, town.police), key_of(found, town.tobacco)
    assert (found.offers, found.possible) == ((), 0)
    assert set(found.never) == {police, tobacco}
    assert {one.key: (one.can, one.only) for one in found.blames} == {police: (65, 45), tobacco: (45, 65)}
    assert {(one.way, one.key): one.opens for one in found.ways} == {
        (Way.WITHOUT, police): 45,
        (Way.WITHOUT, tobacco): 65,
    }
    assert found.later == 5 * 29
    without = search(town, operation, replace(ONE_WEEK, least={police: 0}))
    assert without.possible == 45


def test_one_person_less_opens_what_it_says(town: Town) -> None:
    when = scene.span(MONDAY, "10:00", "12:00")
    operation = make(town, when, AskPart(town.tobacco.id, town.tobacco.unit, 2))
    for day in range(5):
        scene.take(town, town.tobacco, scene.span(MONDAY + timedelta(days=day), "07:00", "18:00"), 1)
    found = search(town, operation)
    key = key_of(found, town.tobacco)
    assert [(one.way, one.opens) for one in found.ways][-1] == (Way.FEWER, 5 * 29)
    assert (found.blames[0].people, found.blames[0].most) == (2, 1)
    assert search(town, operation, replace(ONE_WEEK, least={key: 1})).possible == 5 * 29


def test_a_named_person_has_to_come_until_somebody_says_otherwise(town: Town, operation: UUID) -> None:
    place = scene.send(town, operation, town.tobacco, 0)
    for day in range(5):
        scene.take(town, town.tobacco, scene.span(MONDAY + timedelta(days=day), "07:00", "18:00"), 0)
    found = search(town, operation)
    assert (found.possible, found.never) == (0, (str(place),))
    assert [(one.way, one.key) for one in found.ways] == [(Way.WITHOUT, str(place))]
    assert search(town, operation, replace(ONE_WEEK, without=frozenset({str(place)}))).possible == 5 * 29


def test_it_may_end_with_its_last_visit(town: Town) -> None:
    when = scene.span(MONDAY, "08:00", "17:00")
    operation = make(town, when, AskPart(town.tobacco.id, town.tobacco.unit, 1), lasts=timedelta(hours=3))
    for n in (0, 1):
        for day in range(5):
            scene.take(town, town.tobacco, scene.span(MONDAY + timedelta(days=day), "12:00", "13:00"), n)
    found = search(town, operation)
    assert (found.possible, found.slack) == (0, 24)
    assert (Way.SHORTER, 24) in {(one.way, one.quarters) for one in found.ways}
    short = search(town, operation, replace(ONE_WEEK, shorter=True))
    assert short.possible == next(one.opens for one in found.ways if one.way is Way.SHORTER) == 5 * (5 + 5)
    offer = short.offers[0]
    with pytest.raises(InvalidError, match="outside"), unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(operation, offer.starts_at, 1, offer.ends_at - timedelta(minutes=1)))
    with unit_of_work(town.planner(town.police)) as uow:
        card = reschedule(uow, Reschedule(operation, offer.starts_at, 1, offer.ends_at))
        assert (card.starts_at, card.ends_at) == (offer.starts_at, offer.ends_at)
        assert visits_of(uow, operation)[0].ends_at == card.ends_at


def test_red_days_are_off_and_squeeze_days_come_last(town: Town) -> None:
    ascension = date(2027, 5, 6)
    operation = make(town, scene.span(ascension, "10:00", "12:00"), AskPart(town.tobacco.id, town.tobacco.unit))
    found = search(town, operation, Wish(Week.of(ascension), weeks=1))
    assert {one.day for one in found.offers} >= {date(2027, 5, 3), date(2027, 5, 4), date(2027, 5, 7)}
    assert ascension not in {one.day for one in found.offers}
    assert (found.offers[-1].day, found.offers[-1].day_kind) == (date(2027, 5, 7), DayKind.SQUEEZE)
    short = [one for one in found.offers if one.day_kind is DayKind.SHORT]
    assert all(one.ends_at <= moment(one.day, "14:00") for one in short)


def test_what_is_past_is_no_time(town: Town, operation: UUID) -> None:
    found = search(town, operation, now=moment(FRIDAY, "13:07"))
    assert spans(found) == [scene.span(FRIDAY, "13:15", "15:15")]
    assert found.possible == 8


def test_who_leaves_is_not_asked_afterwards(town: Town, operation: UUID) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for person in town.tobacco.inspectors:
            said = {"p": person, "d": TUESDAY}
            uow.session.execute(text("UPDATE staff SET until_on = :d WHERE person_id = :p"), said)
    assert {one.day for one in search(town, operation).offers} == {MONDAY, TUESDAY}


def test_only_the_leads_planner_who_declared_nothing_searches(town: Town, operation: UUID) -> None:
    for viewer, error in (
        (town.planner(town.tobacco), NotAllowedError),
        (town.inspector(town.police), NotAllowedError),
        (town.planner(town.outsider), NotFoundError),
    ):
        with pytest.raises(error):
            search(town, operation, viewer=viewer)
    with unit_of_work(town.planner(town.police)) as uow:
        declare_recusal(uow, visits_of(uow, operation)[0].id, "granne")
    with pytest.raises(NotAllowedError):
        search(town, operation)


def test_as_many_statements_for_many_people_and_visits_as_for_one(town: Town, operation: UUID) -> None:
    when = scene.span(MONDAY, "08:00", "14:00")
    big = scene.propose(town, when, town.offices, businesses=(0, 1, 2), people=2)
    for n in (0, 1):
        for office in town.offices:
            works(town, office, n, all_day())
    with counted() as few:
        search(town, operation)
    with counted() as many:
        assert search(town, big).sure
    assert len(few) == len(many) <= 20


def test_the_hours_and_week_searched_first_are_those_of_the_operation(town: Town, operation: UUID) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_operation(uow, operation)
    assert usual_hours(card) is Hours.WORKING
    assert first_week(card, MONDAY + timedelta(days=30)) == Week.of(MONDAY + timedelta(days=30))
    assert first_week(card, date(2026, 1, 1)) == Week(MONDAY)

    def at(first: str, last: str, day: date = MONDAY) -> Any:
        return replace(card, starts_at=moment(day, first), ends_at=moment(day, last))

    assert usual_hours(at("18:00", "21:00")) is Hours.EVENING
    midnight = replace(card, starts_at=moment(MONDAY, "20:00"), ends_at=moment(TUESDAY, "00:00"))
    assert usual_hours(midnight) is Hours.EVENING
    assert usual_hours(at("07:00", "10:00")) is Hours.ANY
    assert usual_hours(at("10:00", "12:00", MONDAY + timedelta(days=5))) is Hours.ANY
    late = replace(card, starts_at=moment(MONDAY, "22:00"), ends_at=moment(TUESDAY, "01:00"))
    assert usual_hours(late) is Hours.ANY
