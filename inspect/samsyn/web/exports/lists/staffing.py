"""The own authority's places as a file: a line per need, with who has said yes and who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.staffing.queries import staffing_of
from samsyn.lifecycle.staffing.rules import Slot
from samsyn.operations.queries import OperationCard, list_operations
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.missing import competence
from samsyn.web.pages.staffing import AHEAD, OPEN, StaffingQuery
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A need of an operation and its people."""

    operation: OperationCard
    slot: Slot


def read(uow: UnitOfWork, query: StaffingQuery) -> Sequence[PlaceRow]:
    """The page's operations, all of them; a constant number of statements."""
    found = list_operations(uow, Seek(MOST_ROWS + 1), between=(uow.now, uow.now + AHEAD), states=OPEN).items
    rows = [row for row in staffing_of(uow, found) if row.open or not query.open]
    return [PlaceRow(row.operation, slot) for row in rows for slot in row.slots]


def people_of(row: PlaceRow) -> str:
    """Return the people of a need, each with the answer."""
    return ", ".join(f"{one.shown_name} ({t(f'operations.person.{one.state}')})" for one in row.slot.people)


STAFFING: Final[Listing[StaffingQuery, PlaceRow]] = Listing(
    name="staffing",
    path="/staffing",
    query=StaffingQuery,
    read=read,
    roles=("planner",),
    columns=(
        Column("week", "tables.column.week", Kind.WEEK, lambda row: row.operation.begins_at),
        Column("code_word", "operations.column.operation", Kind.TEXT, lambda row: row.operation.code_word),
        Column("begins_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.operation.begins_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.operation.ends_at),
        Column(
            "competence",
            "tables.column.competence",
            Kind.TEXT,
            lambda row: competence(row.slot.need.competence) if row.slot.need.competence else "",
        ),
        Column("wanted", "tables.column.wanted", Kind.NUMBER, lambda row: row.slot.need.wanted),
        Column("accepted", "tables.column.accepted", Kind.NUMBER, lambda row: row.slot.accepted),
        Column("open", "tables.column.open", Kind.NUMBER, lambda row: row.slot.open),
        Column("people", "tables.column.people", Kind.TEXT, people_of),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.operation.id, machine=True),
    ),
)
