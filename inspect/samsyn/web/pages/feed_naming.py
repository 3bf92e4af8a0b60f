"""What the authority lets its people's own calendars say: decided by a unit administrator, for all of them."""

from __future__ import annotations

from typing import Final

from flask import Response, request

from samsyn.access.queries import staff_names
from samsyn.access.rules import Role
from samsyn.calendars.queries import naming_of
from samsyn.calendars.service import decide_naming
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.pages.collaborations import administers
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("feed_naming")
HERE: Final = "/settings/feeds"
DECIDED: Final = "decided"

SECTIONS.append(Section("feeds/_section.html.j2", lambda _uow: {"admin": administers()}))


@blueprint.get("/settings/feeds")
@guarded(Role.UNIT_ADMIN)
def get_feed_naming() -> str:
    """What it means, how it stands, and who decided it when."""
    with unit_of_work(current_viewer()) as uow:
        naming = naming_of(uow)
        by = naming.decided_by_id
        who = staff_names(uow, {by}).get((by, uow.me), "") if by else ""
    return page("feeds/naming.html.j2", naming=naming, who=who, decided=DECIDED in request.args)


@blueprint.post("/settings/feeds/allow")
@guarded(Role.UNIT_ADMIN)
def post_allow() -> Response:
    """Let full feeds say where announced and done visits go; from their next fetch on."""
    return decided(allowed=True)


@blueprint.post("/settings/feeds/end")
@guarded(Role.UNIT_ADMIN)
def post_end() -> Response:
    """Let them say it no longer; from their next fetch on."""
    return decided(allowed=False)


def decided(*, allowed: bool) -> Response:
    """Write the decision, once per form."""

    def make(uow: UnitOfWork) -> str:
        decide_naming(uow, allowed=allowed)
        return f"{HERE}?{DECIDED}=1"

    return once_then_go(make)
