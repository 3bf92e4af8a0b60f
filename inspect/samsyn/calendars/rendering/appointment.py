"""Everything that is known of one person's part of an operation; ``event`` decides how much of it is said where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from samsyn.calendars.rendering.lines import Person


class Surface(StrEnum):
    """Where an event is shown. CANCELLED and REMOVED are the two kinds of a CANCEL; the rest of them are feeds."""

    REQUEST = "request"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    FULL = "full"
    AUTHORITY = "authority"
    BUSY = "busy"


class Standing(StrEnum):
    """How it stands with the person: has not answered yet, comes, or the operation is cancelled."""

    ASKED = "asked"
    COMING = "coming"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Opened:
    """What may be said when the visits are announced or done, and the authority allows it (R7); level full alone."""

    business: str
    address: str
    visits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeDay:
    """An activity that is no operation: its day, and what kind it is, in words; it holds nobody's time."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """One person's part of one operation, or an activity (``whole``); it is in feeds alone.

    ``stamp`` is DTSTAMP, ``changed_at`` LAST-MODIFIED; times are UTC.
    """

    uid: str
    sequence: int
    stamp: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    code_word: str
    meeting_place: str
    asks: str
    role: str
    authorities: tuple[str, ...]
    own_authority: str
    contact: str
    operation_url: str
    organizer: Person
    attendee: Person | None
    standing: Standing
    language: str
    opened: Opened | None = None
    whole: WholeDay | None = None
