"""One operation as its page shows it: read in a constant number of statements, whatever its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import UnitLine, authority_names, stewarded_by, units_of
from samsyn.authorities.rules import Field
from samsyn.businesses.queries import OpenLine, closes_at, opening_hours_of
from samsyn.calendars.queries import ReplyLine, Sending, reminders_of
from samsyn.calendars.rules import Happened, Method
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import CompileStatus
from samsyn.lifecycle.overview import Overview, overview
from samsyn.operations.queries import (
    ContactLine,
    MessageLine,
    OrderLine,
    PartCard,
    ParticipationLine,
    PersonLine,
    TeamLine,
    VisitLine,
    contacts_given,
    is_recused,
    messages_of,
    order_of,
    teams_of,
)
from samsyn.operations.rules import AFTERWARDS, TOLD, AssignmentState, OperationState, usual_opening
from samsyn.web.pages.may import May

LEAVES_WITHIN: Final = timedelta(minutes=2)
"""As long as the page follows by itself how invitations leave; what takes longer waits for something."""
Square = tuple[Field | None, str, bool]
"""A unit's square: its field, its authority's name, and whether its answer is still missing."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation, the names that its ids stand for, and what the viewer may do.

    ``order`` is None where it is not written or not open to the viewer; ``recused``: by a conflict of interest.
    """

    seen: Overview
    may: May
    names: Mapping[UUID, str]
    units: Mapping[UUID, UnitLine]
    staff: Mapping[tuple[UUID, UUID], str]
    order: OrderLine | None
    teams: Sequence[TeamLine]
    messages: Sequence[MessageLine]
    contacts: Sequence[ContactLine]
    hours: Mapping[UUID, Sequence[OpenLine]]
    reminded: Mapping[UUID, datetime]
    recused: bool

    @property
    def status(self) -> CompileStatus:
        """What is compiled of it."""
        return self.seen.status

    @property
    def title(self) -> str:
        """The order's title, where the viewer may read it."""
        return (self.order.title or "") if self.order else ""

    @property
    def opens_at(self) -> datetime:
        """When the order opens: as it says itself, else as a rule."""
        op = self.seen.operation
        return self.order.open_at if self.order else usual_opening(op.meets_at, op.starts_at)

    @property
    def secret(self) -> bool:
        """Say whether it must not be known before it is done (OSL 17:1): derived from announced and state (R9)."""
        if self.seen.operation.state in AFTERWARDS | {OperationState.CANCELLED, OperationState.ABORTED}:
            return False
        hidden = any(not target.announced for target in self.seen.targets.values())
        return hidden or any(part.announced is False for part in self.parts)

    @property
    def parts(self) -> list[PartCard]:
        """What is asked and not taken back."""
        return [part for part in self.seen.parts if not part.withdrawn]

    @property
    def version(self) -> int:
        """How many times the invitation was written to whom it was written most often; 0 before any was."""
        return max(Counter(s.person_id for s in self.seen.sent if s.method is Method.REQUEST).values(), default=0)

    def name(self, authority_id: UUID) -> str:
        """Return an authority's name."""
        return self.names.get(authority_id, "")

    def unit(self, unit_id: UUID | None) -> str:
        """Return a unit's name, or nothing where the whole authority is asked."""
        found = self.units.get(unit_id) if unit_id else None
        return found.name if found else ""

    def many_units(self, authority_id: UUID) -> bool:
        """Say whether an authority has several units, so that one has to be named."""
        return sum(unit.authority_id == authority_id for unit in self.units.values()) > 1

    def field(self, authority_id: UUID) -> Field | None:
        """Return what an authority's asked unit, else its only unit supervises; none where it has several fields."""
        asked = {part.field for part in self.parts if part.authority_id == authority_id and part.field}
        fields = asked or {unit.field for unit in self.units.values() if unit.authority_id == authority_id}
        return next(iter(fields)) if len(fields) == 1 else None

    def squares(self, parts: Sequence[PartCard] | None = None) -> list[Square]:
        """Return the units of some parts (default: all), dashed where a yes is missing, from the part or its people."""
        found: dict[tuple[UUID, Field | None], bool] = {}
        for part in sorted(self.parts if parts is None else parts, key=lambda one: self.name(one.authority_id)):
            if not part.withdrawn:
                key = (part.authority_id, part.field)
                found[key] = found.get(key, False) or not part.accepted or self.lacks_people(part.authority_id)
        return [(field, self.name(authority_id), waits) for (authority_id, field), waits in found.items()]

    def lacks_people(self, authority_id: UUID) -> bool:
        """Say whether, once people are invited, fewer of an authority have said yes than it must bring."""
        line = self.quorum(authority_id)
        told = self.seen.operation.state in TOLD
        return told and line is not None and line.required and self.accepted(authority_id) < line.minimum

    def parts_at(self, visit_id: UUID) -> list[PartCard]:
        """Return what is asked at a visit, in the order of the authorities' names."""
        parts = [part for part in self.seen.parts if part.visit_id == visit_id]
        return sorted(parts, key=lambda part: (self.name(part.authority_id), str(part.id)))

    def number(self, visit_id: UUID) -> int:
        """Return a visit's place in the order of the evening, from 1; 0 for a visit that is not shown."""
        return next((n for n, visit in enumerate(self.seen.visits, 1) if visit.id == visit_id), 0)

    def closes(self, visit: VisitLine) -> datetime | None:
        """Return when the business that a visit goes to closes, if it is open when the visit begins."""
        target = self.seen.targets.get(visit.id)
        return closes_at(self.hours.get(target.business_id, ()), visit.starts_at) if target else None

    def knows_hours(self, visit: VisitLine) -> bool:
        """Say whether opening hours of the business are on record."""
        target = self.seen.targets.get(visit.id)
        return target is not None and bool(self.hours.get(target.business_id))

    def teams_at(self, visit_id: UUID) -> list[str]:
        """Return the names of the teams that go to a visit."""
        return [team.name for team in self.teams if visit_id in team.visit_ids]

    def team_of(self, assignment_id: UUID) -> str:
        """Return the name of the team that somebody goes with."""
        return next((team.name for team in self.teams if assignment_id in team.assignment_ids), "")

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
        return sum(person.state is AssignmentState.ACCEPTED for person in self.people_of(authority_id))

    def sending(self, person_id: UUID) -> Sending | None:
        """Return how the newest message to a person fares."""
        return next((line for line in self.seen.sendings if line.person_id == person_id), None)

    @property
    def leaving(self) -> bool:
        """Say whether invitations are on their way just now: written in the last two minutes, and not yet settled."""
        since = datetime.now(UTC) - LEAVES_WITHIN
        return any(line.happened in {None, Happened.BEGIN} and line.at > since for line in self.seen.sendings)

    def reply(self, person_id: UUID) -> ReplyLine | None:
        """Return a person's newest answer."""
        return next((line for line in self.seen.replies if line.person_id == person_id), None)

    def phone(self, person_id: UUID | None) -> str:
        """Return the number that somebody gave for the evening, where the viewer may read it."""
        return next((card.phone for card in self.contacts if card.person_id == person_id), "")

    def person_name(self, person_id: UUID | None) -> str:
        """Return the shown name of somebody who is asked or leads on site, where the viewer may see it."""
        return next((name for (person, _), name in self.staff.items() if person == person_id), "")

    @property
    def lead_person(self) -> str:
        """The shown name of who leads on site."""
        op = self.seen.operation
        return self.staff.get((op.lead_person_id, op.lead_id), "") if op.lead_person_id else ""

    @property
    def goes(self) -> PersonLine | None:
        """The viewer's own place, while it holds the time."""
        me = (self.may.viewer.person_id, self.may.viewer.authority_id)
        return next((p for p in self.seen.people if (p.person_id, p.authority_id) == me and p.goes), None)


def read_view(uow: UnitOfWork, operation_id: UUID) -> OperationView:
    """Return the operation; ``NotFoundError`` where it is hidden or absent."""
    seen = overview(uow, operation_id)
    ids = {part.authority_id for part in seen.parts} | {person.authority_id for person in seen.people}
    ids |= {line.authority_id for line in seen.participations} | {seen.operation.lead_id}
    recused = is_recused(uow, operation_id)
    messages = [] if recused else messages_of(uow, operation_id)
    people = {person.person_id for person in seen.people} | {line.person_id for line in seen.replies}
    people |= {seen.operation.lead_person_id} if seen.operation.lead_person_id else set()
    return OperationView(
        seen=seen,
        may=May(uow.viewer, seen.operation, frozenset(stewarded_by(uow, uow.me))),
        names=authority_names(uow, ids | {message.authority_id for message in messages}),
        units={unit.id: unit for unit in units_of(uow, ids)},
        staff=staff_names(uow, people),
        order=order_of(uow, operation_id),
        teams=teams_of(uow, operation_id),
        messages=messages,
        contacts=contacts_given(uow, operation_id),
        hours=opening_hours_of(uow, {target.business_id for target in seen.targets.values()}),
        reminded=reminders_of(uow, operation_id),
        recused=recused,
    )
