"""Follow-ups as a file: the page's rows under the same filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.follow_ups import FollowUpQuery, Row, read_rows
from samsyn.web.shell import t


def read(uow: UnitOfWork, query: FollowUpQuery) -> Sequence[Row]:
    """By their day, what is overdue first; a constant number of statements."""
    return read_rows(uow, query, Seek(MOST_ROWS + 1))[0]


FOLLOW_UPS: Final[Listing[FollowUpQuery, Row]] = Listing(
    name="follow_ups",
    path="/follow-ups",
    query=FollowUpQuery,
    read=read,
    roles=("planner", "inspector", "decider"),
    columns=(
        Column("due_on", "follow_ups.due_on", Kind.DATE, lambda row: row.line.due_on),
        Column("state", "follow_ups.state_of", Kind.TEXT, lambda row: t(f"follow_ups.state.{row.line.state}")),
        Column("overdue", "follow_ups.overdue", Kind.TEXT, lambda row: t("follow_ups.yes") if row.overdue else ""),
        Column("about", "follow_ups.of", Kind.TEXT, lambda row: row.about),
        Column("place", "operations.column.business", Kind.TEXT, lambda row: row.target.name if row.target else ""),
        Column("owner", "follow_ups.owner", Kind.TEXT, lambda row: row.owner),
        Column("note", "follow_ups.note", Kind.TEXT, lambda row: row.line.text),
        Column("reason", "follow_ups.reason", Kind.TEXT, lambda row: row.line.reason),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.follow_up_id, machine=True),
    ),
)
