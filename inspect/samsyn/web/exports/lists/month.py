"""A month as a file: each operation that begins in it, also those for which a day of the page has no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import Field

from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard
from samsyn.planning.queries.month import Month, read_month
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.pages.month import Entry, entry_of
from samsyn.web.shell import t


class MonthQuery(PageQuery):
    """Which month, as ``2026-12``; the current one when empty."""

    month: str = Field(default="", max_length=20)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """An operation under the day on which it begins."""

    day: date
    operation: OperationCard
    entry: Entry


def read(uow: UnitOfWork, query: MonthQuery) -> Sequence[MonthRow]:
    """The month's own days as the page shows them to the same viewer; nothing of the weeks' other days."""
    try:
        month = Month.named(query.month.strip()) if query.month.strip() else Month.of(uow.today)
    except ValueError:
        raise InvalidError("no such month", fields={"month": [t("week.month.none_such")]}) from None
    found = read_month(uow, month)
    rows = [MonthRow(day_of(one.starts_at), one, entry_of(found, one)) for one in found.operations]
    return [one for one in rows if Month.of(one.day) == month]


MONTH: Final[Listing[MonthQuery, MonthRow]] = Listing(
    name="month",
    path="/month",
    query=MonthQuery,
    read=read,
    columns=(
        Column("week", "tables.column.week", Kind.WEEK, lambda row: row.day),
        Column("day", "week.column.day", Kind.DATE, lambda row: row.day),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.operation.starts_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.operation.ends_at),
        Column("what", "week.column.what", Kind.TEXT, lambda row: row.entry.title),
        Column("where", "week.column.where", Kind.TEXT, lambda row: row.entry.where),
        Column("state", "operations.column.state", Kind.TEXT, lambda row: t(f"operations.state.{row.operation.state}")),
        Column("in_danger", "tables.column.in_danger", Kind.TEXT, lambda row: danger(row.entry)),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.entry.id, machine=True),
    ),
)


def danger(entry: Entry) -> str:
    """Return yes where too few come, else nothing."""
    return t("tables.yes") if entry.look == "clash" else ""
