"""The person's own calendar: where it is fetched, what was understood of it, and why a fetch came to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from flask import Response, request
from pydantic import StringConstraints

from samsyn.core.outgoing import LONGEST_ADDRESS
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries import own_calendar
from samsyn.planning.service import fetch_now, put_address, remove_address
from samsyn.planning.service.hours import STALE
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("own_calendar")
HERE: Final = "/settings/calendar"
REMOVED: Final = "removed"
JUST_NOW: Final = "just_now"


class AddressForm(Body):
    """Where the calendar is."""

    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ADDRESS)]


def section(uow: UnitOfWork) -> Mapping[str, Any]:
    """Return what the settings say of it."""
    return {"calendar": own_calendar(uow, current_keys(), shown=0) if uow.viewer.person_id else None}


SECTIONS.append(Section("access/_own_calendar.html.j2", section))


@blueprint.get("/settings/calendar")
@guarded()
def get_calendar() -> str:
    """The address's host, the times that were understood, and the form for another address."""
    return show(new_form())


@blueprint.post("/settings/calendar")
@guarded()
def post_calendar() -> Response:
    """Keep an address in place of the one before, and fetch it; the next page shows how far that is."""

    def make(uow: UnitOfWork, asked: AddressForm) -> str:
        return f"/jobs/{put_address(uow, current_keys(), asked.address)}"

    return answer_form(AddressForm, make, show)


@blueprint.post("/settings/calendar/fetch")
@guarded()
def post_fetch() -> Response:
    """Fetch it now."""

    def make(uow: UnitOfWork) -> str:
        job_id = fetch_now(uow)
        return f"{HERE}?{JUST_NOW}=1" if job_id is None else f"/jobs/{job_id}"

    return once_then_go(make)


@blueprint.post("/settings/calendar/remove")
@guarded()
def post_remove() -> Response:
    """Forget the address, and all that was read there."""

    def make(uow: UnitOfWork) -> str:
        remove_address(uow)
        return f"{HERE}?{REMOVED}=1"

    return once_then_go(make)


def show(form: Form[Any]) -> str:
    """Render the page. What was typed is in the form it came in, and nowhere else: an address that is kept is not."""
    with unit_of_work(current_viewer()) as uow:
        calendar, now = own_calendar(uow, current_keys()), uow.now
    said = next((name for name in (REMOVED, JUST_NOW) if name in request.args), "")
    old = calendar is not None and calendar.fetched_at is not None and now - calendar.fetched_at > STALE
    return page("access/own_calendar.html.j2", form=form, calendar=calendar, said=said, old=old)
