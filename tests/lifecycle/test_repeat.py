"""Repeating an operation: every time keeps its distance, nobody's answers, findings or people come along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.businesses.queries import OpenLine
from samsyn.businesses.service import OpenSpell, SetOpeningHours, set_opening_hours
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import HOME
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.repeat import (
    BeginFromTemplate,
    RepeatOperation,
    begin_from_template,
    is_open,
    next_time,
    repeat_operation,
)
from samsyn.operations.queries import (
    get_operation,
    order_of,
    participations,
    parts_of,
    people_of,
    targets_of,
    visits_of,
)
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanOrder, plan_order
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import Asked, OperationContent, Quorum
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: BEGIN + timedelta(minutes=n))


@given(moments, moments)
def test_the_next_time_is_the_same_weekday_and_clock_in_sweden(old: datetime, now: datetime) -> None:
    found = next_time(old, now)
    before, after = old.astimezone(HOME), found.astimezone(HOME)
    assert found > max(old, now)
    assert before.weekday() == after.weekday()
    # The hour that summer time skips exists on no other Sunday; a clock in it moves by that hour.
    assert before.time() == after.time() or abs(after.utcoffset() - before.utcoffset()) == timedelta(hours=1)  # type: ignore[operator]
    assert found - max(old, now) <= timedelta(days=7, hours=1)


def repeat(town: Town, walk: Walk, starts_at: datetime, **more: object) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        visits = frozenset(visit.id for visit in visits_of(uow, walk.operation))
        command = RepeatOperation(walk.operation, starts_at, visits, "Polishuset, plan 2", **more)  # type: ignore[arg-type]
        return repeat_operation(uow, command)


@pytest.mark.parametrize("starts_at", [datetime(2027, 10, 30, 16, tzinfo=UTC), datetime(2028, 3, 25, 22, tzinfo=UTC)])
def test_every_time_keeps_its_distance_to_the_start_over_summer_time(town: Town, starts_at: datetime) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    with unit_of_work(town.planner(town.police)) as uow:
        plan_order(uow, PlanOrder(walk.operation, "Centrumrunda", START - hours(0.25), "Lampa", "hund på gården"))
    new = repeat(town, walk, starts_at)
    with unit_of_work(town.planner(town.police)) as uow:
        before, after = get_operation(uow, walk.operation), get_operation(uow, new)
        moved = after.starts_at - before.starts_at
        assert after.starts_at == starts_at
        assert (after.ends_at, after.meets_at) == (before.ends_at + moved, (before.meets_at or START) + moved)
        old, order = order_of(uow, walk.operation), order_of(uow, new)
        assert old is not None
        assert order is not None
        assert old.briefing_at is not None
        assert (order.title, order.briefing_at) == ("Centrumrunda", old.briefing_at + moved)
        assert [(v.starts_at - moved, v.ends_at - moved) for v in visits_of(uow, new)] == [
            (v.starts_at, v.ends_at) for v in visits_of(uow, walk.operation)
        ]


def test_questions_and_quorum_come_along_and_no_answer_person_or_state(town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    new = repeat(town, walk, START + timedelta(days=364))
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, new).state is OperationState.PROPOSED
        assert get_operation(uow, new).lead_person_id is None
        assert people_of(uow, new) == []
        old, parts = parts_of(uow, walk.operation), parts_of(uow, new)
        asked = {(p.authority_id, p.unit_id, p.people, p.competence) for p in old}
        assert {(p.authority_id, p.unit_id, p.people, p.competence) for p in parts} == asked
        assert all(p.accepted is None and not p.legal_basis and not p.handed_in for p in parts)
        lines = {(p.authority_id, p.required, p.minimum) for p in participations(uow, walk.operation)}
        assert {(p.authority_id, p.required, p.minimum) for p in participations(uow, new)} == lines
        assert [t.business_id for t in targets_of(uow, new).values()] == town.businesses[:1]
        assert order_of(uow, new) is None


def test_only_the_lead_repeats(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.tobacco)) as uow:
        repeat_operation(uow, RepeatOperation(walk.operation, START + timedelta(days=7), frozenset()))


def test_a_time_that_is_over_is_refused(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(InvalidError) as refused:
        repeat(town, walk, datetime(2026, 1, 8, 17, tzinfo=UTC))
    assert "starts_at" in refused.value.fields


def test_a_closed_business_is_said_and_may_be_visited_all_the_same(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with unit_of_work(town.planner(town.police)) as uow:
        set_opening_hours(uow, SetOpeningHours(town.businesses[0], (OpenSpell(1, 480, 1020),)))
    later = START + timedelta(days=7)
    with pytest.raises(InvalidError) as refused:
        repeat(town, walk, later)
    assert refused.value.fields == {"despite_closed": ["closed then"]}
    assert repeat(town, walk, later, despite_closed=True) != walk.operation


opened = st.builds(OpenLine, st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda o: OpenLine(o.weekday, o.opens, o.opens + o.closes)
)


@given(st.lists(opened, max_size=4), moments, st.integers(1, 180))
def test_open_is_what_a_walk_over_the_minutes_says(lines: list[OpenLine], at: datetime, lasts: int) -> None:
    local = at.astimezone(HOME)
    begin = (local.isoweekday() - 1) * 1440 + local.hour * 60 + local.minute
    open_minutes = {((o.weekday - 1) * 1440 + m) % 10_080 for o in lines for m in range(o.opens, o.closes)}
    hit = any((begin + n) % 10_080 in open_minutes for n in range(lasts))
    # A visit that passes midnight into a day that opens at once is rare enough to be asked for; it is not refused.
    next_day = (begin % 1440) + lasts > 1440
    assert is_open(lines, at, at + timedelta(minutes=lasts)) == (hit or not lines) or next_day


def test_an_operation_begun_from_a_template_has_its_layout(town: Town) -> None:
    asked = (Asked(town.tobacco.id, town.tobacco.unit, 2, "tobacco"), Asked(town.outsider.id))
    content = OperationContent(60, 45, 30, asked, (Quorum(town.tobacco.id, 2),), "Lampa")
    planner = town.planner(town.police)
    with unit_of_work(planner) as uow:
        template = save_template(uow, SaveTemplate("Kväll", content))
        new = begin_from_template(
            uow,
            BeginFromTemplate(template, town.collaboration, START, "Torget", tuple(town.businesses[:2])),
        )
    with unit_of_work(planner) as uow:
        operation = get_operation(uow, new)
        assert (operation.ends_at, operation.meets_at) == (START + hours(1.5), START - hours(0.5))
        assert [v.starts_at for v in visits_of(uow, new)] == [START, START + hours(0.75)]
        assert {(p.authority_id, p.people, p.competence) for p in parts_of(uow, new)} == {
            (town.tobacco.id, 2, "tobacco")
        }
        assert {p.authority_id: p.minimum for p in participations(uow, new)}[town.tobacco.id] == 2
        order = order_of(uow, new)
        assert order is not None
        assert order.stop_word == "Lampa"
