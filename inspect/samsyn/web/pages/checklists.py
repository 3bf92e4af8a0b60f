"""The own authority's checklist at a visit, on the phone: answer, photograph, hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import GateClosedError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.gate import closed_because, writable_part
from samsyn.findings.queries import (
    checklist_of_part,
    evidence_of_part,
    facts_of_visit,
    part_progress,
    versions_of_part,
)
from samsyn.lifecycle.service import hand_in
from samsyn.operations.queries import get_operation, get_part, get_target, get_visit, parts_of
from samsyn.web.first_answers import first_answers
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import landing
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.checklist_cards import Card, Sent, as_typed, cards_of, facts_to_ask, read_cards
from samsyn.web.pages.checklist_keeping import clean_photos, keep
from samsyn.web.parsing import Body
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("checklists")
WRITERS: Final = ("inspector", "planner", "decider")
DIGITS: Final = 3
HAND_IN: Final = "hand-in"  # the button that keeps what was typed and goes on to handing in


class HandInForm(Body):
    """The confirmation."""

    nothing_to_report: bool = False


@blueprint.get("/parts/<uuid:part_id>/checklist")
@guarded(*WRITERS)
def get_checklist(part_id: UUID) -> str:
    """The questions with the answers that stand; logged."""
    said = request.args.get("saved", "")
    counts = said.isascii() and said.isdigit() and len(said) <= DIGITS
    return show(part_id, None, saved=int(said) if counts else None)


@blueprint.post("/parts/<uuid:part_id>/checklist")
@guarded(*WRITERS)
def post_checklist(part_id: UUID) -> Response:
    """Keep every card that can be kept; show the others again as they were typed.

    No key is asked for: every answer carries its own, so the same form sent twice writes nothing twice.
    """
    sent, viewer = read_cards(), current_viewer()
    try:
        with unit_of_work(viewer) as uow:
            writable_part(uow, part_id)  # hidden and closed are refused before a picture is opened
        pictures, faults = clean_photos(sent)
        with unit_of_work(viewer) as uow:
            kept = keep(uow, part_id, sent, pictures, faults)
    except GateClosedError as error:
        all_of_it = replace(sent, faults={name: sent.faults.get(name, {}) for name in sent.typed})
        return make_response(show(part_id, all_of_it, missing=error.missing), STATUS[error.code])
    if kept.faults:
        return make_response(show(part_id, replace(sent, faults=kept.faults), saved=kept.written), 422)
    card = request.form.get("save", "")
    if card == HAND_IN:
        return make_response(redirect(landing(f"/parts/{part_id}/hand-in"), 303))
    anchor = f"#c-{card}" if card in {*sent.cards, *sent.facts} else ""
    return make_response(redirect(f"/parts/{part_id}/checklist?saved={kept.written}{anchor}", 303))


@blueprint.get("/parts/<uuid:part_id>/hand-in")
@guarded(*WRITERS)
def get_hand_in(part_id: UUID) -> str:
    """What is not checked, and the button."""
    return show_hand_in(part_id, new_form())


@blueprint.post("/parts/<uuid:part_id>/hand-in")
@guarded(*WRITERS)
def post_hand_in(part_id: UUID) -> Response:
    """Hand in: from now on the others read one word, and nothing more can be written."""

    def make(uow: UnitOfWork, asked: HandInForm) -> str:
        if get_part(uow, part_id).authority_id != uow.me:
            raise NotFoundError("no such part")
        hand_in(uow, part_id, nothing_to_report=asked.nothing_to_report)
        return f"/parts/{part_id}/hand-in"

    return answer_form(HandInForm, make, lambda form: show_hand_in(part_id, form))


def show(part_id: UUID, sent: Sent | None, *, saved: int | None = None, missing: Sequence[str] = ()) -> str:
    """Render the checklist: what stands, and over it what was typed and refused. A constant number of statements."""
    language = current_language()
    with unit_of_work(current_viewer()) as uow:
        checklist = checklist_of_part(uow, part_id, language)
        visit = get_visit(uow, checklist.visit_id)
        facts = facts_of_visit(uow, visit.id)
        versions = versions_of_part(uow, part_id, language)
        cards = cards_of(checklist, evidence_of_part(uow, part_id), versions, first_answers(uow, checklist))
        part, present = get_part(uow, part_id), [one for one in parts_of(uow, visit.operation_id) if one.accepted]
        here = [one for one in present if one.visit_id == visit.id and not one.withdrawn]
        context = {
            "part": part,
            "here": here,
            "last_saved": max((line.written_at for lines in versions.values() for line in lines), default=None),
            "closed": missing or closed_because(uow, part_id),
            "operation": get_operation(uow, visit.operation_id),
            "target": get_target(uow, visit.id),
            "names": authority_names(
                uow, {uow.me, *(fact.authority_id for fact in facts), *(one.authority_id for one in here)}
            ),
        }
    return page(
        "checklist.html.j2",
        checklist=checklist,
        visit=visit,
        cards=[laid_over(card, sent) for card in cards],
        facts=facts,
        ask=facts_to_ask(sent),
        faults=sent.faults if sent else {},
        saved=saved,
        answered=sum(point.answer is not None for point in checklist.points),
        **context,
    )


def laid_over(card: Card, sent: Sent | None) -> Card:
    """Return the card as it was typed, where it was refused."""
    if sent is None or card.name not in sent.faults or card.name not in sent.typed:
        return card
    return as_typed(card, sent.typed[card.name], sent.faults[card.name])


def show_hand_in(part_id: UUID, form: Form[Any]) -> str:
    """Render the hand-in page."""
    with unit_of_work(current_viewer()) as uow:
        checklist = checklist_of_part(uow, part_id, current_language())
        visit = get_visit(uow, checklist.visit_id)
        context = {
            "progress": part_progress(uow, part_id),
            "part": get_part(uow, part_id),
            "operation": get_operation(uow, visit.operation_id),
            "target": get_target(uow, visit.id),
        }
    return page("hand-in.html.j2", checklist=checklist, visit=visit, form=form, **context)
