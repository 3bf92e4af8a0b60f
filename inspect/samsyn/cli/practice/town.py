"""What the loader knows while it loads: who is who, by the keys of the data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.calendars.letters import Links
from samsyn.cli.practice.clock import Clock
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer

NOBODY: Final = UUID(int=0)
"""Stands where nothing has been made yet."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of an authority (by its key)."""

    id: UUID
    authority: str
    field: Field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the town; ``units`` are keys, the first one is where the person's place is."""

    key: str
    id: UUID
    name: str
    address: str
    authority: str
    units: tuple[str, ...]
    roles: frozenset[str]
    account: bool
    until_day: int | None


@dataclass
class Town:
    """The town under construction."""

    data: dict[str, Any]
    clock: Clock
    links: Links
    folder: Path
    collaboration: UUID = NOBODY
    authorities: dict[str, UUID] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    businesses: dict[tuple[str, str], UUID] = field(default_factory=dict)
    premises: dict[str, UUID] = field(default_factory=dict)
    hot_spots: dict[str, UUID] = field(default_factory=dict)
    focus_areas: dict[tuple[int, str], UUID] = field(default_factory=dict)
    activities: dict[str, UUID] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)

    @property
    def coordinator(self) -> Viewer:
        """Who keeps what the collaboration shares."""
        return self.viewer(self.data["collaboration"]["coordinator"])

    def viewer(self, person: str) -> Viewer:
        """Return a person as the database sees that person."""
        one = self.persons[person]
        return Viewer(self.authorities[one.authority], one.id, one.roles)

    def authority_of(self, unit: str) -> str:
        """Return the key of a unit's authority."""
        return self.units[unit].authority

    def planner(self, authority: str, unit: str | None = None) -> Viewer:
        """Return a planner of the authority, of the unit where it has one of its own."""
        able = [p for p in self.persons.values() if p.authority == authority and "planner" in p.roles]
        return self.viewer(next((p for p in able if unit in p.units), able[0]).key)

    def admin(self, authority: str) -> Viewer:
        """Return the authority's unit administrator."""
        able = (p for p in self.persons.values() if p.authority == authority and "unit_admin" in p.roles)
        return self.viewer(next(able).key)

    def business_at(self, premises: str, day: int) -> UUID:
        """Return the business that ran a place on a day: the first of its operators who was there."""
        place = next(p for p in self.data["premises"] if p["key"] == premises)
        there = [who for who in place["operators"] if who["since"] <= day <= who.get("until", day)]
        return self.businesses[premises, (there or place["operators"])[0]["operator"]]

    @contextmanager
    def at(self, viewer: Viewer, moment: datetime) -> Iterator[UnitOfWork]:
        """Open a unit of work as somebody, at the moment at which it happened; nothing happens after the loading."""
        with unit_of_work(viewer, min(moment, self.clock.now)) as uow:
            yield uow
