"""A meeting place stands in mails and calendars: it names no place that gets an unannounced visit."""

from __future__ import annotations

import pytest

from samsyn.core.errors import InvalidError
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import tells
from samsyn.operations.service import AddVisit, AskPart, PlanMeeting, add_visit, plan_meeting
from tests.factories import START, Town
from tests.operations.plans import ENDS, Plan, propose


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Utanför Kiosk Bussboden", True),
        ("KIOSK  BUSSBODEN", True),
        ("Centrumleden 207, parkeringen", True),
        ("Centrumleden 2070", False),
        ("Bussbodens parkering", False),
        ("Polishuset, plan 2", False),
        ("", False),
    ],
)
def test_a_name_or_an_address_is_told_as_whole_words(text: str, told: bool) -> None:
    assert tells(text, "Kiosk Bussboden", "Centrumleden 207") is told


def test_a_short_name_is_an_ordinary_word() -> None:
    assert not tells("Bar vid torget", "Bar", "Storgatan 1")


def meet(plan: Plan, place: str) -> None:
    with unit_of_work(plan.planner) as uow:
        seen = get_operation(uow, plan.operation).version
        plan_meeting(uow, PlanMeeting(plan.operation, START, place, plan.lead.inspectors[0], seen))


def test_a_meeting_at_an_unannounced_visit_is_refused_and_at_an_announced_one_is_not(town: Town) -> None:
    secret, open_ = propose(town), propose(town, announced=True)
    where = f"Vid Kiosk 0 {town.mark}"
    with pytest.raises(InvalidError) as refused:
        meet(secret, where)
    assert "meeting_place" in refused.value.fields
    meet(open_, where)


def test_a_visit_to_where_one_meets_is_refused(town: Town) -> None:
    plan = propose(town)
    meet(plan, f"Utanför Kiosk 1 {town.mark}")
    visit = AddVisit(plan.operation, town.businesses[1], START, ENDS, False, parts=(AskPart(town.tobacco.id),))
    with pytest.raises(InvalidError) as refused, unit_of_work(plan.planner) as uow:
        add_visit(uow, visit)
    assert "business_id" in refused.value.fields
