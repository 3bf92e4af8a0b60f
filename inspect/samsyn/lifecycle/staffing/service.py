"""Write the answers of the own people as their planner: the own authority needs nobody's yes but its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PersonLine, get_assignment


@dataclass(frozen=True, slots=True)
class DeclinePlace:
    """Say no for a colleague, with the reason that the lead reads."""

    assignment_id: UUID
    reason: str


def demand_staffer(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner staffs the own places")


def accept_place(uow: UnitOfWork, assignment_id: UUID) -> PersonLine:
    """Say yes for a colleague who is asked."""
    demand_staffer(uow)
    answer_here(uow, assignment_id, Said.ACCEPTED, Via.PAGE)
    return get_assignment(uow, assignment_id)


def decline_place(uow: UnitOfWork, command: DeclinePlace) -> PersonLine:
    """Say no for a colleague; the reason is read by the own authority and the lead, with the answer."""
    demand_staffer(uow)
    answer_here(uow, command.assignment_id, Said.DECLINED, Via.PAGE, command.reason)
    return get_assignment(uow, command.assignment_id)
