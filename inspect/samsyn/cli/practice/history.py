"""The thin rows of last year and of this year's first quarters: summary words, no findings, no people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from samsyn.cli.practice.afterwards import close, compile_for_readers, count
from samsyn.cli.practice.case import Case
from samsyn.cli.practice.planning import move, propose
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.words import SUMMARIES
from samsyn.dossiers.status import approve_common_part
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState, PoliceRole, VisitState
from samsyn.operations.service import (
    AnswerPart,
    EndVisit,
    PlanMeeting,
    answer_part,
    end_visit,
    mark_handed_in,
    plan_meeting,
)

BEFORE: Final = -84
"""What is later stands among the operations."""
LATER: Final = tuple(timedelta(minutes=n) for n in (10, -20, 0, 35, -5))
"""How much later than planned a visit ended, by turns."""
GROUND: Final = "Enligt lag"
WHY: Final = "Besöket ska visa hur det är en vanlig dag."
PLACE: Final = "Kommunhuset"


@dataclass
class OldCase(Case):
    """An operation that is told in one line."""

    @cached_property
    def monday(self) -> int:
        """Proposed some weeks before, as everything was."""
        return self.day - 21 - self.day % 7

    @property
    def people(self) -> dict[str, list[str]]:
        """Nobody knows any more who went."""
        return {}


def cases(town: Town) -> list[OldCase]:
    """Return the rows whose date lies far enough back, with visits of equal length."""
    found = []
    for told in town.data["history"]["operations"]:
        day = town.clock.day_in(told)
        if day < BEFORE:
            found.append(OldCase(town, widened(told, day)))
    return found


def widened(told: dict[str, Any], day: int) -> dict[str, Any]:
    """Return a row in the shape of the other operations; every visit is within the whole time."""
    visits = [
        {
            "premises": visit["premises"],
            "status": "done",
            "parts": [{"unit": unit, "people": [], "summary": word} for unit, word in visit["parts"].items()],
        }
        for visit in told["visits"]
    ]
    when = {"day": day, "from": told["from"], "to": told["to"]}
    return {
        "key": f"history {day}", "state": "closed", "meeting_place": PLACE, "lead": told["lead"],
        "when": when, "visits": visits, "focus_area": told.get("focus_area"),
    }  # fmt: skip


def tell(case: OldCase) -> None:
    """Let it happen: planned and answered, done without anything written down, handed in, compiled, closed."""
    propose(case)
    with case.town.at(case.planner, case.on(0, "10:00")) as uow:
        move(uow, case, OperationState.PREPARING)
    for authority in dict.fromkeys(part.authority for _, part in case.parts):
        with case.town.at(case.town.planner(authority), case.on(1, "09:20")) as uow:
            for _, part in case.parts:
                if part.authority == authority:
                    role = PoliceRole.OWN_SUPERVISION if part.unit == "polis" else None
                    command = AnswerPart(part.id, True, GROUND, False, WHY, role)
                    answer_part(uow, command)
    go(case)
    finish(case)


def go(case: OldCase) -> None:
    """Take it to its end."""
    starts_at, ends_at = case.span
    lead = case.town.persons[case.said["lead"]].id
    with case.town.at(case.planner, case.on(3, "10:00")) as uow:
        plan_meeting(uow, PlanMeeting(case.id, starts_at, PLACE, lead, get_operation(uow, case.id).version))
        for state in (OperationState.SCHEDULED, OperationState.INVITED, OperationState.CONFIRMED):
            move(uow, case, state)
    with case.town.at(case.planner, starts_at) as uow:
        move(uow, case, OperationState.ONGOING)
    with case.town.at(case.planner, ends_at + max(LATER)) as uow:
        for n, stop in enumerate(case.stops, case.day):
            end_visit(uow, EndVisit(stop.id, VisitState.DONE, stop.ends_at + LATER[n % len(LATER)]))
        move(uow, case, OperationState.DONE)
    count(case)


def finish(case: OldCase) -> None:
    """Hand in the one word of each part, compile, close."""
    clock = case.town.clock
    for authority in dict.fromkeys(part.authority for _, part in case.parts):
        with case.town.at(case.town.planner(authority), clock.at(case.day + 1, "09:30")) as uow:
            for _, part in case.parts:
                if part.authority == authority:
                    mark_handed_in(uow, part.id, SUMMARIES[part.said["summary"]], nothing_to_report=True)
    with case.town.at(case.planner, clock.at(case.day + 3, "10:00")) as uow:
        move(uow, case, OperationState.REPORTED)
        approve_common_part(uow, case.id, "Insatsen är genomförd.")
    compile_for_readers(case.town, case.authorities, clock.at(case.day + 3, "10:05"))
    with case.town.at(case.planner, clock.at(case.day + 3, "11:00")) as uow:
        move(uow, case, OperationState.COMPILED)
    close(case, case.day + 10)
