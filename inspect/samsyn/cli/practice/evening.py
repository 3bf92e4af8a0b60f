"""The evening itself: who began it, what was found and photographed, how each visit ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from samsyn.cli.practice import helping
from samsyn.cli.practice.case import Case, Part, Stop
from samsyn.cli.practice.planning import answer, move
from samsyn.cli.practice.words import ANSWERS, ENDS
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.findings.evidence import AddEvidence, CleanPicture, add_evidence
from samsyn.findings.rules import Answer, Question
from samsyn.findings.service import AnswerPoint, RecordFact, answer_point, record_fact
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import EndVisit, end_visit

EARLIER: Final = tuple(timedelta(minutes=n) for n in (10, 0, 15))
"""How much earlier than planned a visit of an evening ended, by turns."""
SHOWN = "Ja, alla visade tjänstekort"


def begin(case: Case) -> None:
    """Let the lead person begin it on site."""
    if not case.said.get("ad_hoc"):
        with case.town.at(case.lead_person, case.last_span[0]) as uow:
            move(uow, case, OperationState.ONGOING)


def times(case: Case, stop: Stop) -> tuple[datetime, datetime]:
    """Return when a visit was, after every move, and when it ended."""
    by = case.last_span[0] - case.span[0]
    ended = stop.said.get("ended_at")
    end = stop.ends_at + by - EARLIER[case.stops.index(stop) % len(EARLIER)]
    if ended:
        end = case.moment(ended, case.town.clock.day_of(case.last_span[0].date()))
    return stop.starts_at + by, end


def visit(case: Case, stop: Stop) -> None:
    """Write what each unit found, and end the visit where it has ended."""
    starts_at, ended_at = times(case, stop)
    for part in stop.parts:
        write(case, part, starts_at)
    with case.town.at(writer_of(case, stop.parts[0]), starts_at + timedelta(minutes=20)) as uow:
        write_facts(uow, case, stop)
    helping.tell(case, stop)
    state = VisitState.DONE if case.state == "done" and stop.said["status"] == "planned" else None
    state = state or ENDS.get(stop.said["status"])
    if state is not None:
        with case.town.at(case.lead_person, ended_at) as uow:
            end_visit(uow, EndVisit(stop.id, state, ended_at))


def writer_of(case: Case, part: Part) -> Viewer:
    """Return who writes for a part: the first of its people with an account, else the unit's planner."""
    able = [p for p in part.people if case.town.persons[p].account]
    return case.town.viewer(able[0]) if able else case.town.planner(part.authority, part.unit)


def write(case: Case, part: Part, starts_at: datetime) -> None:
    """Write a part's findings; a switch of police role is stated before what was done in it, and back again."""
    findings = [f for f in part.said.get("findings", ()) if f["answer"] != "ej_kontrollerad"]
    if not findings or part.said.get("report") == "missing":
        return
    viewer = writer_of(case, part)
    with case.town.at(viewer, starts_at + timedelta(minutes=15)) as uow:
        for number, said in enumerate(findings):
            finding_id = uuid4()
            observed_at = starts_at + timedelta(minutes=5 + number)
            serious = said["answer"] == "allvarlig"
            told = said.get("text", "")
            command = AnswerPoint(
                finding_id, 0, part.id, said["point"], ANSWERS[said["answer"]], observed_at, serious, told,
                said.get("marking"),
            )  # fmt: skip
            answer_point(uow, command)
            for photo in range(said.get("photos", 0)):
                picture(uow, case, finding_id, number + photo)
    for switch in part.said.get("role_switches", ()):
        switch_role(case, part, viewer, switch)


def picture(uow: UnitOfWork, case: Case, finding_id: UUID, number: int) -> None:
    """Add one of the town's few photos to a finding."""
    jpeg = case.town.pictures[number % len(case.town.pictures)]
    add_evidence(uow, case.town.links.keys, case.town.folder, AddEvidence(uuid4(), finding_id, CleanPicture(jpeg)))


def switch_role(case: Case, part: Part, viewer: Viewer, switch: dict[str, str]) -> None:
    """State another police role and why, then the first one again: each stands in the log."""
    moment = case.moment(switch["at"], case.day)
    with case.town.at(viewer, moment) as uow:
        answer(uow, part, switch["role"])
        text = f"Byte av roll klockan {switch['at']}: {switch['reason']}"
        answer_point(uow, AnswerPoint(uuid4(), 0, part.id, None, Answer.OBSERVATION, moment, text=text))
    with case.town.at(viewer, moment + timedelta(minutes=10)) as uow:
        answer(uow, part)


def write_facts(uow: UnitOfWork, case: Case, stop: Stop) -> None:
    """Answer the common questions once for all: who showed what, and who runs the place."""
    part = stop.parts[0].id
    names = {o["key"]: o["name"] for o in case.town.data["operators"]}
    seen = [names[key] for key in stop.said.get("operators_seen", ())]
    if "new_operator" in stop.said:
        seen = [names[stop.said["new_operator"]["found"]]]
    if seen:
        record_fact(uow, RecordFact(uuid4(), part, Question.OPERATOR_CONFIRMED, "; ".join(seen)))
    if stop.said["status"] == "done":
        record_fact(uow, RecordFact(uuid4(), part, Question.IDENTITY_SHOWN, SHOWN))
    if "hindered" in stop.said:
        met = f"{stop.said['hindered']['by']} klockan {stop.said['hindered']['at']}"
        record_fact(uow, RecordFact(uuid4(), part, Question.WHO_WAS_MET, met))


def end(case: Case) -> None:
    """End the evening: done, or broken off at the door."""
    if "aborted" in case.said:
        moment = max(times(case, stop)[1] for stop in case.stops)
        with case.town.at(case.lead_person, moment) as uow:
            move(uow, case, OperationState.ABORTED)
    elif case.past("done"):
        with case.town.at(case.lead_person, case.last_span[1]) as uow:
            move(uow, case, OperationState.DONE)
