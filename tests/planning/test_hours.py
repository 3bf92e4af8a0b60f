from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.rules import LeaveKind, Span, Unavailability, unavailable
from samsyn.planning.service import AddLeave, add_leave, add_shifts, record_busy, refresh_unavailable, withdraw_shifts
from tests.factories import START, Town, hours

EARLY, LATE = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 8, tzinfo=UTC)
BUSY, UNKNOWN = Unavailability.BUSY, Unavailability.UNKNOWN


def span(start: float, end: float) -> Span:
    return EARLY + hours(start), EARLY + hours(end)


spans = st.tuples(st.integers(0, 160), st.integers(1, 20)).map(lambda p: span(p[0], p[0] + p[1]))


def seen(viewer: Viewer, person: object) -> list[tuple[datetime, datetime, str]]:
    with unit_of_work(viewer) as uow:
        rows = text("SELECT lower(during), upper(during), state FROM unavailable WHERE person_id = :p ORDER BY 1")
        return [(r[0], r[1], r[2]) for r in uow.session.execute(rows, {"p": person})]


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6), st.booleans())
def test_every_hour_is_taken_unknown_or_a_known_shift_and_never_two_of_them(
    shifts: list[Span], away: list[Span], readable: bool
) -> None:
    told = unavailable((EARLY, LATE), shifts, away, readable=readable)
    for n in range(168):
        at = EARLY + hours(n) + timedelta(minutes=30)
        says = [state for (start, end), state in told if start <= at < end]
        off = any(start <= at < end for start, end in away)
        works = any(start <= at < end for start, end in shifts)
        known = bool(shifts) and min(shifts)[0] <= at < max(end for _, end in shifts)
        if off or (known and not works):
            assert says == [BUSY]
        elif works and readable:
            assert says == []
        else:
            assert says == [UNKNOWN]


def test_others_learn_that_a_colleague_cannot_and_never_why(town: Town) -> None:
    person = town.police.inspectors[0]
    with unit_of_work(town.planner(town.police), START) as uow:
        assert add_shifts(uow, person, [span(8, 16), span(32, 40)]) == 2
        assert add_shifts(uow, person, [span(8, 16)]) == 0
        add_leave(uow, AddLeave(person, span(10, 12), LeaveKind.HOLIDAY))
        record_busy(uow, person, [span(33, 34)])
        record_busy(uow, person, [span(34, 35)])  # in place of the first reading
        refresh_unavailable(uow, person, (EARLY, EARLY + hours(48)))
    told = [(*span(0, 8), "unknown"), (*span(10, 12), "busy"), (*span(16, 32), "busy"), (*span(34, 35), "busy")]
    told.append((*span(40, 48), "unknown"))
    assert seen(town.planner(town.tobacco), person) == told
    assert seen(town.planner(town.outsider), person) == []
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for table in ("shift", "leave", "busy_time"):
            assert uow.session.scalar(text(f"SELECT count(*) FROM {table} WHERE person_id = :p"), {"p": person}) == 0


def test_an_unreadable_calendar_makes_a_shift_unknown_and_never_free(town: Town) -> None:
    person = town.police.inspectors[1]
    with unit_of_work(town.planner(town.police), START) as uow:
        add_shifts(uow, person, [span(8, 16)])
        refresh_unavailable(uow, person, span(0, 24), readable=False)
    assert seen(town.planner(town.tobacco), person) == [(*span(0, 24), "unknown")]


def test_shifts_are_taken_back_and_written_anew(town: Town) -> None:
    person = town.police.inspectors[1]
    with unit_of_work(town.planner(town.police), START) as uow:
        add_shifts(uow, person, [span(8, 16)])
        withdraw_shifts(uow, person, span(0, 24))
        assert add_shifts(uow, person, [span(9, 17)]) == 1
        refresh_unavailable(uow, person, span(0, 24))
    assert seen(town.planner(town.tobacco), person) == [(*span(0, 9), "unknown"), (*span(17, 24), "unknown")]


def test_only_the_person_or_the_own_planner_keeps_hours(town: Town) -> None:
    person, colleague = town.police.inspectors
    with (
        pytest.raises(NotAllowedError),
        unit_of_work(Viewer(town.police.id, colleague, frozenset({"inspector"}))) as uow,
    ):
        add_shifts(uow, person, [span(8, 16)])
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        add_shifts(uow, person, [span(8, 16)])
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        add_shifts(uow, person, [span(16, 8)])
