"""The task that clears technical rows of one authority."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.service.tidying import TIDY, tidy
from samsyn.core.outbox import Leased
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import TASK, Viewer
from samsyn.findings.uploads import clear_old
from samsyn.planning.service.clearing import clear_ended
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


@app.task(name=TIDY)
def clear(*, acts_for: str) -> int:
    """Clear a bounded number of rows, what campaigns long over held, and photos that never came whole.

    What is left waits for the next sign-in.
    """

    def do(uow: UnitOfWork, _: Leased) -> None:
        tidy(uow)
        with unit_of_work(Viewer(uow.me, None, frozenset({TASK, "planner"}))) as work:
            clear_ended(work)
        clear_old(load_settings().data_dir, uow.now)

    return work_off(TIDY, UUID(acts_for), do)
