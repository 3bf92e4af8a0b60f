"""Carry out a removal as the own authority's worker: chunk by chunk, each with its protocol in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from samsyn.audit.service import record
from samsyn.authorities.queries import units_of
from samsyn.core.errors import NotAllowedError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import TASK, Viewer
from samsyn.dossiers.rules import COMPILE_BUSINESS
from samsyn.findings.vault import forget
from samsyn.retention.models import RetentionRun
from samsyn.retention.queries import rules_of
from samsyn.retention.rules import CHUNK, DataClass
from samsyn.retention.statement import ALONE, BUSINESSES, STILL_USED, remove_chunk


@dataclass(frozen=True, slots=True)
class Cabinet:
    """Where the files lie."""

    folder: Path


def weeder(uow: UnitOfWork) -> Viewer:
    """Return the worker that reaches all of the silo, every unit's too (R1).

    One for them all: a thing's versions and follow-ups may be a unit's own where others of it are not, and whoever saw
    some of them alone would take it for older than it is.
    """
    return Viewer(uow.me, None, frozenset({TASK, *(f"unit:{unit.id}" for unit in units_of(uow, {uow.me}))}))


def weed_chunk(uow: UnitOfWork, run_id: UUID, most: int = CHUNK) -> int:
    """Remove the next things that are due and under no hold, and write them into the protocol; return how many.

    A rule that was changed since the order stops it: nothing more goes by the old one. Nothing for a run that is
    finished. Raises ``NotAllowedError`` for a person.
    """
    if TASK not in uow.viewer.roles:
        raise NotAllowedError("things are removed by a worker")
    uow.session.execute(ALONE)
    row = uow.session.execute(
        select(RetentionRun.data_class, RetentionRun.rule_version, RetentionRun.last_year, RetentionRun.finished_at)
        .where(RetentionRun.id == run_id)
        .with_for_update()
    ).one_or_none()
    if row is None:  # a finished protocol is closed, also to a lock
        return 0
    rule = rules_of(uow)[row.data_class]
    if row.finished_at is not None or rule.version != row.rule_version or not rule.removes:
        return 0
    gone = uow.session.execute(remove_chunk(row.data_class), {"last": row.last_year, "most": most}).all()
    if gone:
        write_down(uow, run_id, row.data_class, gone)
    return len(gone)


def write_down(uow: UnitOfWork, run_id: UUID, data_class: DataClass, gone: Sequence[object]) -> None:
    """Add to the protocol, leave a line in the trail, and have the dossiers compiled anew that told of findings."""
    ids = sorted({str(one.id) for one in gone})  # type: ignore[attr-defined]
    files = sorted({one.file for one in gone if one.file})  # type: ignore[attr-defined]
    r = RetentionRun
    kept = uow.session.execute(select(r.objects, r.files).where(r.id == run_id)).one()
    uow.session.execute(
        update(r)
        .where(r.id == run_id)
        .values(
            removed=r.removed + len(gone),
            objects=sorted({*kept.objects, *ids}),
            files=sorted({*kept.files, *files}),
        )
    )
    record(uow, "retention.remove", run_id, reason=f"{data_class} {len(gone)}")
    if data_class in {DataClass.FINDINGS, DataClass.PICTURES}:
        visits = list({one.visit_id for one in gone})  # type: ignore[attr-defined]
        for business_id in uow.session.scalars(BUSINESSES, {"visits": visits}):
            emit(uow, COMPILE_BUSINESS, business_id, acts_for=uow.me)


def finish_run(uow: UnitOfWork, cabinet: Cabinet, run_id: UUID) -> None:
    """Take the files off the disk that nothing names any more, and close the protocol for ever.

    The rows are gone by then in a transaction of their own: a crash between leaves files that the next try takes.
    """
    row = uow.session.execute(
        select(RetentionRun.files, RetentionRun.finished_at).where(RetentionRun.id == run_id).with_for_update()
    ).one_or_none()
    if row is None or row.finished_at is not None:
        return
    with unit_of_work(weeder(uow)) as work:
        used = set(work.session.scalars(STILL_USED, {"files": row.files}))
    for address in row.files:
        if address not in used:
            forget(cabinet.folder, address)
    done = update(RetentionRun).where(RetentionRun.id == run_id)
    uow.session.execute(done.values(files=[], finished_at=uow.now))
    record(uow, "retention.done", run_id)
