"""Begin a joint visit that nobody planned, here and now: an ad hoc operation with what the own authority comes for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import MUST_GIVE_REASON_FOR_NO_NOTICE, Field
from samsyn.businesses.queries import get_business
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
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

LASTS: Final = timedelta(hours=1)


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

    Who comes along is told at once: there is nothing to undo, they stand there. ``InvalidError`` names what is missing.
    """
    if needs_reason(command.fields) and not command.no_notice_reason:
        raise InvalidError("say why", fields={"no_notice_reason": ["must not be empty"]})
    if Field.POLICE in command.fields and command.police_role is None:
        raise InvalidError("say which role", fields={"police_role": ["must not be empty"]})
    starts_at = uow.now.replace(second=0, microsecond=0)
    ends_at = starts_at + LASTS
    collaboration = get_business(uow, command.business_id).collaboration_id
    operation_id = propose_operation(uow, ProposeOperation(collaboration, starts_at, ends_at, ad_hoc=True))
    parts = (AskPart(uow.me, command.unit_id), *asked(uow, command.asks))
    add_visit(uow, AddVisit(operation_id, command.business_id, starts_at, ends_at, parts=parts))
    for person in dict.fromkeys(command.people):
        ask_for_person(uow, AskPerson(operation_id, uow.me, person, accepted=True))
    [mine] = [part for part in parts_of(uow, operation_id) if part.authority_id == uow.me]
    basis = (command.legal_basis, False, command.no_notice_reason, command.police_role)
    answer_part(uow, AnswerPart(mine.id, True, *basis, mine.version))
    return operation_id


def asked(uow: UnitOfWork, authorities: Collection[UUID]) -> list[AskPart]:
    """Return what the other authorities are asked, each once: its unit, where it has just one."""
    units = units_of(uow, set(authorities))
    found = []
    for authority in dict.fromkeys(one for one in authorities if one != uow.me):
        theirs = [unit.id for unit in units if unit.authority_id == authority]
        found.append(AskPart(authority, theirs[0] if len(theirs) == 1 else None))
    return found
