"""Who was not let in, and what the police answered who were asked for help: written on the spot."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from samsyn.assistance.rules import LAWS, Helped, HelpGround
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.cli.practice.case import Case, Stop

BY_ROLE: Final = "Den som öppnade"
"""The data says what happened, and nobody's role: a name is never written here."""
COMES: Final = {"granted": Helped.COMING, "refused": Helped.CANNOT}
HELPED: Final = "Personalen släppte in när polisen stod i dörren."


def tell(case: Case, stop: Stop) -> None:
    """Write the refused entry of a visit and the request that followed, while the evening goes on."""
    hindered = stop.said.get("hindered", {})
    said = next((one for one in case.town.data["police_help_requests"] if one["key"] == hindered.get("request")), None)
    if said is None:
        return
    refusal_id, request_id = uuid4(), uuid4()
    at = case.moment(hindered["at"], case.day)
    with case.town.at(case.town.viewer(said["by"]), at) as uow:
        refuse_entry(uow, RefuseEntry(refusal_id, stop.id, at, BY_ROLE, hindered["by"]))
    asked_at = case.town.clock.at(said["requested"]["day"], said["requested"]["at"])
    with case.town.at(case.town.viewer(said["by"]), asked_at) as uow:
        law = next(one for one in LAWS if one.section == said["ground"])
        ground = HelpGround.POWERS if law.conditional else None
        ask_help(uow, AskHelp(request_id, stop.id, law.law, said["reason"], asked_at, ground, refusal_id))
    reply(case, stop, said, AnswerHelp(request_id, request_id, stop.id, COMES[said["answer"]], asked_at))


def reply(case: Case, stop: Stop, said: dict[str, Any], asked: AnswerHelp) -> None:
    """Let the officer who was asked answer, and help where that is what happened."""
    officer, at = (
        case.town.viewer(said["answered_by"]),
        case.town.clock.at(said["answered"]["day"], said["answered"]["at"]),
    )
    with case.town.at(officer, at) as uow:
        answer_help(uow, AnswerHelp(uuid4(), asked.request_id, stop.id, asked.what, at, said.get("answer_reason", "")))
    if solved := stop.said["hindered"].get("solved_at"):
        done = case.moment(solved, case.day)
        with case.town.at(officer, done) as uow:
            answer_help(uow, AnswerHelp(uuid4(), asked.request_id, stop.id, Helped.GIVEN, done, HELPED, uuid4()))
