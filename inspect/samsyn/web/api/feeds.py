"""Feeds of the caller: made, listed, ended. The address itself is shown once."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from flask import Response

from samsyn.calendars.queries import get_feed, list_feeds
from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("feeds")


class FeedIn(Body):
    """How much the feed tells."""

    level: FeedLevel = FeedLevel.FULL


class FeedOut(Shown):
    """A feed without its address."""

    id: UUID
    level: FeedLevel
    created_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None


class NewFeedOut(FeedOut):
    """A new feed with its secret address: null in a repeated answer, since it is kept nowhere."""

    url: str | None


class FeedList(Shown):
    """The caller's feeds."""

    items: list[FeedOut]
    next_cursor: str | None = None


@blueprint.get("/feeds")
@guarded()
@blueprint.output(FeedList)
def get_feeds() -> dict[str, object]:
    """The caller's own feeds, newest first."""
    with unit_of_work(current_viewer()) as uow:
        return {"items": list_feeds(uow)}


@blueprint.post("/feeds")
@guarded()
@blueprint.input(FeedIn, arg_name="body")
@blueprint.output(NewFeedOut, status_code=201)
def post_feed(body: FeedIn) -> Response:
    """Make a feed of the caller's own operations."""

    secrets: list[str] = []

    def make(uow: UnitOfWork) -> FeedOut:
        feed_id, secret = create_feed(uow, body.level)
        secrets.append(secret)
        return FeedOut.model_validate(get_feed(uow, feed_id))

    # The answer that is kept for repetitions must not hold the address.
    answer = once(make, status=201)
    url = f"{house().settings.base_url}/cal/{secrets[0]}.ics" if secrets else None
    answer.set_data(json.dumps({**answer.get_json(), "url": url}))
    return answer


@blueprint.delete("/feeds/<uuid:feed_id>")
@guarded()
@blueprint.output(FeedOut)
def delete_feed(feed_id: UUID) -> Response:
    """End a feed: its address answers 404 from the next request on."""

    def make(uow: UnitOfWork) -> FeedOut:
        revoke_feed(uow, feed_id)
        return FeedOut.model_validate(get_feed(uow, feed_id))

    return once(make)
