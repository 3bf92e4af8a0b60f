"""Who gets which message of an invitation's life (RFC 5546 3.2.2 and 3.2.5; CALENDARS.md 2.2), as one table.

A person's UID is for life. The sequence is the person's own: 0 in the first message, one more in each later one (for a
change of words too, where the RFC would leave it: receivers have ignored updates that kept it). Whom a change does not
touch gets nothing. A message sent once more (a retry, a REFRESH) is the same bytes and no change, so it has no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samsyn.calendars.rules import Method


class Change(StrEnum):
    """What a person's own message is about."""

    ASKED = "asked"
    TIME = "time"
    WORDS = "words"
    REMOVED = "removed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the method, whether answers stand, whether the event itself is off.

    STATUS follows from the last: CANCELLED where the event is off, absent for a person who is let go alone, and
    CONFIRMED in a REQUEST (``rendering.event.status``).
    """

    method: Method
    answers_stand: bool
    whole: bool = False


MESSAGES: Final[Mapping[Change, Line]] = {
    # Whoever is asked, with everybody or later, also who was let go or said no and is asked again. Nobody else hears.
    Change.ASKED: Line(Method.REQUEST, answers_stand=False),
    # Everybody whose own time moved.
    Change.TIME: Line(Method.REQUEST, answers_stand=False),
    # Place, role, code word, who asks: everybody whose invitation says otherwise.
    Change.WORDS: Line(Method.REQUEST, answers_stand=True),
    # The one who is let go.
    Change.REMOVED: Line(Method.CANCEL, answers_stand=True),
    # Everybody with an invitation that stands, also who said no.
    Change.CALLED_OFF: Line(Method.CANCEL, answers_stand=True, whole=True),
}
