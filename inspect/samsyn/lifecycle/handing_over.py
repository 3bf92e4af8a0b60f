"""A decision to hand over, refuse or withdraw, with what follows: who is told, and whose dossier is compiled anew."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from samsyn.access.queries import list_staff
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.errors import NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import get_request
from samsyn.disclosures.service import AskFor, Give, Refuse, Withdraw, ask_for, drop_begun, give, refuse, withdraw
from samsyn.disclosures.service.deciding import Decided
from samsyn.disclosures.service.pictures import Vault
from samsyn.dossiers.rules import COMPILE_BUSINESS
from samsyn.operations.queries import get_operation, get_visit, parts_of

HEARS = frozenset({"decider", "planner"})
"""Whose turn it is when something comes from another authority."""


def give_copies(uow: UnitOfWork, vault: Vault, command: Give) -> UUID:
    """Hand over; tell the receivers, and let their dossiers be compiled so that they have one for this business."""
    decided = give(uow, vault, command)
    drop_begun(uow, command.visit_id)
    for one in sorted(decided.told):
        emit(uow, COMPILE_BUSINESS, decided.business_id, acts_for=one)
    tell(uow, decided, NoticeKind.COPY_RECEIVED)
    return decided.disclosure_id


def refuse_request(uow: UnitOfWork, command: Refuse) -> UUID:
    """Refuse what was asked for, and tell who asked."""
    decided = refuse(uow, command)
    drop_begun(uow, get_request(uow, command.request_id).visit_id)
    tell(uow, decided, NoticeKind.INFORMATION_REFUSED)
    return decided.disclosure_id


def withdraw_copies(uow: UnitOfWork, command: Withdraw) -> UUID:
    """Withdraw, and tell who can read it no longer."""
    decided = withdraw(uow, command)
    tell(uow, decided, NoticeKind.COPY_WITHDRAWN)
    return decided.disclosure_id


def ask_authority(uow: UnitOfWork, command: AskFor) -> UUID:
    """Ask for information, and tell those who decide."""
    ask_for(uow, command)
    try:
        operation_id = get_visit(uow, command.visit_id).operation_id
    except NotFoundError:
        return command.request_id  # who took no part cannot name the operation: it waits on their page all the same
    about = Decided(command.request_id, operation_id, command.business_id, frozenset({command.to_id}))
    tell(uow, about, NoticeKind.INFORMATION_ASKED)
    return command.request_id


def tell(uow: UnitOfWork, decided: Decided, kind: NoticeKind) -> None:
    """Write notices to those who hear of it and take part: a notice names the operation's code word, nothing else."""
    there = {part.authority_id for part in parts_of(uow, decided.operation_id) if not part.withdrawn}
    operation = get_operation(uow, decided.operation_id)
    said = Tell(kind, operation.id, operation.code_word, decided.disclosure_id)
    notify(uow, said, people_of(uow, decided.told & (there | {operation.lead_id}), decided.unit_id))


def people_of(uow: UnitOfWork, authorities: Iterable[UUID], unit_id: UUID | None) -> list[tuple[UUID, UUID]]:
    """Return person and authority of those who hear of it; of an authority that has many units that unit's alone."""
    return [
        (one.person_id, one.authority_id)
        for authority_id in sorted(authorities)
        for one in list_staff(uow, authority_id)
        if HEARS & set(one.roles) and unit_id in {None, one.unit_id}
    ]
