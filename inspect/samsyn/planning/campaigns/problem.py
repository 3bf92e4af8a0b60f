"""A problem as it comes: the format ``samsyn-problem/1`` of PLANNER.md, read and refused with a place and a reason."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

MOST_MINUTES = 400 * 1440
MOST_VISITS = 5_000
MOST_INSPECTORS = 2_000
MOST_LOCATIONS = 6_000
MOST_COUNT = 20


class ProblemError(ValueError):
    """A problem or a plan that cannot be read; each line names the place in the file and what is wrong there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Interval(NamedTuple):
    """Minutes since the horizon's start, from one until before another."""

    first: int
    last: int


def forward(one: Interval) -> Interval:
    """Return an interval that has at least a minute."""
    if not one.first < one.last:
        message = f"ends at {one.last}, which is not after its start {one.first}"
        raise ValueError(message)
    return one


Minute = Annotated[int, Field(ge=-MOST_MINUTES, le=MOST_MINUTES)]
Weight = Annotated[int, Field(ge=0, le=1_000_000)]
Span = Annotated[Interval, AfterValidator(forward)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Part(BaseModel):
    """Anything in the file: unknown keys are passed over, values are never bent into another type."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Horizon(Part):
    """The days that are planned: their first local midnight, for people, and how many."""

    start: str = ""
    days: Annotated[int, Field(ge=1, le=366)]


class Location(Part):
    """A place; what lies between two places is in ``travel``."""

    id: Name


class Agency(Part):
    """Who sends inspectors: a unit. ``vehicles``: its visits that may run at the same moment, none for any number."""

    id: Name
    name: str = ""
    vehicles: Annotated[int, Field(ge=0, le=10_000)] | None = None


class Inspector(Part):
    """A person who can be sent, by whom and when; ``load_before`` are the minutes carried before the horizon."""

    id: Name
    agency: Name
    skills: tuple[Name, ...] = ()
    base: Name
    shifts: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    max_visits_per_shift: Annotated[int, Field(ge=0, le=100)] = 100
    load_before: Annotated[int, Field(ge=0, le=MOST_MINUTES)] = 0

    @model_validator(mode="after")
    def shifts_apart(self) -> Self:
        """Refuse shifts that overlap: a commitment would lie in two of them."""
        shifts = sorted(self.shifts)
        for one, other in pairwise(shifts):
            if other.first < one.last:
                message = f"the shifts {list(one)} and {list(other)} overlap"
                raise ValueError(message)
        return self


class Want(Part):
    """So many people of an agency, each with all the skills, for the whole visit."""

    agency: Name
    count: Annotated[int, Field(ge=1, le=MOST_COUNT)] = 1
    skills: tuple[Name, ...] = ()


class Briefing(Part):
    """A meeting before the visit, from which everybody drives to the business."""

    minutes: Annotated[int, Field(ge=0, le=1440)]
    location: Name


class Pin(Part):
    """What stays as it is."""

    start: Minute
    inspectors: tuple[Name, ...]


class Visit(Part):
    """A visit that is wanted; ``history`` are minutes of the week at which the business was inspected before."""

    id: Name
    business: str = ""
    location: Name
    duration: Annotated[int, Field(ge=1, le=1440)]
    windows: tuple[Span, ...] = ()
    units: Annotated[tuple[Want, ...], Field(min_length=1, max_length=20)]
    briefing: Briefing | None = None
    risk: Annotated[int, Field(ge=1, le=100)]
    mandatory: bool = False
    due: Minute | None = None
    history: tuple[Annotated[int, Field(ge=0, lt=10080)], ...] = ()
    pinned: Pin | None = None


class Weights(Part):
    """What a unit of each part of the objective costs."""

    unserved: Weight = 1000
    late: Weight = 50
    travel: Weight = 5
    idle: Weight = 1
    fairness: Weight = 2
    repeat: Weight = 60
    clustering: Weight = 3
    moved: Weight = 200
    staff_changed: Weight = 60
    notified_factor: Weight = 3


class Planned(Part):
    """When a visit begins and who goes."""

    id: Name
    start: Minute
    inspectors: tuple[Name, ...]


class Baseline(Part):
    """An earlier plan, from which a new one is to differ little."""

    visits: tuple[Planned, ...] = ()


class Problem(Part):
    """Everything that a plan is made from. Ids are unique in their list and every reference leads somewhere."""

    format: Literal["samsyn-problem/1"]
    name: str = ""
    horizon: Horizon
    grid: Annotated[int, Field(ge=1, le=1440)]
    locations: Annotated[tuple[Location, ...], Field(max_length=MOST_LOCATIONS)]
    travel: tuple[tuple[Annotated[int, Field(ge=0, le=1440)], ...], ...]
    agencies: tuple[Agency, ...]
    inspectors: Annotated[tuple[Inspector, ...], Field(max_length=MOST_INSPECTORS)]
    visits: Annotated[tuple[Visit, ...], Field(max_length=MOST_VISITS)]
    weights: Weights = Weights()
    baseline: Baseline | None = None
    notified: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def one_of_each(self) -> Self:
        """Refuse an id that comes twice and a table of travel with another size than the locations."""
        for what, ids in (
            ("locations", [one.id for one in self.locations]),
            ("agencies", [one.id for one in self.agencies]),
            ("inspectors", [one.id for one in self.inspectors]),
            ("visits", [one.id for one in self.visits]),
            ("baseline", [one.id for one in (self.baseline.visits if self.baseline else ())]),
        ):
            twice = [one for one, n in Counter(ids).items() if n > 1]
            if twice:
                message = f"{what}: {min(twice)} stands there twice"
                raise ValueError(message)
        size = len(self.locations)
        if len(self.travel) != size or any(len(row) != size for row in self.travel):
            message = f"travel: wants {size} rows of {size} minutes, one for each location"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def led_somewhere(self) -> Self:
        """Refuse a reference to a location, an agency or a person that is not in its list."""
        places = {one.id for one in self.locations}
        agencies = {one.id for one in self.agencies}
        people = {one.id for one in self.inspectors}
        visits = {one.id for one in self.visits}
        wanted = [(f"inspector {one.id}", one.base, places) for one in self.inspectors]
        wanted += [(f"inspector {one.id}", one.agency, agencies) for one in self.inspectors]
        for visit in self.visits:
            here = f"visit {visit.id}"
            wanted.append((here, visit.location, places))
            wanted += [(here, want.agency, agencies) for want in visit.units]
            wanted += [(here, visit.briefing.location, places)] if visit.briefing else []
            wanted += [(f"{here}, pinned", one, people) for one in (visit.pinned.inspectors if visit.pinned else ())]
        wanted += [("baseline", one.id, visits) for one in (self.baseline.visits if self.baseline else ())]
        faults = [f"{where}: {name} is in no list" for where, name, there in wanted if name not in there]
        if faults:
            raise ValueError("; ".join(faults[:10]))
        return self


def read_problem(text: str | bytes) -> Problem:
    """Return the problem that a text holds.

    Raises:
        ProblemError: no JSON, another format, or something in it is wrong; at most twenty faults, each with its place.
    """
    try:
        return Problem.model_validate(json.loads(text))
    except ValidationError as error:
        raise ProblemError(
            [
                f"{'.'.join(str(step) for step in fault['loc']) or 'the problem'}: {fault['msg']}"
                for fault in error.errors()[:20]
            ]
        ) from None
    except (ValueError, RecursionError) as error:
        raise ProblemError([f"no JSON: {error}"]) from None
