"""Write who was at a visit from when to when, and in which police role: a log.

All who take part read it, but not that the police went over to help somebody who asked, nor that they went back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, Presence, Visit
from samsyn.operations.queries.operations import find_operation
from samsyn.operations.queries.parts import PartCard, parts_of
from samsyn.operations.queries.people import people_of
from samsyn.operations.queries.presence import roles_before
from samsyn.operations.queries.visits import find_visit
from samsyn.operations.rules import OperationState, PoliceRole, Present, VisitState
from samsyn.operations.service.order import checked_line
from samsyn.operations.service.visits import COUNT_VISIT, SLACK

MAX_REASON: Final = 500
OPEN: Final = frozenset({OperationState.ONGOING, OperationState.DONE})
NOTING: Final = frozenset({"planner", "inspector", "decider"})


@dataclass(frozen=True, slots=True)
class NotePresence:
    """Somebody of the own authority came, left, or went over to another police role; the key is the client's.

    ``person_id`` None is the viewer. ``police_role`` and ``reason`` belong to a change of role and to nothing else.
    """

    presence_id: UUID
    visit_id: UUID
    what: Present
    at: datetime
    person_id: UUID | None = None
    police_role: PoliceRole | None = None
    reason: str | None = None


def note_presence(uow: UnitOfWork, command: NotePresence) -> bool:
    """Note it beside what was noted before; return whether a row was written.

    Open from the start of the operation until every part is handed in, also after the own hand-in: people leave last.
    Raises ``NotAllowedError`` without a role that writes, ``NotFoundError`` for a visit where the own authority has no
    part, ``GateClosedError`` naming what is missing, ``InvalidError`` naming the field, and ``ConflictError`` where
    the key stands with another content; with the same content it writes nothing.
    """
    if not uow.viewer.roles & NOTING:
        raise NotAllowedError("your role notes no presence")
    visit = find_visit(uow, command.visit_id)
    operation = find_operation(uow, visit.operation_id)
    parts = own_parts(uow, visit)
    person_id = command.person_id or uow.person
    reason = checked(uow, command, visit, operation, parts)
    same = (visit.id, uow.me, person_id, command.what, command.police_role, reason, command.at)
    if (row := uow.session.get(Presence, command.presence_id)) is not None:
        stands = (row.visit_id, row.authority_id, row.person_id, row.what, row.police_role, row.reason, row.at)
        if stands == same:
            return False
        raise ConflictError("this key stands already")
    if operation.state not in OPEN:
        raise GateClosedError(f"not while the operation is {operation.state}", ("ongoing",))
    uow.session.add(
        Presence(
            id=command.presence_id,
            visit_id=visit.id,
            operation_id=visit.operation_id,
            authority_id=uow.me,
            person_id=person_id,
            what=command.what,
            police_role=command.police_role,
            reason=reason,
            after_help=after_help(uow, command, person_id, parts),
            at=command.at,
            written_by=uow.person,
            written_at=uow.now,
        )
    )
    uow.session.flush()
    record(uow, "presence.note", command.presence_id)
    if visit.state is not VisitState.PLANNED:  # its time was counted when it ended; people leave last
        emit(uow, COUNT_VISIT, visit.id, acts_for=uow.me)
    return True


def after_help(uow: UnitOfWork, command: NotePresence, person_id: UUID, parts: list[PartCard]) -> bool:
    """Say whether a change of role would tell the others that there was help before it.

    Either it follows help, and its reason tells; or it is to the role that they believe holds, and there was one
    between. They read what was not hidden from them, else what the part began with.
    """
    if command.what is not Present.ROLE:
        return False
    before = roles_before(uow, command.visit_id, person_id, command.at)
    if before and before[0][0] is PoliceRole.ASSISTANCE:
        return True
    began = {part.police_role for part in parts if part.of_police}
    believed = next(({role} for role, shown in before if shown), began)
    return command.police_role in believed


def own_parts(uow: UnitOfWork, visit: Visit) -> list[PartCard]:
    """Return the own parts at a visit that stand and were not declined; ``NotFoundError`` where there never was one."""
    mine = [part for part in parts_of(uow, visit.operation_id) if part.visit_id == visit.id]
    mine = [part for part in mine if part.authority_id == uow.me]
    if not mine:
        raise NotFoundError("no part of yours at this visit")
    standing = [part for part in mine if not part.withdrawn]
    if not standing:
        raise GateClosedError("the part was withdrawn", ("part_withdrawn",))
    coming = [part for part in standing if part.accepted is not False]  # ad hoc: the answer is given there
    if not coming:
        raise GateClosedError("the part was declined", ("accepted",))
    return coming


def checked(
    uow: UnitOfWork, command: NotePresence, visit: Visit, operation: Operation, parts: list[PartCard]
) -> str | None:
    """Return the reason as it is kept; ``InvalidError`` naming each field that does not fit."""
    faults: dict[str, list[str]] = {}
    reason = checked_line("reason", command.reason, MAX_REASON, faults)
    changes = command.what is Present.ROLE
    if changes and not any(part.of_police for part in parts):
        faults["what"] = ["only the police act in roles"]
    if changes and command.police_role is None:
        faults["police_role"] = ["must not be empty"]
    if changes and reason is None:
        faults.setdefault("reason", ["must not be empty"])
    if not changes and (command.police_role or reason):
        faults["what"] = ["role and reason belong to a change of role"]
    if fault := moment_fault(uow, visit, operation, command.at):
        faults["at"] = [fault]
    if command.person_id not in {None, uow.person} and not goes(uow, visit, command.person_id):
        faults["person_id"] = ["must be one of your own who go"]
    if faults:
        raise InvalidError("that is not noted", fields=faults)
    return reason


def moment_fault(uow: UnitOfWork, visit: Visit, operation: Operation, at: datetime) -> str:
    """Return what is wrong with a moment that is said to be of a visit's evening; nothing for one that may be."""
    if at > max(uow.now, visit.ends_at) + SLACK:
        return "must not be in the future"
    if at < min(operation.changed_at, visit.starts_at) - SLACK:
        return "must not be before the operation"
    return ""


def evening_fault(uow: UnitOfWork, visit_id: UUID, at: datetime) -> str:
    """Return the same of a visit by its key; ``NotFoundError`` where it is hidden or absent."""
    visit = find_visit(uow, visit_id)
    return moment_fault(uow, visit, find_operation(uow, visit.operation_id), at)


def own_parts_at(uow: UnitOfWork, visit_id: UUID) -> list[PartCard]:
    """Return the own parts at a visit by its key, as ``own_parts``."""
    return own_parts(uow, find_visit(uow, visit_id))


def goes(uow: UnitOfWork, visit: Visit, person_id: UUID | None) -> bool:
    """Say whether one of the own authority's people goes to the operation."""
    going = [one for one in people_of(uow, visit.operation_id) if one.goes and one.authority_id == uow.me]
    return any(one.person_id == person_id for one in going)
