"""The feed as calendar programs fetch it: a secret address, a strong ETag, 304 without a body."""

from __future__ import annotations

import gzip
import hashlib
from typing import Final

from flask import Response, request

from samsyn.access.rules import Purpose
from samsyn.calendars.service import fetch_feed, fetch_freebusy
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import open_by_secret
from samsyn.web.house import house
from samsyn.web.identity import present
from samsyn.web.installation import current_links
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("feeds")
CANNOT_UNPACK: Final = ("outlook", "microsoft")
"""Clients that have been seen to fail on a compressed feed (CALENDARS 2.4)."""


@blueprint.get("/cal/<token>.ics")
@open_by_secret
def get_feed(token: str) -> Response:
    """The person's feed; an unknown, ended or revoked address is the same 404."""
    who = present(token, Purpose.FEED)
    if who.credential.feed_id is None:
        raise NotFoundError("no such address")
    with unit_of_work(who.viewer) as uow:
        feed = fetch_feed(uow, who.credential.feed_id, current_links())
    response = Response(content_type="text/calendar; charset=utf-8")
    response.set_etag(feed.etag)
    response.last_modified = feed.changed_at
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding, User-Agent"
    response.headers["Content-Disposition"] = 'inline; filename="samsyn.ics"'
    if takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(feed.body)
    else:
        response.set_data(gzip.decompress(feed.body))
    # The ETag alone decides: a date of seconds cannot tell two changes apart.
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


@blueprint.get("/fb/<token>.ifb")
@open_by_secret
def get_freebusy(token: str) -> Response:
    """When the person of a feed is taken, for who plans in another program; the same 404 as the feed's."""
    who = present(token, Purpose.FEED)
    if who.credential.feed_id is None:
        raise NotFoundError("no such address")
    with unit_of_work(who.viewer) as uow:
        body = fetch_freebusy(uow, who.credential.feed_id, current_links(), freebusy_address(token))
    response = Response(body, content_type="text/calendar; charset=utf-8; component=VFREEBUSY")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Content-Disposition"] = 'inline; filename="samsyn.ifb"'
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def freebusy_address(token: str) -> str:
    """Return where a person's taken times are fetched."""
    return f"{house().settings.base_url}/fb/{token}.ifb"


def takes_gzip() -> bool:
    """Say whether the client asked for gzip and is known to unpack it."""
    agent = (request.user_agent.string or "").lower()
    asked = "gzip" in request.headers.get("Accept-Encoding", "").lower()
    return asked and not any(name in agent for name in CANNOT_UNPACK)
