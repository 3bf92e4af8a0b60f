"""Why a calendar tells nothing. What is not understood is unknown, never free (CALENDARS 2.5)."""

from __future__ import annotations

from enum import StrEnum

from samsyn.core.outgoing import Unfetched


class Fault(StrEnum):
    """A stable word for each, with a text in plain words under it; never a word of the calendar."""

    ADDRESS = Unfetched.ADDRESS.value
    NOT_PUBLIC = Unfetched.NOT_PUBLIC.value
    AWAY = Unfetched.AWAY.value
    CERTIFICATE = Unfetched.CERTIFICATE.value
    SLOW = Unfetched.SLOW.value
    TOO_LARGE = Unfetched.TOO_LARGE.value
    CLOSED = Unfetched.CLOSED.value
    GONE = Unfetched.GONE.value
    SERVER = Unfetched.SERVER.value
    REDIRECTS = Unfetched.REDIRECTS.value
    NO_CALENDAR = "no_calendar"  # a page for people, a sign-in among them
    BROKEN = "broken"  # cut off, or a time in it that is none
    ZONE = "zone"  # a time zone that nobody knows and the calendar does not tell
    TOO_MANY = "too_many"  # more in it than is read
    HEAVY = "heavy"  # repeats so often that the reading had to be ended
    INTERNAL = "internal"  # ours


class UnreadError(Exception):
    """A calendar that tells nothing."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
