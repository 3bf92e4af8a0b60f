"""How close two visits to the same place may be before the own planners are warned: the authority's own number."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from pydantic import Field

from samsyn.access.rules import Role
from samsyn.authorities.queries import visit_gap
from samsyn.authorities.rules import MOST_GAP_DAYS
from samsyn.authorities.service import set_visit_gap
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.collaborations import administers
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("visit_gap")
HERE: Final = "/settings/visits"
SAVED: Final = "saved"

SECTIONS.append(Section("settings/_visit_gap.html.j2", lambda _uow: {"admin": administers()}))


class GapForm(Body):
    """The number of days."""

    days: int = Field(ge=0, le=MOST_GAP_DAYS)


def show(form: Form[Any] | None = None) -> str:
    """Render the number as it stands, and what a warning rests on."""
    with unit_of_work(current_viewer()) as uow:
        days = visit_gap(uow)
    form = form or new_form({"days": days})
    return page("settings/visit-gap.html.j2", form=form, days=days, most=MOST_GAP_DAYS, saved=SAVED in request.args)


@blueprint.get("/settings/visits")
@guarded(Role.UNIT_ADMIN)
def get_visit_gap() -> str:
    """The form."""
    return show()


@blueprint.post("/settings/visits")
@guarded(Role.UNIT_ADMIN)
def post_visit_gap() -> Response:
    """Keep the number; it counts from the next page on."""

    def make(uow: UnitOfWork, asked: GapForm) -> str:
        set_visit_gap(uow, asked.days)
        return f"{HERE}?{SAVED}=1"

    return answer_form(GapForm, make, show)
