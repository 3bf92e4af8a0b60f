"""The trail, as the log reviewer of an authority reads it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.access.rules import Role
from samsyn.audit.queries import list_audit
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, listed
from samsyn.web.parsing import Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("audit")


class AuditOut(Shown):
    """One act on an object of the own authority."""

    id: UUID
    at: datetime
    actor_authority_id: UUID
    actor_person_id: UUID | None
    action: str
    object_id: UUID
    reason: str | None


class AuditPage(Shown):
    """Some acts, newest first."""

    items: list[AuditOut]
    next_cursor: str | None


@blueprint.get("/audit")
@guarded(Role.LOG_REVIEWER)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(AuditPage)
def get_audit(query: PageQuery) -> dict[str, object]:
    """Who did what to the own authority's objects, newest first."""
    with unit_of_work(current_viewer()) as uow:
        return listed(list_audit(uow, query.seek()))
