"""What a visit's form asks of each member of the collaboration: one row of fields per authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import Field, create_model

from samsyn.access.queries import list_staff
from samsyn.authorities.queries import AuthorityLine, UnitLine, units_of
from samsyn.core.uow import UnitOfWork
from samsyn.operations.service import AskPart
from samsyn.web.listing import ALL
from samsyn.web.pages.missing import competence
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.shell import t

ROW = ("asked", "unit", "people", "competence")


class VisitForm(Body):
    """A visit; ``visit_model`` adds a row of fields per authority."""

    business_id: UUID
    starts_at: Moment
    ends_at: Moment
    announced: bool = False
    open_at: Moment | None = None
    safety_note: Prose | None = None


@dataclass(frozen=True, slots=True)
class Askable:
    """What can be asked of an authority: its units, and the competences that its people have."""

    units: tuple[UnitLine, ...]
    competences: tuple[tuple[str, str], ...]

    @property
    def unit_options(self) -> list[tuple[str, str]]:
        """Return the units as choices."""
        return [(str(unit.id), unit.name) for unit in self.units]


def visit_model(members: Sequence[AuthorityLine]) -> type[VisitForm]:
    """Return the form's model with the fields ``asked_<id>``, ``unit_<id>``, ``people_<id>``, ``competence_<id>``."""
    fields: dict[str, Any] = {}
    for one in members:
        fields[f"asked_{one.id.hex}"] = (bool, False)
        fields[f"unit_{one.id.hex}"] = (UUID | None, None)
        fields[f"people_{one.id.hex}"] = (int, Field(default=1, ge=1, le=50))
        fields[f"competence_{one.id.hex}"] = (Line | None, None)  # pyright: ignore[reportOperatorIssue]
    return create_model("VisitFormOfMembers", __base__=VisitForm, **fields)


def asked_parts(form: VisitForm, members: Sequence[AuthorityLine]) -> tuple[AskPart, ...]:
    """Return what is asked of the authorities that were ticked."""
    rows = ((one.id, [getattr(form, f"{name}_{one.id.hex}") for name in ROW]) for one in members)
    return tuple(AskPart(one, unit, people, code) for one, (asked, unit, people, code) in rows if asked)


def codes_of(uow: UnitOfWork, members: Sequence[AuthorityLine]) -> dict[UUID, Askable]:
    """Return what can be asked of each authority, in three statements."""
    units = units_of(uow, {one.id for one in members})
    staff = list_staff(uow, limit=ALL)
    found = {}
    for one in members:
        own = tuple(unit for unit in units if unit.authority_id == one.id)
        codes = {code for person in staff if person.authority_id == one.id for code in person.competences}
        found[one.id] = Askable(own, by_word(codes))
    return found


def by_word(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the choices by their words, each once: of two codes that say the same, the first is offered."""
    words: dict[str, str] = {}
    for code in sorted(codes):
        words.setdefault(competence(code), code)
    return tuple((code, word) for word, code in sorted(words.items()))


def first_answers(codes: Mapping[UUID, Askable]) -> dict[str, object]:
    """Return what the rows begin with: one person, and the only unit where there is just one."""
    found: dict[str, object] = {}
    for one, askable in codes.items():
        found[f"people_{one.hex}"] = 1
        if len(askable.units) == 1:
            found[f"unit_{one.hex}"] = askable.units[0].id
    return found


def part_labels(members: Sequence[AuthorityLine]) -> dict[str, str]:
    """Return the words of the rows' fields for the summary of faults."""
    return {
        f"{name}_{one.id.hex}": f"{one.name}, {t(f'operations.field_of.part_{name}')}"
        for one in members
        for name in ROW
    }
