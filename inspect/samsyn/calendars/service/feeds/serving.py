"""Serve a feed: the stored bytes as long as nothing that it shows has changed, else rendered anew."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text, update
from sqlalchemy.dialects.postgresql import insert

from samsyn.audit.service import record
from samsyn.calendars.letters import Links
from samsyn.calendars.models import Feed, FeedBody
from samsyn.calendars.rendering import render_feed
from samsyn.calendars.rules import FeedLevel, FeedScope
from samsyn.calendars.service.feeds.activities import activity_entries
from samsyn.calendars.service.feeds.following import demand_followed
from samsyn.calendars.service.feeds.own import NOTHING, Shown, own_entries, shown_by
from samsyn.calendars.service.feeds.shared import shared_entries
from samsyn.calendars.service.feeds.sources import source_of
from samsyn.core.errors import NotFoundError
from samsyn.core.feed_marks import NOBODY
from samsyn.core.uow import UnitOfWork

# ``seen`` is asked for before any row is: whatever is committed later leaves a mark that is not in it, so a body never
# holds for longer than the rows which it was made from. Whose operation a mark is of is asked as it is now, hence no
# change can slip between somebody's coming to an operation and the operation's own change.
HEAD: Final = text("""
    WITH f AS (UPDATE feed SET fetched_at = :now WHERE id = :feed AND revoked_at IS NULL
               RETURNING id, person_id, scope, level, unit_id, collaboration_id)
    SELECT f.scope, f.level, f.unit_id, f.collaboration_id, p.language, i.policy_version,
           CAST(pg_current_snapshot() AS text) AS seen, b.frame, b.etag, b.changed_at,
           b.read_at <= :now AND :now < b.holds_until AND NOT EXISTS (
             SELECT FROM feed_mark m
              WHERE m.of_id = ANY (b.keys)
                AND m.xid >= CAST(CAST(pg_snapshot_xmin(CAST(b.seen AS pg_snapshot)) AS text) AS bigint)
                AND NOT pg_visible_in_snapshot(CAST(CAST(m.xid AS text) AS xid8), CAST(b.seen AS pg_snapshot))
                AND (m.operation_id = :nobody OR m.of_id = f.person_id OR f.scope <> 'own'
                  OR EXISTS (SELECT FROM assignment a
                              WHERE a.operation_id = m.operation_id AND a.person_id = f.person_id))) AS holds
      FROM f
      JOIN person p ON p.id = f.person_id
      CROSS JOIN installation i
      LEFT JOIN feed_body b ON b.feed_id = f.id""")
BODY: Final = text("SELECT body, etag, changed_at FROM feed_body WHERE feed_id = :feed")


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed as it leaves: gzip bytes, a strong ETag of the unpacked body, when its content changed.

    ``body`` is empty where the reader has it already.
    """

    body: bytes
    etag: str
    changed_at: datetime


def nothing(_etag: str) -> bool:
    """Say that the reader has no body yet."""
    return False


def fetch_feed(uow: UnitOfWork, feed_id: UUID, links: Links, has: Callable[[str], bool] = nothing) -> ServedFeed:
    """Return the feed, rendered anew only if a row that it shows has changed since; the fetch is logged (R12).

    ``has`` says whether the reader has the body of an ETag. Raises ``NotFoundError`` for a feed that is ended, not the
    viewer's, or of what is the viewer's to follow no longer.
    """
    head = uow.session.execute(HEAD, {"feed": feed_id, "now": uow.now, "nobody": NOBODY}).one_or_none()
    if head is None:
        raise NotFoundError("no such feed")
    demand_followed(uow, head.unit_id, head.collaboration_id)
    record(uow, "feed.fetch", feed_id)
    links = links.in_language(head.language)
    frame = frame_of(uow, feed_id, head, links)
    if not head.holds or head.frame != frame:
        return renewed(uow, feed_id, links, frame, head.seen)
    if has(head.etag):
        return ServedFeed(b"", head.etag, head.changed_at)
    return ServedFeed(*uow.session.execute(BODY, {"feed": feed_id}).one())


def frame_of(uow: UnitOfWork, feed_id: UUID, head: Row[Any], links: Links) -> str:
    """Return a digest of all that a body depends on beside the plan: the feed, its reader, the house's settings."""
    known = (
        head.scope,
        head.level,
        head.policy_version,
        organizer_of(uow, FeedLevel(head.level), links),
        links.service_name,
        links.language,
        links.operation(feed_id),
        feed_key(links, feed_id),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()


def renewed(uow: UnitOfWork, feed_id: UUID, links: Links, frame: str, seen: str) -> ServedFeed:
    """Look at the rows: the stored body where they are what they were, else a new one; and store for how long it holds.

    ``seen``: a snapshot from before any of them was read. The same bytes keep their ETag and their time of change.
    """
    feed = uow.session.get_one(Feed, feed_id)
    more = shown_by(uow) if feed.level is FeedLevel.FULL else NOTHING
    source = source_of(uow, feed, f"{frame} {more}")
    stored = uow.session.get(FeedBody, feed_id)
    holds = {"source": source.digest, "keys": source.keys, "read_at": uow.now, "holds_until": source.until}
    holds |= {"frame": frame, "seen": seen}
    if stored is not None and stored.source == source.digest:
        return kept(uow, stored, holds)
    body = render(uow, feed, links, more)
    etag = hashlib.sha256(body).hexdigest()[:32]
    if stored is not None and stored.etag == etag:
        return kept(uow, stored, holds)
    served = ServedFeed(gzip.compress(body, 6, mtime=0), etag, uow.now.replace(microsecond=0))
    values = {"body": served.body, "etag": etag, "changed_at": served.changed_at, **holds}
    write = insert(FeedBody).values(feed_id=feed_id, person_id=uow.person, **values)
    # Another fetch at the same moment may have stored one: the later one's body stays, with what that one holds by.
    uow.session.execute(write.on_conflict_do_update(index_elements=[FeedBody.feed_id], set_=values))
    return served


def kept(uow: UnitOfWork, stored: FeedBody, holds: dict[str, Any]) -> ServedFeed:
    """Say of a stored body that it still holds; not of another one that another fetch has put in its place."""
    mine = (FeedBody.feed_id == stored.feed_id, FeedBody.etag == stored.etag)
    write = update(FeedBody).where(*mine).values(holds).execution_options(synchronize_session=False)
    uow.session.execute(write)
    return ServedFeed(stored.body, stored.etag, stored.changed_at)


def render(uow: UnitOfWork, feed: Feed, links: Links, more: Shown) -> bytes:
    """Return the feed's body from the rows as they are now; ``more``: what the authority lets a full feed say."""
    operations = own_entries(uow, links, more) if feed.scope is FeedScope.OWN else shared_entries(uow, feed)
    return render_feed(
        [*operations, *activity_entries(uow, feed, links)],
        level=feed.level,
        feed_key=feed_key(links, feed.id),
        calendar_name=links.service_name,
        organizer=organizer_of(uow, feed.level, links),
        language=links.language,
    )


def feed_key(links: Links, feed_id: UUID) -> bytes:
    """Return what makes a feed's own UIDs."""
    return links.keys.digest("feed-uid", str(feed_id))


def organizer_of(uow: UnitOfWork, level: FeedLevel, links: Links) -> str:
    """Return the organiser: it never changes for a UID, and only the person's own calendar shares UIDs with mails."""
    return links.reply_address(uow.person, uow.me) if level is FeedLevel.FULL else links.plain_address()
