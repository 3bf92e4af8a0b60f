"""What is said about the plan stays with those who take part; a number is given and taken back by its owner."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import contacts_given, messages_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    PlanOrder,
    declare_recusal,
    give_contact,
    plan_order,
    post_message,
    take_back_contact,
)
from tests.factories import Town, hours
from tests.operations.plans import Plan, propose

NOW = datetime.now(UTC)


def say(plan: Plan, viewer: Viewer, text: str) -> None:
    with unit_of_work(viewer) as uow:
        post_message(uow, plan.operation, text)


def heard(plan: Plan, viewer: Viewer) -> list[str]:
    with unit_of_work(viewer) as uow:
        return [one.text for one in messages_of(uow, plan.operation)]


def phones(plan: Plan, viewer: Viewer) -> list[str]:
    with unit_of_work(viewer) as uow:
        return [one.phone for one in contacts_given(uow, plan.operation)]


def test_those_who_take_part_read_it_newest_last_and_nobody_else(town: Town) -> None:
    plan = propose(town)
    say(plan, plan.planner, "Vi tar två bilar.")
    say(plan, town.inspector(town.tobacco), "Bra.")
    for viewer in (plan.planner, town.inspector(town.police), town.planner(town.environment)):
        assert heard(plan, viewer) == ["Vi tar två bilar.", "Bra."]
    for viewer in (town.planner(town.health), town.planner(town.outsider)):
        assert heard(plan, viewer) == []
        with pytest.raises(NotFoundError):
            say(plan, viewer, "Hej.")


def test_a_message_that_names_an_unannounced_visit_is_refused_and_nothing_is_kept(town: Town) -> None:
    plan, open_ = propose(town), propose(town, announced=True)
    for text in (f"Vi ses vid kiosk 0  {town.mark}!", f"Kiosk 0 {town.mark} är stängd"):
        with pytest.raises(InvalidError) as refused:
            say(plan, plan.planner, text)
        assert list(refused.value.fields) == ["text"]
        say(open_, open_.planner, text)
    assert heard(plan, plan.planner) == []


def test_a_recused_person_neither_reads_nor_writes_it(town: Town) -> None:
    plan = propose(town)
    say(plan, plan.planner, "Vi tar två bilar.")
    recused = town.inspector(town.tobacco)
    with unit_of_work(recused) as uow:
        declare_recusal(uow, plan.visit, "släkt")
    assert heard(plan, recused) == []
    assert heard(plan, town.inspector(town.tobacco, 1)) == ["Vi tar två bilar."]
    with pytest.raises(NotAllowedError):
        say(plan, recused, "Hej.")


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "Han heter Bo, 19121212-1212."])
def test_a_message_that_is_empty_too_long_or_holds_a_personal_number_is_refused(town: Town, text: str) -> None:
    plan = propose(town)
    with pytest.raises(InvalidError) as refused:
        say(plan, plan.planner, text)
    assert set(refused.value.fields) == {"text"}
    assert heard(plan, plan.planner) == []


def test_after_the_end_nothing_more_is_said(town: Town) -> None:
    plan = propose(town)
    plan.move(OperationState.CANCELLED)
    with pytest.raises(GateClosedError):
        say(plan, plan.planner, "Hej.")


def test_a_number_is_read_by_those_who_read_the_order_and_taken_back(town: Town) -> None:
    plan = propose(town, starts_at=NOW + hours(6))
    plan.goes(town.tobacco)
    goer = town.inspector(town.tobacco)
    with unit_of_work(goer) as uow:
        give_contact(uow, plan.operation)
    order = PlanOrder(plan.operation, "Runda", None, None, None)
    with unit_of_work(plan.planner) as uow:
        plan_order(uow, order)
    assert phones(plan, plan.planner) == ["070-174 06 05"]
    assert phones(plan, town.inspector(town.environment)) == []
    assert phones(plan, town.planner(town.outsider)) == []
    with unit_of_work(goer) as uow:
        take_back_contact(uow, plan.operation)
    assert phones(plan, plan.planner) == []
    with unit_of_work(goer) as uow:
        give_contact(uow, plan.operation)
    assert phones(plan, plan.planner) == ["070-174 06 05"]


def test_only_who_goes_gives_a_number(town: Town) -> None:
    plan = propose(town)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        give_contact(uow, plan.operation)
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.tobacco)) as uow:
        take_back_contact(uow, plan.operation)
