"""Pictures of a copy: read from the giver's own, written anew for one decision, read by who reads the decision."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.core.errors import FileLostError, NotAllowedError, NotFoundError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.freezing import Offered
from samsyn.disclosures.models import DisclosedPicture
from samsyn.disclosures.rules import MOST_PICTURES, READERS, NotTakenError, Refusal
from samsyn.findings.evidence import read_evidence
from samsyn.findings.vault import address_of, fetch, store


@dataclass(frozen=True, slots=True)
class Vault:
    """Where files lie and what they are sealed with."""

    keys: Keys
    folder: Path


def picture_digests(uow: UnitOfWork, vault: Vault, chosen: Sequence[Offered]) -> dict[UUID, str]:
    """Return the SHA-256 of every picture that was chosen (each reading is audited)."""
    if sum(len(one.pictures) for one in chosen) > MOST_PICTURES:
        raise NotTakenError("pictures", Refusal.TOO_MANY_PICTURES)
    found = {}
    for one in chosen:
        for picture in one.pictures:
            try:
                data, _ = read_evidence(uow, vault.keys, vault.folder, picture.id)
            except FileLostError as error:
                raise NotTakenError("pictures", Refusal.PICTURE_LOST) from error
            found[picture.id] = hashlib.sha256(data).hexdigest()
    return found


def keep_pictures(uow: UnitOfWork, vault: Vault, disclosure_id: UUID, item_id: UUID, one: Offered) -> None:
    """Write the pictures of one copy as files of this decision: cleaned when they came, so nothing else is in them."""
    owner = str(disclosure_id)
    for position, picture in enumerate(one.pictures, start=1):
        data, media_type = read_evidence(uow, vault.keys, vault.folder, picture.id)
        address = address_of(vault.keys, owner, data)
        uow.session.execute(
            insert(DisclosedPicture).values(
                id=uuid4(),
                disclosure_id=disclosure_id,
                from_id=uow.me,
                item_id=item_id,
                visit_id=one.line.visit_id,
                position=position,
                content_hmac=address,
                digest=hashlib.sha256(data).hexdigest(),
                media_type=media_type,
                size=len(data),
                key_name=store(vault.keys, vault.folder, owner, address, data),
            )
        )


def read_picture(uow: UnitOfWork, vault: Vault, picture_id: UUID) -> tuple[bytes, str]:
    """Return a picture of a copy that the viewer may read and its media type (audited on both sides).

    ``NotFoundError`` where it is absent, another's, or withdrawn.
    """
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads no findings")
    row = uow.session.get(DisclosedPicture, picture_id)
    if row is None:
        raise NotFoundError("no such picture")
    record(uow, "disclosure.picture", picture_id)
    if row.from_id != uow.me:
        record(uow, "disclosure.picture", picture_id, owner=row.from_id)
    return fetch(vault.keys, vault.folder, str(row.disclosure_id), row.content_hmac), row.media_type
