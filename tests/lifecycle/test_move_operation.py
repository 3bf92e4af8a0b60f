"""The gates, walked as planners walk them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from samsyn.calendars.queries import sendings
from samsyn.calendars.rules import Method
from samsyn.core.errors import (
    ChangedMeanwhileError,
    ConflictError,
    GateClosedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import (
    MoveOperation,
    Reschedule,
    ask_for_person,
    let_go,
    move_operation,
    replace_person,
    reschedule,
    weigh_quorum,
)
from samsyn.operations.queries import OperationCard, get_operation, parts_of, people_of, states_reached
from samsyn.operations.rules import AssignmentState, OperationState, VisitState
from samsyn.operations.service import AskPerson, EndVisit, end_visit
from tests.factories import START, Town, hours
from tests.lifecycle.walk import ORDER, Walk, walk_to


def move(town: Town, walk: Walk, to: OperationState, viewer: Viewer | None = None) -> OperationCard:
    with unit_of_work(viewer or town.planner(town.police)) as uow:
        seen = get_operation(uow, walk.operation).version
        return move_operation(uow, MoveOperation(walk.operation, to, seen))


def state(town: Town, walk: Walk) -> OperationState:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_operation(uow, walk.operation).state


def told(town: Town, operation: UUID) -> dict[UUID, tuple[Method, int]]:
    with unit_of_work(town.planner(town.police)) as uow:
        return {s.person_id: (s.method, s.sequence) for s in sendings(uow, operation)}


def test_the_gate_names_every_unanswered_part_and_changes_nothing(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(GateClosedError) as refused:
        move(town, walk, OperationState.SCHEDULED)
    assert sum(name.endswith(":legal_basis") for name in refused.value.missing) == 3
    assert sum(name.endswith(":police_role") for name in refused.value.missing) == 1
    assert state(town, walk) is OperationState.PREPARING


def test_the_environment_must_say_why_it_comes_unannounced(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    walk.answer(town, town.police)
    walk.answer(town, town.tobacco)
    walk.answer(town, town.environment, no_notice_reason=None)
    with pytest.raises(GateClosedError) as refused:
        move(town, walk, OperationState.SCHEDULED)
    assert refused.value.missing == (f"part:{walk.parts[town.environment.id]}:no_notice_reason",)


def test_nobody_is_invited_without_a_meeting(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED, meeting=False)
    with pytest.raises(GateClosedError) as refused:
        move(town, walk, OperationState.INVITED)
    assert set(refused.value.missing) == {"meets_at", "meeting_place", "lead_person"}


def test_inviting_tells_each_person_once_with_sequence_0(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    assert set(told(town, walk.operation).values()) == {(Method.REQUEST, 0)}
    assert len(told(town, walk.operation)) == 3


def test_without_quorum_nothing_is_confirmed_and_losing_it_falls_back_in_danger(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with pytest.raises(GateClosedError) as refused:
        move(town, walk, OperationState.CONFIRMED)
    assert f"quorum:{town.tobacco.id}" in refused.value.missing
    for office in (town.police, town.tobacco, town.environment):
        walk.say(town, office, accepted=True)
    assert move(town, walk, OperationState.CONFIRMED).state is OperationState.CONFIRMED
    walk.say(town, town.tobacco, accepted=False)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        assert weigh_quorum(uow, walk.operation) is OperationState.INVITED
        assert get_operation(uow, walk.operation).in_danger


def test_a_moved_operation_tells_everybody_the_new_time_and_asks_again(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, walk.operation).version
        after = reschedule(uow, Reschedule(walk.operation, START + hours(1), seen))
        assert after.state is OperationState.SCHEDULED
        assert {p.state for p in people_of(uow, walk.operation)} == {AssignmentState.ASKED}
        assert {p.starts_at for p in people_of(uow, walk.operation)} == {START + hours(0.5)}
    assert set(told(town, walk.operation).values()) == {(Method.REQUEST, 1)}
    move(town, walk, OperationState.INVITED)
    assert set(told(town, walk.operation).values()) == {(Method.REQUEST, 1)}, "who knows it already is not told again"


def test_a_second_move_before_inviting_again_is_told_too(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    for n in (1, 2):
        with unit_of_work(town.planner(town.police)) as uow:
            seen = get_operation(uow, walk.operation).version
            reschedule(uow, Reschedule(walk.operation, START + hours(n), seen))
        assert set(told(town, walk.operation).values()) == {(Method.REQUEST, n)}


def test_nothing_is_moved_into_the_past(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with unit_of_work(town.planner(town.police)) as uow:
        command = Reschedule(walk.operation, uow.now - hours(1), get_operation(uow, walk.operation).version)
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, command)


def test_who_was_there_is_not_withdrawn_afterwards(town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    with unit_of_work(town.planner(town.police)) as uow:
        end_visit(uow, EndVisit(walk.visit, VisitState.DONE, START + hours(1)))
    walk.move(town, OperationState.DONE)
    with pytest.raises(GateClosedError), unit_of_work(town.planner(town.police)) as uow:
        let_go(uow, walk.places[town.tobacco.id])


@pytest.mark.parametrize("at", [START - timedelta(days=700), START + timedelta(days=2)])
def test_a_visit_ends_when_it_can_have_ended(town: Town, at: datetime) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        end_visit(uow, EndVisit(walk.visit, VisitState.DONE, at))


def test_a_move_onto_somebody_who_is_taken_changes_nothing(town: Town) -> None:
    other = walk_to(town, OperationState.CONFIRMED, starts_at=START + timedelta(days=1))
    walk = walk_to(town, OperationState.CONFIRMED)
    before = told(town, walk.operation)
    with unit_of_work(town.planner(town.police)) as uow:
        command = Reschedule(walk.operation, START + timedelta(days=1), get_operation(uow, walk.operation).version)
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, command)
    assert (state(town, walk), told(town, walk.operation)) == (OperationState.CONFIRMED, before)
    assert state(town, other) is OperationState.CONFIRMED


def test_cancelling_tells_all_who_were_invited_also_who_declined_and_frees_their_time(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    walk.say(town, town.tobacco, accepted=False)
    move(town, walk, OperationState.CANCELLED)
    assert set(told(town, walk.operation).values()) == {(Method.CANCEL, 1)}
    again = walk_to(town, OperationState.INVITED)
    assert len(told(town, again.operation)) == 3


def test_letting_one_person_go_tells_that_person_alone(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    person = town.environment.inspectors[0]
    with unit_of_work(town.planner(town.police)) as uow:
        let_go(uow, walk.places[town.environment.id])
    after = told(town, walk.operation)
    assert after.pop(person) == (Method.CANCEL, 1)
    assert set(after.values()) == {(Method.REQUEST, 0)}


def test_who_said_no_and_is_asked_once_more_hears_of_it_and_nobody_else_does(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    person = town.tobacco.inspectors[0]
    walk.say(town, town.tobacco, accepted=False)
    with unit_of_work(town.planner(town.police)) as uow:
        place = ask_for_person(uow, AskPerson(walk.operation, town.tobacco.id, person))
        assert place.state is AssignmentState.ASKED
    after = told(town, walk.operation)
    assert after.pop(person) == (Method.REQUEST, 1)
    assert set(after.values()) == {(Method.REQUEST, 0)}


def test_replacing_a_colleague_is_one_step_of_their_own_authority(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        replace_person(uow, walk.places[town.tobacco.id], town.tobacco.inspectors[1])
    after = told(town, walk.operation)
    assert after[town.tobacco.inspectors[0]] == (Method.CANCEL, 1)
    assert after[town.tobacco.inspectors[1]] == (Method.REQUEST, 0)


def test_who_saw_an_older_version_moves_nothing(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.police)) as uow:
        move_operation(uow, MoveOperation(walk.operation, OperationState.CANCELLED, 1))


@pytest.mark.parametrize("to", sorted(set(OperationState) - {OperationState.PREPARING, OperationState.CANCELLED}))
def test_there_is_no_way_around_the_gates(town: Town, to: OperationState) -> None:
    walk = walk_to(town, OperationState.PROPOSED)
    with pytest.raises(GateClosedError):
        move(town, walk, to)
    assert state(town, walk) is OperationState.PROPOSED


def test_only_the_leads_planner_moves(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    for viewer in (town.planner(town.tobacco), town.inspector(town.police)):
        with pytest.raises(NotAllowedError):
            move(town, walk, OperationState.CANCELLED, viewer)
    with pytest.raises(NotFoundError):
        move(town, walk, OperationState.CANCELLED, town.planner(town.outsider))


def test_when_it_came_to_a_state_is_known_to_all_who_take_part(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    for viewer in (town.planner(town.police), town.inspector(town.tobacco)):
        with unit_of_work(viewer) as uow:
            assert set(states_reached(uow, walk.operation)) == set(ORDER[:4])
            assert all(part.answered_at is not None for part in parts_of(uow, walk.operation))
    with unit_of_work(town.planner(town.health)) as uow:
        assert states_reached(uow, walk.operation) == {}
