"""What the own authority has given and received, in one list: decisions, and what was withdrawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, null, select, union_all

from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.models import DisclosedItem, Disclosure, DisclosureReceipt
from samsyn.disclosures.queries.copies import demand_reader
from samsyn.disclosures.rules import Decision


class Direction(StrEnum):
    """Seen from the own authority."""

    GIVEN = "given"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; nothing named: all."""

    direction: Direction | None = None
    other_id: UUID | None = None
    decision: Decision | None = None
    withdrawn: bool | None = None
    business_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One decision without content. Of a received one that was withdrawn business and basis are not told."""

    id: UUID
    from_id: UUID
    to_id: UUID | None
    visit_id: UUID
    business_id: UUID | None
    request_id: UUID | None
    decision: Decision
    legal_basis: str
    decider: str
    digest: str
    at: datetime
    withdrawn_at: datetime | None
    items: int
    place: str | None
    readable: bool


def list_disclosures(uow: UnitOfWork, seek: Seek, wanted: Wanted | None = None) -> Page[DisclosureLine]:
    """Return a page of the list, newest first; one statement for any length."""
    demand_reader(uow)
    wanted = wanted or Wanted()
    rows = union_all(_decisions(), _withdrawn_from(uow)).subquery()
    found = select(rows).where(*_conditions(uow, rows.c, wanted)).order_by(rows.c.at.desc(), rows.c.id.desc())
    if seek.after:
        at, last = _place(seek.after)
        found = found.where((rows.c.at < at) | and_(rows.c.at == at, rows.c.id < last))
    lines = [DisclosureLine(*row) for row in uow.session.execute(found.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.at.isoformat(), str(line.id)))


def _decisions() -> Select[*tuple[Any, ...]]:
    d, i = Disclosure, DisclosedItem
    items = select(func.count()).select_from(i).where(i.disclosure_id == d.id).correlate(d).scalar_subquery()
    place = (
        select(i.copy["place"].as_string())
        .where(i.disclosure_id == d.id, i.position == 1)
        .correlate(d)
        .scalar_subquery()
    )
    return select(
        d.id,
        d.from_id,
        d.to_id,
        d.visit_id,
        d.business_id,
        d.request_id,
        d.decision,
        d.legal_basis,
        d.decider,
        d.digest,
        d.at,
        d.withdrawn_at,
        items.label("items"),
        place.label("place"),
        (d.id.is_not(None)).label("readable"),
    )


def _withdrawn_from(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    """What a receiver keeps: that something came and was taken back."""
    r = DisclosureReceipt
    return select(
        r.disclosure_id,
        r.from_id,
        r.to_id,
        r.visit_id,
        null().cast(Disclosure.business_id.type),
        r.request_id,
        r.decision,
        null().cast(Disclosure.legal_basis.type),
        null().cast(Disclosure.decider.type),
        null().cast(Disclosure.digest.type),
        r.at,
        r.withdrawn_at,
        func.coalesce(0),
        null().cast(Disclosure.legal_basis.type),
        r.disclosure_id.is_(None),
    ).where(r.to_id == uow.me, r.withdrawn_at.is_not(None))


def _conditions(uow: UnitOfWork, c: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.direction is not None:
        mine = c.from_id == uow.me
        found.append(mine if wanted.direction is Direction.GIVEN else ~mine)
    if wanted.other_id is not None:
        found.append((c.from_id == wanted.other_id) | (c.to_id == wanted.other_id))
    if wanted.decision is not None:
        found.append(c.decision == wanted.decision)
    if wanted.withdrawn is not None:
        found.append(c.withdrawn_at.is_not(None) if wanted.withdrawn else c.withdrawn_at.is_(None))
    if wanted.business_id is not None:
        found.append(c.business_id == wanted.business_id)
    return found


def _place(after: tuple[str, ...]) -> tuple[datetime, UUID]:
    try:
        at, last = after
        return datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
