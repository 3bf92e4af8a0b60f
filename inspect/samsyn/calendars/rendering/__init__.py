"""Everything that goes out about an operation: invitations, cancellations and feeds (SECRECY R7)."""

from samsyn.calendars.rendering.appointment import Opened, Standing, Surface, WholeDay
from samsyn.calendars.rendering.feed import Entry, render_feed
from samsyn.calendars.rendering.letter import Letter
from samsyn.calendars.rendering.message import build_calendar, build_message, envelope
from samsyn.calendars.rendering.notice import NoticeLetter, build_notice
from samsyn.calendars.rendering.offer import OfferLetter, build_offer

__all__ = [
    "Entry",
    "Letter",
    "NoticeLetter",
    "OfferLetter",
    "Opened",
    "Standing",
    "Surface",
    "WholeDay",
    "build_calendar",
    "build_message",
    "build_notice",
    "build_offer",
    "envelope",
    "render_feed",
]
