"""A unit's year as a file: each number with its definition, and where there is none, why."""

from __future__ import annotations

from typing import Final

from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.pages.unit_year import Line, StatisticsQuery, read_lines

STATISTICS: Final[Listing[StatisticsQuery, Line]] = Listing(
    name="statistics",
    path="/statistics",
    query=StatisticsQuery,
    read=read_lines,
    roles=("planner", "decider"),
    columns=(
        Column("national", "statistics.column.national", Kind.NUMBER, lambda row: row.national),
        Column("name", "statistics.column.what", Kind.TEXT, lambda row: row.name),
        Column("n", "statistics.column.n", Kind.NUMBER, lambda row: row.n),
        Column("says", "statistics.column.says", Kind.TEXT, lambda row: row.says),
        Column("code", "tables.column.id", Kind.IDENTITY, lambda row: row.what.value, machine=True),
    ),
)
