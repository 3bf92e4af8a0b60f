"""Read the registry of a collaboration: businesses, their premises and operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, tuple_

from samsyn.businesses.models import Business, Operator, Permit, Premises
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.texts import sort_key


@dataclass(frozen=True, slots=True)
class BusinessCard:
    """An operator at a premises. ``number`` is null for a sole trader, whose number is shown nowhere (R11)."""

    id: UUID
    collaboration_id: UUID
    premises_id: UUID
    operator_id: UUID
    name: str
    address: str
    postcode: str
    town: str
    operator: str
    form: str
    number: str | None
    trades: tuple[str, ...]
    sni: tuple[str, ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class PermitLine:
    """A public permit."""

    kind: str
    valid_from: date | None
    valid_until: date | None


SHOWN: Final = (
    select(
        Business.id,
        Business.collaboration_id,
        Business.premises_id,
        Business.operator_id,
        Premises.name,
        Premises.address,
        Premises.postcode,
        Premises.town,
        Operator.name.label("operator"),
        Operator.form,
        Operator.number,
        Business.trades,
        Business.sni,
        Premises.latitude,
        Premises.longitude,
        Premises.sort_key,
    )
    .join(Premises, Premises.id == Business.premises_id)
    .join(Operator, Operator.id == Business.operator_id)
)


def card(row: Row[*tuple[Any, ...]]) -> BusinessCard:
    """Copy a row of ``SHOWN`` into the public type."""
    return BusinessCard(
        row.id,
        row.collaboration_id,
        row.premises_id,
        row.operator_id,
        row.name,
        row.address,
        row.postcode,
        row.town,
        row.operator,
        row.form,
        row.number,
        tuple(row.trades),
        tuple(row.sni),
        row.latitude,
        row.longitude,
    )


def get_business(uow: UnitOfWork, business_id: UUID) -> BusinessCard:
    """Return one business; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.execute(SHOWN.where(Business.id == business_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such business")
    return card(row)


def businesses_by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, BusinessCard]:
    """Return some businesses by id, in one statement; what is hidden or absent is not among them."""
    return {row.id: card(row) for row in uow.session.execute(SHOWN.where(Business.id.in_(ids)))}


@dataclass(frozen=True, slots=True)
class BusinessFilter:
    """What is looked for; empty leaves it open.

    ``begins_with``: a word of the place's name, or its street. ``permit``: a kind held on ``day``, or ``EXPIRED``.
    ``premises``: only at these. ``running``: the operator is there on ``day``. ``box``: between a south-western and a
    north-eastern corner (latitude, longitude).
    """

    begins_with: str = ""
    trade: str = ""
    permit: str = ""
    premises: frozenset[UUID] | None = None
    running: bool = False
    day: date | None = None
    box: tuple[tuple[float, float], tuple[float, float]] | None = None


EXPIRED: Final = "expired"


def list_businesses(
    uow: UnitOfWork,
    seek: Seek,
    *,
    begins_with: str = "",
    collaboration_id: UUID | None = None,
    wanted: BusinessFilter = BusinessFilter(),
) -> Page[BusinessCard]:
    """Businesses of the viewer's collaborations in Swedish order of the place's name; ``begins_with`` is the name."""
    rows = SHOWN.where(*_conditions(wanted)).order_by(Premises.sort_key, Business.id)
    if begins_with:
        # A range instead of LIKE, which is not leakproof and would get no index under a policy.
        rows = rows.where(_named(begins_with))
    if collaboration_id is not None:
        rows = rows.where(Business.collaboration_id == collaboration_id)
    if seek.after:
        try:
            rows = rows.where(tuple_(Premises.sort_key, Business.id) > (seek.after[0], UUID(seek.after[1])))
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
    found = uow.session.execute(rows.limit(seek.limit + 1)).all()
    page = cut(found, seek, lambda row: (row.sort_key, str(row.id)))
    return Page([card(row) for row in page.items], page.next_cursor)


def _within(begins: str) -> ColumnElement[bool]:
    """Also a later word of the name: "Bussboden" finds "Kiosk Bussboden"."""
    return func.strpos(Premises.sort_key, " " + sort_key(begins)) > 0


def _named(begins_with: str) -> ColumnElement[bool]:
    first = sort_key(begins_with)
    return and_(Premises.sort_key >= first, Premises.sort_key < first + "\U0010ffff")


def _conditions(wanted: BusinessFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if begins := " ".join(wanted.begins_with.split()):
        # Streets are written with capitals; lower() is the database's and knows no Swedish letters.
        spelled = {begins, begins[:1].upper() + begins[1:], begins.title()}
        streets = [func.starts_with(Premises.address, words) for words in sorted(spelled)]
        found.append(or_(_named(begins), _within(begins), *streets))
    if wanted.trade:
        found.append(Business.trades.contains([wanted.trade]))
    if wanted.premises is not None:
        found.append(Business.premises_id.in_(wanted.premises))
    if wanted.box is not None:
        (south, west), (north, east) = wanted.box
        found += [Premises.latitude.between(south, north), Premises.longitude.between(west, east)]
    if wanted.running:
        found.append(Business.during.contains(wanted.day))
    if wanted.permit == EXPIRED:
        found.append(exists().where(Permit.business_id == Business.id, Permit.valid_until < wanted.day))
    elif wanted.permit:
        held = or_(Permit.valid_until.is_(None), Permit.valid_until >= wanted.day)
        found.append(exists().where(Permit.business_id == Business.id, Permit.permit_kind == wanted.permit, held))
    return found


def permits_of(uow: UnitOfWork, business_id: UUID) -> list[PermitLine]:
    """The permits of a business."""
    rows = (
        select(Permit.permit_kind, Permit.valid_from, Permit.valid_until)
        .where(Permit.business_id == business_id)
        .order_by(Permit.permit_kind)
    )
    return [PermitLine(*row) for row in uow.session.execute(rows)]
