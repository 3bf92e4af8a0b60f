"""What each authority proposed and decided after an evening, on the findings that it made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from samsyn.cli.practice.case import Case, Part
from samsyn.cli.practice.evening import writer_of
from samsyn.cli.practice.words import MEASURES
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import findings_of_visit
from samsyn.findings.rules import Answer
from samsyn.operations.queries import get_part
from samsyn.outcomes.cautions import may_not_be_delegated
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.service import write_outcome
from samsyn.outcomes.tools import Tool, tools_of

LONG: int = 10
"""So many days lie between what was heard and what was decided, where there were as many."""


def decide(case: Case) -> None:
    """Write every outcome of an operation: proposed the day after, decided on its day where that has come."""
    for _, part in case.parts:
        for said in part.said.get("outcomes", ()):
            propose(case, part, said)


def propose(case: Case, part: Part, said: dict[str, Any]) -> None:
    """Write one outcome, as far as it has come by now."""
    clock, viewer = case.town.clock, writer_of(case, part)
    day = clock.day_of(case.last_span[0].date())
    after = said.get("decided_after_days")
    with case.town.at(viewer, clock.at(min(day + 1, -1), "10:00")) as uow:
        found = proposal(uow, part, said)
        if found is None:
            return
        command, tool = found
        at_once = after is not None and after <= 1
        if not at_once:
            write_outcome(uow, command)
    if after is None or (moment := clock.at(day + max(after, 1), "15:00")) > clock.now:
        return
    with case.town.at(viewer, moment) as uow:
        base = 0 if at_once else 1
        decided = replace(command, base_version=base, **decision(case, said, tool, moment))
        if after >= LONG:
            decided = replace(decided, heard_on=uow.today - timedelta(days=LONG // 2))
        write_outcome(uow, decided)


def proposal(uow: UnitOfWork, part: Part, said: dict[str, Any]) -> tuple[WriteOutcome, Tool] | None:
    """Return it with its tool; nothing where the unit has no such tool, or found nothing that it could rest on."""
    card = get_part(uow, part.id)
    kind = MEASURES.get(said["kind"])
    tool = next((one for one in tools_of(card.fields) if one.kind is kind), None)
    grounds = grounds_of(uow, part, card.visit_id, said["points"])
    if tool is None or (tool.binds and not grounds):
        return None
    amount = said.get("amount_sek") if tool.charge or tool.penalty else None
    given = {"findings": frozenset(grounds), "text": said.get("text", ""), "amount": amount}
    return WriteOutcome(uuid4(), 0, part.id, tool.code, OutcomeState.PROPOSED, **given), tool


def grounds_of(uow: UnitOfWork, part: Part, visit_id: UUID, points: list[str]) -> list[UUID]:
    """Return the findings that are named, or where none is the deficiencies of the part."""
    found = [one for one in findings_of_visit(uow, visit_id) if one.part_id == part.id]
    named = [one for one in found if one.check_point in points]
    return [one.finding_id for one in named or [one for one in found if one.answer is Answer.DEFICIENCY]]


def decision(case: Case, said: dict[str, Any], tool: Tool, moment: datetime) -> dict[str, Any]:
    """Return who decided, when, and under which number."""
    board = may_not_be_delegated(tool)
    person = case.town.persons[said["decider"]]
    return {
        "state": OutcomeState.DECIDED,
        "decided_by": DecidedBy.BOARD if board else DecidedBy.DELEGATE,
        "decider": "Nämnden" if board else person.name,
        "delegation": "§ 41" if board else "Delegationsordning 3.2",
        "decided_on": local_day(moment),
        "case_number": said["registry"].format(year=moment.year),
    }
