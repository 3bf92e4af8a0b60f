"""Where a visit goes opens only to those who need to know, and only from its time on (OSL 17:1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_target, operation_ids_of_business, targets_of
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.operations.plans import Plan, propose, respond

PAST = datetime.now(UTC) - timedelta(hours=1)
FUTURE = datetime.now(UTC) + timedelta(days=30)


def shown(plan: Plan, viewer: Viewer) -> bool:
    with unit_of_work(viewer) as uow:
        there = bool(targets_of(uow, plan.operation))
        assert (get_target(uow, plan.visit) is not None) == there
        assert (plan.operation in operation_ids_of_business(uow, plan.town.businesses[0])) == there
        return there


def test_planners_and_workers_of_who_takes_part_see_it_and_strangers_never(town: Town) -> None:
    plan = propose(town, open_at=FUTURE)
    for office in (town.police, town.tobacco, town.environment):
        assert shown(plan, town.planner(office))
        assert shown(plan, Viewer.task_of(office.id))
        assert not shown(plan, town.inspector(office))
    for viewer in (town.planner(town.health), town.planner(town.outsider), Viewer()):
        with unit_of_work(viewer) as uow:
            assert targets_of(uow, plan.operation) == {}
            with pytest.raises(NotFoundError):
                get_target(uow, plan.visit)


def test_an_inspector_sees_it_from_its_time_on_and_only_when_accepted(town: Town) -> None:
    for open_at, opened in ((FUTURE, False), (PAST, True)):
        plan = propose(town, open_at=open_at)
        who = town.inspector(town.tobacco)
        assert not shown(plan, who)
        assignment = plan.ask(town.tobacco, town.tobacco.inspectors[0])
        assert not shown(plan, who)
        respond(who, assignment, True)
        assert shown(plan, who) is opened
        assert not shown(plan, town.inspector(town.tobacco, 1))
        respond(who, assignment, False)
        assert not shown(plan, who)


def test_an_announced_visit_is_open_to_everybody_who_takes_part(town: Town) -> None:
    plan = propose(town, open_at=FUTURE, announced=True)
    assert shown(plan, town.inspector(town.environment))
    with unit_of_work(town.planner(town.health)) as uow:
        assert targets_of(uow, plan.operation) == {}


def test_when_it_is_done_everybody_who_took_part_sees_it(town: Town) -> None:
    plan = propose(town, open_at=FUTURE)
    for state in (OperationState.INVITED, OperationState.ONGOING, OperationState.CANCELLED, OperationState.ABORTED):
        plan.move(state)
        assert not shown(plan, town.inspector(town.environment))
    for state in (OperationState.DONE, OperationState.REPORTED, OperationState.COMPILED, OperationState.CLOSED):
        plan.move(state)
        assert shown(plan, town.inspector(town.environment))
    with unit_of_work(town.planner(town.health)) as uow:
        assert targets_of(uow, plan.operation) == {}


def test_an_accepted_place_in_another_operation_opens_nothing(town: Town) -> None:
    plan, other = propose(town, open_at=PAST), propose(town, open_at=PAST)
    other.goes(town.tobacco)
    assert not shown(plan, town.inspector(town.tobacco))
