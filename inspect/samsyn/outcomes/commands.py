"""What people send about an outcome, and its checks that need no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from samsyn.outcomes.cautions import may_not_be_delegated
from samsyn.outcomes.rules import (
    MOST_AMOUNT,
    MOST_FINDINGS,
    MOST_TEXT,
    MOST_WORDS,
    DecidedBy,
    Fault,
    NotTakenError,
    OutcomeState,
    checked,
)
from samsyn.outcomes.tools import Tool


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """An outcome as it shall stand. ``outcome_id`` is random and made by the client; ``base_version`` what was seen (0:
    none). ``findings``: those of the part that it rests on. ``amount`` in whole kronor.
    """

    outcome_id: UUID
    base_version: int
    part_id: UUID
    tool: str
    state: OutcomeState
    findings: frozenset[UUID] = frozenset()
    text: str = ""
    amount: int | None = None
    heard_on: date | None = None
    until_on: date | None = None
    decided_by: DecidedBy | None = None
    decider: str = ""
    delegation: str = ""
    decided_on: date | None = None
    case_number: str = ""


def checked_outcome(command: WriteOutcome, tool: Tool, today: date) -> WriteOutcome:
    """Return the outcome as it may be kept; raise ``NotTakenError`` naming every field that is not right."""
    if command.state is OutcomeState.WITHDRAWN:
        raise NotTakenError(("state", Fault.ONLY_DECIDED))
    said = replace(
        command,
        text=checked("text", command.text, MOST_TEXT),
        decider=checked("decider", command.decider, MOST_WORDS),
        delegation=checked("delegation", command.delegation, MOST_WORDS),
        case_number=checked("case_number", command.case_number, MOST_WORDS),
    )
    if faults := list(_faults(said, tool, today)):
        raise NotTakenError(*faults)
    return said


def _faults(said: WriteOutcome, tool: Tool, today: date) -> Iterator[tuple[str, Fault]]:
    decision = {
        name: getattr(said, name) for name in ("decided_by", "decider", "delegation", "decided_on", "case_number")
    }
    if said.state is OutcomeState.DECIDED:
        yield from ((name, Fault.DECISION_NEEDED) for name, value in decision.items() if not value)
        if said.decided_by is DecidedBy.DELEGATE and may_not_be_delegated(tool):
            yield "decided_by", Fault.NOT_DELEGABLE  # LSO 3:13
    else:
        yield from ((name, Fault.ONLY_DECIDED) for name, value in decision.items() if value and name != "case_number")
    if tool.binds and not said.findings:
        yield "findings", Fault.FINDING_NEEDED
    if len(said.findings) > MOST_FINDINGS:
        yield "findings", Fault.NO_FINDING
    for name in ("decided_on", "heard_on"):
        day = getattr(said, name)
        if day is not None and day > today:
            yield name, Fault.FUTURE
    if said.amount is not None and not (0 < said.amount <= MOST_AMOUNT and (tool.charge or tool.penalty)):
        yield "amount", Fault.NO_AMOUNT
