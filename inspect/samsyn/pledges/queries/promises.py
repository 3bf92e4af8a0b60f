"""Read agreements, pledges, their focus areas and commitments; empty or absent for who is no member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Commitment, FocusArea, OperationFocus, Pledge
from samsyn.pledges.rules import ActivityKind, CommitmentForm, PledgeState

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """The pledge of a year."""

    id: UUID
    collaboration_id: UUID
    agreement_id: UUID | None
    year: int
    name: str
    state: PledgeState
    signed_on: date | None
    place: str
    parties: Sequence[UUID]
    signatories: Sequence[Mapping[str, Any]]
    version: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A focus area and the picture that justifies it."""

    id: UUID
    pledge_id: UUID
    collaboration_id: UUID
    name: str
    picture: str


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A promise and what it counts; see ``models.Commitment``."""

    id: UUID
    focus_area_id: UUID
    collaboration_id: UUID
    form: CommitmentForm
    text: str
    target: int | None
    counts: ActivityKind
    fields: frozenset[Field]
    least: int
    not_led_by: UUID | None
    permit_kind: PermitKind | None
    hot_spot_id: UUID | None
    whole: bool
    within_days: int | None
    serious: bool
    by_on: date | None
    done_on: date | None
    not_done_reason: str | None
    carried_to_id: UUID | None
    version: int
    removed: bool = False


def list_pledges(uow: UnitOfWork) -> list[PledgeLine]:
    """Every pledge of the own collaborations, newest year first."""
    rows = select(Pledge).where(Pledge.removed_at.is_(None)).order_by(Pledge.year.desc(), Pledge.name).limit(MOST)
    return [pledge_line(row) for row in uow.session.scalars(rows)]


def get_pledge(uow: UnitOfWork, pledge_id: UUID) -> PledgeLine:
    """Return one; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Pledge, pledge_id)
    if row is None:
        raise NotFoundError("no such pledge")
    return pledge_line(row)


def areas_of(uow: UnitOfWork, *pledge_ids: UUID) -> list[AreaLine]:
    """The focus areas of some pledges: the newest year first, within it in their order."""
    a, p = FocusArea, Pledge
    of = (a.pledge_id.in_(pledge_ids), a.removed_at.is_(None))
    newest = select(a).join(p, p.id == a.pledge_id).where(*of).order_by(p.year.desc(), p.id, a.position, a.id)
    rows = uow.session.scalars(newest)
    return [AreaLine(row.id, row.pledge_id, row.collaboration_id, row.name, row.picture) for row in rows]


def get_area(uow: UnitOfWork, area_id: UUID) -> AreaLine:
    """Return one; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(FocusArea, area_id)
    if row is None:
        raise NotFoundError("no such focus area")
    return AreaLine(row.id, row.pledge_id, row.collaboration_id, row.name, row.picture)


def commitments_of(uow: UnitOfWork, area_ids: Sequence[UUID]) -> list[CommitmentLine]:
    """The commitments of some focus areas, in their order."""
    c = Commitment
    of = (c.focus_area_id.in_(area_ids), c.removed_at.is_(None))
    rows = uow.session.scalars(select(c).where(*of).order_by(c.position, c.id))
    return [commitment_line(row) for row in rows]


def get_commitment(uow: UnitOfWork, commitment_id: UUID) -> CommitmentLine:
    """Return one; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Commitment, commitment_id)
    if row is None:
        raise NotFoundError("no such commitment")
    return commitment_line(row)


def focus_of(uow: UnitOfWork, operation_id: UUID) -> UUID | None:
    """Return the focus area that an operation serves, for who takes part in it; nothing where none was said."""
    return uow.session.scalar(select(OperationFocus.focus_area_id).where(OperationFocus.operation_id == operation_id))


def removed_of(uow: UnitOfWork, pledge_id: UUID) -> list[tuple[UUID, str]]:
    """Return what was taken out of a draft, areas first: the key of each and its words."""
    a, c = FocusArea, Commitment
    areas = uow.session.execute(
        select(a.id, a.name).where(a.pledge_id == pledge_id, a.removed_at.is_not(None)).order_by(a.position).limit(MOST)
    )
    promises = uow.session.execute(
        select(c.id, c.text)
        .join(a, a.id == c.focus_area_id)
        .where(a.pledge_id == pledge_id, c.removed_at.is_not(None), a.removed_at.is_(None))
        .order_by(c.position)
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in (*areas, *promises)]


def pledge_line(row: Pledge) -> PledgeLine:
    """Return a row as it is read."""
    return PledgeLine(
        *(row.id, row.collaboration_id, row.agreement_id, row.year, row.name, row.state, row.signed_on, row.place),
        row.parties,
        row.signatories,
        row.version,
        row.removed_at is not None,
    )


def commitment_line(row: Commitment) -> CommitmentLine:
    """Return a row as it is read."""
    return CommitmentLine(
        *(row.id, row.focus_area_id, row.collaboration_id, row.form, row.text, row.target, row.counts),
        frozenset(Field(one) for one in row.fields),
        *(row.least, row.not_led_by, row.permit_kind, row.hot_spot_id, row.whole, row.within_days, row.serious),
        *(row.by_on, row.done_on, row.not_done_reason, row.carried_to_id, row.version),
        row.removed_at is not None,
    )
