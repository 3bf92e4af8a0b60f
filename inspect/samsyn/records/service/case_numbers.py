"""Write the own case numbers (R17)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert

from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import get_operation, get_part
from samsyn.records.models import CaseNumber
from samsyn.records.queries.requests import find_request
from samsyn.records.rules import MOST_NUMBER, Fault, NotTakenError, checked


@dataclass(frozen=True, slots=True)
class Number:
    """A case number for one of: an operation, an own part, a records request."""

    number: str
    operation_id: UUID | None = None
    part_id: UUID | None = None
    request_id: UUID | None = None


def write_number(uow: UnitOfWork, command: Number) -> None:
    """Write the number, or write it anew; ``NotFoundError`` for what is not the own authority's."""
    number = checked("number", command.number, MOST_NUMBER)
    if not number:
        raise NotTakenError("number", Fault.NUMBER_NEEDED)
    about = about_of(uow, command)
    row = insert(CaseNumber).values(
        id=uuid4(), authority_id=uow.me, number=number, written_by=uow.person, written_at=uow.now, **about
    )
    uow.session.execute(
        row.on_conflict_do_update(
            index_elements=["authority_id", "operation_id", "part_id", "request_id"],
            set_={"number": number, "written_by": uow.person, "written_at": uow.now},
        )
    )
    record(uow, "records.number", next(iter(filter(None, (command.part_id, command.operation_id, command.request_id)))))


def about_of(uow: UnitOfWork, command: Number) -> dict[str, UUID | None]:
    """Return what the number is of; raise for what is not the viewer's."""
    none: dict[str, UUID | None] = {"operation_id": None, "visit_id": None, "part_id": None, "request_id": None}
    if command.part_id is not None:
        part = get_part(uow, command.part_id)
        if part.authority_id != uow.me:
            raise NotFoundError("no such part of yours")
        return none | {"operation_id": part.operation_id, "visit_id": part.visit_id, "part_id": part.id}
    if command.operation_id is not None:
        return none | {"operation_id": get_operation(uow, command.operation_id).id}
    if command.request_id is not None:
        return none | {"request_id": find_request(uow, command.request_id).id}
    raise NotFoundError("a number of nothing")
