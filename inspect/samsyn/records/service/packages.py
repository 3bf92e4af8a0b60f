"""Keep and read packages; make one of a business or an operation for the authority's own diary (R17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from samsyn.access.queries import unit_of_person
from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import GateClosedError, NotFoundError, TooMuchError
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.service.pictures import Vault
from samsyn.findings.evidence import take_evidence
from samsyn.findings.vault import address_of, fetch, store
from samsyn.operations.queries import is_recused, operations_by_id
from samsyn.operations.rules import AFTERWARDS, OperationState
from samsyn.records.decision import LANGUAGE, field_words, kind_words
from samsyn.records.gathering import About, Found, demand_whole
from samsyn.records.models import RecordsPackage
from samsyn.records.packing import Document, Entry, Packed, Part, file_name, pack, render, write_sheet
from samsyn.records.packing.archive import as_json
from samsyn.records.queries import NumberLine, demand_keeper, get_package, numbers_of_operation
from samsyn.records.rules import MOST_PICTURES, ItemKind, Subject
from samsyn.records.things import gather
from samsyn.texts import say

OVER: Final = AFTERWARDS | {OperationState.CANCELLED, OperationState.ABORTED}


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a package beside its bytes."""

    package_id: UUID
    subject: Subject
    name: str
    number: str
    operations: frozenset[str]
    unit_only: bool
    request_id: UUID | None = None
    business_id: UUID | None = None
    operation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """All that the authority has on a business or an operation, for its own diary."""

    package_id: UUID
    business_id: UUID | None = None
    operation_id: UUID | None = None


def keep_package(uow: UnitOfWork, vault: Vault, made: Made, packed: Packed) -> None:
    """Write the encrypted file, then the row."""
    address = address_of(vault.keys, str(uow.me), packed.data)
    key_name = store(vault.keys, vault.folder, str(uow.me), address, packed.data)
    uow.session.execute(
        insert(RecordsPackage).values(
            id=made.package_id,
            authority_id=uow.me,
            subject=made.subject,
            request_id=made.request_id,
            business_id=made.business_id,
            operation_id=made.operation_id,
            operations=sorted(made.operations),
            unit_id=unit_of_person(uow, uow.person),
            unit_only=made.unit_only,
            number=made.number,
            name=made.name,
            manifest=list(packed.names),
            digest=packed.digest,
            size=len(packed.data),
            content_hmac=address,
            key_name=key_name,
            made_by=uow.person,
            made_at=uow.now,
        )
    )
    record(uow, "records.package", made.package_id, reason=made.subject.value)


def read_package(uow: UnitOfWork, vault: Vault, package_id: UUID) -> tuple[bytes, str]:
    """Return a package's bytes and its file name without the ending (audited)."""
    line = get_package(uow, package_id)
    record(uow, "records.download", package_id)
    return fetch(vault.keys, vault.folder, str(uow.me), line.content_hmac), line.name


def make_package(uow: UnitOfWork, vault: Vault, command: Pack) -> UUID:
    """Make a package of all that the authority has on a business or an operation; the same content, the same bytes.

    ``GateClosedError`` for a person with a conflict of interest at one of the operations: the package would lack what
    this person may not read. ``NotFoundError`` where there is nothing.
    """
    demand_keeper(uow)
    if (command.business_id is None) == (command.operation_id is None):
        raise NotFoundError("a package is of a business or of an operation")
    about = About(command.business_id, command.operation_id)
    found = gather(uow, about)
    if not found:
        raise NotFoundError("nothing to pack")
    demand_whole(uow, about)
    operations = {one.operation_id for one in found}
    if any(is_recused(uow, one) for one in operations):
        raise GateClosedError("a package must be whole", ("recused",))
    numbers = [line for one in sorted(operations, key=str) for line in numbers_of_operation(uow, one)]
    number = own_number(numbers, command.operation_id)
    subject = Subject.BUSINESS if command.business_id else Subject.OPERATION
    newest = max(one.at for one in found)
    over = all(one.state in OVER for one in operations_by_id(uow, operations).values())
    files = files_of(uow, vault, found, numbers, newest)
    made = Made(
        command.package_id,
        subject,
        file_name("akt", local_day(newest).isoformat(), number, secret=not over),
        number,
        frozenset(map(str, operations)),
        any(one.unit_only for one in found),
        business_id=command.business_id,
        operation_id=command.operation_id,
    )
    keep_package(uow, vault, made, pack(files, {"format": "samsyn-diary-1", "case_number": number or None}))
    return command.package_id


def own_number(numbers: Sequence[NumberLine], operation_id: UUID | None) -> str:
    """Return the number of the operation itself, else the only one that any of its parts has."""
    whole = [line.number for line in numbers if line.part_id is None and line.operation_id == operation_id]
    every = sorted({line.number for line in numbers})
    return whole[0] if whole else every[0] if len(every) == 1 else ""


def files_of(
    uow: UnitOfWork, vault: Vault, found: Sequence[Found], numbers: Sequence[NumberLine], at: datetime
) -> dict[str, bytes]:
    """Return the documents, the data and the pictures."""
    owner = authority_names(uow, {uow.me})[uow.me]
    heading = say(LANGUAGE, "records.package.diary")
    said = sorted({line.number for line in numbers})
    about = [(say(LANGUAGE, "records.column.authority"), owner)]
    about += [(say(LANGUAGE, "records.column.number"), ", ".join(said))] if said else []
    entries = [
        Entry(f"{n}. {one.heading}", "", [(field_words(name), value) for name, value in one.content.items()])
        for n, one in enumerate(found, start=1)
    ]
    document = Document(LANGUAGE, heading, heading, owner, about, [Part(heading, entries=entries)], at)
    rows = [
        [str(n), kind_words(one.kind), field_words(name), value]
        for n, one in enumerate(found, start=1)
        for name, value in one.content.items()
    ]
    headings = [say(LANGUAGE, f"records.sheet.{name}") for name in ("number", "kind", "field", "value")]
    files = {
        "akt.pdf": render(document),
        "akt.json": as_json(data_of(owner, found, numbers)),
        "akt.xlsx": write_sheet(heading, headings, rows, at),
    }
    return files | pictures_of(uow, vault, found)


def data_of(owner: str, found: Sequence[Found], numbers: Sequence[NumberLine]) -> dict[str, Any]:
    """Return the same as data with its metadata."""
    return {
        "format": "samsyn-diary-1",
        "authority": owner,
        "case_numbers": [
            {"operation": str(line.operation_id), "part": str(line.part_id or "") or None, "number": line.number}
            for line in sorted(numbers, key=lambda one: (str(one.operation_id), str(one.part_id or ""), one.number))
        ],
        "items": [
            {
                "number": n,
                "kind": one.kind.value,
                "id": str(one.subject_id),
                "operation": str(one.operation_id),
                "visit": str(one.visit_id) if one.visit_id else None,
                "at": one.at.astimezone(UTC).isoformat(),
                "sha256": one.digest,
                "file": picture_name(n, one),
                "content": one.content,
            }
            for n, one in enumerate(found, start=1)
        ],
    }


def picture_name(n: int, one: Found) -> str | None:
    """Return a picture's file name."""
    return f"bilder/{n:04}.jpg" if one.kind is ItemKind.PICTURE else None


def pictures_of(uow: UnitOfWork, vault: Vault, found: Sequence[Found]) -> dict[str, bytes]:
    """Return every picture by its name (each reading is audited)."""
    named = [(name, one) for n, one in enumerate(found, start=1) if (name := picture_name(n, one))]
    if len(named) > MOST_PICTURES:
        raise TooMuchError("too many pictures for one package")
    return {name: take_evidence(uow, vault.keys, vault.folder, one.subject_id) for name, one in named}
