"""Write what is said about the plan, and the numbers that people give each other for the evening."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from samsyn.access.queries import own_phone
from samsyn.audit.service import record
from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, ContactCard, Message
from samsyn.operations.queries.operations import find_operation
from samsyn.operations.rules import ENDED, TELL_MESSAGE, AssignmentState
from samsyn.operations.service.order import checked_line
from samsyn.operations.service.plan import refuse_recused, refuse_telling

MAX_MESSAGE: Final = 1000
SPEAKING: Final = frozenset({"planner", "inspector", "decider"})
HELD: Final = frozenset({AssignmentState.ASKED, AssignmentState.ACCEPTED})


def post_message(uow: UnitOfWork, operation_id: UUID, text: str) -> UUID:
    """Say something about the plan to all that take part; never about findings, never with a personal number (R5).

    A person with a conflict of interest at one of its visits neither reads nor writes (FL 17 §). ``InvalidError`` for
    what names the place of an unannounced visit: it opens to each reader at its own time (OSL 17:1).
    """
    if not uow.viewer.roles & SPEAKING:
        raise NotAllowedError("your role does not write here")
    refuse_recused(uow, operation_id)
    operation = find_operation(uow, operation_id)
    if operation.state in ENDED:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    faults: dict[str, list[str]] = {}
    said = checked_line("text", text, MAX_MESSAGE, faults)
    if said is None:
        faults = {"text": ["must not be empty"]}
    if faults:
        raise InvalidError("that message is not kept", fields=faults)
    refuse_telling(uow, operation_id, said, "text", "must not name what is visited")
    row = Message(
        id=uuid4(), operation_id=operation_id, authority_id=uow.me, person_id=uow.person, text=said, at=uow.now
    )
    uow.session.add(row)
    uow.session.flush()
    emit(uow, TELL_MESSAGE, row.id, acts_for=uow.me)
    record(uow, "message.post", row.id)
    return row.id


def give_contact(uow: UnitOfWork, operation_id: UUID) -> None:
    """Put the viewer's own work phone into the order, under the shown name or service number (R18).

    For those who go and the lead person; ``InvalidError`` where no number is known.
    """
    operation = find_operation(uow, operation_id)
    if operation.state in ENDED:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    goes = select(Assignment.id).where(
        Assignment.operation_id == operation_id,
        Assignment.person_id == uow.person,
        Assignment.authority_id == uow.me,
        Assignment.state.in_(HELD),
    )
    if uow.person != operation.lead_person_id and uow.session.scalar(goes.limit(1)) is None:
        raise NotAllowedError("only those who go give their number")
    phone, shown_as = own_phone(uow)
    if not phone:
        raise InvalidError("no number is known", fields={"phone": ["no number is known"]})
    row = uow.session.get(ContactCard, (operation_id, uow.person))
    if row is None:
        row = ContactCard(operation_id=operation_id, person_id=uow.person, authority_id=uow.me)
        uow.session.add(row)
    row.phone, row.shown_as, row.withdrawn_at = phone, shown_as, None
    uow.session.flush()
    record(uow, "contact.give", operation_id)


def take_back_contact(uow: UnitOfWork, operation_id: UUID) -> None:
    """Take the viewer's own number out of the order again."""
    row = uow.session.get(ContactCard, (operation_id, uow.person))
    if row is None or row.authority_id != uow.me:
        raise NotFoundError("no number of yours")
    # The row stays, as everything does that others may have read; the number itself does not.
    row.phone, row.withdrawn_at = "", uow.now
    uow.session.flush()
    record(uow, "contact.take_back", operation_id)
