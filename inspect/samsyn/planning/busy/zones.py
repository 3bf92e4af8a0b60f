"""Time zones by the names that calendars give them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

HOME: Final = "Europe/Stockholm"
_BY_NAME: Final = {name.casefold(): name for name in available_timezones()}
_WINDOWS: Final = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_LIKE_UTC: Final = frozenset(
    {"utc", "gmt", "z", "etc/utc", "tzone://microsoft/utc", "(utc) coordinated universal time"}
)


@lru_cache(maxsize=256)
def zone_of(name: str) -> str | None:
    """Return the IANA name for a TZID: IANA's own, Windows' (CLDR), or one with a prefix before it; nothing for others.

    The whole name has to be known: a part of it ("Central") would be a guess.
    """
    said = name.strip().strip('"').casefold()
    if said in _LIKE_UTC:
        return "UTC"
    if said in _WINDOWS:
        return _WINDOWS[said]
    parts = said.strip("/").split("/")  # /freeassociation.sourceforge.net/Europe/Stockholm, /citadel.org/2021/Europe/..
    for n in range(len(parts)):
        if (known := _BY_NAME.get("/".join(parts[n:]))) is not None and (n == 0 or "/" in known):
            return known
    return None


def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name."""
    return ZoneInfo(name)
