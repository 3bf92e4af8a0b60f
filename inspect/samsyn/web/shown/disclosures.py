"""How decisions, copies and requests are shown to programs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.disclosures.queries import ReadCopy
from samsyn.disclosures.rules import Copy, Decision
from samsyn.web.parsing import Shown


class DisclosureLineOut(Shown):
    """A decision in a list; ``readable`` is false for a received copy that was withdrawn."""

    id: UUID
    from_id: UUID
    to_id: UUID | None
    business_id: UUID | None
    request_id: UUID | None
    decision: Decision
    legal_basis: str | None
    decider: str | None
    digest: str | None
    at: datetime
    withdrawn_at: datetime | None
    items: int
    readable: bool


class DisclosureListOut(Shown):
    """Some decisions."""

    items: list[DisclosureLineOut]
    next_cursor: str | None


class CopyOut(Shown):
    """A frozen copy and the ids of its pictures."""

    copy_of: Copy
    pictures: list[UUID]


class DisclosureOut(Shown):
    """A decision with its copies; the giver's own words are empty for everybody else."""

    id: UUID
    from_id: UUID
    to_id: UUID | None
    to_unit_id: UUID | None
    visit_id: UUID
    business_id: UUID | None
    request_id: UUID | None
    decision: Decision
    legal_basis: str
    reason: str
    decider: str
    digest: str
    at: datetime
    withdrawn_at: datetime | None
    balancing: str
    withdrawal_reason: str
    items: list[CopyOut]

    @classmethod
    def of(cls, read: ReadCopy) -> DisclosureOut:
        """Show a decision."""
        h = read.handed
        return cls(
            id=h.id,
            from_id=h.from_id,
            to_id=h.to_id,
            to_unit_id=h.to_unit_id,
            visit_id=h.visit_id,
            business_id=h.business_id,
            request_id=h.request_id,
            decision=h.decision,
            legal_basis=h.legal_basis,
            reason=h.reason,
            decider=h.decider,
            digest=h.digest,
            at=h.at,
            withdrawn_at=h.withdrawn_at,
            balancing=read.balancing,
            withdrawal_reason=read.withdrawal_reason,
            items=[CopyOut(copy_of=one.copy, pictures=[p.id for p in one.pictures]) for one in read.items],
        )


class RequestOut(Shown):
    """A request; ``decision`` is null while it waits."""

    id: UUID
    from_id: UUID
    to_id: UUID
    business_id: UUID
    visit_id: UUID
    law: str
    question: str
    reference: str
    asked_name: str
    at: datetime
    decision: Decision | None
    disclosure_id: UUID | None


class RequestListOut(Shown):
    """Requests from and to the own authority."""

    items: list[RequestOut]
    next_cursor: str | None
