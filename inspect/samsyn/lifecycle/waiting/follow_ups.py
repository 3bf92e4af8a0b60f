"""The viewer's own follow-ups as what waits: those overdue or due soon, one line for each operation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.waiting.rules import Item, Waits
from samsyn.operations.queries import operations_by_id
from samsyn.outcomes.queries import FollowUpLine, to_do
from samsyn.outcomes.rules import WRITERS

AHEAD: Final = timedelta(days=14)
"""What is due later stands in the list alone."""


def of_follow_ups(uow: UnitOfWork) -> list[Item]:
    """Return what the viewer sees to, the first to fall due naming the line; only days and counts are read of it."""
    if uow.viewer.person_id is None or not uow.viewer.roles & WRITERS:
        return []
    by_operation: dict[UUID, list[FollowUpLine]] = {}
    for line in to_do(uow, uow.today + AHEAD):
        by_operation.setdefault(line.operation_id, []).append(line)
    operations = operations_by_id(uow, set(by_operation)) if by_operation else {}
    return [
        Item(Waits.FOLLOW_UP, operations[key], end_of(some[0].due_on), some[0].follow_up_id, len(some))
        for key, some in by_operation.items()
        if key in operations
    ]


def end_of(day: date) -> datetime:
    """Return the end of a day, until which it is in time."""
    return datetime.combine(day, time(23, 59), HOME)
