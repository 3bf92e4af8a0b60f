"""Tasks that count what was done, each for one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.authorities.queries import units_of
from samsyn.core.outbox import Leased, anything_due
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.service.visits import COUNT_VISIT
from samsyn.pledges import service
from samsyn.pledges.evaluation import service as evaluations
from samsyn.pledges.evaluation.rules import COMPILE
from samsyn.pledges.service.minutes import COUNT_TIME
from samsyn.pledges.service.minutes import count_time as count_the_time
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


@app.task(name=service.COUNT_RETURNS)
def count_returns(*, acts_for: str) -> int:
    """Hand in the own return visits of a pledge's quarters that are over; of every unit, as each keeps its own (R1)."""
    with unit_of_work(Viewer.task_of(UUID(acts_for))) as uow:
        if not anything_due(uow.session, service.COUNT_RETURNS):
            return 0
        roles = frozenset(f"unit:{unit.id}" for unit in units_of(uow, {UUID(acts_for)}))

    def do(uow: UnitOfWork, row: Leased) -> None:
        service.count_returns(uow, row.subject_id)

    return work_off(service.COUNT_RETURNS, UUID(acts_for), do, roles=roles)


@app.task(name=COUNT_TIME)
def count_time(*, acts_for: str) -> int:
    """Count the own time of an activity's quarter again."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        count_the_time(uow, row.subject_id)

    return work_off(COUNT_TIME, UUID(acts_for), do)


@app.task(name=COMPILE)
def compile_evaluation(*, acts_for: str) -> int:
    """Compile and freeze the quarters and years of pledges that were asked for."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        evaluations.compile_evaluation(uow, row.subject_id)

    return work_off(COMPILE, UUID(acts_for), do, limit=1)
