"""What stands in the table's cells: joint operations as cards, a unit's own row as short entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.operations.queries import OperationCard
from samsyn.planning.rules import Span


@dataclass(frozen=True, slots=True)
class Square:
    """An authority, or a unit of it, that is asked: solid when it has answered."""

    field: Field | None
    name: str
    waits: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """An operation in the joint lane. ``label`` is its state, where it is not agreed yet."""

    operation: OperationCard
    day: date
    title: str
    where: str
    hours: str
    label: str
    squares: Sequence[Square]
    answers: str
    clashes: Sequence[str]

    @property
    def href(self) -> str:
        """Where it is planned."""
        return f"/operations/{self.operation.id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a unit's row. ``look``: joint, own, clash, draft or off."""

    look: str
    span: Span
    hours: str
    text: str
    who: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's week: seven cells."""

    unit_id: UUID
    field: Field
    name: str
    authority: str
    duty: str
    cells: Sequence[Sequence[Entry]]


@dataclass(frozen=True, slots=True)
class Head:
    """A day's head. ``mark`` is the name of a day that is not an ordinary one, ``free`` that nobody works."""

    day: date
    short: str
    words: str
    today: bool
    weekend: bool
    free: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that suits every chosen unit, and the form that it opens."""

    hours: str
    href: str
    span: Span


@dataclass(frozen=True, slots=True)
class Action:
    """A way out: an address and its words."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a clash with one press: where it is sent, the fields with it, and its words."""

    action: str
    fields: Sequence[tuple[str, str]]
    words: str


@dataclass(frozen=True, slots=True)
class Task:
    """One operation with what stands in its way, or who keeps it waiting."""

    title: str
    href: str
    says: Sequence[str]
    actions: Sequence[Action]
    who: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Sendings:
    """How many invitations are out, wait, or came back."""

    sent: int
    total: int
    queued: int
    refused: Sequence[str]
