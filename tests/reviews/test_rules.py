"""What is unusual reading, rule by rule: just below the limit is nothing, at it is an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samsyn.audit.rules import REFUSED
from samsyn.reviews.rules import (
    LIMITS,
    SAMPLING,
    Act,
    Alarm,
    Facts,
    Usual,
    first_of,
    month_before,
    months_over,
    raised,
    span_of,
)

WHO, OTHER, BUSINESS, VISIT = uuid4(), uuid4(), uuid4(), uuid4()
NOON = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
"""A Tuesday, noon in Sweden."""
NIGHT = datetime(2026, 5, 5, 1, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 5, 9, 10, 0, tzinfo=UTC)


def reads(n: int, at: datetime = NOON, who: UUID = WHO) -> list[Act]:
    """Reads of as many businesses, which are the person's own."""
    return [Act(who, at + timedelta(seconds=k), "dossier.read", uuid4(), business_id=uuid4()) for k in range(n)]


def own(acts: Sequence[Act]) -> frozenset[tuple[UUID, UUID]]:
    return frozenset((act.person_id, act.business_id) for act in acts if act.business_id)


def alarms(acts: Sequence[Act], **more: object) -> list[tuple[Alarm, int]]:
    facts = Facts(acts, own=own(acts))
    return [(one.alarm, one.n) for one in raised(replace(facts, **more))]  # type: ignore[arg-type]


def test_many_businesses_in_an_hour_are_many_only_beside_what_is_usual() -> None:
    least = LIMITS.many_least
    assert alarms(reads(least - 1)) == []
    assert alarms(reads(least)) == [(Alarm.MANY, least)]
    assert alarms(reads(least), usual={WHO: Usual(person=least / 2)}) == []
    assert alarms(reads(least), usual={WHO: Usual(unit=least / 2)}) == []
    assert alarms(reads(least + 1), usual={WHO: Usual(least / 2, least / 2)}) == [(Alarm.MANY, least + 1)]


def test_one_business_read_often_and_two_hours_and_two_people_are_not_many() -> None:
    same = [Act(WHO, NOON, "finding.read", VISIT, business_id=BUSINESS) for _ in range(50)]
    half = LIMITS.many_least // 2 + 1
    assert alarms(same) == []
    assert alarms([*reads(half), *reads(half, NOON + timedelta(hours=1))]) == []
    assert alarms([*reads(half), *reads(half, who=OTHER)]) == []


@pytest.mark.parametrize(
    ("day", "unusual"),
    [
        (date(2026, 5, 1), True),  # a Friday
        (date(2026, 6, 19), True),  # Midsummer Eve, no public holiday by law
        (date(2026, 12, 24), True),
        (date(2026, 5, 15), False),  # the Friday between Ascension and a weekend: many are away, offices are open
        (date(2026, 4, 30), False),  # offices close early
    ],
)
def test_on_a_holiday_there_are_no_office_hours(day: date, unusual: bool) -> None:
    n = LIMITS.out_of_hours_least
    noon = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    assert alarms(reads(n, noon)) == ([(Alarm.OUT_OF_HOURS, n)] if unusual else [])


@pytest.mark.parametrize("at", [NIGHT, SATURDAY, datetime(2026, 5, 5, 18, 0, tzinfo=UTC)])
def test_reading_outside_office_hours_is_unusual(at: datetime) -> None:
    least = LIMITS.out_of_hours_least
    assert alarms(reads(least - 1, at)) == []
    assert alarms(reads(least, at)) == [(Alarm.OUT_OF_HOURS, least)]
    assert alarms(reads(least, NOON)) == []


def test_a_shift_or_an_operation_near_makes_the_night_working_hours() -> None:
    acts = reads(LIMITS.out_of_hours_least, NIGHT)
    near = NIGHT - LIMITS.beside
    assert alarms(acts, at_work={WHO: [(near - timedelta(hours=2), near + timedelta(minutes=1))]}) == []
    far = NIGHT - LIMITS.beside - timedelta(minutes=5)
    assert alarms(acts, at_work={WHO: [(far - timedelta(hours=2), far)]}) != []
    assert alarms(acts, at_work={OTHER: [(NIGHT, NIGHT + timedelta(hours=2))]}) != []


def test_a_business_of_no_own_operation_is_unusual_once_each_hour() -> None:
    acts = [Act(WHO, NOON, "disclosure.read", uuid4(), business_id=BUSINESS) for _ in range(2)]
    assert alarms(acts, own=frozenset()) == [(Alarm.NOT_OWN, 2)]
    assert alarms(acts, own=frozenset({(OTHER, BUSINESS)})) == [(Alarm.NOT_OWN, 2)]
    assert alarms(acts, own=frozenset({(WHO, BUSINESS)})) == []


def test_a_visit_with_a_conflict_of_interest_is_unusual_also_when_it_was_refused() -> None:
    refused = Act(WHO, NOON, REFUSED, VISIT, "not_found", visit_id=VISIT)
    assert alarms([refused], recused=frozenset({(WHO, VISIT)})) == [(Alarm.RECUSED, 1)]
    assert alarms([refused], recused=frozenset({(OTHER, VISIT)})) == []


def test_refusals_and_rows_in_files_are_counted() -> None:
    refusals = [Act(WHO, NOON, REFUSED, uuid4(), "not_found") for _ in range(LIMITS.refused_least)]
    assert alarms(refusals[1:]) == []
    assert alarms(refusals) == [(Alarm.REFUSED, LIMITS.refused_least)]
    files = [Act(WHO, NOON, "list.export", WHO, f"week.csv {LIMITS.export_rows // 2}") for _ in range(2)]
    assert alarms(files[1:]) == []
    assert alarms(files) == [(Alarm.EXPORT, LIMITS.export_rows)]
    assert Act(WHO, NOON, "list.export", WHO, "odd").rows == 0


def test_how_many_lines_are_drawn() -> None:
    assert [SAMPLING.size(n) for n in (0, 5, 20, 999, 1001, 5000, 10**6)] == [0, 5, 20, 20, 21, 100, 100]


def test_a_month_is_one_on_the_clock_of_sweden() -> None:
    start, end = span_of(date(2026, 3, 1))
    assert (start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()) == (
        "2026-02-28T23:00:00+00:00",
        "2026-03-31T22:00:00+00:00",
    )
    assert span_of(date(2026, 12, 1))[1].date() == date(2027, 1, 1)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_only_months_that_are_over_are_reviewed_as_far_back_as_there_is_something() -> None:
    now = datetime(2026, 4, 30, 22, 30, tzinfo=UTC)  # the first of May in Sweden
    assert months_over(now - timedelta(days=70), now, 12) == [date(2026, 4, 1), date(2026, 3, 1), date(2026, 2, 1)]
    assert months_over(now, now, 12) == []
    assert len(months_over(now - timedelta(days=4000), now, 12)) == 12
    assert first_of(date(2026, 4, 30)) == date(2026, 4, 1)
