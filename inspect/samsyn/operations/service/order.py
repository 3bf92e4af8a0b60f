"""Write the operation order (insatsorder): title, briefing, stop word, safety note, and from when people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, OperationOrder, VisitTarget
from samsyn.operations.rules import BEFORE_ONGOING, OperationState, usual_opening
from samsyn.operations.service.plan import demand_planner, led_operation, refuse_recused

MAX_LINE: Final = 200
MAX_NOTE: Final = 2000


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What the order says. ``open_at`` None: the usual time of a new order, the standing one of an old order.

    ``seen_version``: the version that the writer saw, 0 for none yet; None writes over whatever stands.
    """

    operation_id: UUID
    title: str | None
    briefing_at: datetime | None
    stop_word: str | None
    safety_note: str | None
    open_at: datetime | None = None
    seen_version: int | None = None


def checked_line(name: str, text: str | None, limit: int, faults: dict[str, list[str]]) -> str | None:
    """Return a text as it may be kept; note its fault: too long, or a personal identity number in it (R5)."""
    text = (text or "").replace("\x00", "").strip()
    if len(text) > limit:
        faults[name] = ["too long"]
    elif has_personal_number(text):
        faults[name] = ["must not hold a personal identity number"]
    return text or None


def check_order_times(operation: Operation, command: PlanOrder, faults: dict[str, list[str]]) -> None:
    """Note a briefing that is not on the day between meeting and end, and an order that opens after the start."""
    earliest = (operation.meets_at or operation.starts_at) - timedelta(hours=24)
    if command.briefing_at is not None and not earliest <= command.briefing_at <= operation.ends_at:
        faults["briefing_at"] = ["must be at most 24 hours before the meeting and before the end"]
    if command.open_at is not None and command.open_at > operation.starts_at and not operation.ad_hoc:
        faults["open_at"] = ["must not be after the start"]


def open_together(uow: UnitOfWork, operation_id: UUID, before: datetime, after: datetime) -> None:
    """Let targets that opened with the order open with it still; one with a time of its own keeps it."""
    rows = select(VisitTarget).where(VisitTarget.operation_id == operation_id, VisitTarget.open_at == before)
    for target in uow.session.scalars(rows.limit(200)):
        target.open_at = after


def plan_order(uow: UnitOfWork, command: PlanOrder) -> None:
    """Write the order of an operation that the viewer's authority leads; once, then over what stands.

    ``InvalidError`` names the field; ``ChangedMeanwhileError`` for an order that another wrote meanwhile.
    """
    demand_planner(uow)
    refuse_recused(uow, command.operation_id)
    operation = led_operation(uow, command.operation_id, BEFORE_ONGOING | {OperationState.ONGOING})
    faults: dict[str, list[str]] = {}
    title = checked_line("title", command.title, MAX_LINE, faults)
    stop_word = checked_line("stop_word", command.stop_word, MAX_LINE, faults)
    safety_note = checked_line("safety_note", command.safety_note, MAX_NOTE, faults)
    check_order_times(operation, command, faults)
    if faults:
        raise InvalidError("the order does not fit", fields=faults)
    row = uow.session.get(OperationOrder, operation.id)
    stands = row.version if row is not None else 0
    if command.seen_version is not None and command.seen_version != stands:
        raise ChangedMeanwhileError(f"you saw version {command.seen_version}, it is now {stands}")
    if row is None:
        usual = uow.now if operation.ad_hoc else usual_opening(operation.meets_at, operation.starts_at)
        row = OperationOrder(operation_id=operation.id, lead_id=operation.lead_id, open_at=usual)
        uow.session.add(row)
    row.title, row.briefing_at, row.stop_word, row.safety_note = title, command.briefing_at, stop_word, safety_note
    if command.open_at is not None and command.open_at != row.open_at:
        open_together(uow, operation.id, row.open_at, command.open_at)
        row.open_at = command.open_at
    uow.session.flush()
    record(uow, "order.plan", operation.id)
