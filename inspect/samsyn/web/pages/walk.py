"""The walk-through of a practice service: the main job in ten steps, as each role; and the town loaded anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, session

from samsyn.access.service import sign_in, sign_out
from samsyn.core.errors import NotFoundError
from samsyn.core.practice import Practice, ask_reset, read_practice, read_reset
from samsyn.core.uow import unit_of_work
from samsyn.web.forms import read_form
from samsyn.web.guards import guarded, open_to_all
from samsyn.web.house import house
from samsyn.web.idempotency import landing
from samsyn.web.identity import begin_session, current_viewer, identified
from samsyn.web.pages.access import local_path
from samsyn.web.pages.walk_progress import COOKIE, Progress, progress
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("walk")
AGAIN_AFTER: Final = 2
"""Seconds until the page of a reset is fetched again where no script runs (``progress.js``)."""
STEPS: Final = (
    ("propose", "police", "planner"),
    ("visit", "police", "planner"),
    ("answer", "tobacco", "planner"),
    ("people", "police", "planner"),
    ("invite", "police", "planner"),
    ("accept", "tobacco", "inspector"),
    ("begin", "police", "planner"),
    ("find", "tobacco", "inspector"),
    ("report", "police", "planner"),
    ("read", "tobacco", "planner"),
)
"""What is done, by somebody of which unit, in which role."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does it, where, and whether it has been done as far as the viewer may see."""

    name: str
    actor: dict[str, Any]
    path: str
    done: bool
    me: bool


class AsForm(Body):
    """Whom to be, and where to go then."""

    person_id: UUID
    next: str = "/"


def practice() -> Practice:
    """Return the loaded town; ``NotFoundError`` outside practice mode, and while there is none."""
    settings = house().settings
    found = read_practice(settings.data_dir) if settings.demo else None
    if found is None:
        raise NotFoundError("no practice town")
    return found


def words(town: Practice, at: Progress) -> dict[str, str]:
    """Return what the steps' texts name: who goes along, of the police and of the tobacco unit; the operation."""
    people = {unit: actor(town, unit, "inspector")["name"] for unit in ("police", "tobacco")}
    name = t("operations.page.name", code_word=at.code_word) if at.code_word else t("walk.your_operation")
    return people | {"operation": name}


def actor(town: Practice, unit: str, role: str) -> dict[str, Any]:
    """Return somebody of the unit with the role: who has least else to do."""
    able = [person for person in town.people if person["unit"] == unit and role in person["roles"]]
    return min(able, key=lambda person: len(person["roles"]))


@blueprint.get("/walk")
@open_to_all
def get_walk() -> str:
    """The ten steps; what is done is told from the newest operation that the viewer sees and that was not loaded."""
    settings = house().settings
    if settings.demo and read_reset(settings.data_dir).open:
        return get_reset()
    town, who, at = practice(), identified(), Progress()
    if who is not None:
        with unit_of_work(who.viewer) as uow:
            at = progress(uow)
    me = "" if who is None else str(who.viewer.person_id)
    steps = []
    for name, unit, role in STEPS:
        person = actor(town, unit, role)
        steps.append(Step(name, person, at.path(name), name in at.done, person["person_id"] == me))
    now = next((step.name for step in steps if not step.done), "")
    return page(
        "walk.html.j2",
        steps=steps,
        words=words(town, at),
        now=now,
        signed_in=who is not None,
        known=at.operation is not None,
    )


@blueprint.post("/walk/as")
@open_to_all
def post_as() -> Response:
    """Become one of the town's people, whose sign-ins are shown anyway; nobody else can be become here."""
    town, asked = practice(), read_form(AsForm).value
    person = None if asked is None else next((p for p in town.people if p["person_id"] == str(asked.person_id)), None)
    if asked is None or person is None:
        raise NotFoundError("nobody of this town")
    who = identified()
    if who is not None and not who.by_bearer:
        with unit_of_work(who.viewer) as uow:
            sign_out(uow, who.secret)
    session.clear()
    begin_session(sign_in(person["email"], person["password"]))
    return make_response(redirect(landing(local_path(asked.next)), 303))


@blueprint.get("/walk/reset")
@open_to_all
def get_reset() -> str:
    """What a reset does, and how far one is that goes on: open, since it ends every session and has none itself."""
    settings = house().settings
    if not settings.demo:
        raise NotFoundError("no practice town")
    state = read_reset(settings.data_dir)
    return page("walk-reset.html.j2", state=state, again=AGAIN_AFTER, may=not state.open and identified() is not None)


@blueprint.post("/walk/reset")
@guarded()
def post_reset() -> Response:
    """Ask for the town to be emptied and loaded anew; any signed-in person of a practice service may."""
    practice()
    current_viewer()
    ask_reset(house().settings.data_dir)
    response = make_response(redirect(landing("/walk/reset"), 303))
    response.delete_cookie(COOKIE, secure=house().secure, httponly=True, samesite="Lax", path="/")  # goes with the town
    return response
