"""A week as a file: each operation once, in the joint lane, then the activities, then each unit's row as shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import Field

from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.iso_week import Week
from samsyn.planning.queries import read_week
from samsyn.planning.rules import Span
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.activity_days import ActivityDays, read_activities, said_of
from samsyn.web.pages.week.board import Board, board_of
from samsyn.web.shell import t


class WeekQuery(PageQuery):
    """Which week: "48", "v. 48" or "2026-W48"; the current one when empty. ``unit`` is the page's alone."""

    week: str = Field(default="", max_length=20)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One line: a joint operation, an activity (no ``span``), or what stands in a unit's row."""

    day: date
    span: Span | None
    row: str
    what: str
    where: str = ""
    who: str = ""
    answers: str = ""
    clashes: str = ""
    key: UUID | None = None


def read(uow: UnitOfWork, query: WeekQuery) -> Sequence[WeekRow]:
    """The week that the page shows to the same viewer, by day within each row."""
    try:
        week = Week.typed(query.week, uow.today)
    except ValueError:
        raise InvalidError("no such week", fields={"week": [t("operations.list.no_week")]}) from None
    activities = read_activities(uow, week.days[0], week.days[-1])
    return list(lines(board_of(read_week(uow, week)), activities, week))


def lines(board: Board, activities: ActivityDays, week: Week) -> Iterator[WeekRow]:
    """Yield the joint lane, the activities and then every row."""
    for card in board.lane:
        one = card.operation
        yield WeekRow(
            card.day,
            (one.starts_at, one.ends_at),
            t("week.joint"),
            card.title,
            where=card.where,
            who=", ".join(square.name for square in card.squares),
            answers=card.answers,
            clashes="; ".join(card.clashes),
            key=one.id,
        )
    for it in activities.lines:
        whose = activities.whose(it)
        yield WeekRow(it.on_date, None, t("week.activities"), said_of(it), who=whose, key=it.id)
    for row in board.rows:
        for entry in (entry for cell in row.cells for entry in cell):
            clash = t("week.clash_is").strip(": ") if entry.look == "clash" else ""
            yield WeekRow(week.day_of(entry.span[0]), entry.span, row.name, entry.text, who=entry.who, clashes=clash)


WEEK: Final[Listing[WeekQuery, WeekRow]] = Listing(
    name="week",
    path="/week",
    query=WeekQuery,
    read=read,
    columns=(
        Column("week", "tables.column.week", Kind.WEEK, lambda row: row.day),
        Column("day", "week.column.day", Kind.DATE, lambda row: row.day),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.span and row.span[0]),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.span and row.span[1]),
        Column("row", "week.column.row", Kind.TEXT, lambda row: row.row),
        Column("what", "week.column.what", Kind.TEXT, lambda row: row.what.replace("\u00ad", "")),
        Column("where", "week.column.where", Kind.TEXT, lambda row: row.where),
        Column("who", "week.column.who", Kind.TEXT, lambda row: row.who),
        Column("answers", "week.column.answers", Kind.TEXT, lambda row: row.answers),
        Column("clashes", "week.column.clashes", Kind.TEXT, lambda row: row.clashes),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.key, machine=True),
    ),
)
