"""What a gate wants and has already: the lines with a tick beside those that are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from samsyn.operations.rules import OperationState, VisitState
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.shell import t


def settled_lines(view: OperationView) -> list[str]:
    """Return what is done before the next state, in the order of the gate; nothing for who does not lead."""
    to = view.seen.next_state
    return SETTLED[to](view) if to is not None and view.may.leads and to in SETTLED else []


def answers(view: OperationView) -> list[str]:
    """Return how many parts have said yes."""
    yes = sum(bool(part.accepted) for part in view.parts)
    return [t("operation.settled.answers", n=yes, of=len(view.parts))] if yes else []


def meeting(view: OperationView) -> list[str]:
    """Return what of the meeting is set, after the answers that stand."""
    op = view.seen.operation
    given = {"meets_at": op.meets_at, "meeting_place": op.meeting_place, "lead_person": op.lead_person_id}
    return [t("operation.settled.parts"), *(t(f"operation.settled.{name}") for name, value in given.items() if value)]


def quorums(view: OperationView) -> list[str]:
    """Return the authorities whose people are enough, and that the plan stands."""
    lacking = {code.split(":")[1] for code in view.seen.missing if code.split(":")[0] in {"quorum", "competence"}}
    lines = [one for one in view.seen.participations if one.required and one.minimum and not one.withdrawn]
    enough = [
        t(
            "operation.settled.quorum",
            authority=view.name(one.authority_id),
            n=view.accepted(one.authority_id),
            of=one.minimum,
        )
        for one in lines
        if str(one.authority_id) not in lacking
    ]
    return [*enough, t("operation.settled.plan")]


def ended(view: OperationView) -> list[str]:
    """Return how many visits have ended."""
    done = sum(visit.state is not VisitState.PLANNED for visit in view.seen.visits)
    return [t("operation.settled.visits", n=done, of=len(view.seen.visits))] if done else []


def handed_in(view: OperationView) -> list[str]:
    """Return how many parts are handed in."""
    done = sum(part.handed_in for part in view.parts)
    return [t("operation.settled.handed_in", n=done, of=len(view.parts))] if done else []


SETTLED: Final[Mapping[OperationState, Callable[[OperationView], list[str]]]] = {
    OperationState.SCHEDULED: answers,
    OperationState.INVITED: meeting,
    OperationState.CONFIRMED: quorums,
    OperationState.DONE: ended,
    OperationState.REPORTED: handed_in,
}
