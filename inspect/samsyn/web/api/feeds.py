"""Feeds of the caller: made, listed, ended. The address itself is shown once."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.calendars.queries import get_feed, list_feeds
from samsyn.calendars.rules import MOST_CHOSEN, FeedLevel, FeedOf, FeedScope, usual_level
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
    """What the feed is of (a unit, collaboration or operations only where the scope says so), how much it tells.

    Without a level: ``busy`` for a collaboration, else ``authority``.
    """

    scope: FeedScope = FeedScope.OWN
    level: FeedLevel | None = None
    unit_id: UUID | None = None
    collaboration_id: UUID | None = None
    operation_ids: tuple[UUID, ...] = Field(default=(), max_length=MOST_CHOSEN)

    def of(self) -> FeedOf:
        """Return what the feed is of."""
        return FeedOf(self.scope, self.unit_id, self.collaboration_id, frozenset(self.operation_ids))


class FeedOut(Shown):
    """A feed without its address."""

    id: UUID
    scope: FeedScope
    unit_id: UUID | None
    collaboration_id: UUID | None
    operations: int
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
    """Make a feed of the caller's own operations, of a unit, of chosen operations, or of a collaboration."""

    secrets: list[str] = []

    def make(uow: UnitOfWork) -> FeedOut:
        feed_id, secret = create_feed(uow, body.level or usual_level(body.scope), body.of())
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
