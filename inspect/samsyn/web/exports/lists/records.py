"""The register of records requests: when, in which words, how it was decided; nothing of what was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.access.rules import KEEPERS
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.records.queries import RequestLine, list_requests, numbers_of_requests
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.records import RegisterQuery
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class Row:
    """A request and its case number."""

    line: RequestLine
    number: str


def read(uow: UnitOfWork, query: RegisterQuery) -> Sequence[Row]:
    """The page's list, newest first; two statements."""
    lines = list_requests(uow, Seek(MOST_ROWS + 1), query.wanted).items
    numbers = numbers_of_requests(uow, [one.id for one in lines])
    return [Row(one, numbers.get(one.id, "")) for one in lines]


RECORDS: Final[Listing[RegisterQuery, Row]] = Listing(
    name="records",
    path="/records",
    query=RegisterQuery,
    read=read,
    roles=tuple(KEEPERS),
    columns=(
        Column("received_on", "records.column.received", Kind.DATE, lambda row: row.line.received_on),
        Column("number", "records.column.number", Kind.TEXT, lambda row: row.number),
        Column("words", "records.column.words", Kind.TEXT, lambda row: row.line.words),
        Column("items", "records.column.items", Kind.NUMBER, lambda row: row.line.items),
        Column(
            "state",
            "records.column.state",
            Kind.TEXT,
            lambda row: t("records.is_open" if row.line.open else "records.is_settled"),
        ),
        Column("settled_at", "records.column.settled", Kind.DATETIME, lambda row: row.line.settled_at),
        Column("decider", "records.column.decider", Kind.TEXT, lambda row: row.line.decider),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)
