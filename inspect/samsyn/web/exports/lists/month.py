"""A month as a file: what begins in it, also that for which a day of the page has no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import Field

from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries.month import Month, read_month
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.pages.activity_days import read_activities, said_of
from samsyn.web.pages.month import Entry, entry_of, entry_of_activity
from samsyn.web.shell import t


class MonthQuery(PageQuery):
    """Which month, as ``2026-12``; the current one when empty."""

    month: str = Field(default="", max_length=20)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """An operation under the day on which it begins, or an activity, which has no hours."""

    day: date
    entry: Entry
    what: str
    state: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read(uow: UnitOfWork, query: MonthQuery) -> Sequence[MonthRow]:
    """The month's own days as the page shows them to the same viewer; nothing of the weeks' other days."""
    try:
        month = Month.named(query.month.strip()) if query.month.strip() else Month.of(uow.today)
    except ValueError:
        raise InvalidError("no such month", fields={"month": [t("week.month.none_such")]}) from None
    found = read_month(uow, month)
    activities = read_activities(uow, month.first, month.beside(1).first - timedelta(days=1))
    rows = [
        MonthRow(day_of(one.starts_at), it, it.title, t(f"operations.state.{one.state}"), one.starts_at, one.ends_at)
        for one in found.operations
        for it in [entry_of(found, one)]
    ]
    rows += [
        MonthRow(one.on_date, entry_of_activity(activities, one), said_of(one), t(f"pledges.states.{one.state}"))
        for one in activities.lines
    ]
    return sorted((one for one in rows if Month.of(one.day) == month), key=lambda one: one.day)


MONTH: Final[Listing[MonthQuery, MonthRow]] = Listing(
    name="month",
    path="/month",
    query=MonthQuery,
    read=read,
    columns=(
        Column("week", "tables.column.week", Kind.WEEK, lambda row: row.day),
        Column("day", "week.column.day", Kind.DATE, lambda row: row.day),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.starts_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.ends_at),
        Column("what", "week.column.what", Kind.TEXT, lambda row: row.what),
        Column("where", "week.column.where", Kind.TEXT, lambda row: row.entry.where),
        Column("state", "operations.column.state", Kind.TEXT, lambda row: row.state),
        Column("in_danger", "tables.column.in_danger", Kind.TEXT, lambda row: danger(row.entry)),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.entry.id, machine=True),
    ),
)


def danger(entry: Entry) -> str:
    """Return yes where too few come, else nothing."""
    return t("tables.yes") if entry.look == "clash" else ""
