"""Opening hours as people read and write them: days that are alike together, ``9–22``, ``11:00–14:00, 17:00–01:00``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from babel.dates import format_date

from samsyn.businesses.queries import OpenLine
from samsyn.businesses.service import OpenSpell
from samsyn.web.localtime import LOCALES

DAY: Final = 24 * 60
HOUR: Final = 60
MONDAY: Final = date(2024, 1, 1)
WEEKDAYS: Final = range(1, 8)
SPELL: Final = re.compile(
    r"\s*(\d{1,2})(?:[:.](\d\d))?\s*(?:-|‐|‑|–|—|till?|to)\s*(\d{1,2})(?:[:.](\d\d))?\s*", re.IGNORECASE
)


def clock(minutes: int) -> str:
    """Return minutes after midnight as ``9`` or ``09:30``; what is past midnight is the next day's clock."""
    hour, minute = divmod(minutes % DAY, HOUR)
    return f"{hour:02}:{minute:02}" if minute else str(hour)


def written(spells: Iterable[OpenLine]) -> str:
    """Return a day's hours as they are typed: ``11:00–14:00, 17:00–01:00``."""
    return ", ".join(
        f"{one.opens // HOUR:02}:{one.opens % HOUR:02}–{one.closes % DAY // HOUR:02}:{one.closes % HOUR:02}"
        for one in spells
    )


def weekday_name(weekday: int, language: str) -> str:
    """Return ``mån``; ISO: 1 is Monday."""
    return format_date(MONDAY + timedelta(days=weekday - 1), "EEE", locale=LOCALES[language])


def in_lines(hours: Sequence[OpenLine], language: str) -> list[tuple[str, str]]:
    """Return days and hours, days that are alike together: ``mån–lör``, ``9–22``; days that are closed are left out."""
    by_day = {day: tuple((one.opens, one.closes) for one in hours if one.weekday == day) for day in WEEKDAYS}
    lines = []
    for spells, group in groupby(WEEKDAYS, key=lambda day: by_day[day]):
        days = list(group)
        if spells:
            names = weekday_name(days[0], language)
            if days[1:]:
                names = f"{names}–{weekday_name(days[-1], language)}"
            lines.append((names, ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spells)))
    return lines


def read_day(weekday: int, typed: str) -> list[OpenSpell]:
    """Read what was typed for a day; nothing is closed. Raise ``ValueError`` for what is no hours."""
    spells = []
    for part in filter(None, (part.strip() for part in typed.split(","))):
        match = SPELL.fullmatch(part)
        if match is None:
            raise ValueError("no hours")
        opens, closes = (moment(match[1], match[2]), moment(match[3], match[4]))
        if opens >= DAY:
            raise ValueError("no hours")
        spells.append(OpenSpell(weekday, opens, closes if closes > opens else closes + DAY))
    ordered = sorted(spells, key=lambda one: one.opens)
    if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
        raise ValueError("hours over each other")
    return ordered


def moment(hours: str, minutes: str | None) -> int:
    """Return minutes after midnight, 24:00 included; raise ``ValueError`` for a time that no clock shows."""
    hour, minute = int(hours), int(minutes or 0)
    if minute >= HOUR or hour * HOUR + minute > DAY:
        raise ValueError("no such time")
    return hour * HOUR + minute
