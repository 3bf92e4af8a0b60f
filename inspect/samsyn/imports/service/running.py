"""A list that is too long for a request: a job of its person, whose result has the job's own id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from samsyn.access.queries import viewer_now
from samsyn.core.errors import NotFoundError, SamsynError
from samsyn.core.jobs import finish_job, get_job, report_progress, start_job
from samsyn.core.keys import Keys
from samsyn.core.models import Draft
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.queries import BEGUN, look_at, open_draft
from samsyn.imports.rules import BIG, WRITE_LIST, Outcome
from samsyn.imports.service.drafts import add_draft
from samsyn.imports.service.finishing import ImportFaultyError, finish_import

ALOUD: Final = 0.5
"""Seconds between two reports: each is a transaction."""


class StoppedError(SamsynError):
    """The owner cancelled the job, or its lease was lost; what was not committed is rolled back."""

    code = "stopped"


@dataclass(frozen=True, slots=True)
class Started:
    """Written at once, and then ``result_id`` says what became of it; or a job to follow."""

    result_id: UUID | None = None
    job_id: UUID | None = None


def write_or_start(uow: UnitOfWork, keys: Keys, draft_id: UUID) -> Started:
    """Write a short list now; start a job for a long one, or return the one that is at it already.

    ``ImportFaultyError`` in both cases before anything is written or started.
    """
    begun = open_draft(uow, keys, draft_id)
    if (job_id := open_job(uow, draft_id)) is not None:
        return Started(job_id=job_id)
    look = look_at(uow, keys, begun).look
    if look.faults:
        raise ImportFaultyError(look)
    if len(look.lines) - look.counts[Outcome.UNCHANGED] <= BIG[begun.subject]:
        return Started(result_id=finish_import(uow, keys, draft_id))
    job_id = start_job(uow, WRITE_LIST)
    add_draft(uow, keys, form_of(draft_id), None, job_id)
    return Started(job_id=job_id)


def form_of(draft_id: UUID) -> str:
    """Return the word under which a job stands beside the draft that it writes."""
    return f"{BEGUN}ing.{draft_id}"


def open_job(uow: UnitOfWork, draft_id: UUID) -> UUID | None:
    """Return the job that writes a list at this moment, or nothing."""
    jobs = select(Draft.id).where(Draft.form == form_of(draft_id), Draft.person_id == uow.person)
    return next((one for one in uow.session.scalars(jobs.limit(50)) if get_job(uow, one).open), None)


def run_list(worker: Viewer, keys: Keys, job_id: UUID, alive: Callable[[], bool]) -> None:
    """Write the list of a job as its person, with today's roles, and end the job in the same transaction.

    Twice is once: the second time the job has ended. ``alive`` keeps the worker's hold of it, and says False when that
    is lost. Whatever refuses the list ends the job with its code; a stopped job leaves nothing but people, who were
    written one by one.
    """
    with unit_of_work(worker) as uow:
        job = get_job(uow, job_id)
        owner = viewer_now(uow, job.person_id)
    if not job.open:
        return
    try:
        if owner is None:
            raise NotFoundError("has left")
        with unit_of_work(owner) as uow:
            write_list(uow, keys, job_id, alive)
    except StoppedError:
        return
    except SamsynError as error:
        with unit_of_work(worker) as uow:
            finish_job(uow, job_id, error.code)


def write_list(uow: UnitOfWork, keys: Keys, job_id: UUID, alive: Callable[[], bool]) -> None:
    """Write the list, reporting in transactions beside this one; ``StoppedError`` once somebody stopped it."""
    draft_id = uow.session.scalar(
        delete(Draft).where(Draft.id == job_id, Draft.person_id == uow.person).returning(Draft.form)
    )
    if draft_id is None:
        raise NotFoundError("no such list")
    said = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal said
        if monotonic() - said >= ALOUD:
            said = monotonic()
            uow.session.scalar(select(1))  # people are written beside this transaction, which would count as idle
            go_on(uow.viewer, job_id, done, total, alive)

    finish_import(uow, keys, UUID(draft_id.partition(".")[2]), result_id=job_id, tell=tell)
    finish_job(uow, job_id)  # waits for who cancels in this moment: the first ending stands
    if get_job(uow, job_id).cancelled or not alive():
        raise StoppedError("stopped")


def go_on(owner: Viewer, job_id: UUID, done: int, total: int, alive: Callable[[], bool]) -> None:
    """Say how far it is; ``StoppedError`` where it is not to go on."""
    with unit_of_work(owner) as uow:
        report_progress(uow, job_id, done, total)
        going = get_job(uow, job_id).open
    if not going or not alive():
        raise StoppedError("stopped")
