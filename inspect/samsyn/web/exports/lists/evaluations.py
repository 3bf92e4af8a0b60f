"""A pledge's compilations as a file: each with its version, its checksum and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.evaluations import Row, read_rows
from samsyn.web.shell import t


def read(uow: UnitOfWork, _query: PageQuery, pledge_id: UUID) -> Sequence[Row]:
    """What the page shows of periods that are compiled."""
    return read_rows(uow, pledge_id)


EVALUATIONS: Final[Listing[PageQuery, Row]] = Listing(
    name="evaluations",
    path="/pledges/<uuid:pledge_id>/evaluations",
    query=PageQuery,
    read=read,
    columns=(
        Column("period", "evaluations.field.period", Kind.TEXT, lambda row: row.line.period),
        Column("version", "evaluations.column.version", Kind.NUMBER, lambda row: row.line.version),
        Column("authority", "evaluations.column.compiled_by", Kind.TEXT, lambda row: row.authority),
        Column("compiled_at", "evaluations.frozen", Kind.DATETIME, lambda row: row.line.compiled_at),
        Column("approved", "evaluations.state.all", Kind.TEXT, lambda row: t("tables.yes") if row.approved else ""),
        Column("awaited", "evaluations.column.awaited", Kind.TEXT, lambda row: ", ".join(row.awaited)),
        Column("public", "evaluations.state.public", Kind.TEXT, lambda row: t("tables.yes") if row.public else ""),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)
