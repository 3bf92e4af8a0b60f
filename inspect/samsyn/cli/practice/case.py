"""One operation of the data: who leads it, when what happened, and what has been made of it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from samsyn.cli.practice.clock import MINUTES, minutes_of
from samsyn.cli.practice.town import NOBODY, Town
from samsyn.core.viewer import Viewer

AHEAD: Final = 24  # days between the idea and the evening, where nothing else is told
LATEST: Final = -12  # and the last day on which anything of this town was proposed
PROPOSED: Final = ("13:00", "16:00")
"""When a mere proposal is thought to be, whose hour is not told."""
STATES: Final = (
    "proposed", "preparing", "scheduled", "invited", "confirmed", "ongoing", "done", "reported", "compiled", "closed",
)  # fmt: skip


@dataclass
class Part:
    """What one unit was asked at a visit."""

    said: dict[str, Any]
    unit: str
    authority: str
    id: UUID = NOBODY
    answered: bool = False

    @property
    def people(self) -> list[str]:
        """Who goes for it, by key."""
        return list(self.said["people"])


@dataclass
class Stop:
    """One visit."""

    said: dict[str, Any]
    starts_at: datetime
    ends_at: datetime
    parts: list[Part]
    id: UUID = NOBODY


@dataclass
class Case:
    """An operation under construction. ``day`` is the one on which it was first planned to be."""

    town: Town
    said: dict[str, Any]
    id: UUID = NOBODY
    assignments: dict[str, UUID] = field(default_factory=dict)

    @cached_property
    def day(self) -> int:
        """The day for which it was first planned."""
        when = self.said["when"]
        if "on" in when:
            return self.town.clock.squeeze_day()
        return int(self.said["moves"][0]["from_day"] if "moves" in self.said else when.get("day", 0))

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when it was first planned to be."""
        when, clock = self.said["when"], self.town.clock
        if when.get("now"):
            around = (timedelta(minutes=when[n]) for n in ("from_minutes", "to_minutes"))
            starts_at, ends_at = (clock.now.replace(second=0, microsecond=0) + by for by in around)
            return starts_at, ends_at
        return clock.span(self.day, when.get("from", PROPOSED[0]), when.get("to", PROPOSED[1]))

    @cached_property
    def last_span(self) -> tuple[datetime, datetime]:
        """From when to when it is, after every move."""
        if "moves" not in self.said:
            return self.span
        when = self.said["when"]
        return self.town.clock.span(when["day"], when["from"], when["to"])

    @cached_property
    def stops(self) -> list[Stop]:
        """The visits, at the times that were planned first."""
        return [self._stop(visit) for visit in self.said["visits"]]

    def _stop(self, visit: dict[str, Any]) -> Stop:
        clock = self.town.clock
        parts = [Part(part, part["unit"], self.town.authority_of(part["unit"])) for part in visit["parts"]]
        if "from_minutes" in visit:
            now = clock.now.replace(second=0, microsecond=0)
            starts_at, ends_at = (now + timedelta(minutes=visit[n]) for n in ("from_minutes", "to_minutes"))
            return Stop(visit, starts_at, ends_at, parts)
        if "from" not in visit:
            starts_at, ends_at = self.span
            return Stop(visit, starts_at + timedelta(minutes=30), ends_at - timedelta(minutes=30), parts)
        return Stop(visit, self.moment(visit["from"], self.day), self.end_of(visit, self.day), parts)

    def moment(self, told: str, day: int) -> datetime:
        """Return a time of the evening; one before the operation's start is past midnight."""
        begins = self.said["when"].get("from", "00:00")
        return self.town.clock.at(day + (minutes_of(told) < minutes_of(begins)), told)

    def end_of(self, visit: dict[str, Any], day: int) -> datetime:
        """Return when a visit was to end; past midnight if before its start."""
        starts, ends = minutes_of(visit["from"]), minutes_of(visit["to"])
        start = self.moment(visit["from"], day)
        end = self.moment(visit["to"], day)
        return end if end > start else start + timedelta(minutes=(ends - starts) % MINUTES)

    @property
    def parts(self) -> Iterator[tuple[Stop, Part]]:
        """Every part with its visit."""
        return ((stop, part) for stop in self.stops for part in stop.parts)

    @property
    def lead(self) -> str:
        """The authority that leads."""
        return self.town.persons[self.said["lead"]].authority

    @property
    def lead_person(self) -> Viewer:
        """Who leads on site."""
        return self.town.viewer(self.said["lead"])

    @cached_property
    def planner(self) -> Viewer:
        """Who plans it: the lead person where that is a planner, else one of the lead person's unit."""
        lead = self.town.persons[self.said["lead"]]
        return self.lead_person if "planner" in lead.roles else self.town.planner(lead.authority, lead.units[0])

    @property
    def authorities(self) -> list[str]:
        """Who takes part, the lead first."""
        asked = dict.fromkeys(part.authority for _, part in self.parts)
        return [self.lead, *(a for a in asked if a != self.lead), *({self.proposer} - {self.lead, *asked})]

    @cached_property
    def proposer(self) -> str:
        """The authority that wrote the plan first: a guest is no member, so a member writes it and hands it over."""
        if self.lead in self.town.members:
            return self.lead
        asked = [part.authority for _, part in self.parts if part.authority in self.town.members]
        return asked[0] if asked else self.town.persons[self.town.data["collaboration"]["coordinator"]].authority

    @property
    def people(self) -> dict[str, list[str]]:
        """Who is to go, by authority: those of the parts, and the lead person, who is there in any case."""
        found: dict[str, list[str]] = {self.lead: [self.said["lead"]]}
        for _, part in self.parts:
            found.setdefault(part.authority, []).extend(part.people)
        return {authority: list(dict.fromkeys(people)) for authority, people in found.items()}

    def past(self, state: str) -> bool:
        """Say whether it came to a state, or beyond."""
        if self.state in STATES:
            return STATES.index(self.state) >= STATES.index(state)
        if self.state == "cancelled":
            return STATES.index("invited" if self.said.get("invited") else "scheduled") >= STATES.index(state)
        return STATES.index("ongoing") >= STATES.index(state)  # aborted

    @cached_property
    def state(self) -> str:
        """The state that it has at loading; one of this week takes another once its end has gone by."""
        over = self.last_span[1] <= self.town.clock.now
        return str(self.said["state_when_past"] if over and "state_when_past" in self.said else self.said["state"])

    @cached_property
    def monday(self) -> int:
        """The Monday on which it was proposed; what follows happens on the days after."""
        day = min(self.day - AHEAD, LATEST)
        return day - day % 7

    def on(self, days: int, told: str) -> datetime:
        """Return a time some days after the proposal."""
        return self.town.clock.at(self.monday + days, told)
