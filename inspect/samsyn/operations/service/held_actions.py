"""Write what is held back: each row ends once, by its maker, by the worker, or refused; the row's lock decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import HeldAction
from samsyn.operations.queries.held_actions import Held
from samsyn.operations.rules import HeldKind, HeldState


@dataclass(frozen=True, slots=True)
class HoldAction:
    """An action that tells people, to be carried out after ``seconds`` unless its maker takes it back."""

    operation_id: UUID
    action: HeldKind
    command: Mapping[str, Any]
    seconds: float


def hold_action(uow: UnitOfWork, command: HoldAction) -> UUID:
    """Write that an action waits."""
    held_id = uuid4()
    uow.session.execute(
        insert(HeldAction).values(
            id=held_id,
            authority_id=uow.me,
            person_id=uow.person,
            operation_id=command.operation_id,
            action=command.action,
            command=dict(command.command),
            made_at=uow.now,
            due_at=uow.now + timedelta(seconds=command.seconds),
            state=HeldState.PENDING,
        )
    )
    record(uow, f"held.{command.action.value}", held_id)
    return held_id


def claim_action(uow: UnitOfWork, held_id: UUID) -> Held | None:
    """Mark as done an action that still waits and return it; the row stays locked until this transaction ends.

    Nothing is returned for one that was taken back or done meanwhile: whoever asks at the same moment waits here.
    """
    h = HeldAction
    row = uow.session.execute(
        select(h.id, h.operation_id, h.person_id, h.action, h.command)
        .where(h.id == held_id, h.state == HeldState.PENDING)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    _end(uow, held_id, HeldState.DONE)
    return Held(*row)


def withdraw_action(uow: UnitOfWork, held_id: UUID) -> bool:
    """Take an action of one's own back while it waits; False, and nothing changed, where it is too late."""
    withdrawn = _end(uow, held_id, HeldState.WITHDRAWN, mine=True)
    if withdrawn:
        record(uow, "held.undo", held_id)
    return withdrawn


def refuse_action(uow: UnitOfWork, held_id: UUID, reason: str) -> bool:
    """Say with an error's code that a waiting action could not be done; False if it ended otherwise meanwhile."""
    refused = _end(uow, held_id, HeldState.REFUSED, reason)
    if refused:
        record(uow, "held.refused", held_id, reason=reason)
    return refused


def _end(uow: UnitOfWork, held_id: UUID, state: HeldState, reason: str | None = None, *, mine: bool = False) -> bool:
    """End a waiting action; what was to be done is not kept, its effect and the audit entry are."""
    ended = update(HeldAction).where(HeldAction.id == held_id, HeldAction.state == HeldState.PENDING)
    if mine:
        ended = ended.where(HeldAction.person_id == uow.person)
    values: dict[str, object] = {"state": state, "refusal": reason, "ended_at": uow.now, "command": {}}
    return uow.session.scalar(ended.values(**values).returning(HeldAction.id)) is not None
