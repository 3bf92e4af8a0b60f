"""Documents as they left: what was rendered is kept as it was, with its hash, for whom, and on which ground (R10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select

from samsyn.access.queries import staff_names
from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.models import Rendering
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.report.queries import ReportCard
from samsyn.dossiers.rules import Basis

MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class RenderingLine:
    """That somebody of the own authority got a document, and what its checksum was; not the document.

    A copy that was withdrawn since may stand in it, so that nobody reads it here once more.
    """

    at: datetime
    by: str
    form: str
    digest: str
    recipient: str
    basis: tuple[str, ...]


def store_rendering(uow: UnitOfWork, dossier: DossierCard, form: str, data: bytes, recipient: str) -> UUID:
    """Keep a document of a business as this person got it, with its SHA-256, and note the download (R10, R12).

    It rests on the own task, and on the ground of each copy that was received.
    """
    basis = (Basis.OWN, *sorted({one.handed.legal_basis for one in dossier.copies}))
    row = _row(uow, form, data, recipient, " ".join(basis), dossier_id=dossier.id)
    record(uow, "dossier.download", dossier.id, reason=form)
    return row


def store_report(uow: UnitOfWork, report: ReportCard, form: str, data: bytes, recipient: str) -> UUID:
    """Keep a document of an operation's report as this person got it, as ``store_rendering`` does of a business."""
    row = _row(uow, form, data, recipient, " ".join((Basis.OWN, *report.grounds)), operation_id=report.operation_id)
    record(uow, "report.download", report.operation_id, reason=form)
    return row


def renderings_of(uow: UnitOfWork, dossier_id: UUID) -> list[RenderingLine]:
    """Return the latest documents of a dossier, newest first; two statements."""
    return _lines(uow, Rendering.dossier_id == dossier_id)


def store_public(uow: UnitOfWork, operation_id: UUID, form: str, data: bytes) -> UUID:
    """Keep a document that is for everybody; deciding it is what is noted."""
    return _row(uow, form, data, "*", Basis.PUBLIC.value, operation_id=operation_id)


def renderings_of_report(uow: UnitOfWork, operation_id: UUID) -> list[RenderingLine]:
    """Return the latest documents of an operation's report for the own authority, newest first; two statements."""
    return _lines(uow, (Rendering.operation_id == operation_id) & (Rendering.basis != Basis.PUBLIC.value))


def _row(
    uow: UnitOfWork,
    form: str,
    data: bytes,
    recipient: str,
    basis: str,
    *,
    dossier_id: UUID | None = None,
    operation_id: UUID | None = None,
) -> UUID:
    row = Rendering(
        id=uuid4(),
        reader_id=uow.me,
        dossier_id=dossier_id,
        operation_id=operation_id,
        person_id=uow.person,
        format=form,
        digest=hashlib.sha256(data).hexdigest(),
        recipient=recipient,
        basis=basis,
        body=data,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def _lines(uow: UnitOfWork, which: ColumnElement[bool]) -> list[RenderingLine]:
    r = Rendering
    found = select(r.at, r.person_id, r.format, r.digest, r.recipient, r.basis).where(which)
    rows = uow.session.execute(found.order_by(r.at.desc(), r.id).limit(MOST_SHOWN)).all()
    names = staff_names(uow, {row.person_id for row in rows})
    return [
        RenderingLine(
            row.at,
            names.get((row.person_id, uow.me), ""),
            row.format,
            row.digest,
            row.recipient,
            tuple(row.basis.split()),
        )
        for row in rows
    ]
