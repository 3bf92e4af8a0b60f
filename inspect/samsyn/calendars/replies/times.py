"""The time that a calendar part names, for a planner to look at; one that is not certain is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar.parser import Parameters
from icalendar.prop import vDDDTypes, vDuration

from samsyn.core.home import HOME

LONGEST: Final = timedelta(days=1)
"""A longer one is no time of a visit."""
Parts = Callable[[str], tuple[Parameters, str]]


def times_of(lines: Mapping[str, str], parts: Parts) -> tuple[datetime, datetime] | None:
    """Return start and end in UTC of DTSTART with DTEND or DURATION (RFC 5545 3.6.1), or None.

    Names of zones as Windows writes them are known; a name that nobody knows is no time, a time without one is ours.
    """
    start = moment(lines.get("DTSTART", ""), parts)
    if start is None:
        return None
    end = moment(lines["DTEND"], parts) if "DTEND" in lines else after(start, lines.get("DURATION", ""), parts)
    return (start, end) if end is not None and start < end <= start + LONGEST else None


def moment(line: str, parts: Parts) -> datetime | None:
    """Return a line's moment in UTC, or None."""
    if not line:
        return None
    parameters, value = parts(line)
    zone = parameters.get("TZID")
    try:
        said = vDDDTypes.from_ical(value.strip(), str(zone) if zone else None)  # type: ignore[no-untyped-call]
        if not isinstance(said, datetime):
            return None
        if said.tzinfo is None:
            return None if zone else said.replace(tzinfo=HOME).astimezone(UTC)
        return said.astimezone(UTC)
    except (ValueError, OverflowError, KeyError, TypeError):
        return None


def after(start: datetime, line: str, parts: Parts) -> datetime | None:
    """Return the end that a DURATION gives."""
    if not line:
        return None
    try:
        lasts = vDuration.from_ical(parts(line)[1].strip())  # type: ignore[no-untyped-call]
        return start + lasts if isinstance(lasts, timedelta) else None
    except (ValueError, OverflowError, TypeError):
        return None
