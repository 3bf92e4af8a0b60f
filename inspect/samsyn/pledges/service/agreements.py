"""Write cooperation agreements: a draft, corrected and removed until it is signed, and its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from samsyn.audit.service import record
from samsyn.core.errors import (
    ChangedMeanwhileError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    TooMuchError,
)
from samsyn.core.keys import Keys
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.findings.vault import address_of, fetch, store
from samsyn.pledges.models import Agreement, AgreementFile
from samsyn.pledges.service.promising import (
    PERSONAL,
    Signatory,
    as_rows,
    check_parties,
    demand_planner,
    refuse,
    signed_faults,
    text_faults,
)

MOST_FILES: Final = 20
MOST_BYTES: Final = 10_000_000
MOST_NAME: Final = 120
MEDIA: Final = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
"""What a document may be, by how its bytes begin; what its name or its sender says counts for nothing."""


@dataclass(frozen=True, slots=True)
class MakeAgreement:
    """A cooperation agreement; a draft where ``signed_on`` is not said. In force from ``from_on``, else when signed."""

    collaboration_id: UUID
    name: str
    signed_on: date | None
    until_on: date
    parties: tuple[UUID, ...]
    signatories: tuple[Signatory, ...] = ()
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class AddFile:
    """A document of an agreement, under the name that its sender gave it."""

    agreement_id: UUID
    name: str
    data: bytes


def make_agreement(uow: UnitOfWork, command: MakeAgreement) -> UUID:
    """Write an agreement; ``InvalidError`` names the field, ``NotFoundError`` a party that is no member."""
    demand_planner(uow)
    check(uow, command)
    row = Agreement(id=uuid4(), collaboration_id=command.collaboration_id, removed_at=None, version=1)
    fill(row, command)
    uow.session.add(row)
    uow.session.flush()
    record(uow, "agreement.make", row.id)
    return row.id


def correct_agreement(uow: UnitOfWork, agreement_id: UUID, command: MakeAgreement, seen_version: int) -> None:
    """Correct a draft, or say that it is signed; ``ConflictError`` for one that is signed: that is not changed."""
    row = draft_of_agreement(uow, agreement_id, seen_version)
    if row.collaboration_id != command.collaboration_id or row.removed_at is not None:
        raise NotFoundError("no such agreement")
    check(uow, command)
    fill(row, command)
    row.version += 1
    uow.session.flush()
    record(uow, "agreement.sign" if row.signed_on else "agreement.change", row.id)


def remove_agreement(uow: UnitOfWork, agreement_id: UUID, seen_version: int) -> None:
    """Take a draft away; nothing is lost, ``put_back_agreement`` undoes it."""
    row = draft_of_agreement(uow, agreement_id, seen_version)
    row.removed_at, row.version = row.removed_at or uow.now, row.version + 1
    uow.session.flush()
    record(uow, "agreement.remove", row.id)


def put_back_agreement(uow: UnitOfWork, agreement_id: UUID, seen_version: int) -> None:
    """Put a removed draft back."""
    row = draft_of_agreement(uow, agreement_id, seen_version)
    row.removed_at, row.version = None, row.version + 1
    uow.session.flush()
    record(uow, "agreement.put_back", row.id)


def add_file(uow: UnitOfWork, keys: Keys, folder: Path, command: AddFile) -> UUID:
    """Keep a document, encrypted; the same once more is the one that stands. A party's, of a signed one or of a draft.

    ``InvalidError`` for what is no PDF, PNG or JPEG, or larger than ``MOST_BYTES``; ``TooMuchError`` for too many.
    """
    demand_planner(uow)
    row = own_agreement(uow, command.agreement_id)
    media_type = checked(command)
    owner = str(row.collaboration_id)
    address = address_of(keys, owner, command.data)
    f = AgreementFile
    stands = uow.session.scalar(select(f.id).where(f.agreement_id == row.id, f.content_hmac == address))
    if stands is not None:
        return stands
    if (uow.session.scalar(select(func.count()).where(f.agreement_id == row.id)) or 0) >= MOST_FILES:
        raise TooMuchError(f"an agreement has at most {MOST_FILES} documents")
    key = uuid4()
    uow.session.execute(
        insert(f).values(
            id=key,
            agreement_id=row.id,
            collaboration_id=row.collaboration_id,
            authority_id=uow.me,
            name=command.name.strip(),
            media_type=media_type,
            size=len(command.data),
            content_hmac=address,
            key_name=store(keys, folder, owner, address, command.data),
            added_at=uow.now,
        )
    )
    record(uow, "agreement.file_add", row.id)
    return key


def read_file(uow: UnitOfWork, keys: Keys, folder: Path, agreement_id: UUID, file_id: UUID) -> tuple[bytes, str, str]:
    """Return a document's bytes, media type and name (audited); ``NotFoundError`` for what is hidden or absent."""
    row = uow.session.get(AgreementFile, file_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFoundError("no such document")
    record(uow, "agreement.file_read", row.agreement_id)
    return fetch(keys, folder, str(row.collaboration_id), row.content_hmac), row.media_type, row.name


def own_agreement(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """Return an agreement to be written, that nobody else changes meanwhile; refuse who is no party."""
    row = uow.session.get(Agreement, agreement_id)
    if row is None:
        raise NotFoundError("no such agreement")
    if uow.me not in row.parties:
        raise NotAllowedError("only a party writes the agreement")
    uow.session.refresh(row, with_for_update=True)
    return row


def draft_of_agreement(uow: UnitOfWork, agreement_id: UUID, seen_version: int) -> Agreement:
    """Return a draft as its reader saw it."""
    demand_planner(uow)
    row = own_agreement(uow, agreement_id)
    if row.signed_on is not None:
        raise ConflictError("what is signed is not changed")
    if row.version != seen_version:
        raise ChangedMeanwhileError("somebody changed the agreement")
    return row


def check(uow: UnitOfWork, command: MakeAgreement) -> None:
    """Refuse what is no agreement; ``InvalidError`` names the fields."""
    check_parties(uow, command.collaboration_id, command.parties, command.signatories)
    faults = text_faults(name=command.name)
    first = command.from_on or command.signed_on
    if command.signed_on is not None:
        faults |= signed_faults(uow, command.signed_on)
    if first is None:
        faults["from_on"] = ["say from when"]
    elif command.until_on <= max(first, command.signed_on or first):
        faults["until_on"] = ["must be after the day of signing"]
    if uow.me not in command.parties:
        faults["parties"] = ["must be one of the parties yourselves"]
    refuse(faults)


def fill(row: Agreement, command: MakeAgreement) -> None:
    """Write what an agreement says."""
    row.name, row.signed_on, row.until_on = command.name, command.signed_on, command.until_on
    row.from_on = command.from_on or command.signed_on or command.until_on
    row.parties, row.signatories = list(command.parties), as_rows(command.signatories)


def checked(command: AddFile) -> str:
    """Return the media type of a document by its bytes; ``InvalidError`` for what is none."""
    name = command.name.strip()
    if not command.data:
        raise InvalidError("nothing sent", fields={"file": ["no_file"]})
    if len(command.data) > MOST_BYTES:
        raise InvalidError("too large", fields={"file": ["file_too_large"]})
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise InvalidError("no name", fields={"file": ["no_file_name"]})
    if has_personal_number(name):
        raise InvalidError("no name", fields={"file": [PERSONAL]})
    media_type = next((kind for begins, kind in MEDIA if command.data.startswith(begins)), None)
    if media_type is None:
        raise InvalidError("no document", fields={"file": ["no_document"]})
    return media_type
