"""Answers that come in by mail (iTIP REPLY over iMIP): read, judged, never believed further than the token reaches."""

from samsyn.calendars.replies.decide import Decided, Facts, decide
from samsyn.calendars.replies.inbound import Attendee, CalendarPart, InboundMail
from samsyn.calendars.replies.reading import read_reply

__all__ = ["Attendee", "CalendarPart", "Decided", "Facts", "InboundMail", "decide", "read_reply"]
