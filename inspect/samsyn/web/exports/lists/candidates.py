"""Candidates as a file: each business with its reasons, in the page's order; for its planners, as the page is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries import Candidate
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.businesses import word
from samsyn.web.pages.candidates import CandidateQuery, read_candidates, words_of


def read(uow: UnitOfWork, query: CandidateQuery) -> Sequence[Candidate]:
    """The rows of the page, all of them; a constant number of statements."""
    return read_candidates(uow, query, Seek(MOST_ROWS + 1)).page.items


CANDIDATES: Final[Listing[CandidateQuery, Candidate]] = Listing(
    name="candidates",
    path="/candidates",
    query=CandidateQuery,
    read=read,
    roles=("planner",),
    columns=(
        Column("name", "operations.column.business", Kind.TEXT, lambda row: row.facts.name),
        Column("address", "operations.column.address", Kind.TEXT, lambda row: row.facts.address),
        Column("town", "tables.column.town", Kind.TEXT, lambda row: row.facts.town),
        Column(
            "trade",
            "operations.column.trade",
            Kind.TEXT,
            lambda row: ", ".join(word("trade", trade) for trade in row.facts.trades),
        ),
        Column("last", "candidates.last_visit", Kind.DATE, lambda row: row.facts.last_on),
        Column("open", "inspector.dossiers.open", Kind.NUMBER, lambda row: row.own.open),
        Column("serious", "inspector.dossiers.serious", Kind.NUMBER, lambda row: row.own.serious),
        Column("reasons", "candidates.reasons", Kind.TEXT, lambda row: "; ".join(map(words_of, row.reasons))),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.facts.id, machine=True),
    ),
)
