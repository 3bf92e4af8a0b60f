"""Which version of which checklist a part uses: the newest one until its first answer, then that one for ever."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.queries import unit_of_person
from samsyn.authorities.queries import unit_fields
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Checklist, ChecklistVersion, PartChecklist
from samsyn.operations.queries import PartCard


def usable(uow: UnitOfWork, part: PartCard) -> tuple[UUID, int] | None:
    """Return the list for the part's field and its version: the one said before, else the newest.

    The authority's own list comes before the house's; a part that began with the house's keeps it. None where the
    field has no list. A part that names no unit of several may use one list per field.
    """
    field = field_of(uow, part)
    said = (
        select(PartChecklist.n)
        .where(PartChecklist.part_id == part.id, PartChecklist.checklist_id == Checklist.id)
        .scalar_subquery()
    )
    newest = (
        select(Checklist.id, func.coalesce(said, func.max(ChecklistVersion.n)))
        .join(ChecklistVersion, ChecklistVersion.checklist_id == Checklist.id)
        .where(
            Checklist.field == field,
            Checklist.authority_id.is_(None) | (Checklist.authority_id == part.authority_id),
        )
        .group_by(Checklist.id, Checklist.code)
        .order_by(said.is_(None), Checklist.authority_id.is_(None), Checklist.code)
        .limit(1)
    )
    row = uow.session.execute(newest).one_or_none()
    return None if row is None else (row[0], row[1])


def field_of(uow: UnitOfWork, part: PartCard) -> Field | None:
    """Return the field of the part's unit or of the authority's only one; else that of the viewer's own unit."""
    if part.field is not None or uow.viewer.person_id is None:
        return part.field
    unit_id = unit_of_person(uow, uow.person)
    return None if unit_id is None else unit_fields(uow, {unit_id}).get(unit_id)
