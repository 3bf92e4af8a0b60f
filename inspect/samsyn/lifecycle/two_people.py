"""What a colleague has to say yes to, with who is told: those who may decide, and then who asked; never what or why."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import colleagues_with
from samsyn.access.rules import Role
from samsyn.approvals.queries import get_approval
from samsyn.approvals.rules import DECIDERS
from samsyn.approvals.service import AskExport, AskMember, AskReturn, Decide, ask_export, ask_member, ask_return, decide
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.uow import UnitOfWork


def ask_for_export(uow: UnitOfWork, command: AskExport) -> UUID:
    """Ask to let a long list leave, and tell those who may decide; refused as ``ask_export`` is."""
    return tell_deciders(uow, ask_export(uow, command))


def ask_for_member(uow: UnitOfWork, command: AskMember) -> UUID:
    """Propose a new member, and tell those who may decide; refused as ``ask_member`` is."""
    return tell_deciders(uow, ask_member(uow, command))


def ask_for_return(uow: UnitOfWork, command: AskReturn) -> UUID:
    """Ask to let back in who left, and tell those who may decide; refused as ``ask_return`` is."""
    return tell_deciders(uow, ask_return(uow, command))


def answer(uow: UnitOfWork, command: Decide) -> None:
    """Decide on a colleague's question, and tell who asked; refused as ``decide`` is."""
    decide(uow, command)
    asker = get_approval(uow, command.approval_id).asked_by_id
    there = [one for one in colleagues_with(uow, list(Role)) if one[0] == asker]
    notify(uow, Tell(NoticeKind.APPROVAL_ANSWERED, None, "", command.approval_id, 1), there)


def tell_deciders(uow: UnitOfWork, approval_id: UUID) -> UUID:
    """Write a notice to each colleague who may decide but the one who asks; return what they are asked about."""
    notify(uow, Tell(NoticeKind.APPROVAL_ASKED, None, "", approval_id, 1), colleagues_with(uow, DECIDERS))
    return approval_id
