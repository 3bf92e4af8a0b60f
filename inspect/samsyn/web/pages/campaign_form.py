"""A campaign's form: its days, hours and places, whom it asks, and the own people's teams; for new ones and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import Field

from samsyn.access.queries import staff_of
from samsyn.authorities.queries import AuthorityLine, members_of
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries.campaigns import MOST_ITEMS, MeetingPlace
from samsyn.planning.service.campaigns import MOST_LOAD_DAYS, AskMember, MakeCampaign
from samsyn.web.listing import ALL
from samsyn.web.pages.asking import Askable, codes_of
from samsyn.web.pages.opening import moment
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.shell import t

MOST_PEOPLE: Final = 4
MOST_VEHICLES: Final = 6
PLACE_PARTS: Final = 3
TEAMS: Final = ("A", "B", "C", "D")
FIELDS: Final = (
    *("name", "first_on", "last_on", "opens", "closes", "weekends", "meeting_places", "minutes", "briefing"),
    *("per_shift", "load_days", "asks", "vehicles", "units", "able", "teams", "business"),
)


class CampaignForm(Body):
    """A campaign; ``asks``: an authority and how many people of it, as ``<id>:<number>``; empty ones ask nobody.

    In the same way ``vehicles`` says how many visits at a time, ``units`` whose people, ``able`` which competence, and
    ``teams`` in which team a colleague is.
    """

    collaboration_id: UUID
    name: Line = Field(max_length=100)
    first_on: date
    last_on: date
    opens: Line = Field(max_length=5)
    closes: Line = Field(max_length=5)
    weekends: bool = False
    meeting_places: Prose = Field(max_length=1000)
    minutes: int = Field(default=60, ge=15, le=480)
    briefing: int = Field(default=15, ge=0, le=120)
    per_shift: int = Field(default=4, ge=1, le=20)
    load_days: int = Field(default=0, ge=0, le=MOST_LOAD_DAYS)
    asks: list[Line] = Field(max_length=100)
    vehicles: list[Line] = Field(default_factory=list, max_length=100)
    units: list[Line] = Field(default_factory=list, max_length=300)
    able: list[Line] = Field(default_factory=list, max_length=100)
    teams: list[Line] = Field(default_factory=list, max_length=500)
    business: list[UUID] = Field(default_factory=list, max_length=MOST_ITEMS)

    def command(self) -> MakeCampaign:
        """Return what is asked for; ``InvalidError`` names the field that cannot be read."""
        return MakeCampaign(
            collaboration_id=self.collaboration_id,
            name=self.name,
            first_on=self.first_on,
            days=(self.last_on - self.first_on).days + 1,
            opens=clock_of("opens", self.opens),
            closes=clock_of("closes", self.closes),
            weekends=self.weekends,
            meeting_places=tuple(place_of(line) for line in self.meeting_places.splitlines() if line.strip()),
            members=self.members(),
            business_ids=tuple(dict.fromkeys(self.business)),
            minutes=self.minutes,
            briefing=self.briefing,
            per_shift=self.per_shift,
            load_days=self.load_days,
            teams=teams_of(self.teams),
        )

    def members(self) -> tuple[AskMember, ...]:
        """Return who is asked, with whose people, what they have to have and how many visits at a time."""
        vehicles, able = dict(pairs("vehicles", self.vehicles)), dict(pairs("able", self.able))
        units: dict[UUID, list[UUID]] = {}
        for who, unit in pairs("units", self.units):
            units.setdefault(who, []).append(key_of("units", unit))
        return tuple(
            AskMember(
                who,
                number("asks", n, MOST_PEOPLE) or 1,
                number("vehicles", vehicles.get(who, ""), MOST_VEHICLES),
                tuple(units.get(who, ())),
                able.get(who),
            )
            for who, n in pairs("asks", self.asks)
        )


def clock_of(field: str, typed: str) -> int:
    """Return minutes after midnight; midnight at the end is 24:00."""
    hours, _, minutes = typed.replace(".", ":").partition(":")
    try:
        return moment(hours, minutes or None)
    except ValueError:
        raise InvalidError("no time", fields={field: ["no such hour"]}) from None


def place_of(line: str) -> MeetingPlace:
    """Return a meeting place: its name, or its name, latitude and longitude with semicolons between."""
    parts = [one.strip() for one in line.split(";")]
    try:
        if len(parts) == PLACE_PARTS:
            latitude, longitude = (float(one.replace(",", ".")) for one in parts[1:])
            if parts[0] and abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004  degrees
                return MeetingPlace(parts[0][:200], latitude, longitude)
        elif len(parts) == 1:
            return MeetingPlace(parts[0][:200])
    except ValueError:
        pass
    raise InvalidError("no place", fields={"meeting_places": ["no such place"]})


def pairs(field: str, said: Sequence[str]) -> list[tuple[UUID, str]]:
    """Return what is said of whom."""
    split = (one.partition(":") for one in said)
    return [(key_of(field, who), what.strip()) for who, _, what in split]


def key_of(field: str, typed: str) -> UUID:
    """Return a key; ``InvalidError`` names the field of one that is none."""
    try:
        return UUID(typed)
    except ValueError:
        raise InvalidError("no such authority", fields={field: ["unknown"]}) from None


def number(field: str, typed: str, most: int) -> int | None:
    """Return how many, or nothing where nothing is said."""
    if not typed:
        return None
    if not typed.isdecimal() or not 1 <= int(typed) <= most:
        raise InvalidError("no number", fields={field: ["too many"]})
    return int(typed)


def teams_of(said: Sequence[str]) -> dict[str, tuple[UUID, ...]]:
    """Return who is in which team."""
    found: dict[str, tuple[UUID, ...]] = {}
    for who, team in pairs("teams", said):
        if team not in TEAMS:
            raise InvalidError("no such team", fields={"teams": ["unknown"]})
        found[team] = (*found.get(team, ()), who)
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """What can be asked of an authority: how many people, of which units, with which competence."""

    authority: AuthorityLine
    units: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]


def askings(uow: UnitOfWork, collaboration_id: UUID | None) -> tuple[list[Asking], list[tuple[str, str]]]:
    """Return what can be asked of each member, and the own people who can be put in teams."""
    members = members_of(uow, collaboration_id) if collaboration_id else []
    known = codes_of(uow, members)
    found = [
        Asking(
            one, unit_pairs(one.id, known[one.id]), tuple((f"{one.id}:{c}", w) for c, w in known[one.id].competences)
        )
        for one in members
    ]
    people = [one for one in staff_of(uow, {uow.me}, ALL, able=False) if {"inspector", "planner"} & set(one.roles)]
    return found, list({str(one.person_id): one.shown_name for one in people}.items())


def unit_pairs(authority_id: UUID, of: Askable) -> tuple[tuple[str, str], ...]:
    """Return the units to choose from; none where there is but one."""
    several = of.units if len(of.units) > 1 else ()
    return tuple((f"{authority_id}:{one.id}", one.name) for one in several)


def labels_of() -> dict[str, str]:
    """Return the words of the form's fields, for the summary of faults."""
    labels = {name: t(f"campaigns.field.{name}") for name in FIELDS}
    return labels | {"members": labels["asks"]}


def people_options() -> list[tuple[int, str]]:
    """Return how many people can be asked for."""
    return [(n, t("campaigns.people_one") if n == 1 else t("campaigns.people", n=n)) for n in range(1, MOST_PEOPLE + 1)]
