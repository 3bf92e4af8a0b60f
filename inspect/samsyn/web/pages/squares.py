"""The square of an authority: the field that it is best known for, and its name."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names, units_of
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork

ORDER: Final = tuple(Field)
"""An authority with several fields is shown by the first of them."""
Square = tuple[Field | None, str, bool]


def squares_of(uow: UnitOfWork, authorities: set[UUID]) -> dict[UUID, Square]:
    """Return field and name by authority, as the macro ``pills`` takes them; two statements."""
    fields: dict[UUID, Field] = {}
    for unit in sorted(units_of(uow, authorities), key=lambda one: ORDER.index(one.field)):
        fields.setdefault(unit.authority_id, unit.field)
    return {one: (fields.get(one), name, False) for one, name in authority_names(uow, authorities).items()}
