"""What a column is called and what its values are; the writers decide how a spreadsheet takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from samsyn.web.localtime import day_of

R = TypeVar("R")
Value: TypeAlias = str | int | float | date | datetime | UUID | None
"""What a row gives for a column; a moment is aware, None is an empty cell."""


class Kind(StrEnum):
    """How a column's values are written. ``IDENTITY`` is a number that nobody counts with: always text."""

    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    WEEK = "week"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column of a list: ``key`` in JSON, ``heading`` the key of its words, ``value`` reads it from a row.

    ``machine`` columns (ids) stand in JSON only: a person who opens a spreadsheet has no use for them.
    """

    key: str
    heading: str
    kind: Kind
    value: Callable[[R], Value]
    machine: bool = False


def week_of(when: Value) -> str:
    """Return ``2026-W53``: ISO 8601, with the ISO year, on Sweden's clock; empty where there is no day."""
    if not isinstance(when, date):
        return str(when) if when is not None else ""
    year, week, _ = day_of(when).isocalendar()
    return f"{year}-W{week:02}"


def plain(value: Value, kind: Kind) -> str | int | float | None:
    """Return a value as JSON carries it: moments in UTC, days as ISO dates, identities as text."""
    if value is None or value == "":
        return None
    if kind is Kind.WEEK:
        return week_of(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID) or kind is Kind.IDENTITY:
        return str(value)
    return value
