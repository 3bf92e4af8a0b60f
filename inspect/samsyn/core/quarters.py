"""Quarters of an hour, counted from 1970 in UTC: what times are turned into where many of them are compared at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, cast, extract, func
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import InstrumentedAttribute

QUARTER: Final = 15 * 60


def quarters_taken(during: InstrumentedAttribute[Range[datetime]]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return as columns the first quarter of which a time takes something, and the first after it that is whole."""
    first = func.floor(extract("epoch", func.lower(during)) / QUARTER)
    last = func.ceil(extract("epoch", func.upper(during)) / QUARTER)
    return cast(first, Integer), cast(last, Integer)
