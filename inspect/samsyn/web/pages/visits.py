"""Visits: adding one and asking authorities, ending it, declaring jäv."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import AuthorityLine, members_of
from samsyn.businesses.queries import BusinessCard, BusinessFilter, get_business, list_businesses
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.paging import MOST, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import OperationCard, VisitLine, get_operation, get_visit, targets_of, visits_of
from samsyn.operations.rules import VisitState
from samsyn.operations.service import AddVisit, EndVisit, add_visit, declare_recusal, end_visit
from samsyn.planning.burden import Burden
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer, in_field
from samsyn.web.localtime import day_of
from samsyn.web.pages.asking import VisitForm, asked_parts, codes_of, first_answers, part_labels, visit_model
from samsyn.web.pages.burden import places_of, short_words
from samsyn.web.pages.operation_page import form_page, led
from samsyn.web.parsing import Body, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("visits")
USUAL: Final = timedelta(minutes=45)
ENDS: Final = tuple(state for state in VisitState if state is not VisitState.PLANNED)
VISIT_FIELDS: Final = ("business_id", "starts_at", "ends_at", "announced", "open_at", "safety_note")


class EndForm(Body):
    """How and when a visit ended."""

    state: VisitState
    ended_at: Moment


class RecusalForm(Body):
    """Why the person may not take part; stays in the silo."""

    reason: Prose = Field(max_length=2000)


def next_times(operation: OperationCard, visits: Sequence[VisitLine]) -> dict[str, datetime]:
    """Return when the next visit might be: after the last one, within the operation."""
    last = max((visit.ends_at for visit in visits), default=operation.starts_at)
    starts_at = last if last < operation.ends_at else operation.starts_at
    return {"starts_at": starts_at, "ends_at": min(starts_at + USUAL, operation.ends_at)}


def businesses_to_choose(uow: UnitOfWork, operation: OperationCard, begins: str, chosen: str) -> list[BusinessCard]:
    """Return up to 200 businesses that run and whose name or street begins so, and the one that is chosen already."""
    wanted = BusinessFilter(begins, running=True, day=uow.today)
    found = list_businesses(uow, Seek(MOST), collaboration_id=operation.collaboration_id, wanted=wanted)
    cards = list(found.items)
    if chosen and chosen not in {str(card.id) for card in cards}:
        try:
            cards.insert(0, get_business(uow, UUID(chosen)))
        except (ValueError, NotFoundError):
            return cards
    return cards


def in_words(business: BusinessCard, burden: Burden) -> str:
    """Return a business as a choice: its name and street, and the nearest other visit where one is near."""
    return ", ".join(filter(None, (business.name, business.address, short_words(burden))))


def day_typed(form: Form[Any], operation: OperationCard) -> date:
    """Return the day that the visit is to be on, as the address or the form says it; else the operation's first."""
    try:
        return date.fromisoformat(request.args.get("starts_at_date") or form.text("starts_at_date"))
    except ValueError:
        return day_of(operation.starts_at)


def show_new(operation_id: UUID, members: Sequence[AuthorityLine] | None = None, form: Form[Any] | None = None) -> str:
    """Render the form of a visit: where, when, and what is asked of each member of the collaboration."""
    begins = request.args.get("begins_with", "")[:100]
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        members = members or members_of(uow, operation.collaboration_id)
        codes = codes_of(uow, members)
        if form is None:
            times = next_times(operation, visits_of(uow, operation_id))
            chosen = {"business_id": request.args.get("business", request.args.get("business_id", ""))}
            form = new_form({**first_answers(codes), **times, **chosen})
        businesses = businesses_to_choose(uow, operation, begins, form.text("business_id"))
        places, day = places_of(uow, {one.premises_id for one in businesses}), day_typed(form, operation)
    labels = {name: t(f"operations.field_of.{name}") for name in VISIT_FIELDS} | part_labels(members)
    burdens = {str(one.id): places.on(one.premises_id, day) for one in businesses}
    options = [(str(one.id), in_words(one, burdens[str(one.id)])) for one in businesses]
    more = {"members": members, "codes": codes, "options": options, "begins": begins, "full": len(options) >= MOST}
    more |= {"burden": burdens.get(form.text("business_id")), "day": day}
    more["says"] = [t("operation.says.visit_parts"), t("operation.says.visit_told")]
    return form_page("visit-new", operation, form, labels, **more)


@blueprint.get("/operations/<uuid:operation_id>/visits/new")
@guarded("planner")
def get_new(operation_id: UUID) -> str:
    """The form; ``begins_with`` in the address narrows the businesses, ``business`` chooses one.

    With a script the page asks by ``business_id`` and ``starts_at_date`` what is known of a place that was chosen.
    """
    return show_new(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/visits/new")
@guarded("planner")
def post_new(operation_id: UUID) -> Response:
    """Add a visit and what is asked of whom."""
    with unit_of_work(current_viewer()) as uow:
        members = members_of(uow, led(uow, operation_id).collaboration_id)

    def make(uow: UnitOfWork, asked: VisitForm) -> str:
        values = {name: getattr(asked, name) for name in VISIT_FIELDS}
        add_visit(uow, AddVisit(operation_id, **values, parts=asked_parts(asked, members)))
        return f"/operations/{operation_id}?done=visit"

    return answer_form(visit_model(members), make, lambda form: show_new(operation_id, members, form))


def place_of(visit_id: UUID) -> tuple[OperationCard, dict[str, Any]]:
    """Return a visit's operation, and what a form about the visit says of it."""
    with unit_of_work(current_viewer()) as uow:
        visit = get_visit(uow, visit_id)
        operation = get_operation(uow, visit.operation_id)
        visits = visits_of(uow, operation.id)
        target = targets_of(uow, operation.id).get(visit_id)
        number = next(n for n, one in enumerate(visits, 1) if one.id == visit_id)
        return operation, {"visit": visit, "n": number, "target": target, "now": uow.now}


def back_to(operation_id: UUID, place: str) -> str:
    """Return where a form about a visit leads: the operation's page, in a field session the evening's."""
    return f"/tonight?operation={operation_id}#content" if in_field() else f"/operations/{operation_id}{place}"


def show_end(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form; the time is now unless something else is typed."""
    operation, said = place_of(visit_id)
    if operation.lead_id != current_viewer().authority_id:
        raise NotAllowedError("the lead's people end its visits")
    labels = {name: t(f"operations.field_of.end_{name}") for name in ("state", "ended_at")}
    options = [(state.value, t(f"operations.visit_state.{state}")) for state in ENDS]
    form = form or new_form({"state": VisitState.DONE, "ended_at": said["now"]})
    return form_page("visit-end", operation, form, labels, options=options, **said)


@blueprint.get("/visits/<uuid:visit_id>/end")
@guarded("planner", "inspector", "decider")
def get_end(visit_id: UUID) -> str:
    """The form."""
    return show_end(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/end")
@guarded("planner", "inspector", "decider")
def post_end(visit_id: UUID) -> Response:
    """Say how and when a visit ended."""

    def make(uow: UnitOfWork, asked: EndForm) -> str:
        visit = get_visit(uow, visit_id)
        end_visit(uow, EndVisit(visit_id, asked.state, asked.ended_at))
        return back_to(visit.operation_id, "?done=ended")

    return answer_form(EndForm, make, lambda form: show_end(visit_id, form))


def show_recusal(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form."""
    operation, said = place_of(visit_id)
    labels = {"reason": t("operations.field_of.reason")}
    return form_page("recusal", operation, form or new_form(), labels, **said)


@blueprint.get("/visits/<uuid:visit_id>/recusal")
@guarded()
def get_recusal(visit_id: UUID) -> str:
    """The form."""
    return show_recusal(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/recusal")
@guarded()
def post_recusal(visit_id: UUID) -> Response:
    """Declare the own conflict of interest: the visit is closed to the person from now on."""

    def make(uow: UnitOfWork, asked: RecusalForm) -> str:
        operation_id = get_visit(uow, visit_id).operation_id
        declare_recusal(uow, visit_id, asked.reason)
        return back_to(operation_id, "#visits")

    return answer_form(RecusalForm, make, lambda form: show_recusal(visit_id, form))
