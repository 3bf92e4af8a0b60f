"""Read dossiers of the viewer's own authority."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import ReadCopy, copies_of_business
from samsyn.dossiers.models import Dossier
from samsyn.dossiers.rules import Content, ReceivedEntry, with_questions, without_visits


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
    """Return the dossier of a business and note that it was read (R12).

    Visits for which the viewer declared jäv are not in it (R13). ``NotFoundError`` where none was compiled.
    """
    found = select(Dossier.id, Dossier.compiled_at, Dossier.digest, Dossier.content)
    row = uow.session.execute(found.where(Dossier.business_id == business_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such dossier")
    record(uow, "dossier.read", row.id)
    content = with_questions(row.content)
    if hidden := _hidden_visits(uow):
        content = without_visits(content, hidden)
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

    With ``least_open`` or ``least_serious`` only those that have so many open deficiencies.
    """
    hidden = _hidden_visits(uow)
    rows = select(Dossier).order_by(Dossier.compiled_at.desc(), Dossier.id.desc())
    for name, least in (("open", least_open), ("serious", least_serious)):
        if least:
            rows = rows.where(_count(name) >= least)
    if seek.after:
        at, last = _place(seek.after)
        after = (Dossier.compiled_at < at) | ((Dossier.compiled_at == at) & (Dossier.id < last))
        rows = rows.where(after)
    lines = [_line(row, hidden) for row in uow.session.scalars(rows.limit(seek.limit + 1))]
    page = cut(lines, seek, lambda line: (line.compiled_at.isoformat(), str(line.id)))
    # What jäv hides is counted away above; a page may then hold fewer than were asked for.
    kept = [line for line in page.items if line.open >= least_open and line.serious >= least_serious]
    return Page(kept, page.next_cursor)


def open_deficiencies(uow: UnitOfWork) -> dict[UUID, tuple[int, int]]:
    """Return (open, of which serious) by business for the viewer's authority, as its dossiers say; two statements."""
    hidden = _hidden_visits(uow)
    rows = select(Dossier).where(_count("open") > 0)
    lines = [_line(row, hidden) for row in uow.session.scalars(rows)]
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


def _line(row: Dossier, hidden: frozenset[str]) -> DossierLine:
    content = cast(Content, {**row.content, "received": []})
    if hidden:
        content = without_visits(content, hidden)
    name, counts = content["business"]["name"], content["counts"]
    return DossierLine(
        row.id, row.business_id, row.compiled_at, name, counts["open"], counts["serious"], counts["visits"]
    )


def _hidden_visits(uow: UnitOfWork) -> frozenset[str]:
    """The visits for which the viewer declared jäv."""
    if uow.viewer.person_id is None:
        return frozenset()
    rows = uow.session.scalars(text("SELECT visit_id FROM recusal WHERE person_id = (SELECT me_person())"))
    return frozenset(str(visit_id) for visit_id in rows)
