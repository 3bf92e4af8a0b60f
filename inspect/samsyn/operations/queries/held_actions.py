"""Read what is held back for its maker to undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import HeldAction, Operation
from samsyn.operations.rules import HeldKind, HeldState

SHOWN_FOR: Final = timedelta(seconds=30)
"""How long its maker is shown how a held action ended."""


@dataclass(frozen=True, slots=True)
class Held:
    """An action that waits, as the one who carries it out needs it; ``command`` holds ids, times and words."""

    id: UUID
    operation_id: UUID
    person_id: UUID
    action: HeldKind
    command: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held action as its maker is shown it; ``refusal`` is the code of an error."""

    id: UUID
    operation_id: UUID
    code_word: str
    action: HeldKind
    state: HeldState
    due_at: datetime
    refusal: str | None


def waiting_of(uow: UnitOfWork, operation_id: UUID) -> list[Held]:
    """What the own authority has waiting about an operation, in the order in which it was made."""
    h = HeldAction
    rows = (
        select(h.id, h.operation_id, h.person_id, h.action, h.command)
        .where(h.operation_id == operation_id, h.authority_id == uow.me, h.state == HeldState.PENDING)
        .order_by(h.made_at, h.id)
        .limit(50)
    )
    return [Held(*row) for row in uow.session.execute(rows)]


def find_waiting(uow: UnitOfWork, held_id: UUID) -> Held | None:
    """One action of the own authority that still waits, or nothing."""
    h = HeldAction
    row = uow.session.execute(
        select(h.id, h.operation_id, h.person_id, h.action, h.command).where(
            h.id == held_id, h.authority_id == uow.me, h.state == HeldState.PENDING
        )
    ).one_or_none()
    return Held(*row) if row else None


def my_held(uow: UnitOfWork, held_id: UUID) -> UUID:
    """Return the operation of an action that the viewer made; ``NotFoundError`` for anybody else's."""
    h = HeldAction
    mine = select(h.operation_id).where(h.id == held_id, h.person_id == uow.person, h.authority_id == uow.me)
    found = uow.session.scalar(mine)
    if found is None:
        raise NotFoundError("no such action of yours")
    return found


def refusals_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    """The error's code of actions of the own authority that were refused, by id."""
    h = HeldAction
    rows = select(h.id, h.refusal).where(h.id.in_(list(ids)), h.state == HeldState.REFUSED)
    return {row.id: row.refusal or "" for row in uow.session.execute(rows)}


def held_by_me(uow: UnitOfWork, limit: int = 5) -> list[HeldLine]:
    """What the viewer has waiting, and what ended a moment ago, the next due first."""
    h = HeldAction
    rows = (
        select(h.id, h.operation_id, Operation.code_word, h.action, h.state, h.due_at, h.refusal)
        .join(Operation, Operation.id == h.operation_id)
        .where(
            h.person_id == uow.person,
            h.authority_id == uow.me,
            or_(h.state == HeldState.PENDING, h.ended_at > uow.now - SHOWN_FOR),
        )
        .order_by((h.state != HeldState.PENDING), h.due_at, h.id)
        .limit(limit)
    )
    return [HeldLine(*row) for row in uow.session.execute(rows)]
