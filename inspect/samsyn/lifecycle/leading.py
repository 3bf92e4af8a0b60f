"""The lead of an operation goes over to another participating authority, which is told and tells who is invited."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.access.queries import planners_of
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import notify
from samsyn.core.errors import ConflictError, NotAllowedError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.notices import about, plan_answer_reminder
from samsyn.lifecycle.service import tell_invited, weigh_quorum
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import BEFORE_ONGOING, TOLD, OperationState
from samsyn.operations.service import hand_over_lead
from samsyn.operations.service.plan import count_again

LEAD_HANDED: Final = "samsyn.lifecycle.lead_handed"
"""Subject: the operation; done as the new lead."""


def hand_over(uow: UnitOfWork, operation_id: UUID, to: UUID, *, seen_version: int) -> None:
    """Make another participant the lead: what the lead writes is that authority's from now on, and only that.

    Nobody's findings go over with it (R4). ``ConflictError`` for an authority in which nobody plans; otherwise refused
    as ``hand_over_lead`` is.
    """
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me:  # first: who may not learns nothing of who plans there
        raise NotAllowedError("only the lead hands over")
    if not planners_of(uow, {to}):
        raise ConflictError("nobody plans there", fields={"authority_id": ["nobody_plans"]})
    count_again(uow, operation_id, to, operation.collaboration_id)
    hand_over_lead(uow, operation_id, to, seen_version=seen_version)
    emit(uow, LEAD_HANDED, operation_id, acts_for=to)


def take_over(uow: UnitOfWork, operation_id: UUID) -> None:
    """As the new lead's worker: tell the own planners; whom an invitation names another lead gets the new one."""
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me:
        return  # handed on meanwhile
    notify(uow, about(NoticeKind.LEAD_HANDED, operation, operation_id), planners_of(uow, {uow.me}))
    if operation.state in BEFORE_ONGOING | {OperationState.ONGOING}:
        tell_invited(uow, operation_id)
    if operation.state in TOLD:
        plan_answer_reminder(uow, operation_id)
        weigh_quorum(uow, operation_id)
