"""Joint return visits: places at which several of the own follow-ups fall due within some days.

Of other authorities only what their traces say of the place is shown: that one was there on a day. What another has
left to see to there is in its own silo and no part of this (SECRECY R2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.deadlines import works
from samsyn.operations.queries import LastVisit, TargetLine, last_visits, targets_of_many
from samsyn.outcomes.queries import FollowUpLine, due_by

WITHIN: Final = 30
"""Days ahead in which they fall due, where nobody says otherwise."""
SEVERAL: Final = 2
MOST: Final = 20
"""Places that are shown."""
STARTS: Final = time(13)
LASTS: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ReturnVisit:
    """A place to go back to: what falls due there, who was there last, and when one could go."""

    target: TargetLine
    lines: tuple[FollowUpLine, ...]
    last: LastVisit | None
    starts_at: datetime

    @property
    def first(self) -> date:
        """Return the first day on which something falls due."""
        return min(line.due_on for line in self.lines)

    @property
    def ends_at(self) -> datetime:
        """Return when the proposed operation ends."""
        return self.starts_at + LASTS


def return_visits(uow: UnitOfWork, within: int = WITHIN) -> list[ReturnVisit]:
    """Return where several own follow-ups fall due, the most urgent first; where it went is the viewer's to know."""
    today = uow.today
    lines = due_by(uow, today + timedelta(days=within))
    targets = targets_of_many(uow, {line.operation_id for line in lines}) if lines else {}
    known = [(targets.get(line.operation_id, {}).get(line.visit_id), line) for line in lines]
    found = grouped((target, line) for target, line in known if target is not None)
    last = last_visits(uow, {target.premises_id for target, _ in found}) if found else {}
    visits = [
        ReturnVisit(target, tuple(some), last.get(target.premises_id), proposed(some, today))
        for target, some in found[:MOST]
    ]
    return sorted(visits, key=lambda one: (one.first, one.target.name))


def grouped(known: Iterable[tuple[TargetLine, FollowUpLine]]) -> list[tuple[TargetLine, list[FollowUpLine]]]:
    """Return the places with several, each with its newest target; the first to fall due first."""
    places: dict[UUID, list[tuple[TargetLine, FollowUpLine]]] = {}
    for target, line in known:
        places.setdefault(target.premises_id, []).append((target, line))
    several = [some for some in places.values() if len(some) >= SEVERAL]
    several.sort(key=lambda some: min(line.due_on for _, line in some))
    return [(max((t for t, _ in some), key=lambda t: t.open_at), [line for _, line in some]) for some in several]


def proposed(lines: Sequence[FollowUpLine], today: date) -> datetime:
    """Return the afternoon of the last working day by which the first is due, or of the next one there is."""
    due = min(line.due_on for line in lines)
    day, step = max(due, today + timedelta(days=1)), timedelta(days=-1)
    while not works(day):
        day += step
        if day <= today:
            step = timedelta(days=1)
    return datetime.combine(day, STARTS, HOME)
