"""Sweden's clock: moments are kept in UTC, but a day, a week and a year are those that people in Sweden live in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Stockholm")


def local_day(at: datetime) -> date:
    """Return the day in Sweden of an aware time; raise ``ValueError`` for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without zone")
    return at.astimezone(HOME).date()
