"""A pledge's periods, for whom a compilation is shown, and what a promise is compared by. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Final

from samsyn.core.errors import InvalidError
from samsyn.pledges.rules import QUARTERS, quarter_days

COMPILE: Final = "samsyn.pledges.compile_evaluation"
MOST_VERSIONS: Final = 50
MOST_TEXT: Final = 4_000
DEFINES: Final = (
    "form",
    "counts",
    "fields",
    "least",
    "whole",
    "permit_kind",
    "not_led_by",
    "hot_spot_id",
    "within_days",
    "serious",
)
"""What says what a promise counts: two of them compare where these are the same."""


def periods_of(year: int) -> tuple[str, ...]:
    """Return a year's periods: its quarters, then itself."""
    return (*(f"{year}-Q{n}" for n in QUARTERS), str(year))


def is_year(period: str) -> bool:
    """Say whether a period is a whole year."""
    return "-" not in period


def end_of(period: str) -> date:
    """Return the first day after a period; ``InvalidError`` for what is none."""
    if is_year(period) and period.isascii() and period.isdigit():
        return quarter_days(f"{int(period):04}-Q4")[1]
    return quarter_days(period)[1]


def check_period(year: int, period: str, today: date) -> None:
    """Refuse what is no period of a pledge's year, or is not over."""
    if period not in periods_of(year):
        raise InvalidError("no such period", fields={"period": ["choose one of the pledge's periods"]})
    if today < end_of(period):
        raise InvalidError("the period is not over", fields={"period": ["is not over yet"]})


def year_before(period: str) -> str:
    """Return the same period a year before."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def digest_of(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of all that is said, as canonical JSON."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
