"""Read dossiers of the viewer's own authority."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, TextClause, select, text

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import ReadCopy, copies_of_business
from samsyn.dossiers.models import Dossier
from samsyn.dossiers.rules import Content, ReceivedEntry, with_questions
from samsyn.dossiers.statement import LIVE, LIVE_COUNTS


@dataclass(frozen=True, slots=True)
class DossierCard:
    """A dossier as this person may read it. ``digest`` is of what was compiled and of the copies that were received.

    ``copies``: those copies with their pictures. They are no part of what was compiled: withdrawn, they are gone.
    """

    id: UUID
    business_id: UUID
    compiled_at: datetime
    digest: str
    content: Content
    copies: tuple[ReadCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier in a list: the numbers, no finding."""

    id: UUID
    business_id: UUID
    compiled_at: datetime
    name: str
    open: int
    serious: int
    visits: int


def get_dossier(uow: UnitOfWork, business_id: UUID) -> DossierCard:
    """Return the dossier of a business and note that it was read (R12). ``NotFoundError`` where none was compiled.

    From who declared jäv for one of its visits the database keeps it whole (R13); that person reads what is compiled
    at that moment for nobody else, without the visit. A deficiency that it put right is open to that person.
    """
    found = select(Dossier.id, Dossier.compiled_at, Dossier.digest, Dossier.content)
    row = uow.session.execute(found.where(Dossier.business_id == business_id)).one_or_none()
    if row is None and _is_recused(uow):
        live = _live(uow, LIVE, [business_id])
        row = live[0] if live else None
    if row is None:
        raise NotFoundError("no such dossier")
    record(uow, "dossier.read", row.id)
    content = with_questions(row.content)
    copies = tuple(copies_of_business(uow, business_id))
    content["received"] = [received(one) for one in copies]
    return DossierCard(row.id, business_id, row.compiled_at, with_copies(row.digest, copies), content, copies)


def received(read: ReadCopy) -> ReceivedEntry:
    """Return what another authority handed over as the dossier tells it."""
    handed = read.handed
    return {
        "disclosure_id": str(handed.id),
        "giver": read.items[0].copy["giver"],
        "decided_at": handed.at.isoformat(),
        "decider": handed.decider,
        "legal_basis": handed.legal_basis,
        "digest": handed.digest,
        "items": [one.copy for one in read.items],
    }


def with_copies(digest: str, copies: Sequence[ReadCopy]) -> str:
    """Return the digest of a dossier together with the copies that stand beside it; without any it is its own."""
    if not copies:
        return digest
    said = " ".join([digest, *(f"{one.handed.id} {one.handed.digest}" for one in copies)])
    return hashlib.sha256(said.encode()).hexdigest()


def list_dossiers(uow: UnitOfWork, seek: Seek, *, least_open: int = 0, least_serious: int = 0) -> Page[DossierLine]:
    """Return the dossiers of the viewer's authority, newest compiled first; two statements for any length.

    With ``least_open`` or ``least_serious`` only those that have so many open deficiencies. Who declared jäv anywhere
    reads what is compiled at that moment, in the order of the keys.
    """
    if _is_recused(uow):
        return _live_page(uow, seek, least_open, least_serious)
    rows = select(Dossier).order_by(Dossier.compiled_at.desc(), Dossier.id.desc())
    for name, least in (("open", least_open), ("serious", least_serious)):
        if least:
            rows = rows.where(_count(name) >= least)
    if seek.after:
        at, last = _place(seek.after)
        after = (Dossier.compiled_at < at) | ((Dossier.compiled_at == at) & (Dossier.id < last))
        rows = rows.where(after)
    lines = [_line(row) for row in uow.session.scalars(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.compiled_at.isoformat(), str(line.id)))


def _live_page(uow: UnitOfWork, seek: Seek, least_open: int, least_serious: int) -> Page[DossierLine]:
    """Return a page of what is compiled for the viewer alone, by key."""
    last = _place(seek.after)[1] if seek.after else None
    lines = [
        line
        for line in _live_lines(uow)
        if line.open >= least_open and line.serious >= least_serious and (last is None or line.id < last)
    ]
    lines.sort(key=lambda line: line.id, reverse=True)
    return cut(lines[: seek.limit + 1], seek, lambda line: (line.compiled_at.isoformat(), str(line.id)))


def open_deficiencies(uow: UnitOfWork) -> dict[UUID, tuple[int, int]]:
    """Return (open, of which serious) by business for the viewer's authority, as its dossiers say; two statements."""
    if _is_recused(uow):
        lines = _live_lines(uow)
    else:
        lines = [_line(row) for row in uow.session.scalars(select(Dossier).where(_count("open") > 0))]
    return {line.business_id: (line.open, line.serious) for line in lines if line.open}


def _count(name: str) -> ColumnElement[int]:
    """A number of the content, for a condition."""
    found: ColumnElement[int] = Dossier.content["counts"][name].as_integer()
    return found


def _place(after: tuple[str, ...]) -> tuple[datetime, UUID]:
    """Read the sort values of a cursor; raise ``InvalidError`` for one that we did not make."""
    try:
        at, last = after
        return datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error


def _line(row: Dossier) -> DossierLine:
    name, counts = row.content["business"]["name"], row.content["counts"]
    return DossierLine(
        row.id, row.business_id, row.compiled_at, name, counts["open"], counts["serious"], counts["visits"]
    )


def _is_recused(uow: UnitOfWork) -> bool:
    """Say whether the viewer declared jäv for any visit."""
    if uow.viewer.person_id is None:
        return False
    found = text("SELECT EXISTS (SELECT 1 FROM recusal WHERE person_id = (SELECT me_person()))")
    return bool(uow.session.scalar(found))


def _live(uow: UnitOfWork, statement: TextClause, ids: list[UUID] | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Compile for the viewer alone, keeping nothing: row-level security leaves out what the viewer may not see."""
    uow.session.execute(text("SELECT set_config('TimeZone', 'UTC', true)"))  # as what is stored
    return uow.session.execute(statement, {"ids": ids, "now": uow.now}).all()


def _live_lines(uow: UnitOfWork) -> list[DossierLine]:
    """Return the numbers of everything that the viewer's authority visited, as the viewer may know them."""
    return [
        DossierLine(
            row.id, row.business_id, uow.now, row.name, row.counts["open"], row.counts["serious"], row.counts["visits"]
        )
        for row in _live(uow, LIVE_COUNTS, None)
    ]
