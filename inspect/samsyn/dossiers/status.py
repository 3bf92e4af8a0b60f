"""How far the compiling of an operation is: built per authority, approved by the lead, follow-ups closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.audit.service import record
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.models import CommonPart, DossierStatus
from samsyn.dossiers.rules import COMPILE_OPERATION
from samsyn.operations.queries import get_operation, participations
from samsyn.operations.rules import OperationState
from samsyn.outcomes.queries import open_of_operation
from samsyn.outcomes.service import CarryOver, carry_over


@dataclass(frozen=True, slots=True)
class CompileStatus:
    """Which authorities' dossiers are built, which have closed their follow-ups, the lead's newest common words."""

    built: frozenset[UUID]
    closed: frozenset[UUID]
    common_text: str | None

    @property
    def common_approved(self) -> bool:
        """Say whether the lead has approved a common part."""
        return self.common_text is not None


def operation_status(uow: UnitOfWork, operation_id: UUID) -> CompileStatus:
    """Return the status as every participant may read it."""
    return statuses_of(uow, {operation_id})[operation_id]


def statuses_of(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, CompileStatus]:
    """Return the status of each operation, as every participant may read it; two statements."""
    rows = list(uow.session.scalars(select(DossierStatus).where(DossierStatus.operation_id.in_(ids))))
    newest = (
        select(CommonPart)
        .where(CommonPart.operation_id.in_(ids))
        .order_by(CommonPart.operation_id, CommonPart.version.desc())
        .ext(distinct_on(CommonPart.operation_id))
    )
    words = {common.operation_id: common for common in uow.session.scalars(newest)}
    return {key: status_of([row for row in rows if row.operation_id == key], words.get(key)) for key in ids}


def status_of(rows: Sequence[DossierStatus], common: CommonPart | None) -> CompileStatus:
    """Put one operation's status together: what was built before the lead's newest words counts as not built."""
    since = common.approved_at if common else None
    return CompileStatus(
        frozenset(r.authority_id for r in rows if r.built_at and (since is None or r.built_at >= since)),
        frozenset(r.authority_id for r in rows if r.closed_at),
        common.text if common else None,
    )


def approve_common_part(uow: UnitOfWork, operation_id: UUID, text: str) -> None:
    """Write and approve the lead's words for all readers; a new version each time."""
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me or not uow.viewer.roles & {"planner", "decider"}:
        raise NotAllowedError("only the lead's planner approves the common part")
    if operation.state not in {OperationState.DONE, OperationState.REPORTED}:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    version = uow.session.scalar(
        select(CommonPart.version)
        .where(CommonPart.operation_id == operation_id)
        .order_by(CommonPart.version.desc())
        .limit(1)
    )
    uow.session.add(
        CommonPart(
            operation_id=operation_id,
            version=(version or 0) + 1,
            lead_id=operation.lead_id,
            text=text,
            approved_by=uow.person,
            approved_at=uow.now,
        )
    )
    uow.session.flush()
    for line in participations(uow, operation_id):  # what is compiled already lacks these words
        emit(uow, COMPILE_OPERATION, operation_id, acts_for=line.authority_id)
    record(uow, "common_part.approve", operation_id)


def close_follow_ups(uow: UnitOfWork, operation_id: UUID, *, carry: bool = False) -> None:
    """Say that the own authority's follow-ups of an operation are closed or carried over.

    Refused while one of them is open, as far as the viewer sees them; with ``carry`` those are carried over: they stay
    with their owner and their day, and keep the operation open no longer.
    """
    if not uow.viewer.roles & {"planner", "decider", "inspector"}:
        raise NotAllowedError("your role does not close follow-ups")
    if get_operation(uow, operation_id).state is not OperationState.COMPILED:
        raise GateClosedError("not before the operation is compiled", ("state",))
    row = uow.session.get(DossierStatus, (operation_id, uow.me))
    if row is None:
        raise NotFoundError("no such operation of yours")
    if carry:
        carry_over(uow, CarryOver(operation_id))
    elif open_of_operation(uow, operation_id):
        raise GateClosedError("follow-ups are open", ("open_follow_ups",))
    row.closed_at = row.closed_at or uow.now
    uow.session.flush()
    record(uow, "follow_ups.close", operation_id)
