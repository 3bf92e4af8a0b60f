"""What is read of many operations at once is what is read of each, in as many statements as for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations import queries as q
from tests.factories import START, Town, hours
from tests.operations.plans import Plan, propose
from tests.web.statements import counted

Many = Callable[[UnitOfWork, set[UUID]], Mapping[UUID, Any]]
PAIRS: list[tuple[Many, Callable[[UnitOfWork, UUID], Any]]] = [
    (q.visits_of_many, q.visits_of),
    (q.targets_of_many, q.targets_of),
    (q.parts_of_many, q.answers_given),
    (q.participations_of_many, q.participations),
    (q.people_of_many, q.people_of),
]


@pytest.fixture
def plans(town: Town) -> list[Plan]:
    found = [propose(town, starts_at=START + hours(24 * n)) for n in range(3)]
    found[0].goes(town.tobacco)
    found[1].goes(town.environment)
    return found


@pytest.mark.parametrize(("many", "one"), PAIRS)
def test_many_are_read_as_one_is(plans: list[Plan], town: Town, many: Many, one: Callable[..., Any]) -> None:
    for viewer in (town.planner(town.police), town.planner(town.tobacco), town.inspector(town.tobacco)):
        with unit_of_work(viewer) as uow:
            found = many(uow, {plan.operation for plan in plans})
            for plan in plans:
                assert found.get(plan.operation, type(one(uow, plan.operation))()) == one(uow, plan.operation)


@pytest.mark.parametrize(("many", "_one"), PAIRS)
def test_ten_operations_take_as_many_statements_as_one(
    plans: list[Plan], town: Town, many: Many, _one: Callable[..., Any]
) -> None:
    counts = []
    for ids in ({plans[0].operation}, {plan.operation for plan in plans}):
        with unit_of_work(town.planner(town.police)) as uow, counted() as seen:
            many(uow, ids)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_people_of_one_authority_alone(plans: list[Plan], town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        found = q.people_of_many(uow, {plan.operation for plan in plans}, town.tobacco.id)
    assert {p.authority_id for people in found.values() for p in people} == {town.tobacco.id}


def test_open_operations_are_the_own_ones_that_go_on(plans: list[Plan], town: Town) -> None:
    with unit_of_work(town.planner(town.health)) as uow:
        assert q.open_operations(uow) == []
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.id for one in q.open_operations(uow)] == [plan.operation for plan in plans]
