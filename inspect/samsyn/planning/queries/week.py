"""A whole week as one viewer may see it: one statement for each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, TypeVar
from uuid import UUID

from samsyn.access.queries import StaffLine, list_staff
from samsyn.authorities.queries import AuthorityLine, UnitLine, authority_names, partners, units_of
from samsyn.businesses.queries import OpenLine, opening_hours_of
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import (
    AskedLine,
    BookedLine,
    GoerLine,
    PlaceLine,
    asked_of,
    bookings_between,
    goers_of,
    operations_between,
    partakers_of,
    places_of,
    titles_of,
)
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.away import times_away
from samsyn.planning.queries.hours import LeaveLine, own_leave_between, own_shifts_between
from samsyn.planning.rules import Span, Unavailability

T = TypeVar("T")
STAFF: Final = 5000
INSPECTOR: Final = "inspector"


@dataclass(frozen=True)
class WeekRead:
    """What was read. ``visits``, ``asked`` and ``goers`` by operation; ``open`` by business, ``taken`` by person.

    ``guests`` are authorities that are asked without being in a collaboration with the viewer's: named, without a row.
    """

    week: Week
    viewer: Viewer
    now: datetime
    operations: Sequence[OperationCard]
    titles: Mapping[UUID, str]
    visits: Mapping[UUID, Sequence[PlaceLine]]
    asked: Mapping[UUID, Sequence[AskedLine]]
    goers: Mapping[UUID, Sequence[GoerLine]]
    partakers: Mapping[UUID, frozenset[UUID]]
    authorities: Sequence[AuthorityLine]
    units: Sequence[UnitLine]
    guests: Mapping[UUID, str]
    guest_units: Sequence[UnitLine]
    staff: Sequence[StaffLine]
    booked: Sequence[BookedLine]
    taken: Mapping[UUID, Sequence[Span]]
    leave: Sequence[LeaveLine]
    shifts: Mapping[UUID, Sequence[Span]]
    open: Mapping[UUID, Sequence[OpenLine]]

    @cached_property
    def people(self) -> dict[UUID, list[StaffLine]]:
        """Who goes out, by unit: its inspectors; everybody where it has none."""
        by_unit = gathered(self.staff, lambda one: one.unit_id)
        return {unit: [one for one in all_ if INSPECTOR in one.roles] or all_ for unit, all_ in by_unit.items()}

    @cached_property
    def sent_by(self) -> dict[tuple[UUID, UUID], list[tuple[UUID | None, GoerLine]]]:
        """Who is asked or goes, each with their unit where the viewer may see it, by operation and authority."""
        found: dict[tuple[UUID, UUID], list[tuple[UUID | None, GoerLine]]] = {}
        for lines in self.goers.values():
            for one in lines:
                found.setdefault((one.operation_id, one.authority_id), []).append((self.unit_of(one), one))
        return found

    @cached_property
    def place_of(self) -> dict[tuple[UUID, UUID], StaffLine]:
        """A colleague by person and authority."""
        return {(one.person_id, one.authority_id): one for one in self.staff}

    @cached_property
    def held(self) -> dict[UUID, list[BookedLine]]:
        """Held times by person."""
        return gathered(self.booked, lambda one: one.person_id)

    def unit_of(self, goer: GoerLine) -> UUID | None:
        """Return whose person that is, where the viewer may see it."""
        place = self.place_of.get((goer.person_id, goer.authority_id))
        return place.unit_id if place else None

    @property
    def plans(self) -> bool:
        """Whether the viewer plans, and so sees when the people of the others are busy."""
        return "planner" in self.viewer.roles

    def sees_time_of(self, authority_id: UUID) -> bool:
        """Say whether the viewer may know when an authority's people are busy."""
        return self.plans or authority_id == self.viewer.authority_id

    def busy(self, person_id: UUID) -> list[Span]:
        """Return when a person can take nothing more on."""
        held = [(one.starts_at, one.ends_at) for one in self.held.get(person_id, ())]
        return [*held, *self.taken.get(person_id, ())]


def gathered(rows: Iterable[T], key: Callable[[T], UUID]) -> dict[UUID, list[T]]:
    """Return rows under their key, in their order."""
    found: dict[UUID, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def read_week(uow: UnitOfWork, week: Week) -> WeekRead:
    """Read a week; the number of statements does not depend on what is in it."""
    operations = operations_between(uow, *week.span)
    ids = {one.id for one in operations}
    visits = places_of(uow, ids)
    goers, asked = goers_of(uow, ids), asked_of(uow, ids)
    authorities = sorted(partners(uow), key=lambda one: one.id != uow.me)  # stable: the own one first, then by name
    order = {one.id: n for n, one in enumerate(authorities)}
    guests = {one.authority_id for one in asked} - set(order)
    units = units_of(uow, {*order, *guests})
    staff = [one for one in list_staff(uow, limit=STAFF) if one.authority_id in order]
    people = {one.person_id for one in staff}
    return WeekRead(
        week=week,
        viewer=uow.viewer,
        now=uow.now,
        operations=operations,
        titles=titles_of(uow, ids),
        visits=gathered(visits, lambda one: one.operation_id),
        asked=gathered(asked, lambda one: one.operation_id),
        goers=gathered(goers, lambda one: one.operation_id),
        partakers=partakers_of(uow, ids),
        authorities=authorities,
        units=sorted((one for one in units if one.authority_id in order), key=lambda one: order[one.authority_id]),
        guests=authority_names(uow, guests),
        guest_units=[one for one in units if one.authority_id in guests],
        staff=staff,
        booked=bookings_between(uow, people, *week.span),
        taken=taken_times(uow, people, week.span),
        leave=own_leave_between(uow, week.span),
        shifts=own_shifts_between(uow, week.span),
        open=opening_hours_of(uow, {one.business_id for one in visits if one.business_id}),
    )


def taken_times(uow: UnitOfWork, people: set[UUID], period: Span) -> dict[UUID, list[Span]]:
    """When some people cannot, as far as the viewer may learn it; hours that nobody knows of are assumed to be free."""
    found: dict[UUID, list[Span]] = {}
    for one in times_away(uow, people, period):
        if one.state is Unavailability.BUSY:
            found.setdefault(one.person_id, []).append((one.starts_at, one.ends_at))
    return found
