"""Read the activities beside operations that a feed has: a day and a kind, and no word that somebody typed.

Their room lies above this one, hence they are read by their table's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.calendars.models import Feed
from samsyn.calendars.queries.feeds import AHEAD, BACK
from samsyn.calendars.rules import FeedLevel, FeedScope
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork

MOST: Final = 2_000
"""Activities in a feed; a collaboration has some hundreds in two years."""
_LINES: Final = text("""
    SELECT id, activity_kind, state = 'cancelled', on_date, counted_at, version FROM activity
     WHERE activity_kind <> 'operation' AND on_date >= :first
       AND (collaboration_id = :collaboration OR (CAST(:collaboration AS uuid) IS NULL AND authority_id = me()))
     ORDER BY on_date, id LIMIT :most""")


@dataclass(frozen=True, slots=True)
class ActivityDay:
    """An activity as a feed may tell of it."""

    id: UUID
    kind: str
    cancelled: bool
    day: date
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ActivitiesSeen:
    """The activities that a feed has now, and the moment until which time alone changes none of it."""

    days: tuple[ActivityDay, ...] = ()
    until: datetime | None = None


def activities_of(uow: UnitOfWork, feed: Feed) -> ActivitiesSeen:
    """Return the own authority's for a person's own feed, every member's for a collaboration's; else none.

    None either in an own feed that says just when the person is taken: an activity takes nobody's time. What was called
    off stays until its day is over.
    """
    own = feed.scope is FeedScope.OWN and feed.level is not FeedLevel.BUSY
    if not own and feed.scope is not FeedScope.COLLABORATION:
        return ActivitiesSeen()
    today = uow.today
    given = {"first": today - BACK, "collaboration": feed.collaboration_id, "most": MOST}
    rows = [ActivityDay(*row) for row in uow.session.execute(_LINES, given)]
    days = tuple(one for one in rows if one.day <= today + AHEAD and (not one.cancelled or one.day >= today))
    midnight = datetime.combine(today + timedelta(days=1), time(0), HOME)
    return ActivitiesSeen(days, midnight if rows else None)
