"""Make, change and end a feed's address."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.access.rules import Purpose
from samsyn.access.service import end_feed_tokens, new_token
from samsyn.audit.service import record
from samsyn.calendars.models import Feed, FeedOperation
from samsyn.calendars.rules import LEVELS_OF, MOST_CHOSEN, FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service.feeds.following import follows_collaboration, follows_unit
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import operations_by_id

THE_OWN: Final = FeedOf()


def create_feed(uow: UnitOfWork, level: FeedLevel = FeedLevel.FULL, of: FeedOf = THE_OWN) -> tuple[UUID, str]:
    """Make a feed of the viewer's; return its id and its secret, which is shown once.

    Raises ``InvalidError`` for a level that tells more than its scope may (CALENDARS 3), and for a unit, collaboration
    or operation that is not there to follow: one that is hidden is told apart from none at all by nothing.
    """
    demand_of(uow, level, of)
    feed = Feed(
        id=uuid4(),
        person_id=uow.person,
        authority_id=uow.me,
        scope=of.scope,
        unit_id=of.unit_id,
        collaboration_id=of.collaboration_id,
        level=level,
        created_at=uow.now,
    )
    uow.session.add(feed)
    uow.session.flush()
    chosen = [{"feed_id": feed.id, "operation_id": key, "person_id": uow.person} for key in sorted(of.operations)]
    if chosen:
        uow.session.execute(insert(FeedOperation), chosen)
    record(uow, "feed.create", feed.id, reason=None if of.scope is FeedScope.OWN else of.scope.value)
    return feed.id, new_token(uow, Purpose.FEED, uow.person, feed_id=feed.id)


def demand_of(uow: UnitOfWork, level: FeedLevel, of: FeedOf) -> None:
    """Raise ``InvalidError`` unless a feed can be made of this, by the viewer, at this level."""
    if level not in LEVELS_OF[of.scope]:
        raise InvalidError("tells too much", fields={"level": ["feed_level"]})
    asked = {
        "unit_id": (FeedScope.UNIT, of.unit_id is not None),
        "collaboration_id": (FeedScope.COLLABORATION, of.collaboration_id is not None),
        "operations": (FeedScope.OPERATIONS, bool(of.operations)),
    }
    faults = {name: ["feed_of"] for name, (scope, given) in asked.items() if (scope is of.scope) != given}
    if len(of.operations) > MOST_CHOSEN:
        faults["operations"] = ["feed_of_many"]
    if not faults and of.unit_id is not None and not follows_unit(uow, of.unit_id):
        faults["unit_id"] = ["feed_of"]
    if not faults and of.collaboration_id is not None and not follows_collaboration(uow, of.collaboration_id):
        faults["collaboration_id"] = ["feed_of"]
    if not faults and of.operations - operations_by_id(uow, set(of.operations)).keys():
        faults["operations"] = ["feed_of"]
    if faults:
        raise InvalidError("not to be followed", fields=faults)


def revoke_feed(uow: UnitOfWork, feed_id: UUID) -> None:
    """End a feed at once: its address answers 404 from the next request on."""
    feed = uow.session.get(Feed, feed_id)
    if feed is None:
        raise NotFoundError("no such feed")
    feed.revoked_at = feed.revoked_at or uow.now
    end_feed_tokens(uow, feed_id)
    record(uow, "feed.revoke", feed_id)


def rotate_feed(uow: UnitOfWork, feed_id: UUID) -> tuple[UUID, str]:
    """End a feed and make one of the same, that says as much, with another address; its UIDs change with it.

    ``NotFoundError`` for one that is ended, ``InvalidError`` for one of something that is not there to follow any more.
    """
    feed = uow.session.get(Feed, feed_id)
    if feed is None or feed.revoked_at is not None:
        raise NotFoundError("no such feed")
    level, of = feed.level, made_of(uow, feed)
    revoke_feed(uow, feed_id)
    return create_feed(uow, level, of)


def made_of(uow: UnitOfWork, feed: Feed) -> FeedOf:
    """Return what a feed tells of; operations that the viewer may not read any more are left out."""
    rows = select(FeedOperation.operation_id).where(FeedOperation.feed_id == feed.id)
    chosen = set(uow.session.scalars(rows)) if feed.scope is FeedScope.OPERATIONS else set[UUID]()
    return FeedOf(feed.scope, feed.unit_id, feed.collaboration_id, frozenset(operations_by_id(uow, chosen)))
