"""Read when the viewer is taken: bookings, leave and the own calendar, as one list of times without reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import held_times
from samsyn.planning.iso_week import Week
from samsyn.planning.queries import times_away
from samsyn.planning.rules import Span, Unavailability, merged

WEEKS: Final = 8


def window_of(now: datetime) -> Span:
    """Return what is told: from Monday's midnight at home, eight weeks."""
    week = Week.of(local_day(now))
    return week.span[0], week.beside(WEEKS).span[0]


def my_busy_times(uow: UnitOfWork) -> tuple[list[Span], Span]:
    """Return when the viewer is taken, and the window that it is told for; two statements.

    What nobody knows is not told as taken: who reads it learns only what stands in it.
    """
    window, me = window_of(uow.now), {uow.person}
    held = [(one.starts_at, one.ends_at) for one in held_times(uow, me, window)]
    away = [(a.starts_at, a.ends_at) for a in times_away(uow, me, window) if a.state is Unavailability.BUSY]
    inside = [(max(start, window[0]), min(end, window[1])) for start, end in (*held, *away)]
    return merged(inside), window
