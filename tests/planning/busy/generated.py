"""Calendars made up event by event, and when they take time: worked out day by day, by no library of calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from samsyn.core.home import HOME
from samsyn.planning.rules import Span
from tests.planning.busy.calendars import ME, WINDOW, event, whole

FIRST: Final = date(2027, 1, 4)
ZONES: Final = {
    "Europe/Stockholm": "Europe/Stockholm",
    "W. Europe Standard Time": "Europe/Berlin",
    "FLE Standard Time": "Europe/Kyiv",
    "America/New_York": "America/New_York",
    "": "Europe/Stockholm",
}
FREE: Final = (
    "TRANSP:TRANSPARENT",
    "STATUS:CANCELLED",
    "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}",
)
BUSY: Final = ("", "TRANSP:OPAQUE", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY")


@dataclass(frozen=True)
class Series:
    """An event that may repeat. ``every``: days between two, 0 for one alone; ``gone`` and ``moved`` by number."""

    day: int
    hour: int
    minutes: int
    zone: str
    whole_days: int
    every: int
    times: int
    gone: frozenset[int]
    moved: frozenset[int]
    extra: str

    @property
    def days(self) -> list[date]:
        first = FIRST + timedelta(days=self.day)
        return [first + timedelta(days=n * self.every) for n in range(self.times if self.every else 1)]

    def starts(self) -> list[datetime]:
        zone = ZoneInfo(ZONES[self.zone])
        return [datetime.combine(day, time(self.hour), zone) for day in self.days]


SERIES: Final = st.builds(
    Series,
    day=st.integers(-5, 180),
    hour=st.integers(4, 22),
    minutes=st.integers(1, 100).map(lambda n: n * 15),
    zone=st.sampled_from(sorted(ZONES)),
    whole_days=st.sampled_from((0, 0, 0, 1, 3)),
    every=st.sampled_from((0, 1, 2, 7, 14)),
    times=st.integers(1, 12),
    gone=st.frozensets(st.integers(0, 11), max_size=3),
    moved=st.frozensets(st.integers(0, 11), max_size=2),
    extra=st.sampled_from((*BUSY, *BUSY, *FREE)),
)


def taken(series: Sequence[Series]) -> Iterator[Span]:
    """When they take time."""
    for one in series:
        if one.extra in FREE:
            continue
        for n, (day, start) in enumerate(zip(one.days, one.starts(), strict=True)):
            if one.every and n in one.gone:
                continue
            if one.whole_days:
                yield midnight(day), midnight(day + timedelta(days=one.whole_days))
            elif one.every and n in one.moved:
                yield start.astimezone(UTC) + timedelta(hours=3), start.astimezone(UTC) + timedelta(hours=4)
            else:
                yield start.astimezone(UTC), start.astimezone(UTC) + timedelta(minutes=one.minutes)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), HOME).astimezone(UTC)


def written(series: Sequence[Series]) -> bytes:
    """The calendar of them."""
    return whole(*(text for n, one in enumerate(series) for text in events_of(one, f"Hemlig-uid-{n}")))


def events_of(one: Series, uid: str) -> Iterator[str]:
    day, start = one.days[0], one.starts()[0]
    lines = [one.extra] if one.extra else []
    if one.whole_days:
        ends = day + timedelta(days=one.whole_days)
        lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{ends:%Y%m%d}"]
    else:
        lines += [f"DTSTART{in_zone(one, start)}", f"DURATION:PT{one.minutes}M"]
    if one.every:
        often = f"WEEKLY;INTERVAL={one.every // 7}" if one.every % 7 == 0 else f"DAILY;INTERVAL={one.every}"
        lines.append(f"RRULE:FREQ={often};COUNT={one.times}")
        lines += [f"EXDATE{said(one, n)}" for n in sorted(one.gone) if n < one.times]
    yield event(*lines, uid=uid)
    if one.every and not one.whole_days:
        for n in sorted(one.moved - one.gone):
            if n < one.times:
                at = one.starts()[n].astimezone(UTC) + timedelta(hours=3)
                more = [one.extra] if one.extra else []
                times = (f"DTSTART:{at:%Y%m%dT%H%M%SZ}", f"DTEND:{at + timedelta(hours=1):%Y%m%dT%H%M%SZ}")
                yield event(*more, f"RECURRENCE-ID{said(one, n)}", *times, uid=uid)


def said(one: Series, n: int) -> str:
    if one.whole_days:
        return f";VALUE=DATE:{one.days[n]:%Y%m%d}"
    return in_zone(one, one.starts()[n])


def in_zone(one: Series, start: datetime) -> str:
    return f"{f';TZID={one.zone}' if one.zone else ''}:{start:%Y%m%dT%H%M%S}"


def quarters(spans: Sequence[Span]) -> set[int]:
    """The quarters of the window that are taken."""
    found: set[int] = set()
    for starts, ends in spans:
        first, last = (int((one - WINDOW[0]).total_seconds()) // 900 for one in (starts, ends))
        found.update(range(max(first, 0), min(last, int((WINDOW[1] - WINDOW[0]).total_seconds()) // 900)))
    return found
