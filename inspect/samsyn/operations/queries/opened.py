"""Read which of a person's own visits may be told outside the house: the announced and the done (SECRECY, under R7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_, select

from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import (
    Assignment,
    Operation,
    PartAnswer,
    Team,
    TeamMember,
    Visit,
    VisitOrder,
    VisitPart,
    VisitTarget,
)
from samsyn.operations.rules import AFTERWARDS, VisitState

MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class TellableVisit:
    """A visit that may be told; ``ended_at`` once it has ended."""

    starts_at: datetime
    name: str
    address: str
    ended_at: datetime | None


def tellable_visits(uow: UnitOfWork, after: datetime, before: datetime) -> Mapping[UUID, Sequence[TellableVisit]]:
    """Return what may be told of the viewer's own places, by assignment, in the order of the visits.

    One statement. Announced is what the plan says, and no authority says otherwise of its part. Before an operation is
    done all of its visits must be announced, or nothing of it is told: that one is silent would warn the other (R9).
    Once it is done, what was announced or carried through is told; what was not (nobody there, broken off) may have to
    be done again, and unannounced. That a target is open to those who go makes no difference. The visits that the
    person's team does not go to are left out, and so, by their policy, are those with jäv.
    """
    rows = uow.session.execute(statement(uow, after, before)).all()
    found = {}
    for key, group in groupby(rows, key=lambda row: row.assignment):
        of_place = list(group)
        told = [row for row in of_place if row.told]
        if told and (of_place[0].state in AFTERWARDS or len(told) == len(of_place)):
            mine = [row for row in told if row.goes]
            if mine:
                found[key] = [TellableVisit(row.starts_at, row.name, row.address, row.ended_at) for row in mine]
    return found


def statement(uow: UnitOfWork, after: datetime, before: datetime) -> Select[Any]:
    """Each visit of the viewer's places that was not skipped: may it be told, and does the person go there."""
    a, v, t, o = Assignment, Visit, VisitTarget, Operation
    done = and_(o.state.in_(AFTERWARDS), v.state == VisitState.DONE)
    told = and_(t.visit_id.is_not(None), or_(done, and_(t.announced, ~said_unannounced())))
    return (
        select(a.id.label("assignment"), o.state, v.starts_at, v.ended_at, t.name, t.address)
        .add_columns(told.label("told"), goes().label("goes"))
        .join(o, o.id == a.operation_id)
        .join(v, v.operation_id == o.id)
        .outerjoin(t, t.visit_id == v.id)
        .where(a.person_id == uow.person, a.authority_id == uow.me, a.ends_at > after, a.starts_at < before)
        .where(v.state != VisitState.SKIPPED)
        .order_by(a.id, v.starts_at, v.id)
        .limit(MOST)
    )


def said_unannounced() -> Exists:
    """Say whether an authority answered of its part that it comes unannounced."""
    p = PartAnswer
    return (
        exists()
        .where(p.visit_id == Visit.id, p.announced.is_(False), VisitPart.id == p.part_id)
        .where(VisitPart.withdrawn_at.is_(None))
    )


def goes() -> ColumnElement[bool]:
    """Say whether a person goes to a visit: everybody does where it is no team's, or the person is in none."""
    m, order = TeamMember, VisitOrder
    in_team = exists().where(m.assignment_id == Assignment.id, Team.id == m.team_id, Team.withdrawn_at.is_(None))
    of_team = and_(order.visit_id == Visit.id, order.withdrawn_at.is_(None))
    of_any = exists().where(of_team, Team.id == order.team_id, Team.withdrawn_at.is_(None))
    of_mine = exists().where(of_team, m.assignment_id == Assignment.id, m.team_id == order.team_id)
    return or_(~in_team, ~of_any, of_mine)
