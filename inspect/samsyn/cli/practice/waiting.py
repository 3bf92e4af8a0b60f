"""What the workers would have done in the past, done while the town is loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from samsyn.cli.practice.town import Town
from samsyn.core.outbox import finish, lease, waiting
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer

MOST: Final = 500


def work_off(
    town: Town,
    authority: str,
    task: str,
    do: Callable[[UnitOfWork, UUID], None],
    moment: datetime | None = None,
) -> None:
    """Do each subject that waits for an authority once, and complete its rows, in one transaction."""
    holder = uuid4()
    with town.at(Viewer.task_of(town.authorities[authority]), moment or town.clock.now) as uow:
        rows = lease(uow.session, task, holder, limit=MOST)
        for subject in dict.fromkeys(row.subject_id for row in rows):
            do(uow, subject)
        for row in rows:
            finish(uow.session, row, holder)


def let_go(town: Town, but: frozenset[str]) -> None:
    """Complete what else waits: what the past would have told people about itself is of no use to them now."""
    for authority in town.authorities:
        with town.at(Viewer.task_of(town.authorities[authority]), town.clock.now) as uow:
            others = {task for task, _, _ in waiting(uow.session)} - but
        for task in sorted(others):
            work_off(town, authority, task, lambda _uow, _subject: None)
