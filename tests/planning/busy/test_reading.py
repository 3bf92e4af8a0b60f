"""What is read of a calendar is what an independent reckoning says, and nothing that is kept for parsing is a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.calendars.rendering.freebusy import render_freebusy
from samsyn.planning.busy.faults import UnreadError
from samsyn.planning.busy.lighten import lighten
from samsyn.planning.busy.reading import read_calendar
from samsyn.planning.busy.told import Owner
from samsyn.planning.busy.zones import zone_of
from samsyn.planning.rules import merged
from tests.planning.busy.calendars import ME, SECRETS, WINDOW
from tests.planning.busy.generated import SERIES, Series, quarters, taken, written

OWNER = Owner(frozenset({ME}))


@settings(max_examples=150, deadline=None)
@given(series=st.lists(SERIES, max_size=6))
def test_it_is_what_an_independent_reckoning_says(series: list[Series]) -> None:
    read = read_calendar(written(series), OWNER, WINDOW)
    assert quarters(read.busy) == quarters(list(taken(series)))
    assert list(read.busy) == sorted(read.busy)


@settings(max_examples=50, deadline=None)
@given(series=st.lists(SERIES, max_size=6))
def test_what_this_house_tells_another_is_read_back(series: list[Series]) -> None:
    busy = merged((max(a, WINDOW[0]), min(b, WINDOW[1])) for a, b in taken(series))
    us = "samsyn@samsyn.example"
    told = render_freebusy(busy, WINDOW, uid=f"1{us[6:]}", organizer=us, name="Kai", url="https://x.example/fb/1.ifb")
    read = read_calendar(told, OWNER, WINDOW)
    assert (list(read.busy), read.tells) == (busy, WINDOW)


@settings(max_examples=100, deadline=None)
@given(series=st.lists(SERIES, min_size=1, max_size=4), cut=st.floats(0.02, 0.98))
def test_a_calendar_that_was_cut_anywhere_tells_nothing(series: list[Series], cut: float) -> None:
    body = written(series)
    with pytest.raises(UnreadError):
        read_calendar(body[: int(len(body) * cut)], OWNER, WINDOW)


@settings(max_examples=100, deadline=None)
@given(noise=st.binary(max_size=300), at=st.floats(0, 1), series=st.lists(SERIES, max_size=3))
def test_noise_is_refused_or_read_and_never_an_error_of_ours(noise: bytes, at: float, series: list[Series]) -> None:
    body = written(series)
    cut = int(len(body) * at)
    try:
        read_calendar(body[:cut] + noise + body[cut:], OWNER, WINDOW)
    except UnreadError:
        return


def test_no_word_gets_as_far_as_the_parser() -> None:
    series = [Series(3, 9, 60, "Europe/Stockholm", 0, 7, 5, frozenset({1}), frozenset({2}), "")]
    light = lighten(written(series), OWNER, WINDOW[0].date()).decode()
    assert [word for word in SECRETS if word in light] == ["Hemlig-uid"]  # by which one changes another; it ends there
    assert {line.partition(":")[0].partition(";")[0] for line in light.splitlines()} == {
        *("BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "X-LASTS", "RRULE", "EXDATE", "RECURRENCE-ID"),
    }


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Stockholm", "Europe/Stockholm"),
        ("europe/stockholm", "Europe/Stockholm"),
        ("Central European Standard Time", "Europe/Warsaw"),
        ("/citadel.org/20210210_1/Europe/Stockholm", "Europe/Stockholm"),
        ("Romance Standard Time", "Europe/Paris"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("CET", "CET"),
        ("Mitt/CET", None),
        ("Central", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_zone_is_known_by_its_whole_name(name: str, zone: str | None) -> None:
    assert zone_of(name) == zone
