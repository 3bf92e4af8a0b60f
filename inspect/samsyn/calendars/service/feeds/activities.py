"""Activities beside operations as a feed's events: whole days, which hold nobody's time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from samsyn.authorities.queries import authority_names
from samsyn.calendars.letters import Links
from samsyn.calendars.models import Feed
from samsyn.calendars.queries.activities import ActivityDay, activities_of
from samsyn.calendars.rendering import Entry, Standing, WholeDay
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.texts import say


def activity_entries(uow: UnitOfWork, feed: Feed, links: Links) -> list[Entry]:
    """Return the events of the activities that a feed has, from the rows as they are now."""
    days = activities_of(uow, feed).days
    own = authority_names(uow, {uow.me}).get(uow.me, "") if days else ""
    return [entry(one, own, links) for one in days]


def entry(one: ActivityDay, own: str, links: Links) -> Entry:
    """Return one event; what its level may not say is left out where it is rendered."""
    return Entry(
        uid=f"activity-{one.id}@{links.mail_domain}",
        sequence=one.version - 1,
        code_word="",
        meeting_place="",
        starts_at=datetime.combine(one.day, time(0), HOME),
        ends_at=datetime.combine(one.day + timedelta(days=1), time(0), HOME),
        asks="",
        role="",
        own_authority=own,
        contact="",
        operation_url=links.activity(one.id),
        standing=Standing.CANCELLED if one.cancelled else Standing.COMING,
        changed_at=one.changed_at,
        whole=WholeDay(one.day, say(links.language, f"pledges.kinds.{one.kind}")),
    )
