"""Invite people and take their answers; move and call off; and let the mail of the past be long delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from samsyn.calendars.doors import open_doors
from samsyn.calendars.queries import messages, sendings
from samsyn.calendars.rules import Happened, Said, Via
from samsyn.calendars.service import SEND_DELIVERIES, answer_here, note, note_begun, take_mail
from samsyn.cli.practice.case import Case
from samsyn.cli.practice.mails import raw_reply
from samsyn.cli.practice.planning import move
from samsyn.cli.practice.waiting import work_off
from samsyn.core.outbox import finish, give_back, lease
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import Reschedule, reschedule, weigh_quorum
from samsyn.operations.queries import get_assignment, get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import declare_recusal, give_contact
from samsyn.operations.service.people import WEIGH

MOST = 500
SAYS = {"accepted": Said.ACCEPTED, "declined": Said.DECLINED, "tentative": Said.TENTATIVE}


def invite(case: Case, days: int = 4) -> None:
    """Let everybody's invitation leave."""
    with case.town.at(case.planner, case.on(days, "09:00")) as uow:
        move(uow, case, OperationState.INVITED)


def accept(case: Case, day: int) -> None:
    """Let everybody say yes: on the page, or by the link in the mail where there is no account."""
    for hour, person in enumerate(case.assignments):
        say(case, person, "accepted", day, hour)


def say(case: Case, person: str, answer: str, day: int, hour: int = 0, comment: str = "") -> None:
    """Let one person answer."""
    via = Via.PAGE if case.town.persons[person].account else Via.LINK
    with case.town.at(case.town.viewer(person), case.town.clock.at(day, f"{8 + hour % 9:02}:35")) as uow:
        answer_here(uow, case.assignments[person], SAYS[answer], via, comment)


def confirm(case: Case, day: int) -> None:
    """Take it through the gate that counts who comes."""
    weigh(case)
    with case.town.at(case.planner, case.town.clock.at(day, "17:45")) as uow:
        move(uow, case, OperationState.CONFIRMED)


def weigh(case: Case) -> None:
    """Let the lead's worker weigh what people answered."""

    def weigh_it(uow: UnitOfWork, operation_id: UUID) -> None:
        weigh_quorum(uow, operation_id)

    work_off(case.town, case.lead, WEIGH, weigh_it)


def reply(case: Case) -> None:
    """Let people answer one by one, as the data tells: late, perhaps, otherwise, or not at all.

    An answer that breaks a quorum breaks one that stood: who takes the yes back had said it before.
    """
    told = sorted((r for r in case.said["replies"] if r["answer"]), key=lambda r: (r["day"], r["answer"] != "accepted"))
    lead = case.said["lead"]
    if lead not in {one["person"] for one in case.said["replies"]}:
        say(case, lead, "accepted", case.monday + 7)
    standing = "quorum_broken" in case.said
    for hour, one in enumerate(told):
        if standing and one["answer"] == "declined":
            say(case, one["person"], "accepted", one["day"] - 1)
            confirm(case, one["day"] - 1)
        if one.get("by") == "mail" or one["answer"] not in SAYS:
            reply_by_mail(case, one)
        elif not one.get("reset"):
            say(case, one["person"], one["answer"], one["day"], hour, one.get("comment", ""))
    weigh(case)


def reply_by_mail(case: Case, said: dict[str, Any]) -> None:
    """Let an answer come as a calendar's mail: no, somebody else comes, or another time."""
    town, person = case.town, case.town.persons[said["person"]]
    worker = Viewer.task_of(town.authorities[person.authority])
    moment = town.clock.at(said["day"], "13:10")
    with town.at(worker, moment) as uow:
        place = get_assignment(uow, case.assignments[person.key])
        told = [s for s in sendings(uow, case.id) if s.person_id == person.id]
    address = town.links.reply_address(person.id, town.authorities[person.authority])
    raw = raw_reply(town.clock, said, person.address, address, place.uid, told[-1].sequence, moment)
    take_mail(raw, town.links, envelope_to=address, now=moment)


def change(case: Case) -> None:
    """Move it as often as the data tells: everybody is asked again, and told at once."""
    clock = case.town.clock
    for number, moved in enumerate(case.said.get("moves", ())):
        starts_at = clock.at(moved["to_day"], case.said["when"]["from"])
        with case.town.at(case.planner, clock.at(moved["day"], "10:15")) as uow:
            reschedule(uow, Reschedule(case.id, starts_at, get_operation(uow, case.id).version))
        with case.town.at(case.planner, clock.at(moved["day"], "10:40")) as uow:
            move(uow, case, OperationState.INVITED)
        if "replies" not in case.said:
            accept(case, moved["day"] + 1)
            confirm(case, moved["day"] + 1 + number)


def call_off(case: Case) -> None:
    """Call it off; whoever had an invitation is told."""
    said = case.said["cancelled"]
    with case.town.at(case.planner, case.town.clock.at(said["day"], said["at"])) as uow:
        move(uow, case, OperationState.CANCELLED)


def stand_back(case: Case) -> None:
    """Let who has a conflict of interest declare it."""
    for stop in case.stops:
        for one in stop.said.get("jav", ()):
            with case.town.at(case.town.viewer(one["person"]), case.town.clock.at(one["declared_day"], "08:20")) as uow:
                declare_recusal(uow, stop.id, one["ground"])


def exchange_numbers(case: Case, day: int) -> None:
    """Let those who come, and have an account, put their number into the order."""
    for person in case.assignments:
        if case.town.persons[person].account:
            with case.town.at(case.town.viewer(person), case.town.clock.at(day, "17:50")) as uow:
                give_contact(uow, case.id)


def deliver(case: Case, day: int, told: str = "18:00") -> None:
    """Complete what the past wrote to people, as the recipients' workers would have: taken by their mail servers.

    Nothing leaves the house for an evening that is over or settled; only who is invited now still gets a mail.
    """
    for authority in case.authorities:
        holder = uuid4()
        with case.town.at(Viewer.task_of(case.town.authorities[authority]), case.town.clock.at(day, told)) as uow:
            rows = lease(uow.session, SEND_DELIVERIES, holder, limit=MOST)
            if not rows:
                continue
            letters = messages(uow, [row.subject_id for row in rows])
            mine = [row for row in rows if letters[row.subject_id].operation_id == case.id]
            give_back(uow.session, [row for row in rows if row not in mine], holder)
            sent = [letters[row.subject_id] for row in mine]
            note_begun(uow, [(one.id, one.operation_id, 1) for one in sent])
            open_doors(uow, sent, case.town.links)
            for row, one in zip(mine, sent, strict=True):
                note(uow, one.id, one.operation_id, 1, Happened.ACCEPTED)
                finish(uow.session, row, holder)
