"""Write authorities, units, collaborations and memberships."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from samsyn.audit.service import record
from samsyn.authorities.models import (
    Authority,
    Collaboration,
    CollaborationInvitation,
    CollaborationMember,
    Stewardship,
    Unit,
)
from samsyn.authorities.rules import MOST_GAP_DAYS, AuthorityKind, Field
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class FoundAuthority:
    """Write the viewer's own authority (its id is the viewer's)."""

    name: str
    kind: AuthorityKind
    spanning: bool = False


@dataclass(frozen=True, slots=True)
class AddUnit:
    """Add a unit to the viewer's authority."""

    name: str
    field: Field


@dataclass(frozen=True, slots=True)
class FoundCollaboration:
    """Found a collaboration with the viewer's authority as its first member."""

    name: str
    municipality: str


def demand_admin(uow: UnitOfWork) -> None:
    """Refuse anyone but a unit administrator."""
    if "unit_admin" not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator may do that")


def found_authority(uow: UnitOfWork, command: FoundAuthority) -> UUID:
    """Write the viewer's authority; raise ``ConflictError`` when the name is taken."""
    demand_admin(uow)
    uow.session.execute(
        insert(Authority).values(id=uow.me, name=command.name, authority_kind=command.kind, spanning=command.spanning)
    )
    record(uow, "authority.found", uow.me)
    return uow.me


def set_visit_gap(uow: UnitOfWork, days: int) -> None:
    """Say within how many days of another visit to a place the own planners are warned; 0: never.

    The same number again changes nothing. ``InvalidError`` beyond a year.
    """
    demand_admin(uow)
    if not 0 <= days <= MOST_GAP_DAYS:
        raise InvalidError("no such number of days", fields={"days": [f"must be 0 to {MOST_GAP_DAYS}"]})
    changed = uow.session.execute(
        update(Authority)
        .where(Authority.id == uow.me, Authority.visit_gap_days != days)
        .values(visit_gap_days=days)
        .returning(Authority.id)
    )
    if changed.first() is not None:
        record(uow, "authority.visit_gap", uow.me)


def add_unit(uow: UnitOfWork, command: AddUnit) -> UUID:
    """Add a unit; raise ``ConflictError`` when the authority has one of that name."""
    demand_admin(uow)
    unit = Unit(id=uuid4(), authority_id=uow.me, field=command.field, name=command.name)
    uow.session.add(unit)
    uow.session.flush()
    record(uow, "unit.add", unit.id)
    return unit.id


def found_collaboration(uow: UnitOfWork, command: FoundCollaboration) -> UUID:
    """Found a collaboration and join it."""
    demand_admin(uow)
    collaboration = Collaboration(
        id=uuid4(), name=command.name, municipality=command.municipality, founded_by_id=uow.me
    )
    uow.session.add(collaboration)
    uow.session.flush()
    join_collaboration(uow, collaboration.id)
    return collaboration.id


def invite_member(uow: UnitOfWork, collaboration_id: UUID, authority_id: UUID) -> None:
    """Write a member's half of taking an authority in."""
    demand_admin(uow)
    uow.session.add(
        CollaborationInvitation(
            collaboration_id=collaboration_id, authority_id=authority_id, invited_by_id=uow.me, invited_at=uow.now
        )
    )
    uow.session.flush()
    record(uow, "collaboration.invite", collaboration_id, owner=authority_id)


def join_collaboration(uow: UnitOfWork, collaboration_id: UUID) -> None:
    """Write the own half; ``NotFoundError`` where no member invited us."""
    demand_admin(uow)
    uow.session.add(CollaborationMember(collaboration_id=collaboration_id, authority_id=uow.me, joined_on=uow.today))
    uow.session.flush()
    record(uow, "collaboration.join", collaboration_id)


def become_steward(uow: UnitOfWork, authority_id: UUID) -> None:
    """Answer for an authority that has no account yet; ``ConflictError`` if somebody does so already.

    ``NotFoundError`` for an authority that has an administrator, or that we share no collaboration with.
    """
    demand_admin(uow)
    if uow.session.scalar(select(Stewardship.authority_id).where(Stewardship.authority_id == authority_id)):
        raise ConflictError("that authority has, or had, a steward")
    uow.session.add(Stewardship(authority_id=authority_id, steward_id=uow.me))
    uow.session.flush()
    record(uow, "steward.begin", authority_id, owner=authority_id)


def end_stewardship(uow: UnitOfWork) -> None:
    """End the right of a steward to answer for the viewer's authority: its first administrator has signed in."""
    ended = uow.session.execute(
        update(Stewardship)
        .where(Stewardship.authority_id == uow.me, Stewardship.ended_at.is_(None))
        .values(ended_at=uow.now)
        .returning(Stewardship.authority_id)
    )
    if ended.first() is not None:
        record(uow, "steward.end", uow.me)
