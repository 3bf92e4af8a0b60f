"""The log as a file: the acts that the page shows under the same filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.access.rules import Role
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.trail import LogQuery, LogRow, found_log


def read(uow: UnitOfWork, query: LogQuery) -> Sequence[LogRow]:
    """Newest first."""
    return found_log(uow, query, Seek(MOST_ROWS + 1)).items


AUDIT: Final[Listing[LogQuery, LogRow]] = Listing(
    name="audit",
    path="/audit",
    query=LogQuery,
    read=read,
    roles=(Role.LOG_REVIEWER,),
    columns=(
        Column("at", "trail.column.at", Kind.DATETIME, lambda row: row.line.at),
        Column("who", "trail.column.who", Kind.TEXT, lambda row: row.who),
        Column("authority", "trail.column.authority", Kind.TEXT, lambda row: row.authority),
        Column("what", "trail.column.what", Kind.TEXT, lambda row: row.what),
        Column("object", "trail.column.object", Kind.IDENTITY, lambda row: row.line.object_id),
        Column("why", "trail.column.why", Kind.TEXT, lambda row: row.why),
        Column("action", "trail.column.action", Kind.TEXT, lambda row: row.line.action, machine=True),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)
