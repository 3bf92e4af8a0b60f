"""Times as people in Sweden read and write them; stored in UTC (CONTRACT), weeks are ISO weeks with their ISO year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from samsyn.core.home import HOME, local_day

LOCALES: Final = {"sv": "sv_SE", "en": "en_SE"}
"""Never ``sv`` or ``en``: Babel counts weeks otherwise there (INTERFACE, trap 1)."""
WEEK: Final = {"sv": "v.", "en": "week"}


class NoSuchTimeError(ValueError):
    """That hour is skipped when summer time begins."""


def from_local(day: date, clock: time) -> datetime:
    """Return the moment in UTC of a local date and time; of a doubled one (summer time ends) the first.

    Raise ``NoSuchTimeError`` for a time that the clocks skip.
    """
    naive = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    moment = naive.replace(tzinfo=HOME).astimezone(UTC)
    if moment.astimezone(HOME).replace(tzinfo=None) != naive:
        raise NoSuchTimeError
    return moment


def to_local(moment: datetime) -> datetime:
    """Return an aware moment on Sweden's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment.astimezone(HOME)


def day_of(when: date | datetime) -> date:
    """Return the local day of a moment; a day stays."""
    return local_day(when) if isinstance(when, datetime) else when


@lru_cache(maxsize=1024)
def written(day: date, pattern: str, locale: str) -> str:
    """Return a day in words; a page says the same few days many times."""
    return format_date(day, pattern, locale=locale)


def show_day(when: date | datetime, language: str) -> str:
    """Return ``fredag 27 november 2026``."""
    return written(day_of(when), "EEEE d MMMM y", LOCALES[language])


def show_short_day(when: date | datetime, language: str) -> str:
    """Return ``fre 27 nov.``."""
    return written(day_of(when), "EEE d MMM", LOCALES[language])


def show_clock(moment: datetime) -> str:
    """Return ``18:00``."""
    return to_local(moment).strftime("%H:%M")


def show_moment(moment: datetime, language: str) -> str:
    """Return ``fre 27 nov. 2026 18:00``."""
    return f"{written(day_of(moment), 'EEE d MMM y', LOCALES[language])} {show_clock(moment)}"


def show_span(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """Return ``fredag 27 november 2026 18:00–21:00``, with the second day where it is another."""
    end = show_clock(ends_at)
    if day_of(starts_at) != day_of(ends_at):
        end = f"{show_short_day(ends_at, language)} {end}"
    return f"{show_day(starts_at, language)} {show_clock(starts_at)}–{end}"


def show_week(when: date | datetime, language: str) -> str:
    """Return ``v. 53``; the year is that of ``isocalendar()``, not of the day."""
    return f"{WEEK[language]} {day_of(when).isocalendar().week}"
