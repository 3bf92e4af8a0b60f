"""Tables of operations: the plan, the answers, the people, the traces."""

from samsyn.operations.models.answers import PartAnswer, Recusal, VisitTrace
from samsyn.operations.models.people import Assignment, Booking
from samsyn.operations.models.plan import Operation, Participation, Visit, VisitPart, VisitTarget

__all__ = [
    "Assignment",
    "Booking",
    "Operation",
    "PartAnswer",
    "Participation",
    "Recusal",
    "Visit",
    "VisitPart",
    "VisitTarget",
    "VisitTrace",
]
