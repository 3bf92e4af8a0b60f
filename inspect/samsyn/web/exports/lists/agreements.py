"""Cooperation agreements as a file: the page's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.agreements import Row, read_rows
from samsyn.web.shell import t


def read(uow: UnitOfWork, _query: PageQuery) -> Sequence[Row]:
    """The agreements of the own collaborations."""
    return read_rows(uow)


AGREEMENTS: Final[Listing[PageQuery, Row]] = Listing(
    name="agreements",
    path="/agreements",
    query=PageQuery,
    read=read,
    columns=(
        Column("name", "pledges.field.name", Kind.TEXT, lambda row: row.one.name),
        Column("parties", "pledges.field.parties", Kind.TEXT, lambda row: ", ".join(row.parties)),
        Column("from_on", "pledges.field.from_on", Kind.DATE, lambda row: row.one.from_on),
        Column("until_on", "pledges.field.until_on", Kind.DATE, lambda row: row.one.until_on),
        Column("signed_on", "pledges.field.signed_on", Kind.DATE, lambda row: row.one.signed_on),
        Column("state", "pledges.field.state", Kind.TEXT, lambda row: t(f"pledges.agreement.{row.state}")),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.one.id, machine=True),
    ),
)
