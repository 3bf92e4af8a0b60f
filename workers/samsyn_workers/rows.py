"""Work off the queue row by row: what a row asks for and its completion are one transaction.

So a task may run twice, beside itself, and die anywhere: a row's work is either committed together with the row's
completion or not at all. Work that leaves the database (mail) cannot be done this way and has its own three steps.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from traceback import extract_tb
from typing import Final
from uuid import UUID, uuid4

import structlog

from samsyn.core.outbox import (
    BATCH,
    LEASE_SECONDS,
    MAX_ATTEMPTS,
    MAX_LOST,
    Leased,
    bury,
    finish,
    give_back,
    lease,
    try_again,
)
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import TASK, Viewer

BUDGET: Final = 15.0
"""Seconds after which no further row is begun: below the soft time limit of 20 s and the lease of 30 s."""
_log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """The row was leased by somebody else meanwhile, who does it again: what was done here is rolled back."""


def work_off(
    task: str,
    acts_for: UUID,
    do: Callable[[UnitOfWork, Leased], None],
    *,
    limit: int = BATCH,
    budget: float = BUDGET,
    roles: frozenset[str] = frozenset(),
    ahead: Callable[[Leased], None] | None = None,
    seconds: int = LEASE_SECONDS,
) -> int:
    """Lease due rows of one authority, ``limit`` at a time, and do each; return how many were completed.

    ``do`` runs as a worker of the authority and shares its transaction with the row's completion. A row whose ``do``
    raises is given back with a growing pause, and is dead after ``MAX_ATTEMPTS``; one that takes its worker with it is
    dead once it was begun more than ``MAX_LOST`` times. The other rows go on. Rows that ``do`` itself makes due are
    done in the same call while ``budget`` seconds last; what is left untouched after that is given back. ``roles``:
    what the worker is besides a worker, to read what it works on. ``ahead`` computes what ``do`` is to write before the
    row's transaction is opened; ``seconds``: of a lease, where that takes long.
    """
    viewer = Viewer(acts_for, None, roles | {TASK})
    holder, ends_at, done = uuid4(), monotonic() + budget, 0
    while monotonic() < ends_at:
        with unit_of_work(viewer) as uow:
            rows = lease(uow.session, task, holder, limit=limit, seconds=seconds)
        if not rows:
            break
        for number, row in enumerate(rows):
            if monotonic() >= ends_at:
                with unit_of_work(viewer) as uow:
                    give_back(uow.session, rows[number:], holder)
                break
            done += _work_one(task, viewer, holder, row, do, ahead)
    return done


def _work_one(
    task: str,
    viewer: Viewer,
    holder: UUID,
    row: Leased,
    do: Callable[[UnitOfWork, Leased], None],
    ahead: Callable[[Leased], None] | None,
) -> bool:
    """Do one row and complete it in the same transaction; say whether that happened."""
    if row.attempts > (MAX_LOST if row.lost else MAX_ATTEMPTS):  # it never came as far as try_again: it kills
        with unit_of_work(viewer) as uow:
            bury(uow.session, row, holder)
        _log.error("row dead", task=task, row=str(row.id), subject=str(row.subject_id), attempts=row.attempts)
        return False
    try:
        if ahead is not None:
            ahead(row)
        _do_and_finish(viewer, holder, row, do)
    except LeaseLostError:
        _log.warning("lease lost", task=task, row=str(row.id), subject=str(row.subject_id))
        return False
    except Exception as error:  # any fault of one row must leave the others alone
        _log_fault(task, row, error)
        _give_back(viewer, holder, row)
        return False
    return True


def _do_and_finish(viewer: Viewer, holder: UUID, row: Leased, do: Callable[[UnitOfWork, Leased], None]) -> None:
    with unit_of_work(viewer) as uow:
        do(uow, row)
        uow.session.flush()
        if not finish(uow.session, row, holder):
            raise LeaseLostError


def _give_back(viewer: Viewer, holder: UUID, row: Leased) -> None:
    with unit_of_work(viewer) as uow:
        try_again(uow.session, row, holder)


def _log_fault(task: str, row: Leased, error: Exception) -> None:
    """Say what failed by ids, the error's type and its place in the code: its message may carry what somebody wrote."""
    where = extract_tb(error.__traceback__)[-1]
    _log.error(
        "row failed",
        task=task,
        row=str(row.id),
        subject=str(row.subject_id),
        attempts=row.attempts,
        error=type(error).__name__,
        where=f"{where.filename.rpartition('/')[2]}:{where.lineno}",
    )
