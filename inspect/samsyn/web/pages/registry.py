"""Changing a business by hand: what stands in the registry, and a new operator at its place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, Field, StringConstraints, create_model

from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.queries import get_business, opening_hours_of, permits_of, spell_of
from samsyn.businesses.rules import PermitKind, Trade
from samsyn.businesses.service import (
    AddBusiness,
    ChangeOperator,
    EditBusiness,
    OpenSpell,
    SetPermit,
    add_business,
    change_operator,
    edit_business,
)
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages.businesses import in_words, word
from samsyn.web.pages.opening import WEEKDAYS, read_day, weekday_name, written
from samsyn.web.parsing import Body, Line, one_line
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("registry")
Postcode = Annotated[str, StringConstraints(pattern=r"^\d{3} ?\d{2}$")]
Hours = Annotated[str, StringConstraints(max_length=100), AfterValidator(one_line)]
PLACE: Final = ("name", "address", "postcode", "town")


class EditForm(Body):
    """The place and what is done there; ``EDIT`` adds a field per weekday and three per kind of permit."""

    name: Line
    address: Line
    postcode: Postcode
    town: Line
    trades: tuple[Trade, ...] = Field(default=(), max_length=20)


class NewForm(Body):
    """A new business; who runs it may be unknown yet."""

    collaboration_id: UUID
    name: Line
    address: Line
    postcode: Postcode
    town: Line
    trades: tuple[Trade, ...] = Field(default=(), max_length=20)
    operator: Line | None = None
    number: Annotated[str, StringConstraints(max_length=20)] = ""


class OperatorForm(Body):
    """A new operator and the first day."""

    name: Line
    number: Annotated[str, StringConstraints(max_length=20)] = ""
    on: date


def edit_model() -> type[EditForm]:
    """Return the form's model: ``hours_1`` to ``hours_7``; ``held_``, ``from_`` and ``until_`` of each permit."""
    fields: dict[str, Any] = {f"hours_{day}": (Hours, "") for day in WEEKDAYS}
    for kind in PermitKind:
        fields[f"held_{kind}"] = (bool, False)
        fields[f"from_{kind}"] = (date | None, None)
        fields[f"until_{kind}"] = (date | None, None)
    return create_model("EditFormOfKinds", __base__=EditForm, **fields)


EDIT: Final = edit_model()


def show_edit(business_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form with what stands now, or as it came back."""
    with unit_of_work(current_viewer()) as uow:
        business, permits = get_business(uow, business_id), permits_of(uow, business_id)
        hours = opening_hours_of(uow, {business_id}).get(business_id, ())
        version = spell_of(uow, business_id).version
    initial: dict[str, object] = {name: getattr(business, name) for name in PLACE}
    initial["trades"] = business.trades
    for day in WEEKDAYS:
        initial[f"hours_{day}"] = written(one for one in hours if one.weekday == day)
    for one in permits:
        initial[f"held_{one.kind}"] = "true"
        initial |= {f"from_{one.kind}": one.valid_from, f"until_{one.kind}": one.valid_until}
    days = {f"hours_{day}": weekday_name(day, current_language()) for day in WEEKDAYS}
    return page(
        "businesses/edit.html.j2",
        business=business,
        form=form or new_form(initial),
        version=version,
        labels=labels() | days,
        days=days,
        trades=in_words("trade", Trade),
        kinds=in_words("permit", PermitKind),
        known={one.kind for one in permits},
    )


def labels() -> dict[str, str]:
    """Return the words of the fields for the summary of faults."""
    found = {name: t(f"registry.field.{name}") for name in (*PLACE, "trades")}
    for kind in PermitKind:
        for end in ("from", "until"):
            found[f"{end}_{kind}"] = f"{word('permit', kind)}, {t(f'registry.field.{end}')}"
    return found


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new business."""
    with unit_of_work(current_viewer()) as uow:
        collaborations = [(str(one.id), one.name) for one in my_collaborations(uow)]
    words = {name: t(f"registry.field.{name}") for name in (*PLACE, "trades", "operator", "number")}
    words["collaboration_id"] = t("operations.field_of.collaboration_id")
    said = {"collaborations": collaborations, "labels": words, "trades": in_words("trade", Trade)}
    return page("businesses/new.html.j2", form=form or new_form(), **said)


@blueprint.get("/businesses/new")
@guarded("planner")
def get_new() -> str:
    """The form."""
    return show_new()


@blueprint.post("/businesses/new")
@guarded("planner")
def post_new() -> Response:
    """Add one business and go to it."""

    def make(uow: UnitOfWork, asked: NewForm) -> str:
        place = place_asked(asked)
        new = AddBusiness(asked.collaboration_id, **place, trades=asked.trades, operator=asked.operator or "",
                          number=asked.number)  # fmt: skip
        return f"/businesses/{add_business(uow, current_keys(), new)}?changed"

    return answer_form(NewForm, make, show_new)


@blueprint.get("/businesses/<uuid:business_id>/edit")
@guarded("planner")
def get_edit(business_id: UUID) -> str:
    """The form."""
    return show_edit(business_id)


@blueprint.post("/businesses/<uuid:business_id>/edit")
@guarded("planner")
def post_edit(business_id: UUID) -> Response:
    """Write what reads otherwise now, unless somebody changed the place meanwhile."""

    def make(uow: UnitOfWork, asked: EditForm) -> str:
        place = place_asked(asked)
        hours, permits = hours_of(asked), permits_asked(business_id, asked)
        edit_business(uow, EditBusiness(business_id, **place, trades=asked.trades, hours=hours, permits=permits,
                                        seen_version=seen_version()))  # fmt: skip
        return f"/businesses/{business_id}?changed"

    return answer_form(EDIT, make, lambda form: show_edit(business_id, form))


def place_asked(asked: EditForm | NewForm) -> dict[str, str]:
    """Return the place as it is written, the postcode with its space."""
    place = {name: getattr(asked, name) for name in PLACE}
    return place | {"postcode": f"{asked.postcode[:3]} {asked.postcode[-2:]}"}


def hours_of(asked: EditForm) -> tuple[OpenSpell, ...]:
    """Return the week's hours; ``InvalidError`` at the days that cannot be read."""
    found: list[OpenSpell] = []
    faults: dict[str, list[str]] = {}
    for day in WEEKDAYS:
        try:
            found += read_day(day, getattr(asked, f"hours_{day}"))
        except ValueError:
            faults[f"hours_{day}"] = [t("registry.no_hours")]
    if faults:
        raise InvalidError("no hours", fields=faults)
    return tuple(found)


def permits_asked(business_id: UUID, asked: EditForm) -> tuple[SetPermit, ...]:
    """Return the permits that are held; ``InvalidError`` at one that ends before it begins."""
    found, faults = [], {}
    for kind in PermitKind:
        first, last = getattr(asked, f"from_{kind}"), getattr(asked, f"until_{kind}")
        if not (getattr(asked, f"held_{kind}") or first or last):
            continue
        if first and last and last < first:
            faults[f"until_{kind}"] = [t("registry.ends_before")]
        found.append(SetPermit(business_id, kind, first, last))
    if faults:
        raise InvalidError("ends before it begins", fields=faults)
    return tuple(found)


def show_operator(business_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a new operator."""
    with unit_of_work(current_viewer()) as uow:
        business, spell, today = get_business(uow, business_id), spell_of(uow, business_id), uow.today
    said = {
        name: t(f"registry.field.{where}") for name, where in (("name", "operator"), ("number", "number"), ("on", "on"))
    }
    form = form or new_form({"on": today})
    return page("businesses/operator.html.j2", business=business, version=spell.version, form=form, labels=said)


@blueprint.get("/businesses/<uuid:business_id>/operator")
@guarded("planner")
def get_operator(business_id: UUID) -> str:
    """The form."""
    return show_operator(business_id)


@blueprint.post("/businesses/<uuid:business_id>/operator")
@guarded("planner")
def post_operator(business_id: UUID) -> Response:
    """End the business and begin one of another operator at the same place; go to the new one."""

    def make(uow: UnitOfWork, asked: OperatorForm) -> str:
        command = ChangeOperator(business_id, asked.name, asked.number, asked.on, seen_version())
        return f"/businesses/{change_operator(uow, current_keys(), command)}?changed"

    return answer_form(OperatorForm, make, lambda form: show_operator(business_id, form))
