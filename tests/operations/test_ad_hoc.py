"""An ad-hoc visit begins on site, from the phone."""

from __future__ import annotations

import pytest

from samsyn.core.errors import ConflictError
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import get_operation, people_of, targets_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import AddVisit, AskPart, ProposeOperation, add_visit, propose_operation
from tests.factories import START, Town, hours


def begin(town: Town) -> ProposeOperation:
    return ProposeOperation(town.collaboration, START, START + hours(2), ad_hoc=True)


def test_an_inspector_begins_goes_along_and_sees_where_it_is(town: Town) -> None:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        operation = propose_operation(uow, begin(town))
        part = AskPart(town.tobacco.id, town.tobacco.unit)
        visit = add_visit(uow, AddVisit(operation, town.businesses[0], START, START + hours(1), parts=(part,)))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert get_operation(uow, operation).state is OperationState.ONGOING
        assert [p.state for p in people_of(uow, operation)] == [AssignmentState.ACCEPTED]
        assert set(targets_of(uow, operation)) == {visit}
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        assert targets_of(uow, operation) == {}, "a colleague who is not there need not know"


def test_nobody_begins_two_at_once(town: Town) -> None:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        propose_operation(uow, begin(town))
    with pytest.raises(ConflictError), unit_of_work(town.inspector(town.tobacco)) as uow:
        propose_operation(uow, begin(town))
