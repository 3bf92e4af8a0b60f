"""At which part the viewer may write now."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.rules import READERS, WRITABLE, WRITERS, Missing
from samsyn.operations.queries import PartCard, get_part


def writable_part(uow: UnitOfWork, part_id: UUID) -> PartCard:
    """Return a part of the viewer's authority at which something may be written now.

    Raises ``NotAllowedError`` without a role that writes, ``NotFoundError`` for another authority's part (or jäv), and
    ``GateClosedError`` naming what is missing: the ground is stated before the first finding (PRODUCT, ad hoc).
    """
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("only an inspector, planner or decider writes findings")
    part = own_part(uow, part_id)
    if missing := tuple(_missing(part)):
        raise GateClosedError("nothing may be written at this part now", missing)
    return part


def closed_because(uow: UnitOfWork, part_id: UUID) -> tuple[str, ...]:
    """Return why nothing may be written at a part now, nothing when it may; raises as above for who never writes."""
    try:
        writable_part(uow, part_id)
    except GateClosedError as error:
        return error.missing
    return ()


def readable_part(uow: UnitOfWork, part_id: UUID) -> PartCard:
    """Return a part of the viewer's authority; raise ``NotAllowedError`` or ``NotFoundError``."""
    may_read(uow)
    return own_part(uow, part_id)


def may_read(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for somebody whose roles read no findings (observer, administrator alone)."""
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads no findings")


def own_part(uow: UnitOfWork, part_id: UUID) -> PartCard:
    """Return a part of the viewer's authority; others' are as absent (R2)."""
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part")
    return part


def _missing(part: PartCard) -> Iterator[Missing]:
    if part.withdrawn:
        yield Missing.PART_WITHDRAWN
    if part.operation_state not in WRITABLE:
        yield Missing.ONGOING
    if part.handed_in:
        yield Missing.NOT_HANDED_IN
    if not part.accepted:
        yield Missing.ACCEPTED
    if not (part.legal_basis or "").strip():
        yield Missing.LEGAL_BASIS
    if part.field is Field.POLICE and part.police_role is None:
        yield Missing.POLICE_ROLE
