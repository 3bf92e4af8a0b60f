"""Tasks that compile dossiers, each for one reader's authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers import service
from samsyn.dossiers.rules import COMPILE_BUSINESS, COMPILE_OPERATION, RUN_JOB
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=COMPILE_OPERATION)
def compile_operation(*, acts_for: str) -> int:
    """Compile the businesses of an operation that was reported, and say that it is built."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.compile_operation(uow, row.subject_id)

    return work_off(COMPILE_OPERATION, UUID(acts_for), do)


@app.task(name=COMPILE_BUSINESS)
def compile_business(*, acts_for: str) -> int:
    """Compile a business again after one of its findings changed."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.compile_dossiers(uow, [row.subject_id])

    return work_off(COMPILE_BUSINESS, UUID(acts_for), do)


@app.task(name=RUN_JOB)
def run_job(*, acts_for: str) -> int:
    """Compile the next chunk of a job; the chunk makes the next one due, which is done in the same call or the next."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.compile_chunk(uow, row.subject_id)

    return work_off(RUN_JOB, UUID(acts_for), do, limit=1)
