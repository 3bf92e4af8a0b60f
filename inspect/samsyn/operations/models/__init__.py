"""Tables of operations: the plan, the answers, the people, the traces."""

from samsyn.operations.models.answers import PartAnswer, Presence, Recusal, VisitTrace
from samsyn.operations.models.order import (
    ContactCard,
    HeldAction,
    Message,
    OperationOrder,
    Team,
    TeamMember,
    VisitOrder,
)
from samsyn.operations.models.people import Assignment, Booking
from samsyn.operations.models.plan import Operation, Participation, StateReached, Visit, VisitPart, VisitTarget

__all__ = [
    "Assignment",
    "Booking",
    "ContactCard",
    "HeldAction",
    "Message",
    "Operation",
    "OperationOrder",
    "PartAnswer",
    "Participation",
    "Presence",
    "Recusal",
    "StateReached",
    "Team",
    "TeamMember",
    "Visit",
    "VisitOrder",
    "VisitPart",
    "VisitTarget",
    "VisitTrace",
]
