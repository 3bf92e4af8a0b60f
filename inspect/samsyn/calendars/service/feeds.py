"""Feeds: one secret address per person in an authority; the body is stored and made anew when its rows change."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, text

from samsyn.access.queries import my_language
from samsyn.access.rules import Purpose
from samsyn.access.service import end_feed_tokens, new_token
from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.calendars.letters import Links, role_name
from samsyn.calendars.models import Delivery, Feed, FeedBody
from samsyn.calendars.rendering import Entry, Standing, render_feed
from samsyn.calendars.rules import FeedLevel
from samsyn.core.errors import NotFoundError
from samsyn.core.installation import policy_version
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, PersonLine, my_assignments
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.texts import say

BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=400)
GONE: Final = frozenset({AssignmentState.WITHDRAWN})
ROWS: Final = text("""
    SELECT md5(string_agg(concat_ws('|', a.id, a.version, o.version, lead.name, own.name, d.n, d.told_at), ','
                          ORDER BY a.id))
      FROM assignment a
      JOIN operation o ON o.id = a.operation_id
      JOIN authority lead ON lead.id = o.lead_id
      JOIN authority own ON own.id = a.authority_id
      LEFT JOIN (SELECT operation_id, max(sequence) AS n, max(written_at) AS told_at FROM delivery
                  WHERE person_id = :person AND to_id = :me GROUP BY operation_id) d ON d.operation_id = o.id
     WHERE a.person_id = :person AND a.authority_id = :me AND a.ends_at > :after AND a.starts_at < :before""")


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed as it leaves: gzip bytes, a strong ETag of the unpacked body, when its content changed."""

    body: bytes
    etag: str
    changed_at: datetime


def create_feed(uow: UnitOfWork, level: FeedLevel = FeedLevel.FULL) -> tuple[UUID, str]:
    """Make a feed of the viewer's own operations; return its id and its secret, which is shown once."""
    feed = Feed(id=uuid4(), person_id=uow.person, authority_id=uow.me, level=level, created_at=uow.now)
    uow.session.add(feed)
    uow.session.flush()
    record(uow, "feed.create", feed.id)
    return feed.id, new_token(uow, Purpose.FEED, uow.person, feed_id=feed.id)


def revoke_feed(uow: UnitOfWork, feed_id: UUID) -> None:
    """End a feed at once: its address answers 404 from the next request on."""
    feed = uow.session.get(Feed, feed_id)
    if feed is None:
        raise NotFoundError("no such feed")
    feed.revoked_at = feed.revoked_at or uow.now
    end_feed_tokens(uow, feed_id)
    record(uow, "feed.revoke", feed_id)


def rotate_feed(uow: UnitOfWork, feed_id: UUID) -> tuple[UUID, str]:
    """End a feed and make one that says as much, with another address; ``NotFoundError`` for one that is ended."""
    feed = uow.session.get(Feed, feed_id)
    if feed is None or feed.revoked_at is not None:
        raise NotFoundError("no such feed")
    level = feed.level
    revoke_feed(uow, feed_id)
    return create_feed(uow, level)


def fetch_feed(uow: UnitOfWork, feed_id: UUID, links: Links) -> ServedFeed:
    """Return the feed, rendered anew only if a row that it shows has changed since; the fetch is logged (R12)."""
    feed = uow.session.get(Feed, feed_id)
    if feed is None or feed.revoked_at is not None:
        raise NotFoundError("no such feed")
    feed.fetched_at = uow.now
    record(uow, "feed.fetch", feed_id)
    links = links.in_language(my_language(uow))
    source = fingerprint(uow, feed.level, links)
    stored = uow.session.get(FeedBody, feed_id)
    if stored is None or stored.source != source:
        stored = keep(uow, stored or FeedBody(feed_id=feed_id, person_id=uow.person), render(uow, feed, links), source)
    return ServedFeed(stored.body, stored.etag, stored.changed_at)


def render(uow: UnitOfWork, feed: Feed, links: Links) -> bytes:
    """Return the feed's body from the rows as they are now."""
    told = last_versions(uow)
    places = my_assignments(uow, uow.now - BACK, uow.now + AHEAD)
    kept = [(place, operation) for place, operation in places if shown(place, operation, told)]
    names = authority_names(uow, {a for place, op in kept for a in (place.authority_id, op.lead_id)})
    return render_feed(
        [entry(place, operation, told.get(operation.id), names, links) for place, operation in kept],
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


@dataclass(frozen=True, slots=True)
class Version:
    """The last thing that the viewer was told of an operation."""

    sequence: int
    told_at: datetime


def last_versions(uow: UnitOfWork) -> dict[UUID, Version]:
    """The last version that the viewer was told, by operation."""
    rows = (
        select(Delivery.operation_id, func.max(Delivery.sequence), func.max(Delivery.written_at))
        .where(Delivery.person_id == uow.person, Delivery.to_id == uow.me)
        .group_by(Delivery.operation_id)
    )
    return {row[0]: Version(row[1], row[2]) for row in uow.session.execute(rows)}


def shown(place: PersonLine, operation: OperationCard, told: Mapping[UUID, Version]) -> bool:
    """Say whether a place is in the feed: what is planned for the person, or was told and then called off."""
    if operation.state in {OperationState.PROPOSED, OperationState.PREPARING}:
        return False
    if place.state in GONE or operation.state is OperationState.CANCELLED:
        return operation.id in told
    return place.state is not AssignmentState.DECLINED


def fingerprint(uow: UnitOfWork, level: FeedLevel, links: Links) -> str:
    """Return a digest that changes with every row that the feed may show, in one statement however many there are.

    It may change for what nobody sees; the body is then rendered, and the same bytes keep their ETag.
    """
    values = {"person": uow.person, "me": uow.me, "after": uow.now - BACK, "before": uow.now + AHEAD}
    rows = uow.session.scalar(ROWS, values)
    frame = (level.value, policy_version(uow), organizer_of(uow, level, links), links.service_name, links.language)
    return hashlib.sha256(repr((frame, rows)).encode()).hexdigest()


def entry(
    place: PersonLine, operation: OperationCard, told: Version | None, names: Mapping[UUID, str], links: Links
) -> Entry:
    """Return one event as the person's own feed may say it.

    Its last change is the person's own, or what the person was told: an operation's row also changes for reasons that
    nobody sees here, and the feed must not look new then.
    """
    cancelled = operation.state is OperationState.CANCELLED or place.state in GONE
    coming = Standing.COMING if place.state is AssignmentState.ACCEPTED else Standing.ASKED
    asks = names.get(operation.lead_id, "")
    return Entry(
        uid=place.uid,
        sequence=told.sequence if told else 0,
        code_word=operation.code_word,
        meeting_place=operation.meeting_place or "",
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        asks=asks,
        role=role_name(place.role, links.language),
        own_authority=names.get(place.authority_id, ""),
        contact=say(links.language, "lifecycle.contact.lead", authority=asks),
        operation_url=links.operation(operation.id),
        standing=Standing.CANCELLED if cancelled else coming,
        changed_at=max(place.changed_at, told.told_at if told else operation.changed_at),
    )
