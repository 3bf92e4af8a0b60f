"""The own signals as a file, and a hot spot's weeks; for who works with them, as the pages are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.places.queries import get_hot_spot
from samsyn.places.queries.signals import SignalLine, list_signals, weeks_of
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.listing import PageQuery
from samsyn.web.shell import t


def read(uow: UnitOfWork, _query: PageQuery) -> Sequence[SignalLine]:
    """Every own signal that was not taken back, also what lists by week told."""
    return list_signals(uow, most=MOST_ROWS + 1)


SIGNALS: Final[Listing[PageQuery, SignalLine]] = Listing(
    name="signals",
    path="/signals",
    query=PageQuery,
    read=read,
    roles=("planner", "inspector"),
    columns=(
        Column("on_date", "signals.field.on_date", Kind.DATE, lambda row: row.on_date),
        Column("place", "signals.column.place", Kind.TEXT, lambda row: row.place),
        Column("source", "signals.field.source", Kind.TEXT, lambda row: t(f"signals.sources.{row.source}")),
        Column("n", "signals.column.n", Kind.NUMBER, lambda row: row.n),
        Column("weight", "signals.field.weight", Kind.NUMBER, lambda row: row.weight),
        Column("text", "signals.field.text", Kind.TEXT, lambda row: row.text),
        Column("expires_on", "signals.field.expires_on", Kind.DATE, lambda row: row.expires_on),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.id, machine=True),
    ),
)


def read_weeks(uow: UnitOfWork, _query: PageQuery, hot_spot_id: UUID) -> Sequence[tuple[date, int]]:
    """The weeks of the page's chart."""
    get_hot_spot(uow, hot_spot_id)
    return weeks_of(uow, hot_spot_id)


HOT_SPOT_WEEKS: Final[Listing[PageQuery, tuple[date, int]]] = Listing(
    name="hot_spot_weeks",
    path="/hot-spots/<uuid:hot_spot_id>",
    query=PageQuery,
    read=read_weeks,
    roles=("planner", "inspector", "decider"),
    columns=(
        Column("week", "signals.column.week", Kind.TEXT, lambda row: f"{row[0]:%G-W%V}"),
        Column("monday", "signals.column.monday", Kind.DATE, lambda row: row[0]),
        Column("n", "signals.column.n", Kind.NUMBER, lambda row: row[1]),
    ),
)
