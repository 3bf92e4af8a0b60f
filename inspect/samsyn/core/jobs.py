"""Long pieces of work as their owner sees them: started with an outbox row, reported on, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from samsyn.core.errors import NotFoundError
from samsyn.core.models import Job
from samsyn.core.outbox import emit
from samsyn.core.rules import JobState
from samsyn.core.uow import UnitOfWork

CANCELLED: Final = "cancelled"
"""The error of a job that its owner stopped."""
OPEN: Final = frozenset({JobState.QUEUED, JobState.RUNNING})


@dataclass(frozen=True, slots=True)
class JobCard:
    """How far a piece of work is: ``done`` of ``total`` things; ``error`` is a stable code, never a text."""

    id: UUID
    task: str
    state: JobState
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    error: str | None
    person_id: UUID
    """Whose it is: a worker that does it reads what only that person may read."""

    @property
    def open(self) -> bool:
        """Say whether it has not ended."""
        return self.state in OPEN

    @property
    def cancelled(self) -> bool:
        """Say whether its owner stopped it."""
        return self.error == CANCELLED


def start_job(uow: UnitOfWork, task: str, *, queued: bool = True) -> UUID:
    """Write a job of the viewer and, in the same transaction, the outbox row of ``task`` with the job as subject.

    ``queued=False`` writes no outbox row: the caller does the work itself (the command line).
    """
    job_id = uuid4()
    uow.session.add(
        Job(
            id=job_id,
            reader_id=uow.me,
            person_id=uow.person,
            task=task,
            state=JobState.QUEUED,
            done=0,
            total=0,
            created_at=uow.now,
        )
    )
    uow.session.flush()
    if queued:
        emit(uow, task, job_id, acts_for=uow.me)
    return job_id


def begun_since(uow: UnitOfWork, task: str, moment: datetime) -> int:
    """Return how many jobs of a task the viewer has begun since a moment."""
    mine = (Job.person_id == uow.person, Job.reader_id == uow.me, Job.task == task, Job.created_at > moment)
    return uow.session.scalar(select(func.count()).where(*mine)) or 0


def report_progress(uow: UnitOfWork, job_id: UUID, done: int, total: int) -> None:
    """Say how far it is; a job that has ended stays as it ended."""
    _set(uow, job_id, state=JobState.RUNNING, done=done, total=total)


def finish_job(uow: UnitOfWork, job_id: UUID, error: str | None = None) -> None:
    """End a job, well or with the code of an error; a second ending changes nothing."""
    _set(uow, job_id, state=JobState.FAILED if error else JobState.DONE, finished_at=uow.now, error=error)


def cancel_job(uow: UnitOfWork, job_id: UUID) -> None:
    """Stop a job of the viewer's own: what was committed stays, the next step finds it ended."""
    get_job(uow, job_id)
    finish_job(uow, job_id, CANCELLED)


def get_job(uow: UnitOfWork, job_id: UUID) -> JobCard:
    """Return a job of the viewer's own; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.execute(
        select(
            Job.id, Job.task, Job.state, Job.done, Job.total, Job.created_at, Job.finished_at, Job.error, Job.person_id
        ).where(Job.id == job_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("no such job")
    return JobCard(*row)


def _set(uow: UnitOfWork, job_id: UUID, **values: object) -> None:
    uow.session.execute(update(Job).where(Job.id == job_id, Job.state.in_(OPEN)).values(**values))
