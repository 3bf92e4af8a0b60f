"""How a visit ends, and what every authority that took part gets to count."""

from __future__ import annotations

import pytest

from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_visit
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import AddVisit, EndVisit, ProposeOperation, add_visit, end_visit, propose_operation
from samsyn.operations.service.visits import COUNT_VISIT
from tests.factories import START, Town, hours
from tests.operations.plans import ENDS, Plan, propose, rows


@pytest.fixture
def ongoing(town: Town) -> Plan:
    plan = propose(town)
    plan.move(OperationState.ONGOING)
    return plan


def end(viewer: Viewer, plan: Plan, state: VisitState = VisitState.DONE) -> None:
    with unit_of_work(viewer) as uow:
        end_visit(uow, EndVisit(plan.visit, state, START + hours(1)))


def test_a_visit_ends_once_and_every_authority_that_took_part_counts_it(town: Town, ongoing: Plan) -> None:
    end(town.inspector(town.police), ongoing, VisitState.CLOSED_PREMISES)
    with unit_of_work(town.planner(town.environment)) as uow:
        visit = get_visit(uow, ongoing.visit)
    assert (visit.state, visit.ended_at) == (VisitState.CLOSED_PREMISES, START + hours(1))
    queued = "SELECT 1 FROM outbox WHERE task = :t AND subject_id = :v"
    for office, n in ((town.police, 1), (town.tobacco, 1), (town.environment, 1), (town.health, 0)):
        assert len(rows(Viewer.task_of(office.id), queued, t=COUNT_VISIT, v=ongoing.visit)) == n
    with pytest.raises(GateClosedError):
        end(ongoing.planner, ongoing)


def test_it_ends_somehow_while_the_operation_is_ongoing_by_somebody_of_the_lead(town: Town, ongoing: Plan) -> None:
    with pytest.raises(InvalidError):
        end(ongoing.planner, ongoing, VisitState.PLANNED)
    for viewer, error in (
        (town.planner(town.tobacco), NotAllowedError),
        (Viewer(town.police.id, town.police.planner, frozenset({"observer"})), NotAllowedError),
        (town.planner(town.health), NotFoundError),
    ):
        with pytest.raises(error):
            end(viewer, ongoing)
    for state in (OperationState.CONFIRMED, OperationState.DONE):
        ongoing.move(state)
        with pytest.raises(GateClosedError):
            end(ongoing.planner, ongoing)


def test_a_visit_lies_within_its_operation_and_goes_to_a_business_of_the_collaboration(town: Town) -> None:
    plan = propose(town)
    with pytest.raises(InvalidError), unit_of_work(plan.planner) as uow:
        add_visit(uow, AddVisit(plan.operation, town.businesses[0], START, ENDS + hours(1)))
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        add_visit(uow, AddVisit(plan.operation, plan.operation, START, ENDS))


def test_an_inspector_begins_an_ad_hoc_visit_but_plans_none(town: Town) -> None:
    inspector = town.inspector(town.police)
    with unit_of_work(inspector) as uow:
        command = ProposeOperation(town.collaboration, START, ENDS, ad_hoc=True)
        operation = propose_operation(uow, command)
        add_visit(uow, AddVisit(operation, town.businesses[0], START, ENDS))
    with pytest.raises(NotAllowedError), unit_of_work(inspector) as uow:
        add_visit(uow, AddVisit(propose(town).operation, town.businesses[0], START, ENDS))
