"""The commitments of a pledge as a file: promised, done by quarter, planned, and how it stands."""

from __future__ import annotations

from typing import Final

from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.pages.pledges import PledgeQuery, Row, read_rows
from samsyn.web.shell import t

PLEDGES: Final[Listing[PledgeQuery, Row]] = Listing(
    name="pledges",
    path="/pledges",
    query=PledgeQuery,
    read=read_rows,
    columns=(
        Column("area", "pledges.field.area", Kind.TEXT, lambda row: row.area.name),
        Column("commitment", "pledges.column.commitment", Kind.TEXT, lambda row: row.one.text),
        Column("counts", "pledges.column.counts", Kind.TEXT, lambda row: row.says),
        Column("promised", "pledges.column.promised", Kind.NUMBER, lambda row: row.numbers.promised),
        Column("quarter_1", "pledges.column.quarter_1", Kind.NUMBER, lambda row: row.numbers.quarters[0]),
        Column("quarter_2", "pledges.column.quarter_2", Kind.NUMBER, lambda row: row.numbers.quarters[1]),
        Column("quarter_3", "pledges.column.quarter_3", Kind.NUMBER, lambda row: row.numbers.quarters[2]),
        Column("quarter_4", "pledges.column.quarter_4", Kind.NUMBER, lambda row: row.numbers.quarters[3]),
        Column("done", "pledges.column.done", Kind.NUMBER, lambda row: row.numbers.done),
        Column("planned", "pledges.column.planned", Kind.NUMBER, lambda row: row.numbers.planned),
        Column("remaining", "pledges.column.remaining", Kind.NUMBER, lambda row: row.numbers.remaining),
        Column("late", "pledges.column.late", Kind.NUMBER, lambda row: row.numbers.late),
        Column("overdue", "pledges.column.overdue", Kind.NUMBER, lambda row: row.numbers.overdue),
        Column("pace", "pledges.column.pace", Kind.TEXT, lambda row: t(f"pledges.paces.{row.numbers.pace}")),
        Column(
            "not_done_reason", "pledges.field.not_done_reason", Kind.TEXT, lambda row: row.one.not_done_reason or ""
        ),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: str(row.one.id), machine=True),
    ),
)
