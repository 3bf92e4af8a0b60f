"""The extract for the registry: every decision with who, when, on which ground; no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import DisclosureLine
from samsyn.web.api.dossiers import READERS
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.disclosures import DisclosureQuery, basis_name, read_rows
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Row:
    """A decision with the names of its two sides."""

    line: DisclosureLine
    giver: str
    receiver: str


def read(uow: UnitOfWork, query: DisclosureQuery) -> Sequence[Row]:
    """The page's list, newest first; two statements."""
    lines, names = read_rows(uow, query, MOST_ROWS + 1)
    everybody = t("disclosure.everybody")
    return [Row(one, names[one.from_id], names[one.to_id] if one.to_id else everybody) for one in lines]


DISCLOSURES: Final[Listing[DisclosureQuery, Row]] = Listing(
    name="disclosures",
    path="/disclosures",
    query=DisclosureQuery,
    read=read,
    roles=tuple(READERS),
    columns=(
        Column("at", "disclosure.list.at", Kind.DATETIME, lambda row: row.line.at),
        Column("from", "disclosure.list.from", Kind.TEXT, lambda row: row.giver),
        Column("to", "disclosure.list.to", Kind.TEXT, lambda row: row.receiver),
        Column("place", "disclosure.list.what", Kind.TEXT, lambda row: row.line.place or ""),
        Column("items", "disclosure.list.number", Kind.NUMBER, lambda row: row.line.items),
        Column("basis", "disclosure.basis", Kind.TEXT, lambda row: basis_name(row.line.legal_basis)),
        Column("state", "disclosure.list.state", Kind.TEXT, lambda row: t(f"disclosure.decision.{row.line.decision}")),
        Column("decider", "disclosure.show.decided_by", Kind.TEXT, lambda row: row.line.decider or ""),
        Column("withdrawn_at", "disclosure.list.withdrawn_at", Kind.DATETIME, lambda row: row.line.withdrawn_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)
