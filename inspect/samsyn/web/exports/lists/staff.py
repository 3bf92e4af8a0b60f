"""The own authority's people as a file: those that the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.access.rules import Role
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.staff import PeopleQuery, PlaceRow, found_places
from samsyn.web.shell import t


def read(uow: UnitOfWork, query: PeopleQuery) -> Sequence[PlaceRow]:
    """All people that the filters keep."""
    return found_places(uow, query, Seek(MOST_ROWS + 1)).items


STAFF: Final[Listing[PeopleQuery, PlaceRow]] = Listing(
    name="staff",
    path="/people",
    query=PeopleQuery,
    read=read,
    roles=(Role.UNIT_ADMIN,),
    columns=(
        Column("name", "staff.column.name", Kind.TEXT, lambda row: row.place.shown_name),
        Column("unit", "staff.column.unit", Kind.TEXT, lambda row: row.unit),
        Column("roles", "staff.column.roles", Kind.TEXT, lambda row: row.roles),
        Column("competences", "staff.column.competences", Kind.TEXT, lambda row: row.competences),
        Column("state", "staff.column.state", Kind.TEXT, lambda row: t(f"staff.state.{row.state}")),
        Column("from_on", "staff.column.from_on", Kind.DATE, lambda row: row.place.from_on),
        Column("until_on", "staff.column.until_on", Kind.DATE, lambda row: row.place.until_on),
        Column("seen_on", "staff.column.seen_on", Kind.DATE, lambda row: row.seen_on),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.place.person_id, machine=True),
    ),
)
