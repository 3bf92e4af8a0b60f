"""Compile what one authority may read of a business."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import CursorResult
from sqlalchemy.dialects.postgresql import insert

from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.jobs import finish_job, get_job, report_progress, start_job
from samsyn.core.outbox import emit, settle
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.dossiers.models import DossierStatus
from samsyn.dossiers.rules import COMPILE_BUSINESS, COMPILE_OPERATION, RUN_JOB, TELL_COMPILED
from samsyn.dossiers.statement import (
    COMPILE,
    COMPILE_MOST,
    COMPILE_SOME,
    LARGE,
    READY_FOR_MANY,
    READY_FOR_SOME,
    VISITED,
)
from samsyn.operations.queries import targets_of

FEW: Final = 20
"""Up to so many businesses one kept plan is good: by the index of each. More are planned for what they are."""
CHUNK: Final = 2_000
"""Businesses per transaction of a whole compiling: below a second, so that single ones need not wait long, and it
bounds the memory (100 MB). Each reads the findings as they lie, so that smaller ones cost more in all.
"""


def compile_dossiers(uow: UnitOfWork, business_ids: Sequence[UUID] | None) -> int:
    """Compile the dossiers of some businesses, or of all ever visited, for the viewer's authority, in one statement.

    Return how many were written or changed; what comes out the same (by its digest) is left as it is. The content is
    the common part of ended visits of operations that are done, and of the own findings their number and which
    deficiencies are open: the rows are read with the dossier (``answers``), as are parts and facts. Row-level security
    is what keeps everything else out (R10). A worker has no person and no unit, so it compiles nothing that a unit
    keeps to itself: neither findings of ``unit_only`` points nor units' findings in an authority with the unit rule
    (R1). A business without a visit gets an empty dossier when asked for by id; one that the viewer cannot see gets
    none.

    ``NotAllowedError`` for a person: what a person may not see (jäv) must not go missing for the whole authority.
    """
    if TASK not in uow.viewer.roles or uow.viewer.person_id is not None:
        raise NotAllowedError("dossiers are compiled by a worker")
    few = business_ids is not None and len(business_ids) <= FEW
    ids = None if business_ids is None else list(business_ids)
    if few:
        uow.session.execute(READY_FOR_SOME)
        statement = COMPILE_SOME
    else:
        *_, large = uow.session.execute(READY_FOR_MANY, {"ids": ids}).one()
        statement = COMPILE_MOST if large == LARGE else COMPILE
    result = uow.session.execute(statement, {"ids": ids, "now": uow.now})
    assert isinstance(result, CursorResult)  # noqa: S101  an INSERT always gives one
    return result.rowcount


def compile_operation(uow: UnitOfWork, operation_id: UUID) -> int:
    """Compile every business of an operation and say that it is built; ``NotFoundError`` for an operation of others."""
    written = compile_dossiers(uow, sorted({t.business_id for t in targets_of(uow, operation_id).values()}))
    mark_built(uow, operation_id)
    emit(uow, TELL_COMPILED, operation_id, acts_for=uow.me)
    return written


def compile_now(uow: UnitOfWork, operation_id: UUID, business_ids: Sequence[UUID]) -> int:
    """Compile the businesses of an operation as a worker, and complete what the queue had of it, given up or not.

    First the queue: a row that is seen there was written with what it is about, so that this compiles that too.
    """
    settle(uow.session, COMPILE_BUSINESS, business_ids)
    if settle(uow.session, COMPILE_OPERATION, [operation_id]):
        return compile_operation(uow, operation_id)
    return compile_dossiers(uow, business_ids)


def mark_built(uow: UnitOfWork, operation_id: UUID) -> None:
    """Say that the own authority's dossiers of an operation are built; a second time renews the time."""
    row = insert(DossierStatus).values(operation_id=operation_id, authority_id=uow.me, built_at=uow.now)
    uow.session.execute(
        row.on_conflict_do_update(
            index_elements=[DossierStatus.operation_id, DossierStatus.authority_id],
            set_={DossierStatus.built_at: row.excluded.built_at},
        )
    )
    record(uow, "dossier.built", operation_id)


def start_compile_job(uow: UnitOfWork, *, queued: bool = True) -> UUID:
    """Start compiling all that the viewer's authority has ever visited; return the job to follow.

    ``queued=False``: the caller takes the steps itself.
    """
    job_id = start_job(uow, RUN_JOB, queued=queued)
    record(uow, "dossier.compile_all", job_id)
    return job_id


def compile_chunk(uow: UnitOfWork, job_id: UUID) -> None:
    """Take the next step of a job and queue the one after it, in one transaction."""
    if compile_step(uow, job_id):
        emit(uow, RUN_JOB, job_id, acts_for=uow.me)


def compile_step(uow: UnitOfWork, job_id: UUID) -> bool:
    """Compile the next ``CHUNK`` businesses of a job, report or end it; say whether more is to be done.

    Progress is the place to go on from: a chunk that was not committed is done again, one that was is not. A business
    that appears meanwhile has a compiling of its own. A job that was cancelled has ended.
    """
    job = get_job(uow, job_id)
    if not job.open:
        return False
    rows = uow.session.execute(VISITED, {"done": job.done, "most": CHUNK}).all()
    if rows:
        compile_dossiers(uow, [row.business_id for row in rows])
    done = job.done + len(rows)
    total = rows[0].total if rows else done
    report_progress(uow, job_id, done, total)
    if done < total:
        return True
    finish_job(uow, job_id)
    return False
