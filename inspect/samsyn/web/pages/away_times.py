"""The days and hours of time away as people write and read them: whole days, or from one time of day until another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from samsyn.core.errors import InvalidError
from samsyn.planning.queries import AwayLine
from samsyn.planning.rules import LeaveKind, Span
from samsyn.planning.service.away import AHEAD, LONGEST
from samsyn.web.identity import current_language
from samsyn.web.localtime import NoSuchTimeError, from_local, show_short_day, to_local
from samsyn.web.parsing import Body

DAY: Final = timedelta(days=1)
MIDNIGHT: Final = time(0)


class AwayForm(Body):
    """From when until when, and of what kind; without a time of day the whole day is meant."""

    from_on: date
    from_at: time | None = None
    until_on: date
    until_at: time | None = None
    kind: LeaveKind


def usual(today: date) -> Mapping[str, object]:
    """Return what the form holds at first: today, and the kind that says least."""
    return {"from_on": today, "until_on": today, "kind": LeaveKind.OTHER.value}


def span_asked(asked: AwayForm, today: date) -> Span:
    """Return the time that was asked; ``InvalidError`` for days that lie too far off and for hours that are skipped."""
    for name, day in (("from_on", asked.from_on), ("until_on", asked.until_on)):
        if not today - LONGEST <= day <= today + AHEAD + LONGEST:
            raise InvalidError("too far off", fields={name: ["away_far"]})
    last = asked.until_on if asked.until_at is not None else asked.until_on + DAY
    return (
        moment("from_at", asked.from_on, asked.from_at or MIDNIGHT),
        moment("until_at", last, asked.until_at or MIDNIGHT),
    )


def moment(name: str, day: date, clock: time) -> datetime:
    """Return the moment of a local day and time of day."""
    try:
        return from_local(day, clock)
    except NoSuchTimeError:
        raise InvalidError("skipped", fields={name: ["no_such_time"]}) from None


def typed_of(line: AwayLine) -> Mapping[str, object]:
    """Return how a time away is written in the form."""
    (first, last), kind = map(to_local, line.span), line.kind.value
    whole = last.time() == MIDNIGHT
    return {
        "from_on": first.date(),
        "from_at": None if first.time() == MIDNIGHT else f"{first:%H:%M}",
        "until_on": last.date() - DAY if whole else last.date(),
        "until_at": None if whole else f"{last:%H:%M}",
        "kind": kind,
    }


def in_words(span: Span) -> str:
    """Return ``fre 27 nov. 2026``, ``fre 27 nov.–sön 29 nov. 2026``, or with the times of day where they are given."""
    language = current_language()
    first, last = map(to_local, span)
    if first.time() == last.time() == MIDNIGHT:
        last -= DAY
        clocks = ("", "")
    else:
        clocks = (f" {first:%H:%M}", f" {last:%H:%M}")
    if first.date() == last.date():
        until = clocks[1].replace(" ", "–")
        return f"{show_short_day(first.date(), language)} {first.year}{clocks[0]}{until}"
    year = "" if first.year == last.year else f" {first.year}"
    begins = f"{show_short_day(first.date(), language)}{year}{clocks[0]}"
    return f"{begins}–{show_short_day(last.date(), language)} {last.year}{clocks[1]}"
