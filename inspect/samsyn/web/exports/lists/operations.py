"""Operations as a file: what the list by week shows, from that week on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.operation_list import ListQuery, found_operations, monday
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation and the name of who leads it."""

    card: OperationCard
    lead: str
    mine: bool


def read(uow: UnitOfWork, query: ListQuery) -> Sequence[OperationRow]:
    """Operations of the own authority from the week on; two statements."""
    try:
        first = monday(query.week, uow.today)
    except ValueError:
        raise InvalidError("no such week", fields={"week": [t("operations.list.no_week")]}) from None
    found = found_operations(uow, query, first, Seek(MOST_ROWS + 1)).items
    leads = authority_names(uow, {one.lead_id for one in found})
    return [OperationRow(one, leads.get(one.lead_id, ""), one.lead_id == uow.me) for one in found]


OPERATIONS: Final[Listing[ListQuery, OperationRow]] = Listing(
    name="operations",
    path="/operations",
    query=ListQuery,
    read=read,
    columns=(
        Column("week", "tables.column.week", Kind.WEEK, lambda row: row.card.starts_at),
        Column("code_word", "operations.column.operation", Kind.TEXT, lambda row: row.card.code_word),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.card.starts_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.card.ends_at),
        Column("state", "operations.column.state", Kind.TEXT, lambda row: t(f"operations.state.{row.card.state}")),
        Column(
            "in_danger", "tables.column.in_danger", Kind.TEXT, lambda row: t("tables.yes") if row.card.in_danger else ""
        ),
        Column(
            "role",
            "operations.column.role",
            Kind.TEXT,
            lambda row: t("operations.list.lead" if row.mine else "operations.list.participant"),
        ),
        Column("led_by", "tables.column.led_by", Kind.TEXT, lambda row: row.lead),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.card.id, machine=True),
    ),
)
