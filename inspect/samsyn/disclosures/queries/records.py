"""What was handed over or asked for at some visits, for who examines the authority's records (R16)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.models import Disclosure, InformationRequest
from samsyn.disclosures.queries.asked import RequestLine, request_rows
from samsyn.disclosures.queries.copies import COLUMNS, Handed, ReadCopy, items_of


def handed_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> list[tuple[ReadCopy, UUID | None, bool]]:
    """Return what the own authority gave, refused and received, oldest first, with the giver's unit and its mark.

    Each copy that was received leaves a line in the trail of both sides.
    """
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")
    d = Disclosure
    rows = uow.session.execute(
        select(*COLUMNS, d.unit_id, d.unit_only).where(d.visit_id.in_(visits)).order_by(d.at, d.id)
    ).all()
    found = [(Handed(*row[:-2]), row[-2], row[-1]) for row in rows]
    items = items_of(uow, [one.id for one, _, _ in found])
    for one, _, _ in found:
        record(uow, "disclosure.read", one.id)
        if one.from_id != uow.me:
            record(uow, "disclosure.read", one.id, owner=one.from_id)
    return [(ReadCopy(one, items[one.id]), unit, only) for one, unit, only in found]


def asked_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> list[RequestLine]:
    """Return what was asked for of some visits, by or of the own authority, oldest first."""
    rows = request_rows().where(InformationRequest.visit_id.in_(visits))
    rows = rows.order_by(InformationRequest.at, InformationRequest.id)
    return [RequestLine(*row) for row in uow.session.execute(rows)]
