"""What an operation, a unit and a person are called to this viewer: never more than was read for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from samsyn.authorities.queries import UnitLine
from samsyn.authorities.rules import Field
from samsyn.operations.queries import OperationCard
from samsyn.planning.queries import WeekRead
from samsyn.web.shell import LOOK, t

SHOWN = 2
"""People named in a cell; the others are a number."""


class Names:
    """Names of one week."""

    def __init__(self, read: WeekRead) -> None:
        self.read = read
        self.titles: dict[UUID, str] = {}

    @cached_property
    def units(self) -> dict[UUID, UnitLine]:
        """The units that have a row, by id."""
        return {one.id: one for one in self.read.units}

    @cached_property
    def known(self) -> dict[UUID, UnitLine]:
        """Units by id, a guest's among them."""
        return {one.id: one for one in (*self.read.units, *self.read.guest_units)}

    @cached_property
    def authorities(self) -> dict[UUID, str]:
        """Names of authorities by id."""
        return {**self.read.guests, **{one.id: one.name for one in self.read.authorities}}

    @cached_property
    def units_of(self) -> dict[UUID, list[UnitLine]]:
        """An authority's units."""
        found: dict[UUID, list[UnitLine]] = {}
        for one in self.known.values():
            found.setdefault(one.authority_id, []).append(one)
        return found

    @cached_property
    def twice(self) -> set[str]:
        """Names that more than one unit has."""
        names = [one.name for one in self.read.units]
        return {name for name in names if names.count(name) > 1}

    def asked(self, authority_id: UUID, unit_id: UUID | None) -> str:
        """Return the unit that is asked, or the authority where all of it is."""
        unit = self.known.get(unit_id) if unit_id else None
        if unit is not None and unit.name in self.twice:
            return f"{unit.name}, {self.authorities.get(authority_id, '')}"
        return unit.name if unit else self.authorities.get(authority_id, "")

    def field(self, authority_id: UUID, unit_id: UUID | None) -> Field | None:
        """Return what the asked unit supervises; of a whole authority its one field, if it has one."""
        unit = self.known.get(unit_id) if unit_id else None
        if unit is not None:
            return unit.field
        fields = {one.field for one in self.units_of.get(authority_id, ())}
        return next(iter(fields)) if len(fields) == 1 else None

    def person(self, person_id: UUID, authority_id: UUID) -> str:
        """Return a colleague's shown name, or nothing."""
        found = self.read.place_of.get((person_id, authority_id))
        return found.shown_name if found else ""

    def people(self, whom: Iterable[tuple[UUID, UUID]]) -> str:
        """Return some people in a few words."""
        names = sorted({name for one in whom if (name := self.person(*one))})
        more = len(names) - SHOWN
        shown = ", ".join(names[:SHOWN])
        return t("week.and_more", names=shown, n=more) if more > 0 else shown

    def title(self, operation: OperationCard) -> str:
        """Return the order's title, else the first place, else the code word: the first that the viewer may read."""
        if operation.id not in self.titles:
            places = (one.name for one in self.read.visits.get(operation.id, ()) if one.name)
            found = self.read.titles.get(operation.id) or next(places, None)
            self.titles[operation.id] = found or t("operations.page.name", code_word=operation.code_word)
        return self.titles[operation.id]

    def where(self, operation: OperationCard) -> str:
        """Return the address of the one visit, else how many visits there are."""
        visits = self.read.visits.get(operation.id, ())
        if len(visits) == 1:
            return visits[0].address or ""
        return t("week.places", n=len(visits)) if visits else ""


RANKS = {field: n for n, field in enumerate(LOOK)}


def rank(field: Field | None) -> int:
    """Return a field's place in a row of squares."""
    return RANKS.get(field, len(RANKS))
