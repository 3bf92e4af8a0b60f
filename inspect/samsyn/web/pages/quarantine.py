"""What came from phones after their field session was ended: looked at, and taken in or thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, redirect

from samsyn.access.queries import viewer_now
from samsyn.access.rules import field_roles
from samsyn.assistance.rules import BY_LAW, HelpLaw
from samsyn.core.errors import GateClosedError, NotFoundError, SamsynError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.quarantine import SETTLERS, LateItem, late_lines, read_late, settle_late
from samsyn.findings.rules import WRITERS, LateKind, Settled
from samsyn.operations.queries import operations_by_id
from samsyn.texts import has
from samsyn.web.forms import SHOWN_IN_FORM, Form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import answer_once, once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.late import do
from samsyn.web.localtime import show_moment
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("quarantine")
WORDED = {
    "answer": "findings.answer",
    "question": "findings.question",
    "state": "operations.visit_state",
    "police_role": "operations.police_role",
    "what": "presence.what",
    "ground": "assistance.ground",
}
"""Members of a body whose values have words."""
MOMENTS = frozenset({"observed_at", "at", "ended_at"})
"""Members of a body that are moments, as the phone sent them: in UTC."""
UNSAID = frozenset(
    {
        "finding_id",
        "fact_id",
        "presence_id",
        "base_version",
        "mask",
        "person_id",
        "refusal_id",
        "request_id",
        "answer_id",
    }
)


def said_in(item: LateItem) -> Iterator[tuple[str, str]]:
    """Yield what an item says, label and value in words; its keys are left out."""
    if item.content.get("label"):
        yield t("quarantine.about"), str(item.content["label"])
    for name, value in item.content["body"].items():
        if name in UNSAID or value in (None, "", False):
            continue
        prefix = "assistance.what" if (name, item.line.what) == ("what", LateKind.HELP_ANSWER) else WORDED.get(name, "")
        key = f"{prefix}.{value}"  # an answer to a question has none: it is a text
        words = t("quarantine.yes") if value is True else t(key) if has(key) else str(value)
        words = BY_LAW[HelpLaw(value)].section if name == "law" else words
        words = show_moment(datetime.fromisoformat(words), current_language()) if name in MOMENTS else words
        yield t(f"quarantine.field.{name}"), words


@blueprint.get("/quarantine")
@guarded(*SETTLERS)
def get_list() -> str:
    """What waits: what, of whom, from which device, when; never its content."""
    with unit_of_work(current_viewer()) as uow:
        lines = late_lines(uow)
        operations = operations_by_id(uow, {line.operation_id for line in lines})
    may = bool(current_viewer().roles & WRITERS)
    return page("quarantine/list.html.j2", lines=lines, operations=operations, may=may)


def show(item_id: UUID, form: Form[Any] | None = None) -> str:
    """Render one with its content; reading it stands in the trail."""
    with unit_of_work(current_viewer()) as uow:
        item = read_late(uow, current_keys(), item_id)
        operation = operations_by_id(uow, {item.line.operation_id}).get(item.line.operation_id)
    said, photo = list(said_in(item)), item.line.what is LateKind.PHOTO
    more = {"operation": operation, "said": said, "photo": photo, "form": form or new_form()}
    return page("quarantine/show.html.j2", line=item.line, **more)


@blueprint.get("/quarantine/<uuid:late_id>")
@guarded("planner")
def get_one(late_id: UUID) -> str:
    """One with its content."""
    return show(late_id)


@blueprint.get("/quarantine/<uuid:late_id>/picture")
@guarded("planner")
def get_picture(late_id: UUID) -> Response:
    """The picture of one that is a photo."""
    with unit_of_work(current_viewer()) as uow:
        item = read_late(uow, current_keys(), late_id)
    if item.picture is None:
        raise NotFoundError("no picture")
    response = Response(item.picture, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def author_of(uow: UnitOfWork, item: LateItem) -> Viewer:
    """Return whose phone it was, with what of today's roles a field session has; ``GateClosedError`` for who left."""
    found = viewer_now(uow, item.line.person_id)
    if found is None:
        raise GateClosedError("whose it is has left", ("author_left",))
    return Viewer(found.authority_id, found.person_id, field_roles(found.roles))


def take(late_id: UUID) -> None:
    """Do what the item asks for whose it was, under its own key, then settle it; again, it is done once.

    The author's name stands under what was written, the taker's in the trail. What its own route would refuse is
    refused here too, and then nothing is settled.
    """
    with unit_of_work(current_viewer()) as uow:
        item = read_late(uow, current_keys(), late_id)
        author = author_of(uow, item)
    with unit_of_work(author) as uow:
        answer_once(uow, str(late_id), item.asked, lambda: do(uow, item))
    with unit_of_work(current_viewer()) as uow:
        settle_late(uow, late_id, Settled.TAKEN)


@blueprint.post("/quarantine/<uuid:late_id>/take")
@guarded("planner")
def post_take(late_id: UUID) -> Response:
    """Take it in."""
    try:
        take(late_id)
    except SamsynError as error:
        if STATUS[error.code] not in SHOWN_IN_FORM:
            raise
        return Response(show(late_id, new_form().refused(error)), STATUS[error.code])
    response: Response = redirect("/quarantine#content", 303)  # type: ignore[assignment]
    return response


@blueprint.post("/quarantine/<uuid:late_id>/discard")
@guarded("planner")
def post_discard(late_id: UUID) -> Response:
    """Throw it away: its content goes at once."""

    def make(uow: UnitOfWork) -> str:
        settle_late(uow, late_id, Settled.DISCARDED)
        return "/quarantine#content"

    return once_then_go(make)


SECTIONS.append(Section("quarantine/_section.html.j2", lambda uow: {"settles": bool(uow.viewer.roles & SETTLERS)}))
