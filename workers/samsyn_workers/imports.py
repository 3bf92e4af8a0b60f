"""Writing long lists, each as the person who brought it in; longer than a lease, so the lease is renewed on the way."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

import structlog

from samsyn.core.jobs import finish_job
from samsyn.core.keys import Keys, load_keys
from samsyn.core.outbox import Leased, bury, finish, lease, renew, try_again
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.rules import WRITE_LIST
from samsyn.imports.service import run_list
from samsyn_workers.app import app

TRIES: Final = 3
"""So often is a list begun that a fault of ours, or a killed worker, ended; then its person is told that it failed."""
LONGEST: Final = 600
"""Seconds for the longest list there may be: 20,000 rows of people take about three minutes."""
_log = structlog.get_logger(__name__)


@app.task(name=WRITE_LIST, soft_time_limit=LONGEST, time_limit=LONGEST + 5)
def write_list(*, acts_for: str) -> int:
    """Write one due list of an authority. Running twice writes it once; dying in the middle leaves nothing of it."""
    viewer, holder, settings = Viewer.task_of(UUID(acts_for)), uuid4(), load_settings()
    with unit_of_work(viewer) as uow:
        rows = lease(uow.session, WRITE_LIST, holder, limit=1)
    keys = load_keys(settings.key_file or settings.data_dir / "keys.json") if rows else None
    return sum(write_one(viewer, holder, row, keys) for row in rows if keys is not None)


def write_one(viewer: Viewer, holder: UUID, row: Leased, keys: Keys) -> bool:
    """Write the list of a row, and complete the row; no transaction is open around it, for it may take minutes."""

    def alive() -> bool:
        with unit_of_work(viewer) as uow:
            return renew(uow.session, row)

    if row.attempts > TRIES:
        with unit_of_work(viewer) as uow:
            finish_job(uow, row.subject_id, "internal")
            bury(uow.session, row, holder)
        return False
    try:
        run_list(viewer, keys, row.subject_id, alive)
    except Exception as error:  # a message may carry what somebody wrote: only its type is said
        _log.error("row failed", task=WRITE_LIST, row=str(row.id), attempts=row.attempts, error=type(error).__name__)
        with unit_of_work(viewer) as uow:
            try_again(uow.session, row, holder)
        return False
    with unit_of_work(viewer) as uow:
        return finish(uow.session, row, holder)
