"""Words of operations: states, gates' vocabulary, times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


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
"""How long before the meeting targets and the order open to those who go, unless the lead says otherwise."""


def usual_opening(meets_at: datetime | None, starts_at: datetime) -> datetime:
    """Return when a target or the order opens as a rule: before the meeting, or the start where none is set."""
    return (meets_at or starts_at) - OPENS_BEFORE


NAMED: Final = 4
"""Letters from which a name is one that somebody would know again in a text."""


def tells(text: str, *places: str) -> bool:
    """Say whether a text that goes out into mails and calendars names one of a business's name and address.

    Whole words, whatever their case and spacing: what warns a business is a word that is read, not a part of one.
    """
    said = " ".join(text.casefold().split())
    spelled = (" ".join(place.casefold().split()) for place in places)
    return any(len(one) >= NAMED and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said) for one in spelled)


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


class Present(StrEnum):
    """What is noted of somebody at a visit: came, left, or acts in another police role from then on (DOMAIN 0.8)."""

    CAME = "came"
    LEFT = "left"
    ROLE = "role"


class Summary(StrEnum):
    """The one word that an authority lets the others read of its part (R2)."""

    PENDING = "pending"
    NO_REMARK = "no_remark"
    DEFICIENCY = "deficiency"


def quarter(day: date) -> str:
    """Return the quarter as text, "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A visit's time in the evening; ``teams`` that go to it, none where everybody does."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    teams: frozenset[UUID] = frozenset()

    def meets(self, other: Stretch) -> bool:
        """Say whether somebody goes to both."""
        return not self.teams or not other.teams or bool(self.teams & other.teams)

    def overlaps(self, other: Stretch) -> bool:
        """Say whether the two go on at once."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def exchange(evening: Sequence[Stretch], moved: UUID, *, up: bool) -> tuple[Stretch, Stretch] | None:
    """Return a visit and its neighbour with exchanged places, in their new order; None at the end of the row.

    The neighbour is the nearest visit in that direction that somebody goes to as well. The two fill the same stretch as
    before, with the same gap between them; where they went on at once they follow each other, without one.
    """
    n = next(n for n, one in enumerate(evening) if one.id == moved)
    row = reversed(evening[:n]) if up else iter(evening[n + 1 :])
    near = next((one for one in row if one.meets(evening[n])), None)
    if near is None:
        return None
    first, second = (near, evening[n]) if up else (evening[n], near)
    gap = max(second.starts_at - first.ends_at, timedelta(0))
    earlier = replace(second, starts_at=first.starts_at, ends_at=first.starts_at + (second.ends_at - second.starts_at))
    later = replace(
        first, starts_at=earlier.ends_at + gap, ends_at=earlier.ends_at + gap + (first.ends_at - first.starts_at)
    )
    return earlier, later


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


TELL_PART_ASKED: Final = "samsyn.lifecycle.tell_part_asked"
TELL_PART_ANSWERED: Final = "samsyn.lifecycle.tell_part_answered"
TELL_DECLINED: Final = "samsyn.lifecycle.tell_declined"
TELL_MESSAGE: Final = "samsyn.lifecycle.tell_message"
"""Tasks that tell people of what happened here: the rooms above know who is to be told."""
