"""What the town's authorities asked each other for, handed over, refused and took back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from samsyn.cli.practice.case import Case, Stop
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import work_off
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.freezing import scene_of
from samsyn.disclosures.grounds import PUBLIC
from samsyn.disclosures.service import AskFor, Give, Refuse, Withdraw
from samsyn.disclosures.service.pictures import Vault
from samsyn.dossiers.rules import COMPILE_BUSINESS
from samsyn.dossiers.service import compile_dossiers
from samsyn.lifecycle.handing_over import ask_authority, give_copies, refuse_request, withdraw_copies

ASKED: Final = "10:20"
DECIDED: Final = "13:40"
LETTER: Final = "Begäran kom med brev."
"""From an authority that was not at the visit and is no member: it sees nothing of it here."""
TAKEN_BACK: Final = "09:15"


def hand_over(town: Town, cases: Sequence[Case]) -> None:
    """Let every decision of the data happen, in the order in which it happened."""
    stops = {stop.said["key"]: (case, stop) for case in cases for stop in case.stops if "key" in stop.said}
    for said in town.data["disclosures"]:
        key = said["items"][0].partition(":")[0]
        decide(town, said, *stops[key])
    for authority in dict.fromkeys(said["receiver"] for said in town.data["disclosures"]):
        work_off(town, authority, COMPILE_BUSINESS, compile_one)


def compile_one(uow: UnitOfWork, business_id: UUID) -> None:
    """Compile as the receiver's worker."""
    compile_dossiers(uow, [business_id])


def decide(town: Town, said: dict[str, Any], case: Case, stop: Stop) -> None:
    """Ask, if it was asked; then grant or refuse; then take back, if it was."""
    there = said["receiver"] in {*town.members, *(part.authority for part in stop.parts)}
    request = ask(town, said, case, stop) if said["requested"] and there else None
    how = "" if there or not said["requested"] else LETTER
    if said["state"] == "requested":
        return
    decider, at = town.viewer(said["decider"]), partial(town.clock.at, said["day"])
    balancing = said.get("balancing") or said["purpose"]
    made = uuid4()
    with town.at(decider, at(DECIDED)) as uow:
        if said["state"] == "refused" and request is not None:
            refuse_request(uow, Refuse(made, request, said["refusal_reason"], said["basis"], balancing))
            return
        codes = {item.partition(":")[2] for item in said["items"]}
        chosen = frozenset(o.line.finding_id for o in scene_of(uow, stop.id).offered if o.line.check_point in codes)
        to_id = None if said["basis"] == PUBLIC else town.authorities[said["receiver"]]
        command = Give(made, stop.id, chosen, to_id, said["basis"], balancing, request_id=request, asked_how=how)
        give_copies(uow, Vault(town.links.keys, town.folder), command)
    if said["state"] == "withdrawn":
        with town.at(decider, town.clock.at(said["withdrawn_day"], TAKEN_BACK)) as uow:
            withdraw_copies(uow, Withdraw(made, said["withdrawal_reason"]))


def ask(town: Town, said: dict[str, Any], case: Case, stop: Stop) -> UUID:
    """Let the receiver ask the giver."""
    asked = said["requested"]
    business = town.business_at(stop.said["premises"], case.day)
    command = AskFor(uuid4(), business, stop.id, town.authorities[said["giver"]], said["purpose"])
    with town.at(town.viewer(asked["by"]), before(town, said, asked)) as uow:
        return ask_authority(uow, command)


def before(town: Town, said: dict[str, Any], asked: dict[str, Any]) -> datetime:
    """Return when it was asked, which was before it was answered."""
    moment = town.clock.at(asked["day"], asked.get("at", ASKED))
    answered = town.clock.at(said["day"], DECIDED) if said["day"] is not None else town.clock.now
    return min(moment, answered - timedelta(hours=1))
