"""Write that entry was refused, ask the police for help, and write what came of it. Nothing is changed afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.access.queries import unit_of_person
from samsyn.assistance.commands import AnswerHelp, AskHelp, Faults, RefuseEntry, answer_words, help_words, refusal_words
from samsyn.assistance.models import EntryRefusal, HelpAnswer, HelpRequest
from samsyn.assistance.queries import HelpLine, get_help
from samsyn.assistance.rules import (
    BY_LAW,
    OPEN,
    TELL_HELP_ANSWERED,
    TELL_HELP_ASKED,
    WRITERS,
    Helped,
    HelpLaw,
    is_urgent,
    laws_of,
)
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PartCard, get_operation, goes_to, parts_of
from samsyn.operations.queries.presence import police_role_of
from samsyn.operations.rules import PoliceRole, Present
from samsyn.operations.service import NotePresence, evening_fault, note_presence, own_parts_at
from samsyn.texts import say

__all__ = ["AnswerHelp", "AskHelp", "RefuseEntry", "answer_help", "ask_help", "police_at", "refuse_entry"]


def refuse_entry(uow: UnitOfWork, command: RefuseEntry) -> bool:
    """Write down that entry was refused, at the own part; return whether a row was written.

    Raises ``NotAllowedError`` without a role that writes, ``NotFoundError`` for a visit where the own authority has no
    part, ``GateClosedError`` naming what is missing, ``InvalidError`` naming the field, ``ConflictError`` where the
    key stands with another content; the same again writes nothing.
    """
    part = own_part(uow, command.visit_id)
    faults: Faults = {}
    by_role, said = refusal_words(command, faults)
    demand_fits(uow, command.visit_id, command.at, faults)
    same = (uow.me, command.visit_id, command.at, by_role, said)
    if (row := uow.session.get(EntryRefusal, command.refusal_id)) is not None:
        return stands(same, (row.authority_id, row.visit_id, row.at, row.by_role, row.said))
    demand_open(part)
    uow.session.add(
        EntryRefusal(
            id=command.refusal_id,
            **keys_of(part),
            unit_id=part.unit_id or unit_of_person(uow, uow.person),
            unit_only=False,
            at=command.at,
            by_role=by_role,
            said=said,
            written_by=uow.person,
            written_at=uow.now,
        )
    )
    uow.session.flush()
    record(uow, "refusal.write", command.refusal_id)
    return True


def ask_help(uow: UnitOfWork, command: AskHelp) -> bool:
    """Ask the police that take part, and have them told; where none does it is noted as asked for by phone.

    Nobody is called by a request that comes when the evening is over, or hours late: it stands in the list alone.
    Raises as ``refuse_entry``, and ``InvalidError`` for a section that is not of the own field, or a ground that the
    section asks for and that is missing (LTLP 7:19, LTN 34 §, AlkL 9:9, LivsL 27 §). A refused entry that is not
    known at the own part is left out: it may have been refused itself, and the police must hear of it all the same.
    """
    part = own_part(uow, command.visit_id, command.law)
    faults: Faults = {}
    reason = help_words(command, faults)
    check_law(command, part, faults)
    refusal_id = known_refusal(uow, command.refusal_id, part)
    demand_fits(uow, command.visit_id, command.at, faults)
    same = (uow.me, command.visit_id, command.law, command.ground, reason, refusal_id, command.at)
    if (row := uow.session.get(HelpRequest, command.request_id)) is not None:
        stood = (row.authority_id, row.visit_id, row.law, row.ground, row.reason, row.refusal_id, row.at)
        return stands(same, stood)
    demand_open(part)
    police = police_at(uow, part)
    uow.session.add(
        HelpRequest(
            id=command.request_id,
            **keys_of(part),
            unit_id=part.unit_id or unit_of_person(uow, uow.person),
            refusal_id=refusal_id,
            answers_id=police.authority_id if police is not None else part.authority_id,
            answers_unit_id=police.unit_id if police is not None else None,
            law=command.law,
            ground=command.ground,
            reason=reason,
            at=command.at,
            written_by=uow.person,
            written_at=uow.now,
        )
    )
    uow.session.flush()
    record(uow, "help.ask", command.request_id)
    if police is not None and is_urgent(part.operation_state, command.at, uow.now):
        emit(uow, TELL_HELP_ASKED, police.id, acts_for=police.authority_id)
    return True


def answer_help(uow: UnitOfWork, command: AnswerHelp) -> bool:
    """Write what comes of a request, as the police that were asked, or as who asked by phone.

    With help that is given the officer who writes it goes over to the role of helping, unless in it already: one role
    at a time (DOMAIN 0.8). Raises as ``refuse_entry``; ``NotAllowedError`` for who only asked.
    """
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("your role answers no request")
    asked = get_help(uow, command.request_id)
    if asked.visit_id != command.visit_id:
        raise NotFoundError("no such request at this visit")
    if asked.answers_id != uow.me:
        raise NotAllowedError("who is asked answers")
    faults: Faults = {}
    text = answer_words(command, faults)
    demand_fits(uow, asked.visit_id, command.at, faults)
    same = (uow.me, asked.id, command.what, command.at, text)
    if (row := uow.session.get(HelpAnswer, command.answer_id)) is not None:
        return stands(same, (row.authority_id, row.request_id, row.what, row.at, row.text))
    state = get_operation(uow, asked.operation_id).state
    if state not in OPEN:
        raise GateClosedError("the operation is over", ("ongoing",))
    uow.session.add(
        HelpAnswer(
            id=command.answer_id,
            request_id=asked.id,
            visit_id=asked.visit_id,
            operation_id=asked.operation_id,
            authority_id=uow.me,
            asker_id=asked.authority_id,
            what=command.what,
            at=command.at,
            text=text,
            presence_id=go_over(uow, asked, command),
            written_by=uow.person,
            written_at=uow.now,
        )
    )
    uow.session.flush()
    record(uow, "help.answer", command.answer_id)
    if not asked.by_phone and is_urgent(state, command.at, uow.now):
        emit(uow, TELL_HELP_ANSWERED, asked.part_id, acts_for=asked.authority_id)
    return True


def go_over(uow: UnitOfWork, asked: HelpLine, command: AnswerHelp) -> UUID | None:
    """Note that the officer acts to help from then on.

    One role at a time, with the time of its change (DOMAIN 0.8). A request is between two (POLICIES), and the role
    says that somebody asked: this note is read by the police and by who asked, the way back by the police alone.
    """
    if command.what is not Helped.GIVEN or asked.by_phone or command.presence_id is None:
        return None
    there = (one for one in parts_of(uow, asked.operation_id) if one.visit_id == asked.visit_id and one.of_police)
    part = next((one for one in there if one.authority_id == uow.me and stands_there(one)), None)
    if part is None:
        return None  # they came from elsewhere in the operation: nobody noted in which role they were here
    if goes_to(uow, asked.operation_id) is None:
        return None  # somebody at a desk writes what the officers did
    role = police_role_of(uow, asked.visit_id, command.at) or part.police_role
    if role is PoliceRole.ASSISTANCE:
        return None
    role, why = PoliceRole.ASSISTANCE, say("sv", "assistance.role_reason")
    key, visit_id = command.presence_id, asked.visit_id
    note_presence(uow, NotePresence(key, visit_id, Present.ROLE, command.at, police_role=role, reason=why))
    return command.presence_id


def own_part(uow: UnitOfWork, visit_id: UUID, law: HelpLaw | None = None) -> PartCard:
    """Return an own part at a visit that stands, for who writes: that of a section's field, and of the own unit."""
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("your role writes nothing of it")
    unit_id = unit_of_person(uow, uow.person)

    def order(part: PartCard) -> tuple[bool, bool]:
        return law is not None and not has_law(part, law), unit_id is None or part.unit_id != unit_id

    return min(own_parts_at(uow, visit_id), key=order)


def has_law(part: PartCard, law: HelpLaw) -> bool:
    """Say whether a section is of a part's field."""
    return law in {one.law for one in laws_of(part.fields)}


def police_at(uow: UnitOfWork, part: PartCard) -> PartCard | None:
    """Return a part of the police that stands: at the visit, else elsewhere; who has said yes first; never the own."""
    able = [
        one
        for one in parts_of(uow, part.operation_id)
        if one.of_police and one.authority_id != part.authority_id and stands_there(one)
    ]
    return min(able, key=lambda one: (one.visit_id != part.visit_id, one.accepted is not True, one.id), default=None)


def stands_there(part: PartCard) -> bool:
    """Say whether a part was neither withdrawn nor declined."""
    return not part.withdrawn and part.accepted is not False


def check_law(command: AskHelp, part: PartCard, faults: Faults) -> None:
    """Note a section that is not the field's, and a ground that is missing or asked for by nothing."""
    if not has_law(part, command.law):
        faults["law"] = ["unknown"]
    elif BY_LAW[command.law].conditional is not (command.ground is not None):
        faults["ground"] = ["must not be empty" if command.ground is None else "unknown"]


def known_refusal(uow: UnitOfWork, refusal_id: UUID | None, part: PartCard) -> UUID | None:
    """Return a key where it is that of a refused entry at the own part, else nothing."""
    row = uow.session.get(EntryRefusal, refusal_id) if refusal_id is not None else None
    return row.id if row is not None and row.part_id == part.id else None


def demand_fits(uow: UnitOfWork, visit_id: UUID, at: datetime, faults: Faults) -> None:
    """Note a moment that is not of the evening; then raise ``InvalidError`` for all that was noted."""
    if fault := evening_fault(uow, visit_id, at):
        faults["at"] = [fault]
    if faults:
        raise InvalidError("that is not written", fields=faults)


def demand_open(part: PartCard) -> None:
    """Raise ``GateClosedError`` before the operation begins and after everybody has handed in."""
    if part.operation_state not in OPEN:
        raise GateClosedError(f"not while the operation is {part.operation_state}", ("ongoing",))


def stands(same: tuple[object, ...], stood: tuple[object, ...]) -> bool:
    """Return False for what was written before; ``ConflictError`` where the key has another content."""
    if same == stood:
        return False
    raise ConflictError("this key stands already")


def keys_of(part: PartCard) -> dict[str, UUID]:
    """Return the part's keys as every row of it has them."""
    named = {"visit_id": part.visit_id, "operation_id": part.operation_id, "authority_id": part.authority_id}
    return {"part_id": part.id, **named}
