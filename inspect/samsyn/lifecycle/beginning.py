"""Begin a joint visit that nobody planned, here and now: an ad hoc operation, or one more visit of what goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import MUST_GIVE_REASON_FOR_NO_NOTICE, Field
from samsyn.businesses.queries import get_business
from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.on_site import RoomNow, room_now
from samsyn.lifecycle.service import ask_for_person
from samsyn.operations.queries import parts_of
from samsyn.operations.rules import PoliceRole
from samsyn.operations.service import (
    AddVisit,
    AnswerPart,
    AskPart,
    AskPerson,
    ProposeOperation,
    add_visit,
    answer_part,
    propose_operation,
)


@dataclass(frozen=True, slots=True)
class BeginVisit:
    """Where, with which other authorities, who of the own comes along, and on which basis; always unannounced.

    ``unit_id`` and ``fields``: the own unit that goes, and what it supervises.
    """

    business_id: UUID
    unit_id: UUID | None
    fields: frozenset[Field]
    legal_basis: str
    asks: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    no_notice_reason: str | None = None
    police_role: PoliceRole | None = None


def needs_reason(fields: Collection[Field]) -> bool:
    """Say whether coming unannounced must be justified (MB 28:1; JO 2545-2015)."""
    return bool(MUST_GIVE_REASON_FOR_NO_NOTICE & set(fields))


def begin_visit(uow: UnitOfWork, command: BeginVisit) -> UUID:
    """Begin it: operation, visit, who is asked, who comes along, and the own basis; return the operation.

    Who is in an ongoing operation that the own authority leads adds the visit to it; its people are there already.
    Who comes along is told at once: there is nothing to undo, they stand there. ``InvalidError`` names what is missing,
    ``ConflictError`` says that the person's time is held.
    """
    if needs_reason(command.fields) and not command.no_notice_reason:
        raise InvalidError("say why", fields={"no_notice_reason": ["must not be empty"]})
    if Field.POLICE in command.fields and command.police_role is None:
        raise InvalidError("say which role", fields={"police_role": ["must not be empty"]})
    room, collaboration = room_now(uow), get_business(uow, command.business_id).collaboration_id
    if room.held or (room.joins and room.joins.collaboration_id != collaboration):
        raise ConflictError("the person's time is held")
    operation_id = room.joins.id if room.joins else begin_operation(uow, collaboration, room, command.people)
    parts = (AskPart(uow.me, command.unit_id), *asked(uow, command.asks))
    times = (room.starts_at, room.ends_at)
    visit = AddVisit(operation_id, command.business_id, *times, open_at=uow.now, parts=parts)
    visit_id = add_visit(uow, visit)
    mine = next(one for one in parts_of(uow, operation_id) if (one.visit_id, one.authority_id) == (visit_id, uow.me))
    basis = (command.legal_basis, False, command.no_notice_reason, command.police_role)
    answer_part(uow, AnswerPart(mine.id, True, *basis, mine.version))
    return operation_id


def begin_operation(uow: UnitOfWork, collaboration_id: UUID, room: RoomNow, people: Collection[UUID]) -> UUID:
    """Write the ad hoc operation, with the viewer and who comes along; return it."""
    proposed = ProposeOperation(collaboration_id, room.starts_at, room.ends_at, ad_hoc=True)
    operation_id = propose_operation(uow, proposed)
    for person in dict.fromkeys(people):
        ask_for_person(uow, AskPerson(operation_id, uow.me, person, accepted=True))
    return operation_id


def asked(uow: UnitOfWork, authorities: Collection[UUID]) -> list[AskPart]:
    """Return what the other authorities are asked, each once: its unit, where it has just one."""
    units = units_of(uow, set(authorities))
    found = []
    for authority in dict.fromkeys(one for one in authorities if one != uow.me):
        theirs = [unit.id for unit in units if unit.authority_id == authority]
        found.append(AskPart(authority, theirs[0] if len(theirs) == 1 else None))
    return found
