"""Photos of a finding: cleaned in a child process, encrypted, kept once per authority under an HMAC of the content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.findings.cleaning import CleanPicture, clean_picture
from samsyn.findings.gate import may_read, writable_part
from samsyn.findings.models import Evidence, Finding
from samsyn.findings.vault import address_of, fetch, store

MAX_PER_FINDING: Final = 50
MEDIA_TYPE: Final = "image/jpeg"

__all__ = ["AddEvidence", "CleanPicture", "add_evidence", "clean_picture", "read_evidence", "take_evidence"]


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """A picture for a finding; ``evidence_id`` is random and made by the client."""

    evidence_id: UUID
    finding_id: UUID
    picture: CleanPicture


def add_evidence(uow: UnitOfWork, keys: Keys, folder: Path, command: AddEvidence) -> UUID:
    """Keep a picture of a finding of the viewer's authority; return its id, the earlier one's for the same picture.

    The file is on the disk before the row. Raises ``NotFoundError`` for a finding that is absent or hidden, else as
    ``answer_point``; ``TooMuchError`` for more than 50 pictures.
    """
    finding = _newest(uow, command.finding_id)
    part = writable_part(uow, finding.part_id)
    jpeg, owner = command.picture.jpeg, str(uow.me)
    address = address_of(keys, owner, jpeg)
    e = Evidence
    rows = uow.session.execute(select(e.content_hmac, e.id).where(e.finding_id == command.finding_id))
    stands: dict[str, UUID] = {row.content_hmac: row.id for row in rows}
    if address in stands:
        return stands[address]
    if len(stands) >= MAX_PER_FINDING:
        raise TooMuchError(f"a finding has at most {MAX_PER_FINDING} pictures")
    key_name = store(keys, folder, owner, address, jpeg)
    row = {
        "id": command.evidence_id,
        "finding_id": command.finding_id,
        "part_id": part.id,
        "visit_id": part.visit_id,
        "operation_id": part.operation_id,
        "authority_id": uow.me,
        "unit_id": finding.unit_id,
        "unit_only": finding.unit_only,
        "content_hmac": address,
        "media_type": MEDIA_TYPE,
        "size": len(jpeg),
        "key_name": key_name,
        "written_by": uow.person,
        "written_at": uow.now,
    }
    return _insert(uow, row, command, address)


def read_evidence(uow: UnitOfWork, keys: Keys, folder: Path, evidence_id: UUID) -> tuple[bytes, str]:
    """Return the clear bytes and the media type; ``NotFoundError`` for what is absent or another's (audited)."""
    may_read(uow)
    row = uow.session.get(Evidence, evidence_id)
    if row is None:
        raise NotFoundError("no such evidence")
    record(uow, "evidence.read", evidence_id)
    return fetch(keys, folder, str(row.authority_id), row.content_hmac), row.media_type


def take_evidence(uow: UnitOfWork, keys: Keys, folder: Path, evidence_id: UUID) -> bytes:
    """Return the clear bytes for a package of the authority's records (audited); refusals as ``read_evidence``."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")
    row = uow.session.get(Evidence, evidence_id)
    if row is None:
        raise NotFoundError("no such evidence")
    record(uow, "evidence.read", evidence_id)
    return fetch(keys, folder, str(row.authority_id), row.content_hmac)


def _newest(uow: UnitOfWork, finding_id: UUID) -> Finding:
    rows = select(Finding).where(Finding.finding_id == finding_id).order_by(Finding.version.desc()).limit(1)
    if (finding := uow.session.scalar(rows)) is None:
        raise NotFoundError("no such finding")
    return finding


def _insert(uow: UnitOfWork, row: Mapping[str, object], command: AddEvidence, address: str) -> UUID:
    """Write the row; where the same picture came twice at once, return the one that stands."""
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(Evidence).values(**row))
    except IntegrityError as error:
        if not isinstance(error.orig, pg.UniqueViolation):
            raise
        e = Evidence
        same = select(e.id).where(e.finding_id == command.finding_id, e.content_hmac == address)
        if (stands := uow.session.scalar(same)) is None:
            raise ConflictError("this key stands already") from error
        return stands
    record(uow, "evidence.write", command.evidence_id)
    return command.evidence_id
