"""Read who was at a visit, from when to when, and in which police role; going over to help, and back, of the own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Presence
from samsyn.operations.rules import PoliceRole, Present


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """One thing noted of one person: came, left, or another police role and why."""

    id: UUID
    visit_id: UUID
    operation_id: UUID
    authority_id: UUID
    person_id: UUID
    what: Present
    police_role: PoliceRole | None
    reason: str | None
    at: datetime
    written_by: UUID
    written_at: datetime


def presence_at(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[PresenceLine]]:
    """Return what every authority noted at some visits, by visit, in the order of its time; nothing for an outsider.

    That the police went over to help is among it for the police, and for who asked where it came of the answer; that
    they went back is for the police alone.
    """
    p = Presence
    columns = (p.id, p.visit_id, p.operation_id, p.authority_id, p.person_id, p.what, p.police_role, p.reason, p.at)
    rows = (
        select(*columns, p.written_by, p.written_at)
        .where(p.visit_id.in_(visits))
        .order_by(p.at, p.written_at, p.id)
        .limit(5000)
    )
    found: dict[UUID, list[PresenceLine]] = {}
    for row in uow.session.execute(rows):
        found.setdefault(row.visit_id, []).append(PresenceLine(*row))
    return found


def police_role_of(uow: UnitOfWork, visit_id: UUID, at: datetime) -> PoliceRole | None:
    """Return the role that the viewer had gone over to at a visit by a moment; None: the one the part began with."""
    p = Presence
    return uow.session.scalar(
        select(p.police_role)
        .where(p.visit_id == visit_id, p.person_id == uow.person, p.authority_id == uow.me)
        .where(p.what == Present.ROLE, p.at <= at)
        .order_by(p.at.desc(), p.written_at.desc(), p.id)
        .limit(1)
    )


def roles_before(uow: UnitOfWork, visit_id: UUID, person_id: UUID, at: datetime) -> list[tuple[PoliceRole, bool]]:
    """Return the roles that one of the own went over to by a moment, the last first, and whether others read each."""
    p = Presence
    rows = (
        select(p.police_role, p.after_help)
        .where(p.visit_id == visit_id, p.person_id == person_id, p.authority_id == uow.me)
        .where(p.what == Present.ROLE, p.at <= at)
        .order_by(p.at.desc(), p.written_at.desc(), p.id)
    )
    return [
        (role, role is not PoliceRole.ASSISTANCE and not after_help)
        for role, after_help in uow.session.execute(rows)
        if role is not None
    ]
