"""Places and who can take them: facts in, suggestions out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.access.queries import StaffLine
from samsyn.operations.queries import HeldTime, PartCard, PersonLine
from samsyn.operations.rules import AssignmentState
from samsyn.planning.queries import AwayTime
from samsyn.planning.rules import Unavailability

GOES_OUT: Final = frozenset({"inspector"})
"""Roles that are proposed where no competence is asked for; with the right competence everybody is."""


@dataclass(frozen=True, slots=True)
class Need:
    """So many people of one unit (or any), able to do something (or anything)."""

    unit_id: UUID | None
    competence: str | None
    wanted: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague whose time is free as far as is known; ``sure`` where the person's hours are known."""

    staff: StaffLine
    sure: bool
    of_unit: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A need, who fills it, and who could; ``taken``: how many able colleagues have something else then."""

    need: Need
    people: tuple[PersonLine, ...] = ()
    free: tuple[Candidate, ...] = ()
    taken: int = 0

    @property
    def open(self) -> int:
        """How many places nobody holds."""
        return max(0, self.need.wanted - len(self.people))

    @property
    def accepted(self) -> int:
        """How many have said yes."""
        return sum(person.state is AssignmentState.ACCEPTED for person in self.people)


@dataclass(frozen=True, slots=True)
class Span:
    """When people are wanted."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether a time has an instant in common with this one; what touches does not."""
        return starts_at < self.ends_at and ends_at > self.starts_at


def needs_of(parts: Iterable[PartCard], minimum: int) -> list[Need]:
    """Return what an authority is asked for in one operation, the most able first.

    The same people go from visit to visit, so of each unit the most at one visit is wanted, and of each competence
    too; what the quorum wants beyond is anybody. Parts that were withdrawn or answered with no ask for nothing.
    """
    wanted: dict[tuple[UUID | None, str], int] = {}
    most: dict[UUID | None, int] = {}
    for part in parts:
        if part.withdrawn or part.accepted is False:
            continue
        most[part.unit_id] = max(most.get(part.unit_id, 0), part.people)
        key = part.unit_id, part.competence or ""
        wanted[key] = max(wanted.get(key, 0), part.people if part.competence else 0)
    for unit, people in most.items():
        able = sum(n for (of, code), n in wanted.items() if of == unit and code)
        wanted[unit, ""] = max(0, people - able)
    beyond = minimum - sum(wanted.values())
    if beyond > 0:
        wanted[None, ""] = wanted.get((None, ""), 0) + beyond
    needs = [Need(unit, code or None, n) for (unit, code), n in wanted.items() if n]
    return sorted(needs, key=lambda need: (need.competence is None, need.competence or "", str(need.unit_id)))


def fill(
    needs: Sequence[Need], people: Iterable[PersonLine], able: Mapping[UUID, frozenset[str]], units: Mapping[UUID, UUID]
) -> list[Slot]:
    """Put who goes into the places: who said yes before who is only asked, who can least before who can more.

    Nobody is left out: who fits no place stands in the last one, or in one that wants nobody.
    """
    held: list[list[PersonLine]] = [[] for _ in needs]
    codes = {need.competence for need in needs}
    waiting = sorted(
        (person for person in people if person.goes),
        key=lambda p: (
            p.state is not AssignmentState.ACCEPTED,
            len(able.get(p.person_id, frozenset()) & codes),
            str(p.person_id),
        ),
    )
    rest = []
    for person in waiting:
        fits = [
            n
            for n, need in enumerate(needs)
            if len(held[n]) < need.wanted
            and (need.competence is None or need.competence in able.get(person.person_id, frozenset()))
        ]
        best = min(
            fits,
            key=lambda n: (needs[n].competence is None, needs[n].unit_id not in {None, units.get(person.person_id)}, n),
            default=None,
        )
        if best is None:
            rest.append(person)
        else:
            held[best].append(person)
    slots = [Slot(need, tuple(some)) for need, some in zip(needs, held, strict=True)]
    return [*slots, Slot(Need(None, None, 0), tuple(rest))] if rest else slots


def is_able(staff: StaffLine, need: Need) -> bool:
    """Say whether a colleague can be proposed for a place."""
    if need.competence is not None:
        return need.competence in staff.competences
    return bool(GOES_OUT & set(staff.roles))


def candidates(
    need: Need, span: Span, staff: Iterable[StaffLine], held: Sequence[HeldTime], away: Sequence[AwayTime]
) -> tuple[tuple[Candidate, ...], int]:
    """Return the able colleagues who are free then, those of the unit first, and how many able ones are not."""
    busy = {one.person_id for one in held if span.meets(one.starts_at, one.ends_at)}
    meets = [one for one in away if span.meets(one.starts_at, one.ends_at)]
    busy |= {one.person_id for one in meets if one.state is Unavailability.BUSY}
    unknown = {one.person_id for one in meets if one.state is Unavailability.UNKNOWN}
    able = [one for one in staff if is_able(one, need)]
    free = [
        Candidate(one, one.person_id not in unknown, need.unit_id in {None, one.unit_id})
        for one in able
        if one.person_id not in busy
    ]
    order = sorted(free, key=lambda c: (not c.of_unit, not c.sure, c.staff.shown_name, str(c.staff.person_id)))
    return tuple(order), len(able) - len(free)
