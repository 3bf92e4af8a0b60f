"""After the evening: hand in, count, report, compile for each reader, close."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from samsyn.cli.practice.case import Case, Part
from samsyn.cli.practice.evening import times, writer_of
from samsyn.cli.practice.planning import move
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import work_off
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.rules import COMPILE_OPERATION
from samsyn.dossiers.service import compile_operation
from samsyn.dossiers.status import approve_common_part, close_follow_ups
from samsyn.lifecycle.service import hand_in
from samsyn.operations.rules import OperationState
from samsyn.operations.service.visits import COUNT_VISIT
from samsyn.pledges.service import count_visit

HANDED_IN: Final = frozenset({"handed_in", "late", "nothing_to_report"})
YESTERDAY: Final = -1
"""Nothing that took days is later than this."""
WORDS: Final = "Insatsen är genomförd enligt planen. Varje myndighet följer upp sina egna delar."


def hand_in_parts(case: Case) -> int:
    """Hand in what was handed in; return the day of the last one."""
    last = case.town.clock.day_of(case.last_span[0].date())
    for _, part in case.parts:
        if part.said.get("report") in HANDED_IN:
            day = case.town.clock.day_of(case.last_span[0].date()) + part.said.get("handed_in_after_days", 1)
            last = max(last, day)
            hand_in_one(case, part, case.town.clock.at(day, "09:30"))
    return last


def hand_in_on_site(case: Case) -> None:
    """Hand in before an evening is broken off what was handed in of it: afterwards its parts are closed."""
    for stop in case.stops:
        for part in stop.parts:
            if part.said.get("report") in HANDED_IN and part.said.get("summary") != "pagaende":
                hand_in_one(case, part, times(case, stop)[1] + timedelta(minutes=5))


def hand_in_one(case: Case, part: Part, moment: datetime) -> None:
    """Hand in one part, if that is over by now."""
    if moment <= case.town.clock.now:
        with case.town.at(writer_of(case, part), moment) as uow:
            hand_in(uow, part.id, nothing_to_report=part.said["report"] == "nothing_to_report")


def count(case: Case) -> None:
    """Let every authority write its own traces and counts."""
    for authority in case.authorities:
        work_off(case.town, authority, COUNT_VISIT, count_visit)


def report(case: Case, day: int) -> None:
    """Take it through the gate that asks for every part; then each reader's worker compiles its own dossiers."""
    at = partial(case.town.clock.at, min(day + 1, YESTERDAY))
    with case.town.at(case.planner, at("10:00")) as uow:
        move(uow, case, OperationState.REPORTED)
    if not case.past("compiled"):
        compile_for_readers(case.town, case.authorities, at("10:05"))


def compile_(case: Case, day: int, closed_on: int | None) -> None:
    """Approve the common words, compile for every reader, and close what every authority has closed."""
    at = partial(case.town.clock.at, min(day + 3, YESTERDAY))
    with case.town.at(case.planner, at("11:00")) as uow:
        approve_common_part(uow, case.id, WORDS)
    compile_for_readers(case.town, case.authorities, at("11:05"))
    with case.town.at(case.planner, at("11:30")) as uow:
        move(uow, case, OperationState.COMPILED)
    if case.past("closed"):
        close(case, max(closed_on or YESTERDAY, min(day + 3, YESTERDAY)))


def close(case: Case, day: int) -> None:
    """Let every authority say that its follow-ups are closed or carried over, then close."""
    for authority in case.authorities:
        who = case.planner if authority == case.lead else case.town.planner(authority)
        with case.town.at(who, case.town.clock.at(day, "14:00")) as uow:
            close_follow_ups(uow, case.id)
    with case.town.at(case.planner, case.town.clock.at(day, "15:00")) as uow:
        move(uow, case, OperationState.CLOSED)


def compile_for_readers(town: Town, authorities: list[str], moment: datetime) -> None:
    """Compile as each reader's worker, which sees what that authority may see and nothing else."""

    def compile_it(uow: UnitOfWork, operation_id: UUID) -> None:
        compile_operation(uow, operation_id)

    for authority in authorities:
        work_off(town, authority, COMPILE_OPERATION, compile_it, moment)
