"""The task that clears technical rows of one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.service.tidying import TIDY, tidy
from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=TIDY)
def clear(*, acts_for: str) -> int:
    """Clear a bounded number of rows; what is left waits for the next sign-in."""

    def do(uow: UnitOfWork, _: Leased) -> None:
        tidy(uow)

    return work_off(TIDY, UUID(acts_for), do)
