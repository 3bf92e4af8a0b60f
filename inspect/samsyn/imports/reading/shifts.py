"""Lists of shifts and time away: a person, a day, from and to on Sweden's clock. Nothing of health (R5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from samsyn.businesses.reading.headings import fold
from samsyn.businesses.reading.table import Cell
from samsyn.businesses.reading.values import as_date, as_text
from samsyn.core.home import HOME
from samsyn.imports.reading.cells import Cells, FaultyError
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault
from samsyn.planning.rules import LeaveKind

_CLOCK: Final = re.compile(r"(?:kl\.? ?)?([0-9]{1,2})(?:[.:]?([0-9]{2}))?(?::00)?", re.IGNORECASE)
_DAY_MINUTES: Final = 24 * 60
_WORK: Final = frozenset(fold(word) for word in ("arbete", "arbetspass", "pass", "arbetstid", "work", "shift", "jobb"))
_LEAVE: Final = {
    fold(word): kind
    for kind, words in {
        LeaveKind.HOLIDAY: "semester, ledig, holiday, vacation",
        LeaveKind.TRAINING: "utbildning, kurs, konferens, training, course",
        LeaveKind.COMPENSATORY: "kompledig, kompledighet, komp, flex, compensatory, compensatory leave",
        LeaveKind.OTHER: "annan frånvaro, frånvaro, tjänstledig, föräldraledig, annat, other, absent, away",
    }.items()
    for word in words.split(",")
}
_HEALTH: Final = frozenset(
    fold(word)
    for word in (
        *("sjuk", "sjukfrånvaro", "sjukskriven", "sjukdom", "sjukledig", "vab", "vård av barn", "läkare", "läkarbesök"),
        *("rehab", "rehabilitering", "smittbärare", "tandläkare", "sick", "sick leave", "illness", "ill", "doctor"),
    )
)
OTHER_ABSENCE: Final = "annan frånvaro"


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One faultless row: working time, or time away where ``leave`` says of what kind. Moments in UTC."""

    line: int
    person_id: UUID
    person: str
    starts_at: datetime
    ends_at: datetime
    leave: LeaveKind | None


def without_health(cell: Cell) -> Cell:
    """Return a cell as it may be kept: a word of health becomes "other absence" before anything is stored."""
    return OTHER_ABSENCE if isinstance(cell, str) and fold(cell) in _HEALTH else cell


def read_shifts(sheet: Sheet, people: Mapping[str, UUID]) -> tuple[list[ShiftRow], list[Fault]]:
    """Read every row; ``people`` are the own colleagues by work address and by service number, in small letters."""
    rows: list[ShiftRow] = []
    faults: list[Fault] = []
    first: dict[tuple[object, ...], int] = {}
    for row in sheet.standing():
        cells = Cells(row, sheet)
        shift = read_shift(cells, people)
        if shift is not None:
            key = (shift.person_id, shift.starts_at, shift.ends_at, shift.leave)
            if first.setdefault(key, row.line) != row.line:
                cells.blame(None, "row_twice", first_line=first[key])
        if shift is not None and not cells.faults:
            rows.append(shift)
        faults += cells.faults
    return rows, faults


def read_shift(cells: Cells, people: Mapping[str, UUID]) -> ShiftRow | None:
    """Read the cells of a row; nothing where one is faulty, which is noted."""
    said = cells.text("person").lower()
    if not said and not cells.faults:
        cells.blame("person", "person_missing")
    if said and said not in people:
        cells.blame("person", "person_unknown")
    day = cells.read("date", as_date, None, "date_missing")
    leave = cells.read("kind", as_kind, None)
    starts = cells.read("starts", as_clock, None, "" if leave else "time_missing")
    ends = cells.read("ends", as_clock, None, "" if leave else "time_missing")
    if cells.faults or day is None:
        return None
    span = span_of(cells, day, starts, ends)
    return ShiftRow(cells.line, people[said], said, *span, leave) if span else None


def span_of(cells: Cells, day: date, starts: int | None, ends: int | None) -> tuple[datetime, datetime] | None:
    """Return the moments in UTC. An end at or before the start is on the next day; without times it is the whole day.

    A time that happens twice (summer time ends) means the first; one that the clocks skip is a fault.
    """
    if (starts is None) != (ends is None):
        cells.blame("starts" if starts is None else "ends", "time_missing")
        return None
    begin, end = (0, _DAY_MINUTES) if starts is None or ends is None else (starts, ends)
    if end <= begin:
        end += _DAY_MINUTES
    found = []
    for name, minutes in (("starts", begin), ("ends", end)):
        moment = at(day, minutes)
        if moment is None:
            cells.blame(name, "time_skipped")
            return None
        found.append(moment)
    return found[0], found[1]


def at(day: date, minutes: int) -> datetime | None:
    """Return the moment in UTC so many minutes by the clock into a day; the first of two, none where it is skipped."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    naive = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    moment = naive.replace(tzinfo=HOME, fold=0).astimezone(UTC)
    return moment if moment.astimezone(HOME).replace(tzinfo=None) == naive else None


def as_clock(cell: Cell) -> int:
    """Return minutes after midnight of 8, 08:00, 8.30, 0830, "kl. 8" or a spreadsheet's part of a day."""
    if isinstance(cell, float) and 0 <= cell < 1:
        return round(cell * _DAY_MINUTES)
    found = _CLOCK.fullmatch(as_text(cell))
    if found is None:
        raise FaultyError("time_unreadable")
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    if int(found[2] or 0) >= 60 or minutes > _DAY_MINUTES:  # noqa: PLR2004  minutes of an hour
        raise FaultyError("time_unreadable")
    return minutes


def as_kind(cell: Cell) -> LeaveKind | None:
    """Return what kind of time away it is; nothing for working time."""
    word = fold(as_text(cell))
    if word in _WORK:
        return None
    if word in _HEALTH:
        return LeaveKind.OTHER
    if word not in _LEAVE:
        raise FaultyError("kind_unknown")
    return _LEAVE[word]
