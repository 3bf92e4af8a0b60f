"""The task that clears technical rows of one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.service.tidying import TIDY, tidy
from samsyn.core.outbox import Leased
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork
from samsyn.findings.uploads import clear_old
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=TIDY)
def clear(*, acts_for: str) -> int:
    """Clear a bounded number of rows, and photos that never came whole; what is left waits for the next sign-in."""

    def do(uow: UnitOfWork, _: Leased) -> None:
        tidy(uow)
        clear_old(load_settings().data_dir, uow.now)

    return work_off(TIDY, UUID(acts_for), do)
