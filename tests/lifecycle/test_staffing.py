"""The own authority's places: what is wanted, who fills it, who is free for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.queries import StaffLine
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError, SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import ask_for_person, replace_person
from samsyn.lifecycle.staffing.queries import Staffing, staffing_of, with_candidates
from samsyn.lifecycle.staffing.rules import Need, Span, candidates, fill, needs_of
from samsyn.lifecycle.staffing.service import DeclinePlace, decline_place
from samsyn.operations.queries import HeldTime, PartCard, PersonLine, get_operation, people_of
from samsyn.operations.rules import AssignmentState, OperationState, Summary
from samsyn.operations.service import AskPerson
from samsyn.planning.models import Unavailable
from samsyn.planning.queries import AwayTime
from samsyn.planning.rules import Unavailability
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import propose, walk_to
from tests.operations import plans

UNITS = [UUID(int=n) for n in (1, 2)]
CODES = ["tobacco", "alcohol", "food"]
PEOPLE = [UUID(int=100 + n) for n in range(5)]
times = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(
    lambda t: (START + hours(t[0]), START + hours(t[0] + t[1]))
)
someone = st.sampled_from(PEOPLE)
helds = st.lists(st.builds(lambda p, t: HeldTime(p, *t), someone, times), max_size=8)
kinds = st.sampled_from(list(Unavailability))
aways = st.lists(st.builds(lambda p, t, s: AwayTime(p, t[0], t[1], s), someone, times, kinds), max_size=8)
roles = st.sets(st.sampled_from(["inspector", "planner", "observer"]), max_size=2)
colleagues = st.tuples(*(
    st.builds(
        lambda unit, roles, codes, person=person: StaffLine(
            person, UUID(int=9), unit, str(person), tuple(roles), tuple(sorted(codes))
        ),
        st.sampled_from(UNITS), roles, st.sets(st.sampled_from(CODES)),
    )
    for person in PEOPLE
))  # fmt: skip
needs = st.builds(Need, st.sampled_from([None, *UNITS]), st.sampled_from([None, *CODES]), st.integers(1, 3))


def minutes(span: tuple[datetime, datetime]) -> set[int]:
    """The quarters of an hour of a time, counted from the start."""
    first, last = ((moment - START) // timedelta(minutes=15) for moment in span)
    return set(range(first, last))


@given(needs, times, colleagues, helds, aways)
def test_who_is_free_with_the_competence_is_what_a_count_of_quarters_says(
    need: Need,
    when: tuple[datetime, datetime],
    staff: tuple[StaffLine, ...],
    held: list[HeldTime],
    away: list[AwayTime],
) -> None:
    free, taken = candidates(need, Span(*when), staff, held, away)
    wanted = minutes(when)
    able = {
        one.person_id
        for one in staff
        if (need.competence in one.competences if need.competence else "inspector" in one.roles)
    }
    stops = [(one.person_id, one.starts_at, one.ends_at) for one in held]
    stops += [(one.person_id, one.starts_at, one.ends_at) for one in away if one.state is Unavailability.BUSY]
    busy = {person for person, starts, ends in stops if minutes((starts, ends)) & wanted}
    unknown = {
        one.person_id
        for one in away
        if one.state is Unavailability.UNKNOWN and minutes((one.starts_at, one.ends_at)) & wanted
    }
    assert {c.staff.person_id for c in free} == able - busy
    assert taken == len(able & busy)
    assert {c.staff.person_id for c in free if not c.sure} == (able - busy) & unknown
    if need.unit_id:
        outside = [not c.of_unit for c in free]
        assert outside == sorted(outside)


def goer(person: UUID, state: AssignmentState) -> PersonLine:
    return PersonLine(
        uuid4(), UUID(int=1), UUID(int=2), UUID(int=9), person, uuid4(), "inspector", state, START, START, "", START, 1
    )


states = st.sampled_from(list(AssignmentState))


@st.composite
def going(draw: st.DrawFn) -> tuple[PersonLine, ...]:
    """Some people, each asked once."""
    return tuple(goer(person, draw(states)) for person in draw(st.lists(someone, unique=True)))


@given(st.lists(needs, max_size=4, unique_by=lambda n: (n.unit_id, n.competence)), going(), colleagues)
def test_everybody_who_goes_stands_in_exactly_one_place_that_they_can_fill(
    wanted: list[Need], people: tuple[PersonLine, ...], staff: tuple[StaffLine, ...]
) -> None:
    able = {one.person_id: frozenset(one.competences) for one in staff}
    slots = fill(wanted, people, able, {one.person_id: one.unit_id for one in staff})
    shown = [person for slot in slots for person in slot.people]
    assert sorted(str(p.person_id) for p in shown) == sorted(str(p.person_id) for p in people if p.goes)
    for slot in slots:
        if slot.need.wanted:
            assert len(slot.people) <= slot.need.wanted
            assert all(slot.need.competence in {None, *able[p.person_id]} for p in slot.people)


def part(visit: int, unit: UUID | None, people: int, code: str | None, accepted: bool | None = None) -> PartCard:
    return PartCard(
        uuid4(), UUID(int=visit), UUID(int=1), UUID(int=9), unit, people, code, False, OperationState.PREPARING,
        accepted, None, None, None, None, False, False, Summary.PENDING, None, 0, frozenset(),
    )  # fmt: skip


def test_the_same_people_go_from_visit_to_visit() -> None:
    parts = [part(1, None, 2, "tobacco"), part(2, None, 1, "tobacco"), part(3, None, 3, None)]
    assert needs_of(parts, 0) == [Need(None, "tobacco", 2), Need(None, None, 1)]


def test_the_quorum_is_wanted_beyond_the_parts_and_a_no_wants_nobody() -> None:
    assert needs_of([part(1, UNITS[0], 1, "food")], 3) == [Need(UNITS[0], "food", 1), Need(None, None, 2)]
    assert needs_of([part(1, None, 2, None)], 3) == [Need(None, None, 3)]
    assert needs_of([part(1, None, 2, "food", accepted=False)], 0) == []


def look(viewer: Viewer, operation: UUID) -> Staffing:
    with unit_of_work(viewer) as uow:
        return with_candidates(uow, staffing_of(uow, [get_operation(uow, operation)]))[0]


def free_at(town: Town, office: Office, operation: UUID) -> set[UUID]:
    return {c.staff.person_id for slot in look(town.planner(office), operation).slots for c in slot.free}


def test_a_place_is_offered_to_who_is_free_and_able(town: Town) -> None:
    walk = propose(town, START)
    assert free_at(town, town.tobacco, walk.operation) == set(town.tobacco.inspectors)
    elsewhere = plans.propose(town, starts_at=START + hours(1))
    elsewhere.goes(town.tobacco, 0)
    assert free_at(town, town.tobacco, walk.operation) == {town.tobacco.inspectors[1]}
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            insert(Unavailable).values(
                id=uuid4(), person_id=town.tobacco.inspectors[1], authority_id=town.tobacco.id,
                during=Range(START - hours(1), START + hours(1)), state=Unavailability.BUSY, as_of=uow.now,
            )
        )  # fmt: skip
    assert free_at(town, town.tobacco, walk.operation) == set()
    slot = look(town.planner(town.tobacco), walk.operation).slots[0]
    assert (slot.open, slot.taken, slot.need.competence) == (1, 2, "tobacco")


def test_the_own_planner_puts_a_colleague_in_and_swaps_in_one_step(town: Town) -> None:
    walk = propose(town, START)
    planner, (first, second) = town.planner(town.tobacco), town.tobacco.inspectors
    with unit_of_work(planner) as uow:
        place = ask_for_person(uow, AskPerson(walk.operation, uow.me, first, accepted=True))
    assert place.state is AssignmentState.ACCEPTED
    assert look(planner, walk.operation).open == 0
    with unit_of_work(planner) as uow:
        swapped = replace_person(uow, place.assignment_id, second, accepted=True)
    assert (swapped.person_id, swapped.state) == (second, AssignmentState.ACCEPTED)
    with unit_of_work(planner) as uow:
        goes = [p.person_id for p in people_of(uow, walk.operation) if p.goes]
    assert goes == [second]


def test_a_confirmed_operation_stays_confirmed_over_a_swap(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        replace_person(uow, walk.places[town.tobacco.id], town.tobacco.inspectors[1], accepted=True)
        assert get_operation(uow, walk.operation).state is OperationState.CONFIRMED


def test_a_time_that_is_taken_is_refused_and_nothing_changes(town: Town) -> None:
    walk = propose(town, START)
    plans.propose(town, starts_at=START).goes(town.tobacco, 0)
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.tobacco)) as uow:
        ask_for_person(uow, AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[0], accepted=True))
    assert look(town.planner(town.tobacco), walk.operation).open == 1


def test_nobody_staffs_anothers_places(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    place = walk.places[town.tobacco.id]
    for viewer in (town.planner(town.police), town.planner(town.environment)):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
            replace_person(uow, place, town.tobacco.inspectors[1], accepted=True)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        ask_for_person(uow, AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[1], accepted=True))
    with pytest.raises(SamsynError), unit_of_work(town.planner(town.outsider)) as uow:
        ask_for_person(uow, AskPerson(walk.operation, town.outsider.id, town.outsider.inspectors[0], accepted=True))


def test_a_no_for_a_colleague_frees_the_time_and_stands_among_those_who_declined(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    planner = town.planner(town.tobacco)
    with unit_of_work(planner) as uow:
        decline_place(uow, DeclinePlace(walk.places[town.tobacco.id], "Sjuk kollega täcks inte"))
    row = look(planner, walk.operation)
    assert row.open == 1
    assert [p.person_id for p in row.declined] == [town.tobacco.inspectors[0]]
