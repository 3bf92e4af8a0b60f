"""Requests to read official documents, and what falls under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.rules import KEEPERS
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.records.models import RecordsItem, RecordsRequest
from samsyn.records.rules import Choice, Content, ItemKind, as_content


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in the register; ``seen`` of its ``items`` are this viewer's to read."""

    id: UUID
    received_on: date
    words: str
    business_id: UUID | None
    operation_id: UUID | None
    since: date | None
    until: date | None
    items: int
    entered_by: UUID
    entered_at: datetime
    gathered_at: datetime
    settled_at: datetime | None
    decider: str
    decision: str
    digest: str

    @property
    def open(self) -> bool:
        """Say whether it waits."""
        return self.settled_at is None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that falls under a request."""

    id: UUID
    request_id: UUID
    kind: ItemKind
    subject_id: UUID
    operation_id: UUID
    visit_id: UUID | None
    at: datetime
    heading: str
    content: Content
    choice: Choice
    section: str
    reason: str
    masked_fields: tuple[str, ...]
    masked_words: tuple[str, ...]
    given: Content
    unit_only: bool


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request with the things that the viewer may read."""

    line: RequestLine
    items: tuple[ItemLine, ...]

    @property
    def hidden(self) -> int:
        """Return how many things are not this viewer's to read (jäv, another unit)."""
        return self.line.items - len(self.items)

    def count(self, choice: Choice) -> int:
        """Return how many were decided so."""
        return sum(one.choice is choice for one in self.items)


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is narrowed to; None: all."""

    open: bool | None = None
    since: date | None = None
    until: date | None = None


def demand_keeper(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for who does not examine the authority's records."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")


def find_request(uow: UnitOfWork, request_id: UUID) -> RecordsRequest:
    """Return the mapped row; ``NotFoundError`` where it is hidden or absent."""
    demand_keeper(uow)
    row = uow.session.get(RecordsRequest, request_id)
    if row is None:
        raise NotFoundError("no such request")
    return row


def get_request(uow: UnitOfWork, request_id: UUID) -> RequestCard:
    """Return a request with what falls under it, in the order of time; two statements."""
    row = find_request(uow, request_id)
    i = RecordsItem
    rows = uow.session.scalars(select(i).where(i.request_id == request_id).order_by(i.at, i.item_kind, i.id))
    return RequestCard(line(row), tuple(item(one) for one in rows))


def get_item(uow: UnitOfWork, item_id: UUID) -> ItemLine:
    """Return one thing; ``NotFoundError`` where it is hidden or absent."""
    demand_keeper(uow)
    row = uow.session.get(RecordsItem, item_id)
    if row is None:
        raise NotFoundError("no such thing")
    return item(row)


def list_requests(uow: UnitOfWork, seek: Seek, wanted: RegisterFilter | None = None) -> Page[RequestLine]:
    """Return the register, newest first; one statement."""
    demand_keeper(uow)
    wanted = wanted or RegisterFilter()
    r = RecordsRequest
    rows = select(r).order_by(r.received_on.desc(), r.id.desc())
    if wanted.open is not None:
        rows = rows.where(r.settled_at.is_(None) if wanted.open else r.settled_at.is_not(None))
    if wanted.since is not None:
        rows = rows.where(r.received_on >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(r.received_on <= wanted.until)
    if seek.after:
        try:
            on, last = date.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((r.received_on < on) | ((r.received_on == on) & (r.id < last)))
    lines = [line(row) for row in uow.session.scalars(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda one: (one.received_on.isoformat(), str(one.id)))


def count_open(uow: UnitOfWork) -> int:
    """Return how many requests wait."""
    found = select(func.count()).select_from(RecordsRequest).where(RecordsRequest.settled_at.is_(None))
    return uow.session.scalar(found) or 0


def line(row: RecordsRequest) -> RequestLine:
    """Copy a row into the public type."""
    return RequestLine(
        row.id,
        row.received_on,
        row.words,
        row.business_id,
        row.operation_id,
        row.since,
        row.until,
        row.items,
        row.entered_by,
        row.entered_at,
        row.gathered_at,
        row.settled_at,
        row.decider,
        row.decision,
        row.digest,
    )


def item(row: RecordsItem) -> ItemLine:
    """Copy a row into the public type."""
    return ItemLine(
        row.id,
        row.request_id,
        row.item_kind,
        row.subject_id,
        row.operation_id,
        row.visit_id,
        row.at,
        row.heading,
        as_content(row.content),
        row.choice,
        row.section,
        row.reason,
        tuple(row.masked_fields),
        tuple(row.masked_words),
        as_content(row.given),
        row.unit_only,
    )
