"""Requests for information, as both sides read them; answered is told from the receipts, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, exists, select

from samsyn.businesses.queries import BusinessCard
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.models import DisclosureReceipt, InformationRequest
from samsyn.disclosures.rules import Decision
from samsyn.operations.queries import operation_ids_of_business, parts_of_many, targets_of_many, traces_at

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A question of one authority to another; ``decision`` and ``disclosure_id`` once it was answered."""

    id: UUID
    from_id: UUID
    to_id: UUID
    business_id: UUID
    visit_id: UUID
    law: str
    question: str
    reference: str
    asked_name: str
    asked_by: UUID
    at: datetime
    decision: Decision | None
    disclosure_id: UUID | None

    @property
    def open(self) -> bool:
        """Say whether an answer is waited for."""
        return self.decision is None


def get_request(uow: UnitOfWork, request_id: UUID) -> RequestLine:
    """Return a request of one of its two sides; ``NotFoundError`` for anybody else."""
    row = uow.session.execute(request_rows().where(InformationRequest.id == request_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such request")
    return RequestLine(*row)


def list_requests(uow: UnitOfWork) -> list[RequestLine]:
    """Return every request from and to the own authority, newest first."""
    rows = request_rows().order_by(InformationRequest.at.desc(), InformationRequest.id).limit(MOST)
    return [RequestLine(*row) for row in uow.session.execute(rows)]


def open_requests(uow: UnitOfWork) -> list[RequestLine]:
    """Return the requests that wait for the own authority's answer, oldest first; one statement."""
    r = DisclosureReceipt
    answered = exists(select(r.disclosure_id).where(r.request_id == InformationRequest.id))
    rows = request_rows().where(InformationRequest.to_id == uow.me, ~answered)
    rows = rows.order_by(InformationRequest.at, InformationRequest.id).limit(MOST)
    return [RequestLine(*row) for row in uow.session.execute(rows)]


def askable(uow: UnitOfWork, business: BusinessCard) -> dict[UUID, tuple[UUID, ...]]:
    """Return, by visit of a business, the other authorities that were there as far as the viewer may know."""
    found: dict[UUID, set[UUID]] = {one.visit_id: set(one.authorities) for one in traces_at(uow, business.premises_id)}
    operations = set(operation_ids_of_business(uow, business.id))
    targets = targets_of_many(uow, operations) if operations else {}
    here = {t.visit_id for one in targets.values() for t in one.values() if t.business_id == business.id}
    for parts in (parts_of_many(uow, operations) if operations else {}).values():
        for part in parts:
            if part.visit_id in here and part.accepted and not part.withdrawn:
                found.setdefault(part.visit_id, set()).add(part.authority_id)
    return {visit: tuple(sorted(who - {uow.me})) for visit, who in found.items()}


def request_rows() -> Select[*tuple[Any, ...]]:
    """Return requests with their answers, in the columns of ``RequestLine``."""
    q, r = InformationRequest, DisclosureReceipt
    answer = select(r.disclosure_id, r.request_id, r.decision).where(r.request_id.is_not(None)).subquery()
    return select(
        q.id,
        q.from_id,
        q.to_id,
        q.business_id,
        q.visit_id,
        q.law,
        q.question,
        q.reference,
        q.asked_name,
        q.asked_by,
        q.at,
        answer.c.decision,
        answer.c.disclosure_id,
    ).outerjoin(answer, answer.c.request_id == q.id)
