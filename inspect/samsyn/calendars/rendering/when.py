"""When it is, in words: Swedish local time, ISO week, and which of the two 02:30 on the night the clock goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from samsyn.core.home import HOME
from samsyn.texts import say

LOCALES: Final = {"sv": "sv_SE", "en": "en_SE"}
"""Never ``sv`` or ``en`` alone: those count weeks from Sunday and call 2026-12-31 week 1 of 2027."""


@dataclass(frozen=True, slots=True)
class When:
    """``day`` for the heading, ``hours`` for the line under it."""

    day: str
    hours: str


@lru_cache(maxsize=256)
def in_words(starts_at: datetime, ends_at: datetime, language: str) -> When:
    """Return the time as Swedish people say it; the end's day is named where it is another one."""
    start, end = starts_at.astimezone(HOME), ends_at.astimezone(HOME)
    until = clock(end, language)
    if end.date() != start.date():
        until = say(language, "calendars.when.other_day", day=long_day(end.date(), language), clock=until)
    return When(
        day_and_week(start.date(), language),
        say(language, "calendars.when.hours", start=clock(start, language), end=until),
    )


def moment_in_words(moment: datetime, language: str) -> When:
    """Return a moment in the same words."""
    local = moment.astimezone(HOME)
    return When(
        day_and_week(local.date(), language), say(language, "calendars.when.moment", clock=clock(local, language))
    )


def day_and_week(day: date, language: str) -> str:
    """Return a day in words with its ISO week, as the beginning of a line."""
    said = long_day(day, language)
    return say(language, "calendars.when.day", day=said[:1].upper() + said[1:], week=day.isocalendar().week)


def long_day(day: date, language: str) -> str:
    """Return weekday, day, month and year in words."""
    return format_date(day, "EEEE d MMMM y", locale=LOCALES[language])


def clock(time: datetime, language: str) -> str:
    """Return hours and minutes; on the one hour a year that comes twice also which of the two is meant."""
    said = f"{time:%H:%M}"
    if time.replace(fold=0).utcoffset() == time.replace(fold=1).utcoffset():
        return said
    return say(language, "calendars.when.winter" if time.fold else "calendars.when.summer", clock=said)
