"""Feeds: the same rows give the same bytes; thin levels share no UID with anything; an empty one is a calendar."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vCalAddress, vDatetime, vInt, vText, vUri
from icalendar.parser import Contentline, Parameters

from samsyn.calendars.rendering import Standing, render_feed
from samsyn.calendars.rendering.lines import Link, Person, Value, content_line, folded
from samsyn.calendars.rules import FeedLevel
from samsyn.core.errors import InvalidError
from tests.calendars.letters import ENDS, ENTRY, FEED_KEY, OPENED, REPLY_ADDRESS, STARTS, WRITTEN, a_feed, an_entry
from tests.interop.wire import wire_faults

ROWS = [an_entry(uid=f"{n}@samsyn.example", starts_at=STARTS + timedelta(days=n), ends_at=ENDS + timedelta(days=n))
        for n in range(5)]  # fmt: skip


SIGNS = st.sampled_from([*"aåö\\^;,:", "😀", "👩‍🚒", "e\u0301", "insats ", "\u2028"])


@given(st.lists(SIGNS, max_size=400).map("".join))
def test_a_line_is_folded_octet_by_octet_as_the_library_folds_it(text: str) -> None:
    line = f"SUMMARY:{text}"
    assert folded(line) == Contentline(line).to_ical()  # type: ignore[no-untyped-call]


def test_a_line_of_each_kind_is_what_the_library_writes() -> None:
    us = Person(REPLY_ADDRESS, 'Samsyn "Arboga": ängen')
    kinds: list[tuple[Value, object]] = [
        (STARTS, vDatetime(STARTS)), (7, vInt(7)), ("a;b,c\\d\ne", vText("a;b,c\\d\ne")), (Link("https://x/ö"), vUri("https://x/ö")),
        (us, vCalAddress(f"mailto:{REPLY_ADDRESS}")),
    ]  # fmt: skip
    for value, theirs in kinds:
        parameters = Parameters({"CN": "Samsyn Arboga : ängen"} if isinstance(value, Person) else {})
        meant = Contentline.from_parts("X", parameters, theirs, sorted=False).to_ical() + b"\r\n"
        assert content_line("X", value) == meant


def uids(data: bytes) -> set[str]:
    return set(re.findall(r"UID:(\S+)", data.replace(b"\r\n ", b"").decode()))


@pytest.mark.parametrize("level", list(FeedLevel))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_feed_keeps_the_rules_of_the_wire(level: FeedLevel, language: str) -> None:
    rows = [*ROWS, an_entry(standing=Standing.CANCELLED), an_entry(uid="x", standing=Standing.ASKED, opened=OPENED)]
    assert wire_faults(a_feed(*rows, level=level, language=language), level) == []
    assert wire_faults(a_feed(level=level, language=language), level) == []


@pytest.mark.parametrize("level", list(FeedLevel))
def test_rows_in_any_order_give_the_same_bytes(level: FeedLevel) -> None:
    assert a_feed(*ROWS, level=level) == a_feed(*reversed(ROWS), level=level)


@pytest.mark.parametrize(
    ("level", "field", "value", "shows"),
    [
        (FeedLevel.BUSY, "meeting_place", "elsewhere", False),
        (FeedLevel.BUSY, "code_word", "Blåsippa", False),
        (FeedLevel.BUSY, "ends_at", ENDS + timedelta(hours=1), True),
        (FeedLevel.AUTHORITY, "asks", "Tullverket", False),
        (FeedLevel.AUTHORITY, "code_word", "Blåsippa", True),
        (FeedLevel.FULL, "role", "Protokollförare", True),
        (FeedLevel.FULL, "changed_at", WRITTEN + timedelta(seconds=1), True),
    ],
)
def test_the_bytes_change_exactly_when_something_visible_does(
    level: FeedLevel, field: str, value: object, shows: bool
) -> None:
    assert (a_feed(ENTRY, level=level) != a_feed(an_entry(**{field: value}), level=level)) is shows


def test_only_the_own_feed_has_the_invitations_uid() -> None:
    assert uids(a_feed(ENTRY)) == {ENTRY.uid}
    thin = [a_feed(ENTRY, level=level, key=key) for level in (FeedLevel.BUSY, FeedLevel.AUTHORITY)
            for key in (FEED_KEY, b"other" * 8)]  # fmt: skip
    found = [uids(data) for data in thin]
    assert found[0] == found[2] != found[1] == found[3]
    assert all(ENTRY.uid.split("@")[0] not in data.decode() for data in thin)


@pytest.mark.parametrize("level", [FeedLevel.BUSY, FeedLevel.AUTHORITY])
def test_a_shared_feed_never_carries_a_reply_address(level: FeedLevel) -> None:
    with pytest.raises(InvalidError):
        render_feed([ENTRY], level=level, feed_key=FEED_KEY, calendar_name="x", organizer=REPLY_ADDRESS, language="sv")


def test_a_feed_of_500_rows_has_each_of_them() -> None:
    rows = [an_entry(uid=f"{n}@samsyn.example", starts_at=STARTS + timedelta(hours=n)) for n in range(500)]
    rows = [an_entry(uid=row.uid, starts_at=row.starts_at, ends_at=row.starts_at + timedelta(hours=1)) for row in rows]
    assert len(uids(a_feed(*rows, level=FeedLevel.BUSY))) == 500
