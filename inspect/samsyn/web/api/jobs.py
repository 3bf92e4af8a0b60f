"""Long pieces of work of the caller's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from samsyn.core.jobs import get_job
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("jobs")


class JobOut(Shown):
    """How far it is: ``done`` of ``total`` things; ``error`` is a stable code."""

    id: UUID
    task: str
    state: str
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    error: str | None


@blueprint.get("/jobs/<uuid:job_id>")
@guarded()
@blueprint.output(JobOut)
def get_one(job_id: UUID) -> Any:
    """One job that the caller started."""
    with unit_of_work(current_viewer()) as uow:
        return get_job(uow, job_id)
