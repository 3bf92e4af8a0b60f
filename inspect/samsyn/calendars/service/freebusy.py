"""Tell when a person is taken, at the address of a feed of that person's."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.audit.service import record
from samsyn.calendars.letters import Links
from samsyn.calendars.models import Feed
from samsyn.calendars.queries.freebusy import my_busy_times
from samsyn.calendars.rendering.feed import derived
from samsyn.calendars.rendering.freebusy import render_freebusy
from samsyn.calendars.rules import FeedScope
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork


def fetch_freebusy(uow: UnitOfWork, feed_id: UUID, links: Links, url: str) -> bytes:
    """Return the viewer's taken times as iCalendar; the fetch is logged (R12).

    It says of every booking, leave and busy time that there is one, and nothing more: the same whatever the feed's
    level. The address in it is the service's: whom the person gives it to may not know the work address (R18).
    Raises ``NotFoundError`` for a feed that is ended, not the viewer's, or of others than the viewer alone: a secret
    opens its own scope and nothing else.
    """
    feed = uow.session.get(Feed, feed_id)
    if feed is None or feed.revoked_at is not None or feed.scope is not FeedScope.OWN:
        raise NotFoundError("no such feed")
    feed.fetched_at = uow.now
    record(uow, "feed.fetch", feed_id, reason="free_busy")
    busy, window = my_busy_times(uow)
    name = staff_names(uow, {uow.person}).get((uow.person, uow.me), "")
    us = links.plain_address()
    uid = f"{derived(links.keys.digest('feed-uid', str(feed_id)), 'free-busy')}@{us.rpartition('@')[2]}"
    return render_freebusy(busy, window, uid=uid, organizer=us, name=name, url=url)
