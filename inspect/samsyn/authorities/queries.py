"""Read authorities, units, collaborations: open to every signed-in viewer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from samsyn.authorities.models import (
    Authority,
    Collaboration,
    CollaborationInvitation,
    CollaborationMember,
    Stewardship,
    Unit,
)
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AuthorityLine:
    """An authority by name."""

    id: UUID
    name: str
    kind: AuthorityKind


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and what it supervises."""

    id: UUID
    authority_id: UUID
    field: Field
    name: str


@dataclass(frozen=True, slots=True)
class CollaborationLine:
    """A collaboration that the viewer's authority is a member of."""

    id: UUID
    name: str
    municipality: str


def visit_gap(uow: UnitOfWork) -> int:
    """Return within how many days of another visit the own planners are warned; 0: never."""
    return uow.session.scalar(select(Authority.visit_gap_days).where(Authority.id == uow.me)) or 0


def list_authorities(uow: UnitOfWork, limit: int = 200) -> list[AuthorityLine]:
    """Every authority but the reserved one, by name."""
    rows = (
        select(Authority.id, Authority.name, Authority.authority_kind)
        .where(Authority.authority_kind != AuthorityKind.RESERVED)
        .order_by(Authority.name)
        .limit(limit)
    )
    return [AuthorityLine(*row) for row in uow.session.execute(rows)]


def authority_names(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    """Names by id."""
    rows = select(Authority.id, Authority.name).where(Authority.id.in_(ids))
    return {row.id: row.name for row in uow.session.execute(rows)}


def names_with_units(uow: UnitOfWork, ids: set[UUID]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names of some authorities by id, and of all their units by id; one statement."""
    rows = (
        select(Authority.id, Authority.name, Unit.id.label("unit_id"), Unit.name.label("unit"))
        .outerjoin(Unit, Unit.authority_id == Authority.id)
        .where(Authority.id.in_(ids))
    )
    found = uow.session.execute(rows).all()
    return {row.id: row.name for row in found}, {row.unit_id: row.unit for row in found if row.unit_id}


def list_units(uow: UnitOfWork, limit: int = 200) -> list[UnitLine]:
    """Every unit, by authority and name."""
    rows = select(Unit.id, Unit.authority_id, Unit.field, Unit.name).order_by(Unit.authority_id, Unit.name).limit(limit)
    return [UnitLine(*row) for row in uow.session.execute(rows)]


def units_of(uow: UnitOfWork, authorities: set[UUID]) -> list[UnitLine]:
    """Every unit of some authorities."""
    rows = select(Unit.id, Unit.authority_id, Unit.field, Unit.name).where(Unit.authority_id.in_(authorities))
    return [UnitLine(*row) for row in uow.session.execute(rows.order_by(Unit.name))]


def fields_by_name(uow: UnitOfWork, names: set[str]) -> dict[str, set[Field]]:
    """Return what the units of some authorities supervise, by the authority's name; no statement for no name."""
    found: dict[str, set[Field]] = {}
    rows = select(Authority.name, Unit.field).join(Unit, Unit.authority_id == Authority.id)
    for name, field in uow.session.execute(rows.where(Authority.name.in_(names))) if names else ():
        found.setdefault(name, set()).add(field)
    return found


def is_spanning(uow: UnitOfWork) -> bool:
    """Say whether the own authority has units that read their own silo rows alone (R1)."""
    return bool(uow.session.scalar(select(Authority.spanning).where(Authority.id == uow.me)))


def spanning_among(uow: UnitOfWork, ids: set[UUID]) -> set[UUID]:
    """Those of some authorities whose units read their own rows alone (R1)."""
    return set(uow.session.scalars(select(Authority.id).where(Authority.id.in_(ids), Authority.spanning)))


def office_of(uow: UnitOfWork, authority_id: UUID, unit_id: UUID | None) -> tuple[str, Field | None]:
    """Return an authority's name, and what one of its units supervises, in one statement: every page asks."""
    row = uow.session.execute(
        select(Authority.name, Unit.field)
        .outerjoin(Unit, (Unit.authority_id == Authority.id) & (Unit.id == unit_id))
        .where(Authority.id == authority_id)
    ).one_or_none()
    return (row.name, row.field) if row else ("", None)


def unit_fields(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Field]:
    """Fields by unit id."""
    return {row.id: row.field for row in uow.session.execute(select(Unit.id, Unit.field).where(Unit.id.in_(ids)))}


def my_collaborations(uow: UnitOfWork) -> list[CollaborationLine]:
    """The collaborations that the viewer's authority is a member of, by name."""
    rows = (
        select(Collaboration.id, Collaboration.name, Collaboration.municipality)
        .join(CollaborationMember, CollaborationMember.collaboration_id == Collaboration.id)
        .where(CollaborationMember.authority_id == uow.me, CollaborationMember.left_on.is_(None))
        .order_by(Collaboration.name)
        .limit(200)
    )
    return [CollaborationLine(*row) for row in uow.session.execute(rows)]


def members_of(uow: UnitOfWork, collaboration_id: UUID) -> list[AuthorityLine]:
    """The members of a collaboration, by name."""
    rows = (
        select(Authority.id, Authority.name, Authority.authority_kind)
        .join(CollaborationMember, CollaborationMember.authority_id == Authority.id)
        .where(CollaborationMember.collaboration_id == collaboration_id, CollaborationMember.left_on.is_(None))
        .order_by(Authority.name)
        .limit(200)
    )
    return [AuthorityLine(*row) for row in uow.session.execute(rows)]


def partners(uow: UnitOfWork, limit: int = 100) -> list[AuthorityLine]:
    """The authorities that share a collaboration with the viewer's, which is among them, by name."""
    m, mine = CollaborationMember, aliased(CollaborationMember)
    shared = (
        select(m.authority_id)
        .join(mine, mine.collaboration_id == m.collaboration_id)
        .where(mine.authority_id == uow.me, mine.left_on.is_(None), m.left_on.is_(None))
    )
    rows = (
        select(Authority.id, Authority.name, Authority.authority_kind)
        .where((Authority.id == uow.me) | Authority.id.in_(shared))
        .order_by(Authority.id != uow.me, Authority.name)
        .limit(limit)
    )
    return [AuthorityLine(*row) for row in uow.session.execute(rows)]


def stewarded_by(uow: UnitOfWork, authority_id: UUID) -> set[UUID]:
    """The authorities without accounts that an authority answers for."""
    rows = select(Stewardship.authority_id).where(
        Stewardship.steward_id == authority_id, Stewardship.ended_at.is_(None)
    )
    return set(uow.session.scalars(rows))


def invited_to(uow: UnitOfWork, collaboration_id: UUID) -> set[UUID]:
    """The authorities that a member invited into a collaboration and that have not joined."""
    i, m = CollaborationInvitation, CollaborationMember
    joined = select(m.authority_id).where(m.collaboration_id == collaboration_id)
    rows = select(i.authority_id).where(i.collaboration_id == collaboration_id, i.authority_id.not_in(joined))
    return set(uow.session.scalars(rows))


def invited_me(uow: UnitOfWork) -> list[CollaborationLine]:
    """The collaborations that invited the viewer's authority and that it has not joined, by name."""
    i, m = CollaborationInvitation, CollaborationMember
    joined = select(m.collaboration_id).where(m.authority_id == uow.me)
    rows = (
        select(Collaboration.id, Collaboration.name, Collaboration.municipality)
        .join(i, i.collaboration_id == Collaboration.id)
        .where(i.authority_id == uow.me, Collaboration.id.not_in(joined))
        .order_by(Collaboration.name)
        .limit(200)
    )
    return [CollaborationLine(*row) for row in uow.session.execute(rows)]


def collaboration_names(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    """Names by id."""
    rows = select(Collaboration.id, Collaboration.name).where(Collaboration.id.in_(ids))
    return {row.id: row.name for row in uow.session.execute(rows)}
