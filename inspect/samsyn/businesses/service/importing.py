"""Write the registry: the import of a list, all or nothing; the same list twice changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.businesses.models import ImportRun
from samsyn.businesses.reading.faults import Fault
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.meaning import BusinessRow, interpret
from samsyn.businesses.service.taking import CHANGED, CHUNK, CREATED, UNCHANGED, load, store, take_row
from samsyn.core.errors import NotAllowedError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ImportBusinesses:
    """A file as it was sent; ``dry_run`` looks and writes nothing."""

    collaboration_id: UUID
    filename: str
    data: bytes
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class WriteBusinesses:
    """Rows that were read without a fault; ``digest`` is the SHA-256 of the file that they came in."""

    collaboration_id: UUID
    rows: Sequence[BusinessRow]
    digest: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. With any fault nothing is written."""

    rows: int
    created: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    written: bool


def import_businesses(uow: UnitOfWork, keys: Keys, command: ImportBusinesses) -> ImportReport:
    """Read, check and write a list of businesses into a collaboration's registry.

    Raises ``InvalidError`` when the file cannot be read at all, ``NotFoundError`` for a collaboration that is not ours.
    """
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner imports businesses")
    found = interpret(read_table(command.data, command.filename), uow.today)
    if found.faults:
        return ImportReport(len(found.rows), 0, 0, 0, found.faults, found.ignored, written=False)
    digest = hashlib.sha256(command.data).hexdigest()
    rows = WriteBusinesses(command.collaboration_id, found.rows, digest, command.dry_run)
    counts = Counter(write_businesses(uow, keys, rows))
    return ImportReport(
        len(found.rows), counts[CREATED], counts[CHANGED], counts[UNCHANGED], (), found.ignored, not command.dry_run
    )


def write_businesses(
    uow: UnitOfWork, keys: Keys, command: WriteBusinesses, tell: Callable[[int, int], None] | None = None
) -> list[str]:
    """Write rows that were read without a fault, and return what became of each: created, changed or unchanged.

    ``tell`` hears how many of them are done.
    """
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner imports businesses")
    registry = load(uow, keys, command.collaboration_id, command.rows)
    outcomes: list[str] = []
    for row in command.rows:
        outcomes.append(take_row(uow, keys, command.collaboration_id, row, registry, write=not command.dry_run))
        if not command.dry_run and len(outcomes) % CHUNK == 0:
            uow.session.flush()  # what was changed; what is new waits for ``store``
    if not command.dry_run:
        store(uow, registry, len(command.rows), tell)
        note_run(uow, command, dict(Counter(outcomes)))
    return outcomes


def note_run(uow: UnitOfWork, command: WriteBusinesses, counts: dict[str, Any]) -> None:
    """Keep which file did what."""
    run_id = uuid4()
    uow.session.execute(
        insert(ImportRun).values(
            id=run_id,
            reader_id=uow.me,
            collaboration_id=command.collaboration_id,
            person_id=uow.person,
            file_hash=command.digest,
            counts=counts,
            at=uow.now,
        )
    )
    record(uow, "businesses.import", run_id)
