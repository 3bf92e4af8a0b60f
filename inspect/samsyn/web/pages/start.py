"""The start page: what waits for the signed-in person."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, make_response, redirect, request

from samsyn.authorities.queries import authority_names
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.operations.queries import get_assignment, titles_of
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded, open_to_all
from samsyn.web.house import house
from samsyn.web.identity import current_viewer, identified
from samsyn.web.pages.people import SaidForm
from samsyn.web.pages.waiting import empty_words, promised_todos, todos
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import menu, page

blueprint = page_blueprint("start")
SAID: Final = frozenset({"accepted", "declined"})
"""The answers that the page thanks for."""


@blueprint.get("/")
@open_to_all
def get_start() -> Response:
    """What waits for the viewer, the most urgent first; who is not known signs in first."""
    if identified() is None:
        return make_response(redirect("/sign-in", 303))
    return make_response(show_start())


def show_start(form: Form[Any] | None = None) -> str:
    """Render the page; ``form`` is an answer that was refused, whose message stands on top."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        waiting = waiting_for(uow)
        ids = {authority_id for one in waiting.others for authority_id in one.authorities}
        ids |= {operation.lead_id for _, operation in waiting.invitations}
        names = authority_names(uow, ids)
        titles = titles_of(uow, {item.operation.id for item in waiting.items})
        now = uow.now
    return page(
        "start.html.j2",
        form=form or new_form(),
        receipt=request.args.get("done", "") if request.args.get("done") in SAID else "",
        waiting=waiting,
        review_months=", ".join(f"{one.month:%Y-%m}" for one in waiting.review.months),
        groups=todos(waiting.items, now),
        promised=promised_todos(waiting.promised),
        names=names,
        titles=titles,
        now=now,
        plans="planner" in viewer.roles,
        goes=bool(waiting.coming) or "inspector" in viewer.roles,
        empty=empty_words(sorted(viewer.roles)),
        items=[item for item in menu() if item.path != "/"],
        walk=house().settings.demo and any(rule.rule == "/walk" for rule in current_app.url_map.iter_rules()),
    )


@blueprint.post("/waiting/<uuid:assignment_id>/answer")
@guarded()
def post_answer(assignment_id: UUID) -> Response:
    """Say yes or no to an invitation of one's own, and stay on the page."""

    def make(uow: UnitOfWork, asked: SaidForm) -> str:
        if get_assignment(uow, assignment_id).person_id != uow.viewer.person_id:
            raise NotAllowedError("only one's own invitation is answered here")
        answer_here(uow, assignment_id, Said(asked.said), Via.PAGE)
        return f"/?done={asked.said}"

    return answer_form(SaidForm, make, show_start)
