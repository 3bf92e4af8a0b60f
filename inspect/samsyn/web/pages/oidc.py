"""Signing in through an authority's identity provider: there, and back once. Nobody is known by a mail address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import time
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from flask import Response, make_response, redirect, request, session

from samsyn.access.oidc import (
    Documents,
    Flow,
    Intent,
    Proven,
    RefusedSignInError,
    Why,
    begin,
    finish,
    may_finish,
    way_out,
)
from samsyn.access.oidc.flow import LASTS
from samsyn.access.queries import find_identity, identity_hash
from samsyn.access.service import refuse, sign_in_by_identity, take_once
from samsyn.core.errors import NotKnownError
from samsyn.web.devices import this_client
from samsyn.web.guards import open_to_all
from samsyn.web.house import house
from samsyn.web.idempotency import landing
from samsyn.web.identity import begin_session
from samsyn.web.installation import current_keys
from samsyn.web.pages.access import PROVIDER, local_path
from samsyn.web.problems import reference
from samsyn.web.providers import provider_called
from samsyn.web.routing import page_blueprint
from samsyn.web.throttle import AT_PROVIDERS

blueprint = page_blueprint("oidc")
FLOWS: Final = "oidc"
MOST_FLOWS: Final = 3
"""Sign-ins begun in one browser at the same time: its tabs."""
UNCOUNTED: Final = frozenset({Why.CANCELLED, Why.AWAY, Why.UNKNOWN})
"""Refusals that nobody forged: they do not add up to a pause for everybody behind the same address."""
THEN: Final[dict[str, Callable[[Proven, Flow], Response]]] = {}
"""What each intent does with a proved identity; raises ``RefusedSignInError``. Other pages add theirs."""
BACK: Final[dict[str, str]] = {}
"""Where a refusal of an intent is shown; by default on the sign-in page."""
log = structlog.get_logger()


@blueprint.get("/sign-in/with/<name>")
@open_to_all
def get_begin(name: str) -> Response:
    """Send the browser to the provider; ``again`` asks the person to prove it anew there."""
    where = local_path(request.args.get("next", "/"))
    return go_there(provider_called(name), Intent.SIGN_IN, where, fresh="again" in request.args)


def go_there(documents: Documents, intent: str, where: str, *, fresh: bool) -> Response:
    """Begin a flow for an intent: the way there, or the sign-in page where the provider is away."""
    with AT_PROVIDERS.turn("", request.remote_addr or ""):
        try:
            url, flow = begin(documents, house().settings.base_url, intent, where, int(time()), fresh=fresh)
        except RefusedSignInError as error:
            return refused(documents, error, intent, where)
    kept = session.get(FLOWS)
    before = kept[1 - MOST_FLOWS :] if isinstance(kept, list) else []
    session[FLOWS] = [*before, flow.kept()]
    return make_response(redirect(url, 303))


@blueprint.get("/sign-in/with/<name>/callback")
@open_to_all
def get_callback(name: str) -> Response:
    """Take what the provider answers, once, in the browser where it was begun; a refusal is a page that says why."""
    documents, flow, caller = provider_called(name), None, request.remote_addr or ""
    with AT_PROVIDERS.turn("", caller):
        try:
            said = single_values()
            flow = taken_flow(documents, said)
            proven = finish(documents, house().settings.base_url, flow, said, int(time()))
            response = THEN[flow.intent](proven, flow)
        except RefusedSignInError as error:
            intent, where = (flow.intent, flow.where) if flow is not None else (Intent.SIGN_IN.value, "/")
            return refused(documents, error, intent, where)
    return response


def single_values() -> dict[str, str]:
    """Return the answer's parameters; one that comes twice means two things to two readers (RFC 6749, 3.1)."""
    if any(len(request.args.getlist(name)) > 1 for name in request.args):
        raise RefusedSignInError(Why.STATE, "twice")
    return request.args.to_dict()


def taken_flow(documents: Documents, said: dict[str, str]) -> Flow:
    """Return the flow that an answer belongs to and take it away, here and for every copy of this browser's cookie."""
    kept = session.get(FLOWS)
    flows = [flow for row in (kept if isinstance(kept, list) else []) if (flow := Flow.read(row)) is not None]
    found = next((flow for flow in flows if flow.state == said.get("state")), None)
    session[FLOWS] = [flow.kept() for flow in flows if flow is not found]
    flow = may_finish(found, documents.provider, said, int(time()))
    if not take_once(f"oidc:{flow.state}", timedelta(seconds=2 * LASTS)):
        raise RefusedSignInError(Why.STATE, "used")
    return flow


def refused(documents: Documents, error: RefusedSignInError, intent: str, where: str) -> Response:
    """Say no on a page, with a line in the log, and in the trail of the authority whose person it would have been."""
    provider, caller, name = documents.provider, request.remote_addr or "", ""
    log.warning("sign_in_refused", provider=provider.name, why=error.why.value, detail=error.detail, at=reference())
    if error.subject:
        hashed = identity_hash(current_keys(), provider.issuer, error.subject)
        name = f"identity:{hashed}"
        if (viewer := find_identity(hashed)) is not None:
            refuse(viewer, f"provider_{error.why.value}")
    if error.why not in UNCOUNTED:
        AT_PROVIDERS.failed(name, caller)
    back = BACK.get(intent, "/sign-in")
    path, _, place = back.partition("#")
    asked = urlencode({"refused": error.why.said, **({"next": where} if path == "/sign-in" else {})})
    return make_response(redirect(f"{path}?{asked}{'#' if place else ''}{place}", 303))


def sign_in(proven: Proven, flow: Flow) -> Response:
    """Begin the session of the person who has linked this identity; nobody else is let in, whatever the address."""
    hashed = identity_hash(current_keys(), proven.issuer, proven.subject)
    AT_PROVIDERS.demand(f"identity:{hashed}", request.remote_addr or "")
    if (viewer := find_identity(hashed)) is None:
        raise RefusedSignInError(Why.UNKNOWN)
    try:
        secret = sign_in_by_identity(viewer, hashed, this_client())
    except NotKnownError:
        raise RefusedSignInError(Why.LEFT) from None
    begin_session(secret)
    session[PROVIDER] = flow.provider
    return make_response(redirect(landing(local_path(flow.where)), 303))


THEN[Intent.SIGN_IN] = sign_in


@blueprint.get("/sign-in/with/<name>/leave")
@open_to_all
def get_leave(name: str) -> Response:
    """Lead to the provider's own sign-out, where it has one: at a shared machine ours alone would not be enough."""
    documents = provider_called(name)
    try:
        url = way_out(documents, house().settings.base_url)
    except RefusedSignInError as error:
        return refused(documents, error, Intent.SIGN_IN, "/")
    return make_response(redirect(url or "/sign-in", 303))


def shown_identity(hashed: str, proven: Proven, person: str) -> dict[str, Any]:
    """Return what the session keeps of an identity that waits for its person's yes."""
    return {"hash": hashed, "issuer": proven.issuer, "label": proven.label, "person": person, "at": int(time())}
