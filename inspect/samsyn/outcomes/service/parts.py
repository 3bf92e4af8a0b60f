"""At which part outcomes and follow-ups may be written, and whose rows they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from samsyn.access.queries import unit_of_person
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import FindingLine, findings_of_visit
from samsyn.operations.queries import PartCard, get_part
from samsyn.outcomes.rules import WRITABLE, WRITERS, Fault, NotTakenError


def writable_part(uow: UnitOfWork, part_id: UUID) -> PartCard:
    """Return an own part at which outcomes and follow-ups may be written now.

    Raises ``NotAllowedError`` without a role that writes, ``NotFoundError`` for another authority's part (or jäv),
    ``GateClosedError`` before the operation began, for one cancelled, and for a part that was withdrawn or refused.
    """
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("only an inspector, planner or decider writes outcomes")
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    if not is_open(part):
        raise GateClosedError("no outcome may be written at this part now", ("state",))
    return part


def is_open(part: PartCard) -> bool:
    """Say whether outcomes may be written at a part as it stands."""
    return part.operation_state in WRITABLE and not part.withdrawn and part.accepted is not False


def grounds_of(uow: UnitOfWork, part: PartCard, ids: frozenset[UUID], field: str) -> list[FindingLine]:
    """Return the chosen findings of the part in their newest versions (logged); ``NotTakenError`` for any other id."""
    if not ids:
        return []
    found = [one for one in findings_of_visit(uow, part.visit_id) if one.part_id == part.id and one.finding_id in ids]
    if {one.finding_id for one in found} != ids:
        raise NotTakenError((field, Fault.NO_FINDING))
    return found


def keys_of(part: PartCard) -> dict[str, object]:
    """Return the part's keys as every row of it has them."""
    return {
        "part_id": part.id,
        "visit_id": part.visit_id,
        "operation_id": part.operation_id,
        "authority_id": part.authority_id,
    }


def whose(uow: UnitOfWork, part: PartCard, grounds: Sequence[FindingLine]) -> dict[str, object]:
    """Return whose row it is. What rests on a unit's own finding stays with that unit (R1)."""
    alone = next((one for one in grounds if one.unit_only), None)
    unit_id = alone.unit_id if alone is not None else part.unit_id
    return {"unit_id": unit_id or unit_of_person(uow, uow.person), "unit_only": alone is not None}
