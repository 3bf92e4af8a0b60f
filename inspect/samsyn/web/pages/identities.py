"""The own identities at outside providers: shown in the settings, linked by saying yes to what is shown, taken away."""

from __future__ import annotations

from time import time
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, session

from samsyn.access.oidc import Flow, Intent, Proven, RefusedSignInError, Why
from samsyn.access.queries import find_identity, identity_hash, my_identities
from samsyn.access.rules import RECENT
from samsyn.access.service import link_identity, unlink_identity
from samsyn.core.errors import ConflictError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer, identified
from samsyn.web.installation import current_keys
from samsyn.web.pages.oidc import BACK, THEN, go_there, shown_identity
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.providers import current_providers, provider_called, refusal_to_show
from samsyn.web.recent import ask_again
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("identities")
HERE: Final = "/settings#identities"
NEW: Final = "/settings/identities/new"
OFFER: Final = "identity_offer"
BACK[Intent.LINK] = HERE


def read_identities(uow: UnitOfWork) -> dict[str, Any]:
    """Return what the section shows."""
    return {"identities": my_identities(uow), "refused": refusal_to_show()}


SECTIONS.append(Section("access/_identities.html.j2", read_identities))


@blueprint.get("/settings/identities/new/<name>")
@guarded()
def get_begin(name: str) -> Response:
    """Send the browser to the provider to prove who it is there; what comes back is asked about before it counts."""
    documents = provider_called(name)
    return ask_again(f"{NEW}/{name}") or go_there(documents, Intent.LINK, HERE, fresh=True)


def offer(proven: Proven, _flow: Flow) -> Response:
    """Keep a proved identity until its person says yes: who lured somebody through the provider gets no further."""
    hashed = identity_hash(current_keys(), proven.issuer, proven.subject)
    if (who := identified()) is None or who.by_bearer:
        raise RefusedSignInError(Why.STATE)
    if find_identity(hashed) is not None:
        raise RefusedSignInError(Why.TAKEN)
    session[OFFER] = shown_identity(hashed, proven, str(who.viewer.person_id))
    return make_response(redirect(f"{NEW}#content", 303))


THEN[Intent.LINK] = offer


def offered() -> dict[str, Any] | None:
    """Return the identity that waits in this browser for this person, for a quarter of an hour."""
    found = session.get(OFFER)
    if not isinstance(found, dict) or found.get("person") != str(current_viewer().person_id):
        return None
    return found if time() - found["at"] < RECENT.total_seconds() else None


@blueprint.get("/settings/identities/new")
@guarded()
def get_new() -> Response:
    """Show what is about to be linked."""
    if (found := offered()) is None:
        return make_response(redirect(HERE, 303))
    title = current_providers().title_of(found["issuer"])
    return make_response(page("access/identity.html.j2", title=title, label=found["label"]))


@blueprint.post("/settings/identities")
@guarded()
def post_identity() -> Response:
    """Link it."""

    def make(uow: UnitOfWork) -> str:
        if (found := offered()) is None:
            raise NotFoundError("nothing to link")
        link_identity(uow, found["issuer"], found["hash"])
        return HERE

    if (again := ask_again("/settings")) is not None:
        return again
    try:
        response = once_then_go(make)
    except ConflictError:
        response = make_response(redirect("/settings?refused=taken#identities", 303))
    session.pop(OFFER, None)
    return response


@blueprint.post("/settings/identities/<uuid:identity_id>/end")
@guarded()
def post_end(identity_id: UUID) -> Response:
    """Take one away; the only way in stays."""

    def make(uow: UnitOfWork) -> str:
        unlink_identity(uow, identity_id)
        return HERE

    if (again := ask_again("/settings")) is not None:
        return again
    try:
        return once_then_go(make)
    except ConflictError:
        return make_response(redirect("/settings?refused=only#identities", 303))
