"""The own sessions: on which device, since when, used last; each can be ended, or all but this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect

from samsyn.access.queries import my_credentials, my_places, viewer_now
from samsyn.access.rules import LISTED, Way
from samsyn.access.service import end_other_sessions, end_session, has_totp, open_session
from samsyn.authorities.queries import authority_names, units_of
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import operations_by_id
from samsyn.operations.rules import ENDED
from samsyn.web.devices import this_client
from samsyn.web.guards import guarded
from samsyn.web.idempotency import landing, once_then_go
from samsyn.web.identity import begin_session, identified
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("sessions")


def read_sessions(uow: UnitOfWork) -> dict[str, Any]:
    """Return what the section shows."""
    who, lines = identified(), my_credentials(uow, LISTED)
    known = operations_by_id(uow, {one.operation_id for one in lines if one.operation_id is not None})
    words = {key: one.code_word for key, one in known.items() if one.state not in ENDED}
    return {
        "sessions": [one for one in lines if one.operation_id is None or one.operation_id in words],
        "words": words,
        "this": who.credential.id if who is not None else None,
        "codes": has_totp(uow),
    }


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One of the viewer's places by name."""

    authority_id: UUID
    authority: str
    unit: str
    now: bool


def read_places(uow: UnitOfWork) -> dict[str, Any]:
    """Return the viewer's places, where there is more than one."""
    places = my_places(uow)
    ids = {place.authority_id for place in places}
    names, units = authority_names(uow, ids), {unit.id: unit.name for unit in units_of(uow, ids)}
    lines = [
        PlaceLine(one.authority_id, names[one.authority_id], units[one.unit_id], one.authority_id == uow.me)
        for one in places
    ]
    return {"places": lines if len(lines) > 1 else []}


SECTIONS.append(Section("access/_sessions.html.j2", read_sessions))
SECTIONS.append(Section("access/_places.html.j2", read_places))


@blueprint.post("/settings/places/<uuid:authority_id>")
@guarded()
def post_place(authority_id: UUID) -> Response:
    """Work for another authority in which one has a place; the session is no younger for it."""
    who = identified()
    if who is None or who.by_bearer:
        raise NotAllowedError("only a session goes over to another authority")
    with unit_of_work(Viewer(authority_id, who.viewer.person_id)) as uow:
        if viewer_now(uow, uow.person) is None:
            raise NotFoundError("no such place")
        secret = open_session(uow, Way.PLACE, this_client(), since=who.credential.created_at)
    begin_session(secret)
    return make_response(redirect(landing("/"), 303))


@blueprint.post("/settings/sessions/<uuid:token_id>/end")
@guarded()
def post_end(token_id: UUID) -> Response:
    """End one session: its next request is nobody's."""

    def make(uow: UnitOfWork) -> str:
        end_session(uow, token_id)
        return "/settings#sessions"

    return once_then_go(make)


@blueprint.post("/settings/sessions/end-others")
@guarded()
def post_end_others() -> Response:
    """End every session but this one."""
    who = identified()

    def make(uow: UnitOfWork) -> str:
        end_other_sessions(uow, who.credential.id if who is not None and not who.by_bearer else None)
        return "/settings#sessions"

    return once_then_go(make)
