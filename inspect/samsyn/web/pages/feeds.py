"""The feed as calendar programs fetch it: a secret address, a strong ETag, 304 without a body."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import UUID

from flask import Response, request

from samsyn.access.rules import Purpose
from samsyn.calendars.service import fetch_feed, fetch_freebusy
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.web.guards import open_by_secret
from samsyn.web.house import house
from samsyn.web.identity import present_nobody, presenting
from samsyn.web.installation import current_links
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("feeds")
T = TypeVar("T")
CANNOT_UNPACK: Final = ("outlook", "microsoft")
"""Clients that have been seen to fail on a compressed feed (CALENDARS 2.4)."""


@blueprint.get("/cal/<token>.ics")
@open_by_secret
def get_feed(token: str) -> Response:
    """The person's feed; an unknown, ended or revoked address is the same 404."""
    # A weak comparison, as RFC 9110 13.1.2 asks: a proxy that packs the body anew makes the mark weak.
    has = request.if_none_match.contains_weak
    feed = presented(token, lambda uow, feed_id: fetch_feed(uow, feed_id, current_links(), has))
    response = Response(content_type="text/calendar; charset=utf-8")
    response.set_etag(feed.etag)
    response.last_modified = feed.changed_at
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding, User-Agent"
    response.headers["Content-Disposition"] = 'inline; filename="samsyn.ics"'
    response.headers["X-Robots-Tag"] = "noindex"  # R8: an address that leaked is still in no index
    # The ETag alone decides: a date of seconds cannot tell two changes apart. Asked first: who has the body needs none.
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return response
    if takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(feed.body)
    else:
        response.set_data(gzip.decompress(feed.body))
    return response


@blueprint.get("/fb/<token>.ifb")
@open_by_secret
def get_freebusy(token: str) -> Response:
    """When the person of a feed is taken, for who plans in another program; the same 404 as the feed's."""
    address = freebusy_address(token)
    body = presented(token, lambda uow, feed_id: fetch_freebusy(uow, feed_id, current_links(), address))
    response = Response(body, content_type="text/calendar; charset=utf-8; component=VFREEBUSY")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Content-Disposition"] = 'inline; filename="samsyn.ifb"'
    response.headers["X-Robots-Tag"] = "noindex"
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def presented(token: str, fetch: Callable[[UnitOfWork, UUID], T]) -> T:
    """Fetch as the person whose feed an address opens; every refusal is the same 404, to nobody in particular."""
    no_feed = UUID(int=0)
    try:
        with presenting(token, Purpose.FEED) as (uow, credential):
            return fetch(uow, credential.feed_id or no_feed)
    except NotFoundError:
        present_nobody()
        raise


def freebusy_address(token: str) -> str:
    """Return where a person's taken times are fetched."""
    return f"{house().settings.base_url}/fb/{token}.ifb"


def takes_gzip() -> bool:
    """Say whether the client named gzip, and not to refuse it (RFC 9110, 12.5.3), and is known to unpack it."""
    agent = (request.user_agent.string or "").lower()
    asked = any(name.lower() == "gzip" and quality > 0 for name, quality in request.accept_encodings)
    return asked and not any(name in agent for name in CANNOT_UNPACK)
