"""Remarks and the picture as files: the pages' rows under the same filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.places.queries.pictures import PictureLine
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.pages.pictures import PictureQuery, read_entries
from samsyn.web.pages.remarks import RemarkQuery, Row, read_rows
from samsyn.web.shell import t


def read(uow: UnitOfWork, query: RemarkQuery) -> Sequence[Row]:
    """What is to be done first by its day."""
    return read_rows(uow, query, MOST_ROWS + 1)


REMARKS: Final[Listing[RemarkQuery, Row]] = Listing(
    name="remarks",
    path="/remarks",
    query=RemarkQuery,
    read=read,
    columns=(
        Column("noticed_on", "remarks.field.noticed_on", Kind.DATE, lambda row: row.line.noticed_on),
        Column("kind", "remarks.field.kind", Kind.TEXT, lambda row: t(f"remarks.kind.{row.line.kind}")),
        Column("place", "remarks.field.place", Kind.TEXT, lambda row: row.line.place),
        Column("text", "remarks.field.text", Kind.TEXT, lambda row: row.line.text),
        Column("asks", "remarks.column.asks", Kind.TEXT, lambda row: row.asks),
        Column("asked", "remarks.column.asked", Kind.TEXT, lambda row: row.asked),
        Column("due_on", "remarks.field.due_on", Kind.DATE, lambda row: row.line.due_on),
        Column("age", "remarks.column.age", Kind.NUMBER, lambda row: row.age),
        Column("overdue", "remarks.overdue", Kind.TEXT, lambda row: t("tables.yes") if row.overdue else ""),
        Column("state", "remarks.field.state", Kind.TEXT, lambda row: t(f"remarks.state.{row.line.state}")),
        Column("answer", "remarks.field.answer", Kind.TEXT, lambda row: row.line.answer),
        Column("done_on", "remarks.field.done_on", Kind.DATE, lambda row: row.line.done_on),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.line.id, machine=True),
    ),
)


def read_picture(uow: UnitOfWork, query: PictureQuery) -> Sequence[PictureLine]:
    """The entries that stand, newest day first."""
    return read_entries(uow, query)


PICTURE: Final[Listing[PictureQuery, PictureLine]] = Listing(
    name="picture",
    path="/picture",
    query=PictureQuery,
    read=read_picture,
    columns=(
        Column("on_date", "pictures.field.on_date", Kind.DATE, lambda row: row.on_date),
        Column("source", "pictures.field.source", Kind.TEXT, lambda row: t(f"signals.sources.{row.source}")),
        Column("place", "pictures.field.place", Kind.TEXT, lambda row: row.place),
        Column("text", "pictures.field.text", Kind.TEXT, lambda row: row.text),
        Column("version", "pictures.version", Kind.NUMBER, lambda row: row.version),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.entry_id, machine=True),
    ),
)
