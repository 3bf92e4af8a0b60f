"""How requests for official documents are shown to programs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.records.queries import ItemLine, RequestCard, list_packages
from samsyn.records.rules import Choice, ItemKind
from samsyn.web.parsing import Shown


class RegisterLineOut(Shown):
    """A request in the register."""

    id: UUID
    received_on: date
    words: str
    business_id: UUID | None
    operation_id: UUID | None
    since: date | None
    until: date | None
    items: int
    entered_at: datetime
    gathered_at: datetime
    settled_at: datetime | None
    decider: str


class RegisterOut(Shown):
    """Some requests."""

    items: list[RegisterLineOut]
    next_cursor: str | None


class ThingOut(Shown):
    """One thing that falls under a request; ``given`` is what left the house."""

    id: UUID
    kind: ItemKind
    subject_id: UUID
    operation_id: UUID
    visit_id: UUID | None
    at: datetime
    heading: str
    content: dict[str, str]
    choice: Choice
    section: str
    reason: str
    masked_fields: tuple[str, ...]
    masked_words: tuple[str, ...]
    given: dict[str, str]


class PackageOut(Shown):
    """A package that was made."""

    id: UUID
    name: str
    manifest: list[str]
    digest: str
    size: int
    made_at: datetime


class RecordsOut(RegisterLineOut):
    """A request; ``hidden``: how many things are not the caller's to read."""

    number: str | None
    hidden: int
    decision: str
    digest: str
    things: list[ThingOut]
    packages: list[PackageOut]

    @classmethod
    def of(cls, uow: UnitOfWork, card: RequestCard, number: str | None) -> RecordsOut:
        """Show a request."""
        line = RegisterLineOut.model_validate(card.line)
        return cls(
            **line.model_dump(),
            number=number,
            hidden=card.hidden,
            decision=card.line.decision,
            digest=card.line.digest,
            things=[thing(one) for one in card.items],
            packages=[PackageOut.model_validate(one) for one in list_packages(uow, request_id=card.line.id)],
        )


def thing(one: ItemLine) -> ThingOut:
    """Show one thing."""
    return ThingOut.model_validate(one)
