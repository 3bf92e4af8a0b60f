"""The protocols of removal: what class, by which decision, when, how many; ids stand on the protocol's own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.access.rules import KEEPERS
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.retention.queries import RunLine, list_runs
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.listing import PageQuery
from samsyn.web.shell import t


def read(uow: UnitOfWork, _: PageQuery) -> Sequence[RunLine]:
    """The page's protocols, newest first."""
    return list_runs(uow, Seek(MOST_ROWS + 1)).items


RETENTION: Final[Listing[PageQuery, RunLine]] = Listing(
    name="retention",
    path="/retention",
    query=PageQuery,
    read=read,
    roles=tuple(KEEPERS),
    columns=(
        Column("ordered_at", "retention.column.ordered", Kind.DATETIME, lambda row: row.ordered_at),
        Column("class", "retention.column.class", Kind.TEXT, lambda row: t(f"retention.class.{row.data_class}")),
        Column("decision_ref", "retention.column.decision", Kind.TEXT, lambda row: row.decision_ref),
        Column("last_year", "retention.column.last_year", Kind.IDENTITY, lambda row: row.last_year),
        Column("removed", "retention.column.removed", Kind.NUMBER, lambda row: row.removed),
        Column("finished_at", "retention.column.finished", Kind.DATETIME, lambda row: row.finished_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.id, machine=True),
    ),
)
