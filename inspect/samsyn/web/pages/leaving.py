"""A colleague leaves: what a last day brings is shown before it is decided; and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, g
from pydantic import Field as Kept
from pydantic import StringConstraints

from samsyn.access.queries import PlaceCard, get_place, other_administrators
from samsyn.access.rules import Role
from samsyn.access.service import PlaceEnds, may_administer, return_to_place
from samsyn.approvals.rules import LONGEST
from samsyn.approvals.service import AskReturn
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.leaving import leave, what_leaving_brings
from samsyn.lifecycle.two_people import ask_for_return
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.staff import MORE, SAVED
from samsyn.web.pages.staff import show as show_person
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("leaving")
ADMIN: Final = Role.UNIT_ADMIN
NOTICE: Final = timedelta(days=14)
ASKING: Final = "asked_to_return"


class LeaveQuery(Body):
    """The last day to look at."""

    last_day: str = Kept(default="", max_length=10)
    lang: str = Kept(default="", max_length=2)


class ReturnForm(Body):
    """Why somebody who is out comes back; the colleague who decides reads it."""

    reason: Annotated[Prose, StringConstraints(max_length=LONGEST)] | None = None


class LeaveForm(Body):
    """The last day that was decided."""

    last_day: date


def section(uow: UnitOfWork, place: PlaceCard) -> Mapping[str, Any]:
    """Return what the person's page shows of it; the form of a question that came back stands in ``g``."""
    form = g.get(ASKING) or new_form()
    return {"place": place, "may": may_administer(uow, place), "out": place.out(uow.today), "form": form}


MORE.append(("staff/_leaving.html.j2", section))


@blueprint.get("/people/<uuid:person_id>/leave")
@guarded(ADMIN)
@blueprint.input(LeaveQuery, location="query", arg_name="query")
def get_leave(person_id: UUID, query: LeaveQuery) -> tuple[str, int]:
    """What a last day brings."""
    try:
        day = date.fromisoformat(query.last_day) if query.last_day else None
    except ValueError:
        form: Form[Any] = Form(typed={"last_day": [query.last_day]}, faults={"last_day": [t("staff.leave.no_day")]})
        return show(person_id, None, form), 422
    return show(person_id, day), 200


@blueprint.post("/people/<uuid:person_id>/leave")
@guarded(ADMIN)
def post_leave(person_id: UUID) -> Response:
    """Note the last day, and release what is booked after it."""

    def make(uow: UnitOfWork, asked: LeaveForm) -> str:
        leave(uow, PlaceEnds(person_id, asked.last_day))
        return f"/people/{person_id}?{SAVED}=1"

    return answer_form(LeaveForm, make, lambda form: show(person_id, read_day(form), form))


@blueprint.post("/people/<uuid:person_id>/return")
@guarded(ADMIN)
def post_return(person_id: UUID) -> Response:
    """Take a last day that is to come away; for who is out already, ask a colleague to let the person back in."""

    def make(uow: UnitOfWork, asked: ReturnForm) -> str:
        if get_place(uow, person_id).out(uow.today):
            ask_for_return(uow, AskReturn(person_id, asked.reason or ""))
            return "/approvals#mine"
        return_to_place(uow, person_id)
        return f"/people/{person_id}?{SAVED}=1"

    def again(form: Form[Any]) -> str:
        g.asked_to_return = form
        return show_person(person_id)

    return answer_form(ReturnForm, make, again)


def read_day(form: Form[Any]) -> date | None:
    """Return the day of a form that came back."""
    try:
        return date.fromisoformat(form.text("last_day"))
    except ValueError:
        return None


def show(person_id: UUID, last_day: date | None, form: Form[Any] | None = None) -> str:
    """Render the page; with a day what it brings."""
    with unit_of_work(current_viewer()) as uow:
        place = get_place(uow, person_id)
        if not may_administer(uow, place):
            raise NotAllowedError("the administrator of that person's unit does that")
        usual = uow.today + NOTICE
        last = Role.UNIT_ADMIN in place.roles and not other_administrators(uow, person_id)
        brings = what_leaving_brings(uow, person_id, last_day) if last_day and not last else None
    typed = form or new_form({"last_day": (last_day or place.until_on or usual).isoformat()})
    return page("staff/leave.html.j2", form=typed, place=place, brings=brings, last_administrator=last)
