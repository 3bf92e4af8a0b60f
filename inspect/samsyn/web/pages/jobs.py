"""How far a long piece of work is: fetched again by itself until it has ended, and stopped by its owner."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from samsyn.core.jobs import cancel_job, get_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.rules import RUN_JOB
from samsyn.imports.rules import WRITE_LIST
from samsyn.planning.rules import PLAN_CAMPAIGN
from samsyn.planning.service import FETCH_NOW
from samsyn.texts import has
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("jobs")
AGAIN_AFTER: Final = 2
"""Seconds until the page of a job that goes on is fetched again where no script runs (``progress.js``)."""
LEADS_TO: Final = {
    RUN_JOB: ("/dossiers", "/dossiers"),
    WRITE_LIST: ("/import/{}/result", "/import"),
    FETCH_NOW: ("/settings/calendar", "/settings/calendar"),
    PLAN_CAMPAIGN: ("/campaigns", "/campaigns"),
}
"""Where the result of a task's jobs is, and where a person goes on when one failed or was stopped."""


def kind_of(task: str) -> str:
    """Return the word under which the texts know a task; ``other`` for one without words of its own."""
    word = task.removeprefix("samsyn.").replace(".", "_")
    return word if has(f"jobs.title.{word}") else "other"


@blueprint.get("/jobs/<uuid:job_id>")
@guarded()
def get_one(job_id: UUID) -> str:
    """One job of the viewer's own."""
    with unit_of_work(current_viewer()) as uow:
        job = get_job(uow, job_id)
    well, ill = LEADS_TO.get(job.task, ("/", "/"))
    leads_to = (ill if job.error else well).format(job.id)
    return page("job.html.j2", job=job, kind=kind_of(job.task), leads_to=leads_to, again=AGAIN_AFTER)


@blueprint.post("/jobs/<uuid:job_id>/cancel")
@guarded()
def post_cancel(job_id: UUID) -> Response:
    """Stop it: what is done stays done."""

    def make(uow: UnitOfWork) -> str:
        cancel_job(uow, job_id)
        return f"/jobs/{job_id}"

    return once_then_go(make)
