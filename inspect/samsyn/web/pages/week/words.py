"""How times, days and clashes of a week are said in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from samsyn.planning.clashes import Clash, ClashKind
from samsyn.planning.iso_week import Week
from samsyn.planning.rules import Span
from samsyn.web.identity import current_language
from samsyn.web.localtime import LOCALES, day_of, show_clock, to_local, written
from samsyn.web.shell import t

DASH: Final = "\N{EN DASH}"
ONE_DAY: Final = timedelta(days=1)


def day_words(day: date, pattern: str = "EEEE d MMMM") -> str:
    """Return ``onsdag 25 november``."""
    return written(day, pattern, LOCALES[current_language()])


def short_clock(moment: datetime) -> str:
    """Return ``10`` or ``15:30``: rows are narrow."""
    return show_clock(moment).removesuffix(":00")


def hours(span: Span) -> str:
    """Return ``10–12``, with the days where it is more than a night."""
    first, last = span
    if last - first <= timedelta(hours=20):
        return f"{short_clock(first)}{DASH}{short_clock(last)}"
    return DASH.join(f"{day_words(day_of(one), 'd/M')} {short_clock(one)}" for one in span)


def length(span: Span) -> str:
    """Return ``10–12``, or "all day" from midnight to midnight: of somebody's absence."""
    first, last = (to_local(one) for one in span)
    if (first.hour, first.minute, last.hour, last.minute) == (0, 0, 0, 0) and last.date() - first.date() == ONE_DAY:
        return t("week.all_day").lower()
    return hours(span)


def full_hours(span: Span) -> str:
    """Return ``10:00–12:00``."""
    return f"{show_clock(span[0])}{DASH}{show_clock(span[1])}"


def when(span: Span) -> str:
    """Return ``ons 10–12``."""
    return f"{day_words(day_of(span[0]), 'EEE')} {hours(span)}"


def dates_of(week: Week) -> str:
    """Return ``23–29 november 2026``, with what differs said twice."""
    first, last = week.days[0], week.days[-1]
    if first.year != last.year:
        pattern = "d MMMM y"
    elif first.month != last.month:
        pattern = "d MMMM"
    else:
        pattern = "d"
    return f"{day_words(first, pattern)}{DASH}{day_words(last, 'd MMMM y')}"


def clash_words(clash: Clash, person: str, unit: str) -> str:
    """Return one clash as a sentence; a person that the viewer may not name is "somebody"."""
    said: dict[str, object] = {
        "person": person or t("week.somebody"),
        "unit": unit,
        "have": clash.have,
        "wanted": clash.wanted,
        "place": clash.place,
        "hours": length(clash.span) if clash.span else "",
        "starts": show_clock(clash.span[0]) if clash.span else "",
        "ends": show_clock(clash.span[1]) if clash.span else "",
        "leave": t(f"week.leave.{clash.leave}").lower() if clash.leave else "",
    }
    if clash.kind is ClashKind.TOO_FEW and clash.have == 0:
        return t("week.clash.nobody", **said)
    return t(f"week.clash.{clash.kind}", **said)
