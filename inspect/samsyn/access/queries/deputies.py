"""Who stands in for whom, in the own authority."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from samsyn.access.models import Deputy, Staff
from samsyn.access.rules import Role
from samsyn.core.uow import UnitOfWork

STANDS_IN: Final = frozenset({Role.PLANNER, Role.DECIDER})
"""Roles of which one is held by whoever stands in: naming gives none."""


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """That somebody stands in for a colleague from one day until another."""

    id: UUID
    person_id: UUID
    deputy_id: UUID
    shown_name: str
    deputy_name: str
    from_on: date
    until_on: date


def list_deputies(uow: UnitOfWork, person_id: UUID, limit: int = 100) -> list[DeputyLine]:
    """Who stands in for a colleague, and for whom that colleague does, today or later, the next first."""
    d, of, by = Deputy, aliased(Staff), aliased(Staff)
    rows = (
        select(d.id, d.person_id, d.deputy_id, of.shown_name, by.shown_name, d.from_on, d.until_on)
        .join(of, (of.person_id == d.person_id) & (of.authority_id == d.authority_id))
        .join(by, (by.person_id == d.deputy_id) & (by.authority_id == d.authority_id))
        .where(
            d.authority_id == uow.me,
            or_(d.person_id == person_id, d.deputy_id == person_id),
            d.ended_at.is_(None),
            d.until_on >= uow.today,
        )
        .order_by(d.from_on, d.id)
        .limit(limit)
    )
    return [DeputyLine(*row) for row in uow.session.execute(rows)]


def deputies_today(uow: UnitOfWork, people: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Who stands in today for each of some own people: person and shown name.

    Only who is still of the same unit, has not left, and plans or decides by an own role.
    """
    d, of, by, today = Deputy, aliased(Staff), aliased(Staff), uow.today
    rows = (
        select(d.person_id, d.deputy_id, by.shown_name, by.roles)
        .join(of, (of.person_id == d.person_id) & (of.authority_id == d.authority_id))
        .join(by, (by.person_id == d.deputy_id) & (by.authority_id == d.authority_id))
        .where(
            d.authority_id == uow.me,
            d.person_id.in_(people),
            d.ended_at.is_(None),
            d.from_on <= today,
            d.until_on >= today,
            of.unit_id == by.unit_id,
            or_(by.until_on.is_(None), by.until_on >= today),
        )
        .order_by(d.named_at)
        .limit(10_000)
    )
    return {
        row.person_id: (row.deputy_id, row.shown_name)
        for row in uow.session.execute(rows)
        if STANDS_IN & set(row.roles)
    }
