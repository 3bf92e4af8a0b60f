"""Time away noted by hand: others learn at once that it is taken, and after it is taken back what they knew before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.queries import own_leave_of
from samsyn.planning.rules import LeaveKind, Span
from samsyn.planning.service import AddLeave, add_shifts, note_away, refresh_unavailable, take_back_away
from tests.factories import Office, Town, hours, make_person

NOW = datetime(2027, 3, 1, tzinfo=UTC)
WEEK = (NOW, NOW + timedelta(days=7))


def span(start: float, end: float) -> Span:
    return NOW + hours(start), NOW + hours(end)


def told(viewer: Viewer, person: UUID) -> list[tuple[datetime, datetime, str]]:
    rows = text("SELECT lower(during), upper(during), state FROM unavailable WHERE person_id = :p ORDER BY 1")
    with unit_of_work(viewer) as uow:
        return [(r[0], r[1], r[2]) for r in uow.session.execute(rows, {"p": person})]


def readings(viewer: Viewer, person: UUID) -> list[Span]:
    """What each moment of telling spans: between its first and its last row nothing unsaid is unknown."""
    rows = text(
        "SELECT min(lower(during)), max(upper(during)) FROM unavailable WHERE person_id = :p GROUP BY as_of ORDER BY 1"
    )
    with unit_of_work(viewer) as uow:
        return [(r[0], r[1]) for r in uow.session.execute(rows, {"p": person})]


def note(viewer: Viewer, person: UUID, when: Span, kind: LeaveKind = LeaveKind.OTHER, now: datetime = NOW) -> UUID:
    with unit_of_work(viewer, now) as uow:
        return note_away(uow, AddLeave(person, when, kind))


def take_back(viewer: Viewer, person: UUID, leave: UUID) -> None:
    with unit_of_work(viewer, NOW + timedelta(minutes=5)) as uow:
        take_back_away(uow, person, leave)


def works(town: Town, office: Office, person: UUID, days: list[int]) -> None:
    with unit_of_work(town.planner(office), NOW - timedelta(days=1)) as uow:
        add_shifts(uow, person, [span(24 * day + 8, 24 * day + 17) for day in days])
        refresh_unavailable(uow, person, WEEK)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.sets(st.integers(0, 6), max_size=7),
    begins=st.integers(0, 7 * 24 + 10),
    lasts=st.integers(1, 60),
)
def test_taken_back_it_is_told_as_it_was(town: Town, days: set[int], begins: int, lasts: int) -> None:
    """Of whoever has shifts, and of whom nothing is known; inside of what was told, at its end and beyond it."""
    person = make_person(town.police.id, town.police.unit, "Kollegan", set())
    if days:
        works(town, town.police, person, sorted(days))
    planner, other = town.planner(town.police), town.planner(town.tobacco)
    before = told(other, person)
    when = span(begins, begins + lasts)
    leave = note(planner, person, when)
    noted = told(other, person)
    assert any(first <= when[0] and when[1] <= last and state == "busy" for first, last, state in noted)
    lost = {one[:2] for one in before} - {one[:2] for one in noted}
    assert all(first < when[1] and last > when[0] for first, last in lost), "only what meets it is told otherwise"
    take_back(planner, person, leave)
    after = told(other, person)
    inside = [one for one in after if one not in before]
    assert all((when[0] <= first and last <= when[1]) or state == "unknown" for first, last, state in inside)
    if begins + lasts <= 7 * 24 or not days:
        assert after == before


def test_days_beside_an_absence_at_the_end_of_what_is_told_stay_known(town: Town) -> None:
    person = town.police.inspectors[0]
    works(town, town.police, person, [0, 1, 2, 3, 4])
    planner = town.planner(town.police)
    before = readings(planner, person)
    leave = note(planner, person, span(4 * 24, 5 * 24))
    assert readings(planner, person) == before
    take_back(planner, person, leave)
    assert readings(planner, person) == before


def test_others_learn_that_it_is_taken_and_neither_why_nor_of_what_kind(town: Town) -> None:
    person, when = town.tobacco.inspectors[0], span(24, 48)
    note(town.planner(town.tobacco), person, when, LeaveKind.OTHER)
    assert told(town.planner(town.police), person) == [(*when, "busy")]
    assert told(town.planner(town.outsider), person) == []
    with unit_of_work(town.planner(town.police)) as uow:
        assert own_leave_of(uow, person, WEEK) == []
        assert uow.session.scalar(text("SELECT count(*) FROM leave")) == 0


@pytest.mark.parametrize(
    ("when", "field", "code"),
    [
        (span(12, 12), "until_on", "away_ends"),
        (span(12, 8), "until_on", "away_ends"),
        (span(-24, 0), "until_on", "away_over"),
        (span(24, 24 * 370), "until_on", "away_long"),
        (span(24 * 740, 24 * 741), "from_on", "away_far"),
    ],
)
def test_times_that_cannot_be_meant_are_refused_beside_their_field(
    town: Town, when: Span, field: str, code: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        note(town.planner(town.police), town.police.inspectors[0], when)
    assert caught.value.fields == {field: [code]}


def test_what_meets_a_noted_absence_is_refused_until_that_is_taken_back(town: Town) -> None:
    planner, person = town.planner(town.police), town.police.inspectors[0]
    first = note(planner, person, span(24, 48))
    note(planner, person, span(48, 72))
    for when in (span(24, 48), span(0, 25), span(30, 31), span(47, 100)):
        with pytest.raises(ConflictError) as caught:
            note(planner, person, when)
        assert caught.value.fields == {"from_on": ["away_noted"]}
    take_back(planner, person, first)
    note(planner, person, span(30, 31))


def test_the_person_notes_it_and_nobody_else_without_the_role(town: Town) -> None:
    person, colleague = town.police.inspectors
    leave = note(town.inspector(town.police), person, span(24, 48))
    for roles in ({"inspector"}, {"observer"}, {"decider"}, {"log_reviewer"}):
        other = Viewer(town.police.id, colleague, frozenset(roles))
        with pytest.raises(NotAllowedError):
            note(other, person, span(72, 96))
        with pytest.raises(NotAllowedError):
            take_back(other, person, leave)
    for office in (town.tobacco, town.outsider):
        with pytest.raises(NotFoundError):
            note(town.planner(office), person, span(72, 96))
        with pytest.raises(NotFoundError):
            take_back(town.planner(office), person, leave)
    take_back(Viewer(town.police.id, colleague, frozenset({"unit_admin"})), person, leave)


def test_it_is_taken_back_once_and_each_leaves_a_line(town: Town) -> None:
    planner, person = town.planner(town.police), town.police.inspectors[0]
    leave = note(planner, person, span(24, 48))
    with pytest.raises(NotFoundError):
        take_back(planner, town.police.inspectors[1], leave)
    take_back(planner, person, leave)
    for one in (leave, uuid4()):
        with pytest.raises(NotFoundError):
            take_back(planner, person, one)
    lines = text("SELECT action FROM audit WHERE object_id = :p AND action LIKE 'leave.%' ORDER BY at")
    reviewer = Viewer(town.police.id, town.police.planner, frozenset({"log_reviewer"}))
    with unit_of_work(reviewer) as uow:
        assert list(uow.session.scalars(lines, {"p": person})) == ["leave.add", "leave.withdraw"]
