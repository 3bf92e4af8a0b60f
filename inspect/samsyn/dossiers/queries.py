"""Read dossiers of the viewer's own authority."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, TextClause, and_, case, func, or_, select, text

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import ReadCopy, copies_of_business, latest_copies
from samsyn.dossiers.answers import LIVE, LIVE_COUNTS, READ
from samsyn.dossiers.models import Dossier, DossierReading
from samsyn.dossiers.rules import Content, ReceivedEntry
from samsyn.dossiers.stored import unfold
from samsyn.outcomes.queries import latest_outcomes

IN_UTC: Final = text("SELECT set_config('TimeZone', 'UTC', true)")
"""Times are told as they are stored."""


@dataclass(frozen=True, slots=True)
class DossierCard:
    """A dossier as this person may read it. ``digest`` is of what was compiled, the names of who took part, and the
    copies that were received.

    ``copies``: those copies with their pictures. They are no part of what was compiled: withdrawn, they are gone.
    """

    id: UUID
    business_id: UUID
    compiled_at: datetime
    digest: str
    content: Content
    copies: tuple[ReadCopy, ...] = ()
    compiled: str = ""
    """The digest of what was compiled alone."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A dossier as it was compiled, whole."""

    id: UUID
    business_id: UUID
    compiled_at: datetime
    digest: str
    content: Content


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier in a list: the numbers, no finding.

    ``news``: ``unread`` by the viewer, ``changed`` since the viewer last read it, or nothing.
    """

    id: UUID
    business_id: UUID
    compiled_at: datetime
    name: str
    open: int
    serious: int
    visits: int
    news: str = ""


def get_dossier(uow: UnitOfWork, business_id: UUID) -> DossierCard:
    """Return the dossier of a business and note that it was read (R12). ``NotFoundError`` where none was compiled.

    From who declared jäv for one of its visits the database keeps it whole (R13); that person reads what is compiled
    at that moment for nobody else, without the visit. A deficiency that it put right is open to that person.
    """
    found = compiled_of(uow, {business_id})
    if not found:
        raise NotFoundError("no such dossier")
    (one,) = found
    record(uow, "dossier.read", one.id)
    copies = tuple(copies_of_business(uow, business_id))
    one.content["received"] = [received(copy) for copy in copies]
    digest = with_copies(with_names(one.digest, one.content), copies)
    return DossierCard(one.id, business_id, one.compiled_at, digest, one.content, copies, one.digest)


def compiled_of(uow: UnitOfWork, businesses: Collection[UUID]) -> list[Compiled]:
    """Return what is compiled of some businesses for the viewer's authority, by their keys; two to four statements.

    What a stored dossier does not hold is read with it, in one view of the data. Where the reader's findings are not
    those that were counted any more, and the compiling that is due has not come, it is compiled for this reading alone;
    so is, without the visit, what the database keeps from who declared jäv.
    """
    uow.session.execute(IN_UTC)
    rows = {row.business_id: row for row in uow.session.execute(READ, {"ids": list(businesses)})}
    due = {key for key, row in rows.items() if not row.fresh}
    hidden = set(businesses) - set(rows)
    if hidden and _is_recused(uow):
        due |= hidden
    if due:
        rows |= {row.business_id: row for row in _live(uow, LIVE, sorted(due))}
    return [
        Compiled(row.id, key, row.compiled_at, row.digest, unfold(row.content, row.answers))
        for key, row in sorted(rows.items())
    ]


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


def with_names(digest: str, content: Content) -> str:
    """Return the digest of a dossier together with the names that are read with it; without a part it is its own."""
    parts = [part for visit in content["visits"] for part in visit["parts"]]
    names = sorted({f"{one['authority']} {one['unit']} {one['field']}" for one in parts})
    return hashlib.sha256(" ".join([digest, *names]).encode()).hexdigest() if names else digest


def with_copies(digest: str, copies: Sequence[ReadCopy]) -> str:
    """Return the digest of a dossier together with the copies that stand beside it; without any it is its own."""
    if not copies:
        return digest
    said = " ".join([digest, *(f"{one.handed.id} {one.handed.digest}" for one in copies)])
    return hashlib.sha256(said.encode()).hexdigest()


def list_dossiers(
    uow: UnitOfWork, seek: Seek, *, least_open: int = 0, least_serious: int = 0, news: bool = False
) -> Page[DossierLine]:
    """Return the dossiers of the viewer's authority, newest compiled first; a constant number of statements.

    With ``least_open`` or ``least_serious`` only those that have so many open deficiencies, with ``news`` those that
    the viewer has not read as they are. Who declared jäv anywhere reads what is compiled at that moment, in the order
    of the keys.
    """
    if _is_recused(uow):
        return _live_page(uow, seek, least_open, least_serious, news=news)
    r, copied, decided = DossierReading, latest_copies(uow.me), latest_outcomes(uow.me)
    fresh = _freshness(copied.c.at, decided.c.at)
    rows = (
        select(Dossier, fresh)
        .outerjoin(r, and_(r.business_id == Dossier.business_id, r.person_id == uow.viewer.person_id))
        .outerjoin(copied, copied.c.business_id == Dossier.business_id)
        .outerjoin(decided, decided.c.business_id == Dossier.business_id)
        .order_by(Dossier.compiled_at.desc(), Dossier.id.desc())
    )
    for name, least in (("open", least_open), ("serious", least_serious)):
        if least:
            rows = rows.where(_count(name) >= least)
    if news:
        rows = rows.where(fresh != "")
    if seek.after:
        at, last = _place(seek.after)
        after = (Dossier.compiled_at < at) | ((Dossier.compiled_at == at) & (Dossier.id < last))
        rows = rows.where(after)
    lines = [_line(row, said) for row, said in uow.session.execute(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.compiled_at.isoformat(), str(line.id)))


def _freshness(*came: ColumnElement[datetime]) -> ColumnElement[str]:
    """Say what a reading tells of a dossier: never read, or read when it said something else or before a copy or an
    outcome came.
    """
    r = DossierReading
    other = r.digest.not_in([Dossier.digest, func.coalesce(Dossier.formerly, "")])
    later = or_(other, *(at > r.read_at for at in came))
    return case((r.read_at.is_(None), "unread"), (later, "changed"), else_="").label("news")


def _live_page(uow: UnitOfWork, seek: Seek, least_open: int, least_serious: int, *, news: bool) -> Page[DossierLine]:
    """Return a page of what is compiled for the viewer alone, by key."""
    last = _place(seek.after)[1] if seek.after else None
    lines = [
        line
        for line in _live_lines(uow)
        if line.open >= least_open
        and line.serious >= least_serious
        and (line.news or not news)
        and (last is None or line.id < last)
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


def _line(row: Dossier, news: str = "") -> DossierLine:
    name, counts = row.content["business"]["name"], row.content["counts"]
    return DossierLine(
        row.id, row.business_id, row.compiled_at, name, counts["open"], counts["serious"], counts["visits"], news
    )


def _is_recused(uow: UnitOfWork) -> bool:
    """Say whether the viewer declared jäv for any visit."""
    if uow.viewer.person_id is None:
        return False
    found = text("SELECT EXISTS (SELECT 1 FROM recusal WHERE person_id = (SELECT me_person()))")
    return bool(uow.session.scalar(found))


def _live(uow: UnitOfWork, statement: TextClause, ids: list[UUID] | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Compile for the viewer alone, keeping nothing: row-level security leaves out what the viewer may not see."""
    uow.session.execute(IN_UTC)
    return uow.session.execute(statement, {"ids": ids, "now": uow.now}).all()


def _live_lines(uow: UnitOfWork) -> list[DossierLine]:
    """Return the numbers of everything that the viewer's authority visited, as the viewer may know them."""
    r = DossierReading
    read = {row.business_id: row for row in uow.session.execute(select(r.business_id, r.digest, r.read_at))}
    stored = select(Dossier.business_id, Dossier.formerly).where(Dossier.formerly.is_not(None))
    formerly = {row.business_id: row.formerly for row in uow.session.execute(stored)}
    came: dict[UUID, datetime] = {}
    for one in (latest_copies(uow.me), latest_outcomes(uow.me)):
        for key, at in uow.session.execute(select(one.c.business_id, one.c.at)):
            came[key] = max(at, came.get(key, at))
    lines = []
    for row in _live(uow, LIVE_COUNTS, None):
        last, n = read.get(row.business_id), row.counts
        same = {row.digest, formerly.get(row.business_id)}
        later = last is not None and came.get(row.business_id, last.read_at) > last.read_at
        news = "unread" if last is None else "changed" if later or last.digest not in same else ""
        lines.append(
            DossierLine(row.id, row.business_id, uow.now, row.name, n["open"], n["serious"], n["visits"], news)
        )
    return lines
