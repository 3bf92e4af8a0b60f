"""Ask another authority for what it wrote at a visit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from samsyn.access.queries import staff_names
from samsyn.audit.service import record
from samsyn.businesses.queries import get_business
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.models import InformationRequest
from samsyn.disclosures.queries.asked import askable
from samsyn.disclosures.rules import MOST_REFERENCE, READERS, NotTakenError, Refusal, checked_words
from samsyn.operations.queries import get_operation, get_target, parts_of


@dataclass(frozen=True, slots=True)
class AskFor:
    """A question to an authority that was at a visit; ``law`` and ``reference`` (a case number) may be empty."""

    request_id: UUID
    business_id: UUID
    visit_id: UUID
    to_id: UUID
    question: str
    law: str = ""
    reference: str = ""
    mask: bool = False
    confirmed: bool = False


def ask_for(uow: UnitOfWork, command: AskFor) -> None:
    """Ask; the question is read by both sides. Raises ``NotFoundError`` for a visit that the viewer knows nothing of.

    Known is a visit that the own authority takes part in, or one that others' traces tell of.
    """
    if not uow.viewer.roles & READERS or uow.viewer.person_id is None:
        raise NotAllowedError("this role asks for no findings")
    collaboration_id = known(uow, command)
    words = {"mask": command.mask, "confirmed": command.confirmed}
    question = checked_words("question", command.question, **words)
    if not question:
        raise NotTakenError("question", Refusal.REASON_NEEDED)
    uow.session.execute(
        insert(InformationRequest).values(
            id=command.request_id,
            from_id=uow.me,
            to_id=command.to_id,
            collaboration_id=collaboration_id,
            business_id=command.business_id,
            visit_id=command.visit_id,
            law=checked_words("law", command.law, limit=MOST_REFERENCE, **words),
            question=question,
            reference=checked_words("reference", command.reference, limit=MOST_REFERENCE, **words),
            asked_by=uow.person,
            asked_name=staff_names(uow, {uow.person}).get((uow.person, uow.me), ""),
            at=uow.now,
        )
    )
    record(uow, "information.ask", command.request_id)
    record(uow, "information.ask", command.request_id, owner=command.to_id)


def known(uow: UnitOfWork, command: AskFor) -> UUID:
    """Return the collaboration of what is asked about; ``NotFoundError`` unless the asked one is known to be there.

    A guest of an operation is no member and reads no registry, but knows the visits that it took part in.
    """
    try:
        business = get_business(uow, command.business_id)
    except NotFoundError:
        target = get_target(uow, command.visit_id)
        parts = parts_of(uow, target.operation_id) if target and target.business_id == command.business_id else []
        there = {p.authority_id for p in parts if p.visit_id == command.visit_id and p.accepted and not p.withdrawn}
        if target is None or command.to_id not in there - {uow.me}:
            raise
        return get_operation(uow, target.operation_id).collaboration_id
    if command.to_id not in askable(uow, business).get(command.visit_id, ()):
        raise NotFoundError("no such visit of that authority")
    return business.collaboration_id
