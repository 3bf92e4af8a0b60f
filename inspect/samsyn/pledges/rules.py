"""Words of what is counted, and the days of a quarter."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final

from samsyn.core.errors import InvalidError

QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")


class Measure(StrEnum):
    """What is counted of an authority's done visits; ``joint_visits`` are those with another authority beside it."""

    VISITS = "visits"
    JOINT_VISITS = "joint_visits"


def quarter_days(quarter: str) -> tuple[date, date]:
    """Return the first day of a quarter ("2026-Q4") and the first day after it; ``InvalidError`` for anything else."""
    found = QUARTER.fullmatch(quarter)
    if found is None or not 1 <= (year := int(found[1])) < date.max.year:
        raise InvalidError("no such quarter", fields={"quarter": ["like 2026-Q4"]})
    month = int(found[2]) * 3 - 2
    return date(year, month, 1), date(year + month // 10, (month + 2) % 12 + 1, 1)
