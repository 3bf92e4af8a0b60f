"""The viewer's notices as a file: a kind, an operation's code word, when; nothing of what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn.calendars.queries import NoticeLine, list_notices
from samsyn.core.paging import MOST, Seek
from samsyn.core.uow import UnitOfWork
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.notices import WIDTH
from samsyn.web.shell import t


def read(uow: UnitOfWork, _query: PageQuery) -> Sequence[NoticeLine]:
    """The page's first ones, those not seen before the others."""
    return list_notices(uow, Seek.parse(MOST, None, WIDTH)).items


NOTICES: Final[Listing[PageQuery, NoticeLine]] = Listing(
    name="notices",
    own=True,
    path="/notices",
    query=PageQuery,
    read=read,
    columns=(
        Column("kind", "notices.column_what", Kind.TEXT, lambda row: t(f"notices.kind.{row.kind}")),
        Column("operation", "notices.column_operation", Kind.TEXT, lambda row: row.code_word),
        Column("at", "notices.column_when", Kind.DATETIME, lambda row: row.at),
        Column("read_at", "tables.column.read_at", Kind.DATETIME, lambda row: row.read_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.id, machine=True),
    ),
)
