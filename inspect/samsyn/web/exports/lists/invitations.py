"""The invitations as a file: those that the page shows."""

from __future__ import annotations

from typing import Final

from samsyn.access.rules import Role
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import MOST_ROWS, Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.invitations import OfferRow, offer_rows
from samsyn.web.shell import t

INVITATIONS: Final[Listing[PageQuery, OfferRow]] = Listing(
    name="invitations",
    path="/invitations",
    query=PageQuery,
    read=lambda uow, _query: offer_rows(uow, MOST_ROWS + 1),
    roles=(Role.UNIT_ADMIN,),
    columns=(
        Column("address", "invitations.column.address", Kind.TEXT, lambda row: row.offer.address),
        Column("unit", "invitations.column.unit", Kind.TEXT, lambda row: row.unit),
        Column("roles", "invitations.column.roles", Kind.TEXT, lambda row: row.roles),
        Column("state", "invitations.column.state", Kind.TEXT, lambda row: t(f"invitations.state.{row.offer.state}")),
        Column("invited_by", "invitations.column.invited_by", Kind.TEXT, lambda row: row.offer.invited_by),
        Column("sent_at", "invitations.column.sent_at", Kind.DATETIME, lambda row: row.offer.sent_at),
        Column("expires_at", "invitations.column.expires_at", Kind.DATETIME, lambda row: row.offer.expires_at),
        Column("accepted_at", "invitations.column.accepted_at", Kind.DATETIME, lambda row: row.offer.accepted_at),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.offer.id, machine=True),
    ),
)
