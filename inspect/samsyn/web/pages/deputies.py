"""Who stands in for a colleague: named by the person, from the settings, or by the administrator, from the people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from samsyn.access.queries import PlaceCard, get_place, list_deputies, list_staff
from samsyn.access.queries.deputies import STANDS_IN
from samsyn.access.service import NameDeputy, end_deputy, name_deputy
from samsyn.access.service.deputies import LONGEST, demand_own
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.pages.staff import MORE, SAVED
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("deputies")
USUAL: Final = timedelta(days=14)


class DeputyForm(Body):
    """Who stands in, and when."""

    deputy_id: UUID
    from_on: date
    until_on: date


def of_person(uow: UnitOfWork, place: PlaceCard) -> Mapping[str, Any]:
    """Return what the person's page shows of it."""
    return {"place": place, "deputies": list_deputies(uow, place.person_id)}


def own(uow: UnitOfWork) -> Mapping[str, Any]:
    """Return what the settings show of it, to who plans or decides."""
    person = uow.viewer.person_id
    if person is None or not STANDS_IN & uow.viewer.roles:
        return {"person_id": None, "deputies": []}
    return {"person_id": person, "deputies": list_deputies(uow, person)}


MORE.append(("staff/_deputies.html.j2", of_person))
SECTIONS.append(Section("staff/_own_deputies.html.j2", own))


@blueprint.get("/people/<uuid:person_id>/deputy")
@guarded()
def get_deputy(person_id: UUID) -> str:
    """Who stands in, and the form to name somebody."""
    return show(person_id)


@blueprint.post("/people/<uuid:person_id>/deputy")
@guarded()
def post_deputy(person_id: UUID) -> Response:
    """Name a deputy."""

    def make(uow: UnitOfWork, asked: DeputyForm) -> str:
        name_deputy(uow, NameDeputy(person_id, asked.deputy_id, asked.from_on, asked.until_on))
        return f"/people/{person_id}/deputy?{SAVED}=1"

    return answer_form(DeputyForm, make, lambda form: show(person_id, form))


@blueprint.post("/people/<uuid:person_id>/deputy/<uuid:deputy_id>/end")
@guarded()
def post_end(person_id: UUID, deputy_id: UUID) -> Response:
    """End it at once."""

    def make(uow: UnitOfWork) -> str:
        end_deputy(uow, person_id, deputy_id)
        return f"/people/{person_id}/deputy?{SAVED}=1"

    return once_then_go(make)


def show(person_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the page for the person, or for the administrator of the person's unit."""
    with unit_of_work(current_viewer()) as uow:
        place = get_place(uow, person_id)
        demand_own(uow, place)
        able = [
            one
            for one in list_staff(uow, uow.me, ALL)
            if one.unit_id == place.unit_id and one.person_id != person_id and STANDS_IN & set(one.roles)
        ]
        today, deputies, mine = uow.today, list_deputies(uow, person_id), person_id == uow.viewer.person_id
    usual = {"from_on": today.isoformat(), "until_on": (today + USUAL).isoformat()}
    return page(
        "staff/deputy.html.j2",
        form=form or new_form(usual),
        place=place,
        deputies=deputies,
        options=[(str(one.person_id), one.shown_name) for one in able],
        mine=mine,
        longest=LONGEST.days,
        saved=t("staff.deputy.saved") if SAVED in request.args else "",
    )
