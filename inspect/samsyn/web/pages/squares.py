"""The square of an authority: the field of its first unit, and its name."""

from __future__ import annotations

from uuid import UUID

from samsyn.authorities.queries import authority_names, units_of
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork

Square = tuple[Field | None, str, bool]


def squares_of(uow: UnitOfWork, authorities: set[UUID]) -> dict[UUID, Square]:
    """Return field and name by authority, as the macro ``pills`` takes them; two statements."""
    fields: dict[UUID, Field] = {}
    for unit in units_of(uow, authorities):
        fields.setdefault(unit.authority_id, unit.field)
    return {one: (fields.get(one), name, False) for one, name in authority_names(uow, authorities).items()}
