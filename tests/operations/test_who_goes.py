"""Asking holds; only the person or the own authority accepts; the lead may release and ask again."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import AskPerson, ask_person, withdraw_assignment
from tests.factories import START, Town, hours
from tests.operations.plans import propose, respond, rows


def test_the_person_the_own_planner_and_the_own_worker_may_answer(town: Town) -> None:
    plan = propose(town)
    own = town.tobacco
    assignment = plan.ask(own, own.inspectors[0])
    for viewer in (town.inspector(own), town.planner(own), Viewer.task_of(own.id)):
        for accepted, state in ((True, "accepted"), (False, "declined"), (None, "asked")):
            respond(viewer, assignment, accepted)
            assert plan.place(assignment).state == state


def test_a_colleague_is_refused_and_others_do_not_find_it(town: Town) -> None:
    plan = propose(town)
    assignment = plan.ask(town.tobacco, town.tobacco.inspectors[0])
    with pytest.raises(NotAllowedError):
        respond(town.inspector(town.tobacco, 1), assignment, True)
    for viewer in (plan.planner, town.planner(town.environment), town.planner(town.health), Viewer()):
        with pytest.raises(NotFoundError):
            respond(viewer, assignment, True)
    assert plan.place(assignment).state is AssignmentState.ASKED


@pytest.mark.parametrize("table", ["booking", "assignment"])
def test_the_lead_cannot_accept_for_others_by_any_statement(town: Town, table: str) -> None:
    plan = propose(town)
    plan.ask(town.tobacco, town.tobacco.inspectors[0])
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        uow.session.execute(text(f"UPDATE {table} SET state = 'accepted'"))
    with unit_of_work(town.planner(town.environment)) as uow:  # a participant who does not lead touches nothing
        assert uow.session.execute(text(f"UPDATE {table} SET state = 'accepted'")).rowcount == 0  # type: ignore[attr-defined]


def test_the_lead_cannot_write_an_accepted_place_for_others(town: Town) -> None:
    plan = propose(town)
    assignment = plan.goes(town.tobacco)
    take = text(
        "INSERT INTO assignment (id, operation_id, lead_id, authority_id, person_id, booking_id, role, state,"
        " starts_at, ends_at, uid, changed_at, version) SELECT gen_random_uuid(), operation_id, lead_id, authority_id,"
        " :p, booking_id, role, 'accepted', starts_at, ends_at, uid || 'x', changed_at, 1 FROM assignment WHERE id = :a"
    )
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        uow.session.execute(take, {"a": assignment, "p": town.tobacco.inspectors[1]})


def test_the_lead_may_release_and_ask_again_with_the_same_calendar_identity(town: Town) -> None:
    plan = propose(town)
    assignment = plan.goes(town.tobacco)
    before = plan.place(assignment)
    with unit_of_work(plan.planner) as uow:
        withdraw_assignment(uow, assignment)
    assert rows(plan.planner, "SELECT state FROM booking WHERE id = :b", b=before.booking_id) == [("released",)]
    assert plan.ask(town.tobacco, town.tobacco.inspectors[0]) == assignment
    after = plan.place(assignment)
    assert (after.uid, after.state) == (before.uid, AssignmentState.ASKED)
    with pytest.raises(ConflictError, match="asked already"):
        plan.ask(town.tobacco, town.tobacco.inspectors[0])


def test_a_move_holds_the_new_time_and_voids_the_answers(town: Town) -> None:
    plan = propose(town)
    assignment = plan.goes(town.tobacco)
    plan.move_to(START + hours(24))
    place = plan.place(assignment)
    assert (place.state, place.starts_at) == (AssignmentState.ASKED, START + hours(24))
    propose(town).goes(town.tobacco)  # the old time is free


def test_a_move_onto_somebodys_other_booking_changes_nothing(town: Town) -> None:
    plan = propose(town)
    places = [plan.goes(town.tobacco), plan.goes(town.environment)]
    propose(town, starts_at=START + hours(24)).goes(town.environment)
    with pytest.raises(ConflictError):
        plan.move_to(START + hours(24))
    assert plan.card().starts_at == START
    assert {plan.place(place).state for place in places} == {AssignmentState.ACCEPTED}


def test_nobody_says_yes_to_an_operation_that_is_called_off_or_over(town: Town) -> None:
    plan = propose(town)
    assignment = plan.ask(town.tobacco, town.tobacco.inspectors[0])
    respond(town.inspector(town.tobacco), assignment, False)
    for state in (OperationState.CANCELLED, OperationState.DONE):
        plan.move(state)
        with pytest.raises(GateClosedError):
            respond(town.inspector(town.tobacco), assignment, True)
    propose(town).goes(town.tobacco)


def test_a_withdrawn_person_cannot_answer(town: Town) -> None:
    plan = propose(town)
    assignment = plan.ask(town.tobacco, town.tobacco.inspectors[0])
    with unit_of_work(town.planner(town.tobacco)) as uow:
        withdraw_assignment(uow, assignment)
    with pytest.raises(GateClosedError):
        respond(town.inspector(town.tobacco), assignment, True)


def test_only_the_lead_or_the_own_authority_asks_and_only_those_who_take_part(town: Town) -> None:
    plan = propose(town)
    person = town.tobacco.inspectors[0]
    for viewer, error in (
        (town.planner(town.environment), NotAllowedError),
        (town.inspector(town.police), NotAllowedError),
        (town.planner(town.health), NotFoundError),
    ):
        with pytest.raises(error), unit_of_work(viewer) as uow:
            ask_person(uow, AskPerson(plan.operation, town.tobacco.id, person))
    with pytest.raises(NotFoundError, match="does not take part"):
        plan.ask(town.health, town.health.inspectors[0])
    with pytest.raises(NotFoundError):  # somebody else's person under the asked authority's name
        plan.ask(town.tobacco, town.health.inspectors[0])
    plan.ask(town.tobacco, person, town.planner(town.tobacco))


def test_only_a_planner_of_the_two_authorities_withdraws(town: Town) -> None:
    plan = propose(town)
    assignment = plan.goes(town.tobacco)
    for viewer, error in (
        (town.inspector(town.tobacco), NotAllowedError),
        (town.planner(town.environment), NotFoundError),
        (town.planner(town.health), NotFoundError),
    ):
        with pytest.raises(error), unit_of_work(viewer) as uow:
            withdraw_assignment(uow, assignment)
