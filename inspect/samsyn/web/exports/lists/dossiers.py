"""Dossiers as a file: the numbers of the list, and no finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.queries import DossierLine, list_dossiers
from samsyn.web.api.dossiers import READERS
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.dossiers import DossierQuery


def read(uow: UnitOfWork, query: DossierQuery) -> Sequence[DossierLine]:
    """The own authority's dossiers, newest compiled first; two statements."""
    return list_dossiers(uow, Seek(MOST_ROWS + 1), **query.wanted).items


DOSSIERS: Final[Listing[DossierQuery, DossierLine]] = Listing(
    name="dossiers",
    path="/dossiers",
    query=DossierQuery,
    read=read,
    roles=tuple(READERS),
    columns=(
        Column("name", "inspector.dossiers.business", Kind.TEXT, lambda row: row.name),
        Column("open", "inspector.dossiers.open", Kind.NUMBER, lambda row: row.open),
        Column("serious", "inspector.dossiers.serious", Kind.NUMBER, lambda row: row.serious),
        Column("visits", "inspector.dossiers.visits", Kind.NUMBER, lambda row: row.visits),
        Column("compiled_at", "inspector.dossiers.compiled", Kind.DATETIME, lambda row: row.compiled_at),
        Column("business_id", "tables.column.id", Kind.IDENTITY, lambda row: row.business_id, machine=True),
    ),
)
