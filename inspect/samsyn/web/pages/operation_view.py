"""One operation as the planner's page shows it: read in a constant number of statements, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import UnitLine, authority_names, stewarded_by, units_of
from samsyn.authorities.rules import Field
from samsyn.calendars.queries import ReplyLine, Sending
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import CompileStatus, operation_status
from samsyn.lifecycle.overview import Overview, overview
from samsyn.operations.queries import PartCard, ParticipationLine, PersonLine
from samsyn.operations.rules import AFTERWARDS
from samsyn.web.pages.may import May

NOT_YET: Final = CompileStatus(frozenset(), frozenset(), None)


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation, the names that its ids stand for, and what the viewer may do."""

    seen: Overview
    may: May
    status: CompileStatus
    names: Mapping[UUID, str]
    units: Mapping[UUID, UnitLine]
    lead_person: str = ""

    def name(self, authority_id: UUID) -> str:
        """Return an authority's name."""
        return self.names.get(authority_id, "")

    def unit(self, unit_id: UUID | None) -> str:
        """Return a unit's name, or nothing where the whole authority is asked."""
        found = self.units.get(unit_id) if unit_id else None
        return found.name if found else ""

    def field(self, authority_id: UUID) -> Field | None:
        """Return what an authority's only unit supervises; none where it has several fields."""
        fields = {unit.field for unit in self.units.values() if unit.authority_id == authority_id}
        return next(iter(fields)) if len(fields) == 1 else None

    def parts_at(self, visit_id: UUID) -> list[PartCard]:
        """Return what is asked at a visit, in the order of the authorities' names."""
        parts = [part for part in self.seen.parts if part.visit_id == visit_id]
        return sorted(parts, key=lambda part: (self.name(part.authority_id), str(part.id)))

    def number(self, visit_id: UUID) -> int:
        """Return a visit's place in the order of the evening, from 1; 0 for a visit that is not shown."""
        return next((n for n, visit in enumerate(self.seen.visits, 1) if visit.id == visit_id), 0)

    @property
    def authorities(self) -> list[UUID]:
        """Everybody who takes part as far as the viewer can tell, the lead first, then by name."""
        found = {p.authority_id for p in self.seen.participations} | {p.authority_id for p in self.seen.parts}
        found |= {p.authority_id for p in self.seen.people} | {self.seen.operation.lead_id}
        return sorted(found, key=lambda one: (one != self.seen.operation.lead_id, self.name(one)))

    def quorum(self, authority_id: UUID) -> ParticipationLine | None:
        """Return how an authority takes part, where the viewer may know."""
        return next((line for line in self.seen.participations if line.authority_id == authority_id), None)

    def people_of(self, authority_id: UUID) -> Sequence[PersonLine]:
        """Return the people of one authority."""
        return [person for person in self.seen.people if person.authority_id == authority_id]

    def accepted(self, authority_id: UUID) -> int:
        """Return how many of an authority's people said yes."""
        return sum(person.state == "accepted" for person in self.people_of(authority_id))

    def sending(self, person_id: UUID) -> Sending | None:
        """Return how the newest message to a person fares."""
        return next((line for line in self.seen.sendings if line.person_id == person_id), None)

    def reply(self, person_id: UUID) -> ReplyLine | None:
        """Return a person's newest answer."""
        return next((line for line in self.seen.replies if line.person_id == person_id), None)

    def person_name(self, person_id: UUID | None) -> str:
        """Return the shown name of somebody who is asked, where the viewer may see it."""
        return next((p.shown_name for p in self.seen.people if p.person_id == person_id), "")


def read_view(uow: UnitOfWork, operation_id: UUID) -> OperationView:
    """Return the operation; ``NotFoundError`` where it is hidden or absent."""
    seen = overview(uow, operation_id)
    ids = {part.authority_id for part in seen.parts} | {person.authority_id for person in seen.people}
    ids |= {line.authority_id for line in seen.participations} | {seen.operation.lead_id}
    return OperationView(
        seen,
        May(uow.viewer, seen.operation, frozenset(stewarded_by(uow, uow.me))),
        operation_status(uow, operation_id) if seen.operation.state in AFTERWARDS else NOT_YET,
        authority_names(uow, ids),
        {unit.id: unit for unit in units_of(uow, ids)},
        lead_person_name(uow, seen),
    )


def lead_person_name(uow: UnitOfWork, seen: Overview) -> str:
    """Return the shown name of who leads on site, where one is named and the viewer may see it."""
    chosen = seen.operation.lead_person_id
    return staff_names(uow, {chosen}).get((chosen, seen.operation.lead_id), "") if chosen else ""
