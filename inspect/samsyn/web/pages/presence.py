"""Who was at a visit, on a page: what the viewer may read of it, and the form that notes it for the own people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Response
from pydantic import Field

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import PartCard, PersonLine, PresenceLine, parts_of, people_of, presence_at
from samsyn.operations.rules import PoliceRole, Present
from samsyn.operations.service import NotePresence, note_presence
from samsyn.operations.service.presence import MAX_REASON, NOTING, OPEN
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.operation_page import form_page
from samsyn.web.pages.visits import place_of
from samsyn.web.parsing import Body, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("presence")
FIELDS = ("what", "person_id", "at", "police_role", "reason")


class PresenceForm(Body):
    """What is noted of whom (null: the viewer), and when it was; role and reason belong to a change of role."""

    what: Present
    at: Moment
    person_id: UUID | None = None
    police_role: PoliceRole | None = None
    reason: Prose | None = Field(default=None, max_length=MAX_REASON)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person's lines at a visit; the role that the part began with, for the police."""

    name: str
    office: str
    begins: PoliceRole | None
    lines: list[PresenceLine]


def somebodies(uow: UnitOfWork, lines: Iterable[PresenceLine], parts: Iterable[PartCard]) -> list[Somebody]:
    """Return the lines by person, in the order of who came first."""
    found: dict[tuple[UUID, UUID], list[PresenceLine]] = {}
    for line in lines:
        found.setdefault((line.person_id, line.authority_id), []).append(line)
    names = staff_names(uow, {person for person, _ in found})
    offices = authority_names(uow, {office for _, office in found})
    roles = {part.authority_id: part.police_role for part in parts if part.of_police}
    return [
        Somebody(names.get(who) or offices.get(who[1], ""), offices.get(who[1], ""), roles.get(who[1]), said)
        for who, said in found.items()
    ]


def may_note(uow: UnitOfWork, parts: Iterable[PartCard]) -> bool:
    """Say whether the viewer may note something now: the same rules as the service's."""
    coming = [part for part in parts if not part.withdrawn and part.accepted is not False]
    return bool(uow.viewer.roles & NOTING) and any(part.operation_state in OPEN for part in coming)


def own_people(uow: UnitOfWork, people: Iterable[PersonLine]) -> list[tuple[str, str]]:
    """Return the own people who go, and the viewer, who may have come along."""
    mine = {one.person_id: one.shown_name for one in people if one.goes and one.authority_id == uow.me}
    if uow.person not in mine:
        mine[uow.person] = staff_names(uow, {uow.person}).get((uow.person, uow.me), "")
    return [(str(person), name) for person, name in mine.items()]


def show(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what is noted, and the form; its time is now unless something else is typed."""
    operation, said = place_of(visit_id)
    with unit_of_work(current_viewer()) as uow:
        here = [part for part in parts_of(uow, operation.id) if part.visit_id == visit_id]
        mine = [part for part in here if part.authority_id == uow.me]
        shown = somebodies(uow, presence_at(uow, [visit_id]).get(visit_id, []), here)
        notes = may_note(uow, mine)
        people = own_people(uow, people_of(uow, operation.id)) if notes else []
        me, now = str(uow.person), uow.now
    form = form or new_form({"what": Present.CAME, "person_id": me, "at": now})
    police = any(part.of_police for part in mine)
    whats = [(what.value, t(f"presence.what.{what}")) for what in Present if police or what is not Present.ROLE]
    more = {"people": people, "notes": notes, "police": police, "shown": shown, "whats": whats}
    more["roles"] = [(role.value, t(f"operations.police_role.{role}")) for role in PoliceRole]
    labels = {name: t(f"presence.field.{name}") for name in FIELDS}
    return form_page("presence", operation, form, labels, late=late, **said, **more)


def late(line: PresenceLine) -> datetime | None:
    """Return when it was heard of, where that was more than a quarter of an hour after it was."""
    return line.written_at if (line.written_at - line.at).total_seconds() > 15 * 60 else None


@blueprint.get("/visits/<uuid:visit_id>/presence")
@guarded()
def get_presence(visit_id: UUID) -> str:
    """What is noted, for all who take part; going over to help for the police, and who asked and was answered so."""
    return show(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/presence")
@guarded("planner", "inspector", "decider")
def post_presence(visit_id: UUID) -> Response:
    """Note that somebody came, left or went over to another police role."""

    def make(uow: UnitOfWork, asked: PresenceForm) -> str:
        note_presence(uow, NotePresence(presence_id=uuid4(), visit_id=visit_id, **dict(asked)))
        return f"/visits/{visit_id}/presence#noted"

    return answer_form(PresenceForm, make, lambda form: show(visit_id, form))
