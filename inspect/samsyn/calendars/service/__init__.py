"""Every write of calendars: telling people, taking their answers, feeds."""

from samsyn.calendars.rules import About
from samsyn.calendars.service.feeds import create_feed, decide_naming, fetch_feed, revoke_feed, rotate_feed
from samsyn.calendars.service.freebusy import fetch_freebusy
from samsyn.calendars.service.notices import (
    SEND_NOTICES,
    Tell,
    mark_all_read,
    mark_read,
    notify,
    notify_refused,
    pass_on_to_deputies,
)
from samsyn.calendars.service.passing_on import pass_on, passed_on
from samsyn.calendars.service.replies import answer_here, take_mail
from samsyn.calendars.service.telling import SEND_DELIVERIES, Wanted, cancel, invite, note, note_begun
from samsyn.calendars.service.wishes import settle_reply

__all__ = [
    "SEND_DELIVERIES",
    "SEND_NOTICES",
    "About",
    "Tell",
    "Wanted",
    "answer_here",
    "cancel",
    "create_feed",
    "decide_naming",
    "fetch_feed",
    "fetch_freebusy",
    "invite",
    "mark_all_read",
    "mark_read",
    "note",
    "note_begun",
    "notify",
    "notify_refused",
    "pass_on",
    "pass_on_to_deputies",
    "passed_on",
    "revoke_feed",
    "rotate_feed",
    "settle_reply",
    "take_mail",
]
