"""Words of operations: states, gates' vocabulary, times."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Stockholm")


class OperationState(StrEnum):
    """How an operation lives."""

    PROPOSED = "proposed"
    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    ONGOING = "ongoing"
    DONE = "done"
    REPORTED = "reported"
    COMPILED = "compiled"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


ENDED: Final = frozenset({OperationState.CLOSED, OperationState.CANCELLED, OperationState.ABORTED})
BEFORE_ONGOING: Final = frozenset(
    {
        OperationState.PROPOSED,
        OperationState.PREPARING,
        OperationState.SCHEDULED,
        OperationState.INVITED,
        OperationState.CONFIRMED,
    }
)
AFTERWARDS: Final = frozenset(
    {OperationState.DONE, OperationState.REPORTED, OperationState.COMPILED, OperationState.CLOSED}
)
TOLD: Final = frozenset({OperationState.INVITED, OperationState.CONFIRMED})
"""States in which the people have an invitation: what changes then is told to them."""


OPENS_BEFORE: Final = timedelta(hours=1)
"""How long before the meeting a target opens to those who go, unless the lead says otherwise."""


class VisitState(StrEnum):
    """How a visit ended, or that it has not."""

    PLANNED = "planned"
    DONE = "done"
    CLOSED_PREMISES = "closed_premises"
    HINDERED = "hindered"
    ABORTED = "aborted"
    SKIPPED = "skipped"


class BookingState(StrEnum):
    """A person's time: ``asked`` and ``accepted`` hold it."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RELEASED = "released"


class AssignmentState(StrEnum):
    """Whether a person goes."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PoliceRole(StrEnum):
    """The one role an officer acts in (DOMAIN 0.8)."""

    OWN_SUPERVISION = "own_supervision"
    ALCOHOL_SUPERVISION = "alcohol_supervision"
    WORKPLACE_INSPECTION = "workplace_inspection"
    ASSISTANCE = "assistance"
    PUBLIC_ORDER = "public_order"
    CRIMINAL_INVESTIGATION = "criminal_investigation"


class Summary(StrEnum):
    """The one word that an authority lets the others read of its part (R2)."""

    PENDING = "pending"
    NO_REMARK = "no_remark"
    DEFICIENCY = "deficiency"


def quarter(day: date) -> str:
    """Return the quarter as text, "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def local_day(at: datetime) -> date:
    """Return the day in Sweden of an aware time."""
    return at.astimezone(HOME).date()


class HeldKind(StrEnum):
    """What is held back for its maker to undo: each tells people."""

    STEP = "step"
    CANCEL = "cancel"
    MOVE = "move"
    MEETING = "meeting"
    ASK = "ask"
    LET_GO = "let_go"
    REPLACE = "replace"


class HeldState(StrEnum):
    """How a held action stands."""

    PENDING = "pending"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
