"""What a feed is made from, as one digest; whose marks would change it; and until when time alone does not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text

from samsyn.calendars.models import Feed
from samsyn.calendars.queries.activities import activities_of
from samsyn.calendars.queries.feeds import AHEAD, BACK
from samsyn.calendars.rules import FeedScope
from samsyn.core.feed_marks import NOBODY
from samsyn.core.uow import UnitOfWork

TRUSTED: Final = timedelta(days=1)
"""For how long a body is taken from its marks alone: marks are kept for a week (``keeping_kinds``)."""
# What was called off vanishes at its end: the last word of a line is whether it has. Rows that begin too late to be in
# the feed are read as well: when the first of them comes in, and whose plans they are of.
OWN: Final = text("""
    SELECT md5(string_agg(concat_ws('|', a.id, a.version, o.version, lead.name, own.name, d.n, d.told_at,
                                    (o.state = 'cancelled' OR a.state = 'withdrawn') AND a.ends_at <= :now), ','
                          ORDER BY a.id) FILTER (WHERE a.starts_at < :before)) AS rows,
           array_agg(DISTINCT o.collaboration_id) AS plans, min(a.ends_at) AS first_ends,
           min(a.ends_at) FILTER (WHERE a.ends_at > :now) AS next_ends,
           min(a.starts_at) FILTER (WHERE a.starts_at >= :before) AS next_starts
      FROM assignment a
      JOIN operation o ON o.id = a.operation_id
      JOIN authority lead ON lead.id = o.lead_id
      JOIN authority own ON own.id = a.authority_id
      LEFT JOIN (SELECT operation_id, max(sequence) AS n, max(written_at) AS told_at FROM delivery
                  WHERE person_id = :person AND to_id = :me GROUP BY operation_id) d ON d.operation_id = o.id
     WHERE a.person_id = :person AND a.authority_id = :me AND a.ends_at > :after""")
UNIT: Final = text("""
    SELECT md5(string_agg(concat_ws('|', a.id, a.version, o.version, own.name, d.n, d.told_at,
                                    (o.state = 'cancelled' OR a.state = 'withdrawn') AND a.ends_at <= :now), ','
                          ORDER BY a.id) FILTER (WHERE a.starts_at < :before)) AS rows,
           array_agg(DISTINCT o.collaboration_id) AS plans, min(a.ends_at) AS first_ends,
           min(a.ends_at) FILTER (WHERE a.ends_at > :now) AS next_ends,
           min(a.starts_at) FILTER (WHERE a.starts_at >= :before) AS next_starts
      FROM assignment a
      JOIN staff s ON s.person_id = a.person_id AND s.authority_id = a.authority_id
      JOIN operation o ON o.id = a.operation_id
      JOIN authority own ON own.id = a.authority_id
      LEFT JOIN LATERAL (SELECT count(*) AS n, max(written_at) AS told_at FROM delivery
                          WHERE operation_id = o.id AND to_id = :me) d ON true
     WHERE a.authority_id = :me AND s.unit_id = :unit AND a.ends_at > :after""")
# Chosen operations that are over are read too: one that is moved comes back, by a mark of its collaboration.
OPERATIONS: Final = text("""
    SELECT md5(string_agg(concat_ws('|', o.id, o.version, own.name, p.withdrawn_at, d.n, d.told_at,
                                    o.state = 'cancelled' AND o.ends_at <= :now), ','
                          ORDER BY o.id)
                 FILTER (WHERE o.ends_at > :after AND coalesce(o.meets_at, o.starts_at) < :before)) AS rows,
           array_agg(DISTINCT o.collaboration_id) AS plans,
           min(o.ends_at) FILTER (WHERE o.ends_at > :after) AS first_ends,
           min(o.ends_at) FILTER (WHERE o.ends_at > :now) AS next_ends,
           min(coalesce(o.meets_at, o.starts_at))
             FILTER (WHERE coalesce(o.meets_at, o.starts_at) >= :before) AS next_starts
      FROM operation o
      JOIN authority own ON own.id = :me
      LEFT JOIN participation p ON p.operation_id = o.id AND p.authority_id = :me
      LEFT JOIN LATERAL (SELECT count(*) AS n, max(written_at) AS told_at FROM delivery
                          WHERE operation_id = o.id) d ON true
     WHERE (o.collaboration_id = :collaboration AND o.ends_at > :after)
        OR o.id IN (SELECT operation_id FROM feed_operation WHERE feed_id = :feed)""")
ROWS: Final[dict[FeedScope, TextClause]] = {
    FeedScope.OWN: OWN,
    FeedScope.UNIT: UNIT,
    FeedScope.OPERATIONS: OPERATIONS,
    FeedScope.COLLABORATION: OPERATIONS,
}
"""By scope: a digest of every row that the feed may show, in one statement however many there are."""


@dataclass(frozen=True, slots=True)
class Source:
    """``digest`` changes with every row that the feed may show; ``keys``: whose marks tell that one did.

    Unless there is such a mark, the feed is the same at every moment before ``until``.
    """

    digest: str
    keys: list[UUID]
    until: datetime


def source_of(uow: UnitOfWork, feed: Feed, frame: str) -> Source:
    """Return what a feed is made from now.

    The digest may change for what nobody sees; the body is then rendered, and the same bytes keep their ETag.
    """
    given = {"person": uow.person, "me": uow.me, "feed": feed.id, "unit": feed.unit_id}
    times = {"now": uow.now, "after": uow.now - BACK, "before": uow.now + AHEAD}
    found = uow.session.execute(ROWS[feed.scope], {**given, **times, "collaboration": feed.collaboration_id}).one()
    activities = activities_of(uow, feed)
    plans = {*(found.plans or ()), *filter(None, [feed.collaboration_id])}
    moments = [
        uow.now + TRUSTED,
        *([found.first_ends + BACK] if found.first_ends else []),
        *([found.next_ends] if found.next_ends else []),
        *([found.next_starts - AHEAD] if found.next_starts else []),
        *([activities.until] if activities.until else []),
    ]
    digest = hashlib.sha256(repr((frame, found.rows, activities.days)).encode()).hexdigest()
    return Source(digest, sorted({uow.person, uow.me, NOBODY, *plans}), min(moments))
