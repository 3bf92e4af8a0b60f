"""Entry that was refused, and the help of the police: written down, asked for, answered; each on a page of its own."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from flask import Response
from pydantic import Field

from samsyn.access.queries import staff_names
from samsyn.assistance.queries import HelpLine, get_help, help_at, list_help, refusals_at
from samsyn.assistance.rules import MOST_ROLE, MOST_TEXT, OPEN, WRITERS, Helped, HelpGround, HelpLaw, Law, laws_of
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, police_at, refuse_entry
from samsyn.authorities.queries import authority_names
from samsyn.authorities.rules import Field as OwnField
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import PartCard, get_visit, operations_by_id, parts_of
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer, in_field
from samsyn.web.pages.operation_page import form_page
from samsyn.web.pages.visits import place_of
from samsyn.web.parsing import Body, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("assistance")
REFUSAL: Final = ("at", "by_role", "said")
ASK: Final = ("law", "ground", "reason", "refusal_id", "at")
ANSWER: Final = ("what", "at", "text")


class RefusalForm(Body):
    """When entry was refused, by somebody in which role, and what was said."""

    at: Moment
    by_role: Prose = Field(max_length=MOST_ROLE)
    said: Prose | None = Field(default=None, max_length=MOST_TEXT)
    mask: bool = False


class HelpForm(Body):
    """By which section help is asked for, on which ground where one is needed, and why."""

    law: HelpLaw
    ground: HelpGround | None = None
    reason: Prose = Field(max_length=MOST_TEXT)
    refusal_id: UUID | None = None
    at: Moment
    mask: bool = False


class AnswerForm(Body):
    """What comes of a request."""

    what: Helped
    at: Moment
    text: Prose | None = Field(default=None, max_length=MOST_TEXT)
    mask: bool = False


def labels_of(names: tuple[str, ...]) -> dict[str, str]:
    """Return the words of some fields."""
    return {name: t(f"assistance.field.{name}") for name in names}


def section_of(law: Law) -> str:
    """Return a section as a choice: whether it asks for a ground is said with it."""
    return t("assistance.conditional", section=law.section) if law.conditional else law.section


def own_open(uow: UnitOfWork, visit_id: UUID) -> list[PartCard]:
    """Return the own parts at a visit where something may be written now; the service's own rules."""
    operation_id = get_visit(uow, visit_id).operation_id
    mine = [one for one in parts_of(uow, operation_id) if one.visit_id == visit_id and one.authority_id == uow.me]
    able = [one for one in mine if not one.withdrawn and one.accepted is not False and one.operation_state in OPEN]
    return able if uow.viewer.roles & WRITERS else []


def fields_of(parts: list[PartCard]) -> set[OwnField]:
    """Return what some parts are about."""
    return {one for part in parts for one in part.fields}


def names_of(uow: UnitOfWork, asked: list[HelpLine]) -> dict[UUID, str]:
    """Return the names of the authorities at both sides."""
    return authority_names(uow, {key for one in asked for key in (one.authority_id, one.answers_id)})


def show_entry(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what is noted at a visit, and the form for a refused entry."""
    operation, said = place_of(visit_id)
    with unit_of_work(current_viewer()) as uow:
        parts = own_open(uow, visit_id)
        refusals, asked = refusals_at(uow, [visit_id]).get(visit_id, []), help_at(uow, [visit_id]).get(visit_id, [])
        names, now = names_of(uow, asked), uow.now
        people = staff_names(uow, {one.written_by for one in refusals})
        wrote = {one.id: people.get((one.written_by, uow.me), "") for one in refusals}
    more = {"refusals": refusals, "asked": asked, "names": names, "wrote": wrote, "writes": bool(parts)}
    asks = bool(laws_of(fields_of(parts)))
    return form_page("entry", operation, form or new_form({"at": now}), labels_of(REFUSAL), asks=asks, **said, **more)


@blueprint.get("/visits/<uuid:visit_id>/entry")
@guarded(*WRITERS)
def get_entry(visit_id: UUID) -> str:
    """The own authority's refused entries at a visit, and the requests of which it is a side; logged."""
    return show_entry(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/entry")
@guarded(*WRITERS)
def post_entry(visit_id: UUID) -> Response:
    """Write down that entry was refused."""

    def make(uow: UnitOfWork, asked: RefusalForm) -> str:
        refuse_entry(uow, RefuseEntry(uuid4(), visit_id, asked.at, asked.by_role, asked.said or "", asked.mask))
        return f"/visits/{visit_id}/entry#noted"

    return answer_form(RefusalForm, make, lambda form: show_entry(visit_id, form))


def show_ask(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form that asks for help, with who is asked."""
    operation, said = place_of(visit_id)
    with unit_of_work(current_viewer()) as uow:
        parts = own_open(uow, visit_id)
        laws = laws_of(fields_of(parts))
        police = police_at(uow, parts[0]) if parts else None
        asks = authority_names(uow, {police.authority_id})[police.authority_id] if police is not None else ""
        refusals, now = refusals_at(uow, [visit_id]).get(visit_id, []), uow.now
    first: dict[str, object] = {"at": now}
    if len(laws) == 1:
        first["law"] = laws[0].law
    if refusals:
        first["refusal_id"] = refusals[-1].id
    more = {
        "laws": [(law.law.value, section_of(law)) for law in laws],
        "grounds": [(one.value, t(f"assistance.ground.{one}")) for one in HelpGround],
        "needs_ground": any(law.conditional for law in laws),
        "refusals": refusals,
        "asks": asks,
    }
    return form_page("help", operation, form or new_form(first), labels_of(ASK), **said, **more)


@blueprint.get("/visits/<uuid:visit_id>/help")
@guarded(*WRITERS)
def get_ask(visit_id: UUID) -> str:
    """The form that asks the police for help."""
    return show_ask(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/help")
@guarded(*WRITERS)
def post_ask(visit_id: UUID) -> Response:
    """Ask; the police who are out are told at once."""

    def make(uow: UnitOfWork, asked: HelpForm) -> str:
        said = (asked.law, asked.reason, asked.at, asked.ground, asked.refusal_id, asked.mask)
        ask_help(uow, AskHelp(uuid4(), visit_id, *said))
        return f"/visits/{visit_id}/entry#asked"

    return answer_form(HelpForm, make, lambda form: show_ask(visit_id, form))


@blueprint.get("/help-requests")
@guarded(*WRITERS)
def get_list() -> str:
    """The newest requests of the own authority, or to it; logged. In a field session those of its evening alone."""
    with unit_of_work(current_viewer()) as uow:
        asked = list_help(uow, in_field())
        operations = operations_by_id(uow, {one.operation_id for one in asked}) if asked else {}
        names, me = names_of(uow, asked), uow.me
    return page("assistance/list.html.j2", asked=asked, operations=operations, names=names, me=me)


def show_one(help_id: UUID, form: Form[Any] | None = None) -> str:
    """Render one request with what came of it; who is asked answers here."""
    with unit_of_work(current_viewer()) as uow:
        asked = get_help(uow, help_id)
        names, me, now = names_of(uow, [asked]), uow.me, uow.now
    operation, said = place_of(asked.visit_id)
    whats = [(one.value, t(f"assistance.what.{one}")) for one in Helped]
    more = {"asked": asked, "names": names, "whats": whats}
    answers = asked.answers_id == me and operation.state in OPEN
    form = form or new_form({"what": Helped.COMING, "at": now})
    return form_page("help_request", operation, form, labels_of(ANSWER), answers=answers, **said, **more)


@blueprint.get("/help-requests/<uuid:help_id>")
@guarded(*WRITERS)
def get_one(help_id: UUID) -> str:
    """A request as both sides read it; logged."""
    return show_one(help_id)


@blueprint.post("/help-requests/<uuid:help_id>")
@guarded(*WRITERS)
def post_answer(help_id: UUID) -> Response:
    """Answer it, or say that help was given: the officer who does goes over to the role of helping."""

    def make(uow: UnitOfWork, said: AnswerForm) -> str:
        visit_id = get_help(uow, help_id).visit_id
        words = (said.what, said.at, said.text or "", uuid4(), said.mask)
        answer_help(uow, AnswerHelp(uuid4(), help_id, visit_id, *words))
        return f"/help-requests/{help_id}#answers"

    return answer_form(AnswerForm, make, lambda form: show_one(help_id, form))
