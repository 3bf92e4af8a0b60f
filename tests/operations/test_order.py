"""The operation order: written by the lead, opened by one rule with the targets, read by nobody before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotAllowedError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import OrderLine, get_operation, order_of, targets_of, titles_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanMeeting, PlanOrder, declare_recusal, plan_meeting, plan_order
from tests.factories import START, Town, hours
from tests.operations.plans import Plan, propose

NOW = datetime.now(UTC)


def write(plan: Plan, by: Viewer | None = None, **changed: Any) -> None:
    words = PlanOrder(plan.operation, "Centrumrunda", None, "ankare", "Hund på gården.")
    with unit_of_work(by or plan.planner) as uow:
        plan_order(uow, replace(words, **changed))


def read(plan: Plan, viewer: Viewer) -> OrderLine | None:
    with unit_of_work(viewer) as uow:
        return order_of(uow, plan.operation)


def meet(plan: Plan, meets_at: datetime) -> None:
    with unit_of_work(plan.planner) as uow:
        seen = get_operation(uow, plan.operation).version
        plan_meeting(uow, PlanMeeting(plan.operation, meets_at, "Torget", plan.town.police.planner, seen))


def test_it_opens_an_hour_before_the_meeting_as_the_targets_do_and_follows_it(town: Town) -> None:
    plan = propose(town)
    write(plan)
    for meets_at in (START - hours(1), START - hours(2)):
        meet(plan, meets_at)
        order = read(plan, plan.planner)
        assert order is not None
        with unit_of_work(plan.planner) as uow:
            target = targets_of(uow, plan.operation)[plan.visit]
        assert order.open_at == target.open_at == meets_at - hours(1)


def test_a_time_that_the_lead_chose_stays_when_the_meeting_changes(town: Town) -> None:
    plan = propose(town)
    write(plan, open_at=START - hours(5))
    meet(plan, START - hours(1))
    order = read(plan, plan.planner)
    assert order is not None
    assert order.open_at == START - hours(5)


def test_targets_that_open_with_the_order_open_with_it_still_and_one_with_its_own_time_does_not(town: Town) -> None:
    together = propose(town, lasts=hours(1))
    write(together, open_at=START - hours(5))
    alone = propose(town, open_at=START - hours(2))
    write(alone, open_at=START - hours(5))
    for plan, opens in ((together, START - hours(5)), (alone, START - hours(2))):
        with unit_of_work(plan.planner) as uow:
            assert targets_of(uow, plan.operation)[plan.visit].open_at == opens


def test_moving_the_operation_moves_briefing_and_opening(town: Town) -> None:
    plan = propose(town)
    meet(plan, START - hours(1))
    write(plan, briefing_at=START - hours(0.5))
    plan.move_to(START + hours(24))
    order = read(plan, plan.planner)
    assert order is not None
    assert (order.briefing_at, order.open_at) == (START + hours(23.5), START + hours(22))


def test_the_briefing_keeps_its_distance_from_the_meeting(town: Town) -> None:
    plan = propose(town)
    meet(plan, START - hours(1))
    write(plan, briefing_at=START - hours(0.5))
    meet(plan, START - hours(2))
    order = read(plan, plan.planner)
    assert order is not None
    assert order.briefing_at == START - hours(1.5)


def test_who_goes_reads_it_from_its_opening_on_and_others_never(town: Town) -> None:
    plan = propose(town, starts_at=NOW + hours(6))
    plan.goes(town.tobacco)
    goer, colleague = town.inspector(town.tobacco), town.inspector(town.tobacco, 1)
    write(plan)
    assert read(plan, goer) is None
    write(plan, open_at=NOW - hours(1))
    order = read(plan, goer)
    assert order is not None
    assert (order.title, order.stop_word, order.safety_note) == ("Centrumrunda", "ankare", "Hund på gården.")
    for viewer in (colleague, town.inspector(town.environment), town.planner(town.health), town.planner(town.outsider)):
        assert read(plan, viewer) is None
    with unit_of_work(goer) as uow:
        assert titles_of(uow, {plan.operation}) == {plan.operation: "Centrumrunda"}
    with unit_of_work(colleague) as uow:
        assert titles_of(uow, {plan.operation}) == {}


def test_a_recused_person_reads_it_neither_before_nor_after(town: Town) -> None:
    plan = propose(town, starts_at=NOW + hours(6))
    plan.goes(town.tobacco)
    goer = town.inspector(town.tobacco)
    write(plan, open_at=NOW - hours(1))
    assert read(plan, goer) is not None
    with unit_of_work(goer) as uow:
        declare_recusal(uow, plan.visit, "släkt")
    assert read(plan, goer) is None
    plan.move(OperationState.DONE)
    assert read(plan, goer) is None
    assert read(plan, town.inspector(town.tobacco, 1)) is not None


def test_only_the_leads_planner_writes_it_and_no_recused_one(town: Town) -> None:
    plan = propose(town)
    for viewer in (town.inspector(town.police), town.planner(town.tobacco)):
        with pytest.raises(NotAllowedError):
            write(plan, viewer)
    with unit_of_work(plan.planner) as uow:
        declare_recusal(uow, plan.visit, "släkt")
    with pytest.raises(NotAllowedError):
        write(plan)


def test_two_who_write_at_once_do_not_overwrite_each_other(town: Town) -> None:
    plan = propose(town)
    write(plan, seen_version=0)
    for seen in (0, 7):
        with pytest.raises(ChangedMeanwhileError):
            write(plan, seen_version=seen, title="Annat")
    write(plan, seen_version=1, title="Annat")
    order = read(plan, plan.planner)
    assert order is not None
    assert (order.title, order.version) == ("Annat", 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 201),
        ("stop_word", "121212-1212"),
        ("safety_note", "Ägaren är 19121212-1212."),
        ("briefing_at", START - hours(25)),
        ("briefing_at", START + hours(5)),
        ("open_at", START + hours(1)),
    ],
)
def test_what_does_not_fit_is_named_by_field(town: Town, field: str, value: object) -> None:
    plan = propose(town)
    with pytest.raises(InvalidError) as refused:
        write(plan, None, **{field: value})
    assert set(refused.value.fields) == {field}
    assert read(plan, plan.planner) is None
