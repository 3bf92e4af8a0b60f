"""Write outcomes and follow-ups, as versions."""

from samsyn.outcomes.service.follow_ups import CarryOver, WriteFollowUp, carry_over, write_follow_up
from samsyn.outcomes.service.outcomes import Written, operator_of, tool_of, withdraw_outcome, write_outcome
from samsyn.outcomes.service.parts import is_open, writable_part

__all__ = [
    "CarryOver",
    "WriteFollowUp",
    "Written",
    "carry_over",
    "is_open",
    "operator_of",
    "tool_of",
    "withdraw_outcome",
    "writable_part",
    "write_follow_up",
    "write_outcome",
]
