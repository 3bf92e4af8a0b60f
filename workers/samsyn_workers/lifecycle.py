"""Tasks of the use cases that cross rooms."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle import held
from samsyn.lifecycle.service import weigh_quorum
from samsyn.operations.service.people import WEIGH
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=WEIGH)
def weigh(*, acts_for: str) -> int:
    """After an answer: let a confirmed operation that lost its quorum fall back, as its lead."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        weigh_quorum(uow, row.subject_id)

    return work_off(WEIGH, UUID(acts_for), do)


@app.task(name=held.CARRY_OUT)
def carry_out(*, acts_for: str) -> int:
    """Do what was held back for its maker to undo, and is due."""

    def do(uow: UnitOfWork, row: Leased) -> None:
        held.carry_out(uow, row.subject_id)

    return work_off(held.CARRY_OUT, UUID(acts_for), do)
