"""The square of an authority: the field that it is best known for, and its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names, fields_by_name, units_of
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.rules import PartEntry

ORDER: Final = tuple(Field)
"""An authority with several fields is shown by the first of them."""
Square = tuple[Field | None, str, bool]


def squares_of(uow: UnitOfWork, authorities: set[UUID]) -> dict[UUID, Square]:
    """Return field and name by authority, as the macro ``pills`` takes them; two statements."""
    fields: dict[UUID, Field] = {}
    for unit in sorted(units_of(uow, authorities), key=lambda one: ORDER.index(one.field)):
        fields.setdefault(unit.authority_id, unit.field)
    return {one: (fields.get(one), name, False) for one, name in authority_names(uow, authorities).items()}


def square_of_part(uow: UnitOfWork, parts: Iterable[PartEntry]) -> Callable[[PartEntry], Field | None]:
    """Return what finds the field of each of a dossier's parts: its unit's, else its authority's first."""
    by_name = fields_by_name(uow, {part["authority"] for part in parts if not part["field"]})
    firsts = {name: min(fields, key=ORDER.index) for name, fields in by_name.items()}
    return lambda part: Field(part["field"]) if part["field"] else firsts.get(part["authority"])
