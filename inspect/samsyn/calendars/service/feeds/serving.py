"""Serve a feed: rendered anew only where a row that it shows has changed since, else the stored bytes."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text

from samsyn.access.queries import my_language
from samsyn.audit.service import record
from samsyn.calendars.letters import Links
from samsyn.calendars.models import Feed, FeedBody
from samsyn.calendars.queries.feeds import AHEAD, BACK
from samsyn.calendars.rendering import render_feed
from samsyn.calendars.rules import FeedLevel, FeedScope
from samsyn.calendars.service.feeds.following import demand_followed
from samsyn.calendars.service.feeds.own import NOTHING, Shown, own_entries, shown_by
from samsyn.calendars.service.feeds.shared import shared_entries
from samsyn.core.errors import NotFoundError
from samsyn.core.installation import policy_version
from samsyn.core.uow import UnitOfWork

# What was called off vanishes at its end: the last word of a line is whether it has.
OWN: Final = text("""
    SELECT md5(string_agg(concat_ws('|', a.id, a.version, o.version, lead.name, own.name, d.n, d.told_at,
                                    (o.state = 'cancelled' OR a.state = 'withdrawn') AND a.ends_at <= :now), ','
                          ORDER BY a.id))
      FROM assignment a
      JOIN operation o ON o.id = a.operation_id
      JOIN authority lead ON lead.id = o.lead_id
      JOIN authority own ON own.id = a.authority_id
      LEFT JOIN (SELECT operation_id, max(sequence) AS n, max(written_at) AS told_at FROM delivery
                  WHERE person_id = :person AND to_id = :me GROUP BY operation_id) d ON d.operation_id = o.id
     WHERE a.person_id = :person AND a.authority_id = :me AND a.ends_at > :after AND a.starts_at < :before""")
UNIT: Final = text("""
    SELECT md5(string_agg(concat_ws('|', a.id, a.version, o.version, own.name, d.n, d.told_at,
                                    (o.state = 'cancelled' OR a.state = 'withdrawn') AND a.ends_at <= :now), ','
                          ORDER BY a.id))
      FROM assignment a
      JOIN staff s ON s.person_id = a.person_id AND s.authority_id = a.authority_id
      JOIN operation o ON o.id = a.operation_id
      JOIN authority own ON own.id = a.authority_id
      LEFT JOIN LATERAL (SELECT count(*) AS n, max(written_at) AS told_at FROM delivery
                          WHERE operation_id = o.id AND to_id = :me) d ON true
     WHERE a.authority_id = :me AND s.unit_id = :unit AND a.ends_at > :after AND a.starts_at < :before""")
OPERATIONS: Final = text("""
    SELECT md5(string_agg(concat_ws('|', o.id, o.version, own.name, p.withdrawn_at, d.n, d.told_at,
                                    o.state = 'cancelled' AND o.ends_at <= :now), ',' ORDER BY o.id))
      FROM operation o
      JOIN authority own ON own.id = :me
      LEFT JOIN participation p ON p.operation_id = o.id AND p.authority_id = :me
      LEFT JOIN LATERAL (SELECT count(*) AS n, max(written_at) AS told_at FROM delivery
                          WHERE operation_id = o.id) d ON true
     WHERE o.ends_at > :after AND coalesce(o.meets_at, o.starts_at) < :before
       AND (o.collaboration_id = :collaboration
            OR o.id IN (SELECT operation_id FROM feed_operation WHERE feed_id = :feed))""")
ROWS: Final[dict[FeedScope, TextClause]] = {
    FeedScope.OWN: OWN,
    FeedScope.UNIT: UNIT,
    FeedScope.OPERATIONS: OPERATIONS,
    FeedScope.COLLABORATION: OPERATIONS,
}
"""By scope: a digest of every row that the feed may show, in one statement however many there are."""


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed as it leaves: gzip bytes, a strong ETag of the unpacked body, when its content changed."""

    body: bytes
    etag: str
    changed_at: datetime


def fetch_feed(uow: UnitOfWork, feed_id: UUID, links: Links) -> ServedFeed:
    """Return the feed, rendered anew only if a row that it shows has changed since; the fetch is logged (R12).

    Raises ``NotFoundError`` for a feed that is ended, not the viewer's, or of what is the viewer's to follow no longer.
    """
    feed = uow.session.get(Feed, feed_id)
    if feed is None or feed.revoked_at is not None:
        raise NotFoundError("no such feed")
    demand_followed(uow, feed)
    feed.fetched_at = uow.now
    record(uow, "feed.fetch", feed_id)
    links = links.in_language(my_language(uow))
    more = shown_by(uow) if feed.level is FeedLevel.FULL else NOTHING
    source = fingerprint(uow, feed, links, more)
    stored = uow.session.get(FeedBody, feed_id)
    if stored is None or stored.source != source:
        stored = keep(
            uow, stored or FeedBody(feed_id=feed_id, person_id=uow.person), render(uow, feed, links, more), source
        )
    return ServedFeed(stored.body, stored.etag, stored.changed_at)


def render(uow: UnitOfWork, feed: Feed, links: Links, more: Shown) -> bytes:
    """Return the feed's body from the rows as they are now; ``more``: what the authority lets a full feed say."""
    return render_feed(
        own_entries(uow, links, more) if feed.scope is FeedScope.OWN else shared_entries(uow, feed),
        level=feed.level,
        feed_key=links.keys.digest("feed-uid", str(feed.id)),
        calendar_name=links.service_name,
        organizer=organizer_of(uow, feed.level, links),
        language=links.language,
    )


def keep(uow: UnitOfWork, stored: FeedBody, body: bytes, source: str) -> FeedBody:
    """Store a body; the same bytes keep their ETag and their time of change."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    if stored.etag != etag:
        stored.etag, stored.body = etag, gzip.compress(body, 6, mtime=0)
        stored.changed_at = uow.now.replace(microsecond=0)
    stored.source = source
    uow.session.add(stored)
    uow.session.flush()
    return stored


def organizer_of(uow: UnitOfWork, level: FeedLevel, links: Links) -> str:
    """Return the organiser: it never changes for a UID, and only the person's own calendar shares UIDs with mails."""
    return links.reply_address(uow.person, uow.me) if level is FeedLevel.FULL else links.plain_address()


def fingerprint(uow: UnitOfWork, feed: Feed, links: Links, more: Shown) -> str:
    """Return a digest that changes with every row that the feed may show.

    It may change for what nobody sees; the body is then rendered, and the same bytes keep their ETag.
    """
    given = {"person": uow.person, "me": uow.me, "feed": feed.id, "unit": feed.unit_id}
    times = {"now": uow.now, "after": uow.now - BACK, "before": uow.now + AHEAD}
    rows = uow.session.scalar(ROWS[feed.scope], {**given, **times, "collaboration": feed.collaboration_id})
    organizer = organizer_of(uow, feed.level, links)
    frame = (feed.scope.value, feed.level.value, policy_version(uow), organizer, links.service_name, links.language)
    return hashlib.sha256(repr((frame, rows, more)).encode()).hexdigest()
