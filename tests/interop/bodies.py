"""Every calendar body that the service can send, by name: what the outside readers are given."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from samsyn.calendars.rendering import Entry, Opened, Standing, WholeDay, build_calendar
from samsyn.calendars.rules import LEVELS_OF, FeedLevel, FeedScope, Method
from tests.calendars.letters import OPENED, a_feed, a_letter, an_entry

NIGHTS: dict[str, tuple[datetime, datetime]] = {
    "winter": (datetime(2027, 1, 15, 8, 0, tzinfo=UTC), datetime(2027, 1, 15, 11, 0, tzinfo=UTC)),
    "summer": (datetime(2027, 7, 1, 7, 0, tzinfo=UTC), datetime(2027, 7, 1, 10, 0, tzinfo=UTC)),
    "spring night 01:30-03:30": (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    "autumn night first 02:30": (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 2, 30, tzinfo=UTC)),
    "autumn night second 02:30": (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 2, 30, tzinfo=UTC)),
}
ROWS: list[Entry] = [
    an_entry(uid=f"night{number}@samsyn.example", starts_at=start, ends_at=end, code_word=name)
    for number, (name, (start, end)) in enumerate(NIGHTS.items())
]
EVERY_KIND: list[Entry] = [
    *ROWS,
    an_entry(uid="asked@samsyn.example", standing=Standing.ASKED),
    an_entry(uid="off@samsyn.example", standing=Standing.CANCELLED, sequence=2),
    an_entry(uid="open@samsyn.example", opened=OPENED),
    an_entry(uid="walk@samsyn.example", whole=WholeDay(date(2027, 3, 28), "trygghetsvandring")),
]
SHARED: list[Entry] = [
    replace(row, uid=f"unit:{number}", meeting_place="", asks="", role="", contact="", operation_url="")
    for number, row in enumerate(EVERY_KIND)
]
"""As a feed of a unit, of chosen operations, of a collaboration has them: an event per operation, one shape for all."""
BODIES: dict[str, tuple[bytes, str]] = {
    "REQUEST": (build_calendar(a_letter()), "REQUEST"),
    "REQUEST in English": (build_calendar(a_letter(language="en")), "REQUEST"),
    "update": (build_calendar(a_letter(sequence=1)), "REQUEST"),
    "CANCEL": (build_calendar(a_letter(method=Method.CANCEL, sequence=2, whole=True)), "CANCEL"),
    "uninvite": (build_calendar(a_letter(method=Method.CANCEL, sequence=2, whole=False)), "REMOVED"),
    **{f"feed {level}": (a_feed(*EVERY_KIND, level=level), level.value) for level in FeedLevel},
    **{f"shared feed {level}": (a_feed(*SHARED, level=level), level.value) for level in LEVELS_OF[FeedScope.UNIT]},
    **{f"empty feed {level}": (a_feed(level=level), level.value) for level in FeedLevel},
}
SIGNS = [
    *"åäöÅÄÖéüßŁ", "😀", "👩‍🚒", "e\u0301", ";", ",", "\\", '"', "'", ":", "\n", "\\n", "^", "%", "<", "&", "#", " ",
    "  ", "\t", "besök", "Storgatan", "12:30", "BEGIN:VEVENT", "=20",
]  # fmt: skip


def strange_rows(count: int) -> list[Entry]:
    """Rows with texts of up to 8,000 characters that try every escape and fold."""
    chance = random.Random(2027)

    def text(longest: int) -> str:
        return "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, longest)))

    start = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
    return [
        an_entry(
            uid=f"strange{number}@samsyn.example", starts_at=start + timedelta(hours=number),
            ends_at=start + timedelta(hours=number + 1), code_word=text(80) + "x", meeting_place=text(80),
            role=text(40),
            opened=Opened("x" + text(60), text(80), tuple(text(500) for _ in range(number % 25))) if number % 2
            else None,
        )
        for number in range(count)
    ]  # fmt: skip
