"""The own sessions: on which device, since when, used last; each can be ended, or all but this one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from samsyn.access.queries import my_credentials
from samsyn.access.rules import LISTED
from samsyn.access.service import end_other_sessions, end_session, has_totp
from samsyn.core.uow import UnitOfWork
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import identified
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("sessions")


def read_sessions(uow: UnitOfWork) -> dict[str, Any]:
    """Return what the section shows."""
    who = identified()
    return {
        "sessions": my_credentials(uow, LISTED),
        "this": who.credential.id if who is not None else None,
        "codes": has_totp(uow),
    }


SECTIONS.append(Section("access/_sessions.html.j2", read_sessions))


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
