"""Feeds: one secret address per person in an authority; the body is stored and made anew when its rows change."""

from samsyn.calendars.service.feeds.making import create_feed, revoke_feed, rotate_feed
from samsyn.calendars.service.feeds.naming import decide_naming
from samsyn.calendars.service.feeds.serving import ServedFeed, fetch_feed

__all__ = ["ServedFeed", "create_feed", "decide_naming", "fetch_feed", "revoke_feed", "rotate_feed"]
