"""The task that looks an authority's trail through, and raises alarms for its log reviewers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.audit.rules import WATCH
from samsyn.core.outbox import Leased
from samsyn.core.uow import UnitOfWork
from samsyn.reviews import service
from samsyn_workers.app import app
from samsyn_workers.rows import work_off

AS_REVIEWER: Final = frozenset({"log_reviewer"})
"""Only a log reviewer reads the trail; this worker alone is one."""


@app.task(name=WATCH)
def watch(*, acts_for: str) -> int:
    """Look through what was read since the last look; the next read orders the next one."""

    def do(uow: UnitOfWork, _row: Leased) -> None:
        service.watch(uow)

    return work_off(WATCH, UUID(acts_for), do, roles=AS_REVIEWER)
