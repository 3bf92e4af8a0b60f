"""Businesses as a file: what the registry's list shows; a sole trader's number is nowhere in it (R11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.businesses.queries import BusinessCard
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.businesses import ListQuery, read_businesses, word


def read(uow: UnitOfWork, query: ListQuery) -> Sequence[BusinessCard]:
    """Businesses of the own collaborations, in Swedish order: the rows of the page; two statements at most."""
    return read_businesses(uow, query, Seek(MOST_ROWS + 1)).items


BUSINESSES: Final[Listing[ListQuery, BusinessCard]] = Listing(
    name="businesses",
    path="/businesses",
    query=ListQuery,
    read=read,
    columns=(
        Column("name", "operations.column.business", Kind.TEXT, lambda row: row.name),
        Column("address", "operations.column.address", Kind.TEXT, lambda row: row.address),
        Column("postcode", "tables.column.postcode", Kind.IDENTITY, lambda row: row.postcode),
        Column("town", "tables.column.town", Kind.TEXT, lambda row: row.town),
        Column("operator", "operations.column.operator", Kind.TEXT, lambda row: row.operator),
        Column("number", "tables.column.number", Kind.IDENTITY, lambda row: row.number or word("form", row.form)),
        Column(
            "trade",
            "operations.column.trade",
            Kind.TEXT,
            lambda row: ", ".join(word("trade", trade) for trade in row.trades),
        ),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.id, machine=True),
    ),
)
