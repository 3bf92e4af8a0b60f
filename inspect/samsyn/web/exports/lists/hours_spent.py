"""Time planned and spent as a file: the page's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.pages.hours_spent import Row, read_rows
from samsyn.web.pages.pledges import PledgeQuery
from samsyn.web.shell import t


def read(uow: UnitOfWork, query: PledgeQuery) -> Sequence[Row]:
    """The members' sums of the pledge's year."""
    return read_rows(uow, query)


HOURS_SPENT: Final[Listing[PledgeQuery, Row]] = Listing(
    name="hours_spent",
    path="/pledges/time",
    query=PledgeQuery,
    read=read,
    columns=(
        Column("authority", "pledges.time.authority", Kind.TEXT, lambda row: row.authority),
        Column("of", "pledges.time.of", Kind.TEXT, lambda row: t(f"pledges.time.kind.{row.of}")),
        Column("planned_q1", "pledges.time.planned_q1", Kind.NUMBER, lambda row: row.planned[0]),
        Column("spent_q1", "pledges.time.spent_q1", Kind.NUMBER, lambda row: row.spent[0]),
        Column("planned_q2", "pledges.time.planned_q2", Kind.NUMBER, lambda row: row.planned[1]),
        Column("spent_q2", "pledges.time.spent_q2", Kind.NUMBER, lambda row: row.spent[1]),
        Column("planned_q3", "pledges.time.planned_q3", Kind.NUMBER, lambda row: row.planned[2]),
        Column("spent_q3", "pledges.time.spent_q3", Kind.NUMBER, lambda row: row.spent[2]),
        Column("planned_q4", "pledges.time.planned_q4", Kind.NUMBER, lambda row: row.planned[3]),
        Column("spent_q4", "pledges.time.spent_q4", Kind.NUMBER, lambda row: row.spent[3]),
        Column("planned", "pledges.time.planned_year", Kind.NUMBER, lambda row: row.planned[4]),
        Column("spent", "pledges.time.spent_year", Kind.NUMBER, lambda row: row.spent[4]),
    ),
)
