"""Tasks that count what was done, each for one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn.operations.service.visits import COUNT_VISIT
from samsyn.pledges import service
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=COUNT_VISIT)
def count_visit(*, acts_for: str) -> int:
    """Write the own trace of a visit that ended, and count its quarter again."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.count_visit(uow, row.subject_id)

    return work_off(COUNT_VISIT, UUID(acts_for), do)


@app.task(name=service.COUNT_OPERATION)
def count_operation(*, acts_for: str) -> int:
    """Write what the own authority's operation counts as for its pledge."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.count_operation(uow, row.subject_id)

    return work_off(service.COUNT_OPERATION, UUID(acts_for), do)
