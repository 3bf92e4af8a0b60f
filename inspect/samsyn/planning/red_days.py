"""Days on which offices in Sweden are closed, close early, or stand half empty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Final

from holidays import BANK, DE_FACTO, OPTIONAL, PUBLIC, HolidayBase, country_holidays

from samsyn.planning.iso_week import WORKING, at, is_workday
from samsyn.planning.rules import Span

LOCALES: Final = {"sv": "sv", "en": "en_US"}
SQUEEZE: Final = "Klämdag"
EARLY: Final = "14.00"
SHORT_UNTIL: Final = time(14)


class DayKind(StrEnum):
    """What a day means for planning."""

    RED = "red"  # nobody is in service: a public holiday, or an eve that offices treat as one
    SQUEEZE = "squeeze"  # one day between two free ones: many are away
    SHORT = "short"  # offices close at 14


@dataclass(frozen=True, slots=True)
class RedDay:
    """A day that is not an ordinary one, and its name."""

    day: date
    kind: DayKind
    name: str


@lru_cache(maxsize=64)
def calendar_of(year: int, category: str, language: str) -> HolidayBase:
    """Return one category's days of a year."""
    return country_holidays("SE", years=year, language=LOCALES[language], categories=(category,))


def red_days(days: Iterable[date], language: str) -> dict[date, RedDay]:
    """Return those of the days that are not ordinary, with their names in the reader's language."""
    return {
        day: RedDay(day, kind, name)
        for day in days
        if (kind := kind_of(day)) is not None and (name := name_of(day, language)) is not None
    }


def kind_of(day: date) -> DayKind | None:
    """Return what a day is; Sundays are none of it."""
    said = name_of(day, "sv")
    if said is None:
        return None
    if SQUEEZE in said:
        return DayKind.SQUEEZE
    return DayKind.SHORT if EARLY in said else DayKind.RED


def assumed_on(day: date) -> Span | None:
    """Return the working hours that are assumed on a day of whom nobody says otherwise; none on a free one."""
    kind = kind_of(day)
    if not is_workday(day) or kind is DayKind.RED:
        return None
    return at(day, WORKING[0]), at(day, SHORT_UNTIL if kind is DayKind.SHORT else WORKING[1])


def name_of(day: date, language: str) -> str | None:
    """Return the day's name; an ordinary day has none."""
    names = (calendar_of(day.year, category, language).get(day) for category in (PUBLIC, DE_FACTO, OPTIONAL, BANK))
    return next((name for name in names if name), None)
