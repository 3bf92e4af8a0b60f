"""Words of outcomes: their states, who decided, what is refused. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from samsyn.access.rules import Role
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.viewer import TASK
from samsyn.operations.rules import BEFORE_ONGOING, OperationState

WRITERS: Final = frozenset({Role.INSPECTOR, Role.PLANNER, Role.DECIDER})
READERS: Final = frozenset({*WRITERS, TASK})
WRITABLE: Final = frozenset(OperationState) - BEFORE_ONGOING - {OperationState.CANCELLED}
"""From its start on, also long after: a decision comes weeks later."""
MOST_TEXT: Final = 4_000
MOST_WORDS: Final = 200
MOST_AMOUNT: Final = 100_000_000
MOST_FINDINGS: Final = 100


class OutcomeState(StrEnum):
    """Proposed by who saw it, decided by who has the power; withdrawn with a reason is the end."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


NEXT: Final = {
    OutcomeState.PROPOSED: frozenset(OutcomeState),
    OutcomeState.DECIDED: frozenset({OutcomeState.DECIDED, OutcomeState.WITHDRAWN}),  # corrected (FL 36 §) or changed
    OutcomeState.WITHDRAWN: frozenset[OutcomeState](),
}


class FollowUpState(StrEnum):
    """How far a follow-up is. Carried over: still to be seen to, and no longer what keeps its operation open."""

    OPEN = "open"
    CARRIED = "carried"
    DONE = "done"
    DROPPED = "dropped"


UNFINISHED: Final = frozenset({FollowUpState.OPEN, FollowUpState.CARRIED})
FOLLOW_UP_NEXT: Final = {
    FollowUpState.OPEN: frozenset(FollowUpState),
    FollowUpState.CARRIED: frozenset({FollowUpState.CARRIED, FollowUpState.DONE, FollowUpState.DROPPED}),
    FollowUpState.DONE: frozenset({FollowUpState.OPEN, FollowUpState.CARRIED}),  # it was not done after all
    FollowUpState.DROPPED: frozenset({FollowUpState.OPEN, FollowUpState.CARRIED}),
}
MOST_NOTE: Final = 2_000
REMIND_FOLLOW_UP: Final = "samsyn.lifecycle.remind_follow_up"
"""Subject: a follow-up. On the morning of its day its owner is reminded, if it is unfinished."""


class DecidedBy(StrEnum):
    """The authority itself (its board), or somebody to whom it delegated."""

    BOARD = "board"
    DELEGATE = "delegate"


class Fault(StrEnum):
    """Why something sent is not taken; the words stand under ``web.fault``."""

    PERSONAL_NUMBER = "personal_number_found"
    TOO_LONG = "too_long_text"
    NO_TOOL = "outcome_no_tool"
    NO_FINDING = "outcome_no_finding"
    FINDING_NEEDED = "outcome_finding_needed"
    DECISION_NEEDED = "outcome_decision_needed"
    ONLY_DECIDED = "outcome_only_decided"
    NOT_DELEGABLE = "outcome_not_delegable"
    FUTURE = "outcome_future"
    NO_AMOUNT = "outcome_no_amount"
    REASON_NEEDED = "outcome_reason_needed"
    NO_OWNER = "follow_up_no_owner"
    NO_SUBJECT = "follow_up_no_subject"


class NotTakenError(InvalidError):
    """Something sent cannot be taken; ``fields`` carries the refusal's word. Never quotes what was sent."""

    def __init__(self, *faults: tuple[str, Fault]) -> None:
        super().__init__("; ".join(f"{field}: {fault}" for field, fault in faults), fields={f: (w,) for f, w in faults})


def checked(field: str, text: str | None, limit: int) -> str:
    """Return a text as it may be kept; ``NotTakenError`` for one too long or with a personal number (R5)."""
    text = (text or "").replace("\x00", "").strip()
    if len(text) > limit:
        raise NotTakenError((field, Fault.TOO_LONG))
    if has_personal_number(text):
        raise NotTakenError((field, Fault.PERSONAL_NUMBER))
    return text
