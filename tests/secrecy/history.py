"""A history that people make through the services, and beside it who may read each word.

Every text that somebody types is a marker. ``History`` keeps whose it is and what has happened to it since; who may
read it is told from that alone: no policy and no database is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from samsyn.core.keys import Keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.service import AskFor, Give, Refuse, Withdraw
from samsyn.disclosures.service.pictures import Vault
from samsyn.dossiers.service import compile_dossiers
from samsyn.dossiers.status import approve_common_part
from samsyn.findings.commands import AnswerPoint
from samsyn.findings.rules import Answer
from samsyn.findings.service import answer_point
from samsyn.lifecycle.handing_over import ask_authority, give_copies, refuse_request, withdraw_copies
from samsyn.lifecycle.service import MoveOperation, ask_for_person, change_meeting, hand_in, move_operation
from samsyn.operations.queries import get_operation, get_part, parts_of
from samsyn.operations.rules import OperationState, PoliceRole, VisitState
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AnswerPart,
    AskPart,
    AskPerson,
    EndVisit,
    PlanMeeting,
    PlanOrder,
    ProposeOperation,
    add_visit,
    answer_assignment,
    answer_part,
    declare_recusal,
    end_visit,
    plan_order,
    post_message,
    propose_operation,
)
from tests.factories import Office, Town, make_town
from tests.secrecy.markers import a_word

VAULT = Vault(Keys("k1", {"k1": b"k" * 32}), Path("no-such-folder"))
May = Callable[[Viewer], bool]


@dataclass
class Evening:
    """An operation of one visit, as those who made it know it."""

    operation: UUID
    visit: UUID
    business: int
    lead: Office
    offices: list[Office]
    starts_at: datetime
    parts: dict[UUID, UUID]
    places: dict[UUID, UUID] = field(default_factory=dict)
    state: OperationState = OperationState.PROPOSED
    goes: set[UUID] = field(default_factory=set)
    recused: set[UUID] = field(default_factory=set)

    @property
    def over(self) -> bool:
        return self.state in {OperationState.DONE, OperationState.REPORTED}

    def takes_part(self, viewer: Viewer) -> bool:
        """Whose authority is in it."""
        return viewer.authority_id in {office.id for office in self.offices}

    def of_visit(self, viewer: Viewer) -> bool:
        """Who takes part and has declared no conflict of interest (FL 17 §)."""
        return self.takes_part(viewer) and viewer.person_id not in self.recused

    def needs_place(self, viewer: Viewer) -> bool:
        """Who needs to know where it goes (OSL 17:1): who plans; who goes, once it began; all when it is over."""
        planning = bool(viewer.roles & {"planner", "decider", "task"})
        going = viewer.person_id in self.goes and self.state is OperationState.ONGOING
        return self.of_visit(viewer) and (planning or going or self.over)


@dataclass
class Found:
    """A finding, and the copies of it that stand: receivers by disclosure, None for everybody in the collaboration."""

    id: UUID
    evening: Evening
    owner: Office
    copies: dict[UUID, Office | None] = field(default_factory=dict)


@dataclass
class Asked:
    """A question to another authority that nobody has answered yet."""

    id: UUID
    evening: Evening
    by: Office
    to: Office


@dataclass
class History:
    """A town, what happened in it, and who may read what was written."""

    town: Town = field(default_factory=make_town)
    evenings: list[Evening] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    rights: dict[bytes, tuple[str, May]] = field(default_factory=dict)

    def word(self, what: str, may: May) -> str:
        """A new word that only those may read of whom ``may`` says so, then and later."""
        marker = a_word()
        self.rights[marker.encode()] = (what, may)
        return marker

    def member(self, viewer: Viewer) -> bool:
        return viewer.authority_id in {office.id for office in self.town.offices}

    def propose(self, lead: Office, others: list[Office], business: int) -> Evening:
        """Somebody plans an evening at a place; the questions go to all who are to come."""
        offices = [lead, *others]
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=4 * len(self.evenings) + 2)
        until = starts_at + timedelta(hours=1)
        visit_words: list[Evening] = []
        note = self.word("safety note", lambda viewer: bool(visit_words) and visit_words[0].needs_place(viewer))
        with unit_of_work(self.town.planner(lead)) as uow:
            operation = propose_operation(uow, ProposeOperation(self.town.collaboration, starts_at, until))
            ask = tuple(AskPart(office.id, office.unit) for office in offices)
            add = AddVisit(operation, self.town.businesses[business], starts_at, until, safety_note=note, parts=ask)
            visit = add_visit(uow, add)
            parts = {part.authority_id: part.id for part in parts_of(uow, operation)}
        evening = Evening(operation, visit, business, lead, offices, starts_at, parts)
        visit_words.append(evening)
        self.evenings.append(evening)
        return evening

    def move(self, evening: Evening, to: OperationState) -> None:
        with unit_of_work(self.town.planner(evening.lead)) as uow:
            seen = get_operation(uow, evening.operation).version
            move_operation(uow, MoveOperation(evening.operation, to, seen))
        evening.state = to

    def advance(self, evening: Evening) -> None:
        """Take an evening to its next state, and do before it what the gate asks for."""
        match evening.state:
            case OperationState.PROPOSED:
                self.move(evening, OperationState.PREPARING)
            case OperationState.PREPARING:
                for office in evening.offices:
                    self.answer(evening, office)
                self.meet(evening)
                self.move(evening, OperationState.SCHEDULED)
            case OperationState.SCHEDULED:
                self.move(evening, OperationState.INVITED)
                for office in evening.offices:
                    self.come(evening, office)
                self.move(evening, OperationState.CONFIRMED)
            case OperationState.CONFIRMED:
                self.move(evening, OperationState.ONGOING)
            case OperationState.ONGOING:
                self.end(evening)
            case OperationState.DONE:
                for office in evening.offices:
                    with unit_of_work(self.town.planner(office)) as uow:
                        hand_in(uow, evening.parts[office.id], nothing_to_report=True)
                self.move(evening, OperationState.REPORTED)
            case _:
                pass

    def answer(self, evening: Evening, office: Office) -> None:
        basis = self.word("legal basis", evening.of_visit)
        reason = self.word("reason for no notice", evening.of_visit)
        with unit_of_work(self.town.planner(office)) as uow:
            part_id = evening.parts[office.id]
            role = PoliceRole.OWN_SUPERVISION if office is self.town.police else None
            seen = get_part(uow, part_id).version
            said = AnswerPart(part_id, True, basis, False, reason, police_role=role, seen_version=seen)
            answer_part(uow, said)

    def meet(self, evening: Evening) -> None:
        place = self.word("meeting place", evening.takes_part)
        with unit_of_work(self.town.planner(evening.lead)) as uow:
            seen = get_operation(uow, evening.operation).version
            at = evening.starts_at - timedelta(minutes=30)
            change_meeting(uow, PlanMeeting(evening.operation, at, place, evening.lead.inspectors[0], seen))
        for office in evening.offices:
            with unit_of_work(self.town.planner(evening.lead)) as uow:
                found = ask_for_person(uow, AskPerson(evening.operation, office.id, office.inspectors[0]))
                evening.places[office.id] = found.assignment_id

    def come(self, evening: Evening, office: Office) -> None:
        with unit_of_work(self.town.inspector(office)) as uow:
            answer_assignment(uow, AnswerAssignment(evening.places[office.id], accepted=True))
        evening.goes.add(office.inspectors[0])

    def end(self, evening: Evening) -> None:
        with unit_of_work(self.town.planner(evening.lead)) as uow:
            end_visit(uow, EndVisit(evening.visit, VisitState.DONE, uow.now))
        self.move(evening, OperationState.DONE)
        words = self.word("common part", evening.takes_part)
        with unit_of_work(self.town.planner(evening.lead)) as uow:
            approve_common_part(uow, evening.operation, words)

    def order(self, evening: Evening) -> None:
        stop, title = self.word("stop word", evening.needs_place), self.word("order's title", evening.needs_place)
        with unit_of_work(self.town.planner(evening.lead)) as uow:
            plan_order(uow, PlanOrder(evening.operation, title, None, stop[:100], None))

    def say(self, evening: Evening, office: Office) -> None:
        words = self.word("message", evening.of_visit)
        with unit_of_work(self.town.planner(office)) as uow:
            post_message(uow, evening.operation, words)

    def find(self, evening: Evening, office: Office) -> Found:
        """The second inspector writes, who goes nowhere: a silo is read by its authority, not by who went."""
        found = Found(uuid4(), evening, office)
        self.findings.append(found)
        text = self.word("finding", lambda viewer: self.may_read(found, viewer))
        command = AnswerPoint(
            found.id, 0, evening.parts[office.id], None, Answer.DEFICIENCY, datetime.now(UTC), text=text
        )
        with unit_of_work(self.town.planner(office)) as uow:
            answer_point(uow, command)
        return found

    def may_read(self, found: Found, viewer: Viewer) -> bool:
        """Own authority; who was given a copy that stands, the whole collaboration if it is public. Never jäv."""
        if viewer.person_id in found.evening.recused:
            return False
        given = any(to is None or to.id == viewer.authority_id for to in found.copies.values())
        return viewer.authority_id == found.owner.id or (given and self.member(viewer))

    def recuse(self, evening: Evening, office: Office, n: int) -> None:
        reason = self.word("reason of jäv", lambda viewer: viewer.authority_id == office.id)
        with unit_of_work(self.town.inspector(office, n)) as uow:
            declare_recusal(uow, evening.visit, reason)
        evening.recused.add(office.inspectors[n])

    def give(self, found: Found, to: Office | None) -> UUID:
        balancing = self.word("balancing", lambda v: v.authority_id == found.owner.id and found.evening.of_visit(v))
        key, basis = uuid4(), "PUBLIC" if to is None else "OSL_10_27"
        command = Give(key, found.evening.visit, frozenset({found.id}), to.id if to else None, basis, balancing)
        with unit_of_work(self.town.planner(found.owner)) as uow:
            give_copies(uow, VAULT, command)
        found.copies[key] = to
        return key

    def withdraw(self, found: Found, disclosure: UUID) -> None:
        why = self.word(
            "reason of withdrawal", lambda v: v.authority_id == found.owner.id and found.evening.of_visit(v)
        )
        with unit_of_work(self.town.planner(found.owner)) as uow:
            withdraw_copies(uow, Withdraw(disclosure, why))
        del found.copies[disclosure]

    def ask(self, evening: Evening, by: Office, to: Office) -> None:
        both = {by.id, to.id}
        question = self.word("question", lambda v: v.authority_id in both and v.person_id not in evening.recused)
        key = uuid4()
        command = AskFor(key, self.town.businesses[evening.business], evening.visit, to.id, question)
        with unit_of_work(self.town.planner(by)) as uow:
            ask_authority(uow, command)
        self.questions.append(Asked(key, evening, by, to))

    def refuse(self, asked: Asked) -> None:
        both = {asked.by.id, asked.to.id}
        reason = self.word("refusal", lambda v: v.authority_id in both and v.person_id not in asked.evening.recused)
        with unit_of_work(self.town.planner(asked.to)) as uow:
            refuse_request(uow, Refuse(uuid4(), asked.id, reason))
        self.questions.remove(asked)

    def compile(self, office: Office) -> None:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_dossiers(uow, self.town.businesses)
