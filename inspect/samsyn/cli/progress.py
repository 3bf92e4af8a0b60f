"""How far a piece of work is, in the terminal: the job's own row, or things that are gone through one by one.

Drawn on standard error and only for a person who watches: a pipe and ``--json`` get what they always got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from time import monotonic
from typing import Final, TypeVar
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from samsyn.core.errors import SamsynError
from samsyn.core.jobs import CANCELLED, JobCard, finish_job, get_job, report_progress, start_job
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer

T = TypeVar("T")
ALOUD: Final = 0.5
"""Seconds between two reports: each is a transaction."""


class JobFailedError(SamsynError):
    """The job ended with an error, or its owner cancelled it on the page."""

    code = "job_failed"


@contextmanager
def bar(label: str, total: int | None = None, console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """Draw a bar; yield a function that says how far it is (done, total)."""
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task: TaskID = progress.add_task(label, total=total)

        def say(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of or None)

        yield say


@contextmanager
def bar_of_job(owner: Viewer, task: str, label: str, *, long: bool) -> Iterator[Callable[[int, int], None]]:
    """Draw a bar; for long work also keep a job's row, so that its owner's page shows how far it is and how it ended.

    The row is written in transactions beside the work's own. A job that its owner cancels there stops here, with
    ``JobFailedError``; the work's transaction is then rolled back.
    """
    with bar(label) as say:
        if not long:
            yield say
            return
        with unit_of_work(owner) as uow:
            job_id = start_job(uow, task, queued=False)
        said = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal said
            say(done, total)
            if monotonic() - said >= ALOUD:
                said = monotonic()
                with unit_of_work(owner) as uow:
                    report_progress(uow, job_id, done, total)
                    if not get_job(uow, job_id).open:
                        raise JobFailedError(CANCELLED)

        error: str | None = CANCELLED  # also of whatever is not expected, an interrupt among it
        try:
            yield tell
            error = None
        except SamsynError as refused:
            error = refused.code
            raise
        finally:
            with unit_of_work(owner) as uow:
                finish_job(uow, job_id, error)


def follow(things: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield the things, with a bar while they are gone through."""
    known = total if total is not None else len(things) if isinstance(things, Sized) else None
    with bar(label, known) as say:
        for done, thing in enumerate(things):
            say(done, known or 0)
            yield thing


def follow_job(owner: Viewer, job_id: UUID, label: str, advance: Callable[[], object]) -> JobCard:
    """Call ``advance`` until the job has ended, showing its row; return how it ended.

    ``advance`` takes one step of it, or waits for whoever does. Raises ``JobFailedError`` with the job's error.
    """
    with bar(label) as say:
        while True:
            with unit_of_work(owner) as uow:
                job = get_job(uow, job_id)
            say(job.done, job.total)
            if not job.open:
                break
            advance()
    if job.error:
        raise JobFailedError(job.error)
    return job
