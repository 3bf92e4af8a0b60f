"""What is unusual, as data, and how many lines of a month are looked at. Pure: facts in, alarms out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Final
from uuid import UUID

from samsyn.audit.rules import GROUPS, REFUSED
from samsyn.core.errors import InvalidError
from samsyn.core.home import HOME, local_day
from samsyn.planning.red_days import DayKind, kind_of

NOTE: Final = 2000
EXPORT: Final = "list.export"
HOUR: Final = timedelta(hours=1)
Span = tuple[datetime, datetime]


class NotTakenError(InvalidError):
    """A field cannot be taken as it stands; ``fields`` says which and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}", fields={name: [why]})


class Verdict(StrEnum):
    """What a reviewer says of a drawn line."""

    IN_ORDER = "in_order"
    LOOK_CLOSER = "look_closer"


class Handling(StrEnum):
    """What became of an alarm."""

    EXPLAINED = "explained"
    FORWARDED = "forwarded"


class Alarm(StrEnum):
    """Kinds of unusual reading."""

    MANY = "many"
    OUT_OF_HOURS = "out_of_hours"
    NOT_OWN = "not_own"
    RECUSED = "recused"
    REFUSED = "refused"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many lines of a month are drawn: a share of them, at least and at most so many."""

    share: float = 0.02
    least: int = 20
    most: int = 100

    def size(self, lines: int) -> int:
        """Return how many of so many lines are drawn."""
        return min(lines, max(self.least, min(self.most, ceil(self.share * lines))))


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on reading is unusual. Counts are of one person in one hour."""

    many_least: int = 15
    """Businesses; fewer are never many, however few are usual."""
    many_times: float = 2.0
    """So many times what is usual, for the person and for the unit: both are exceeded."""
    many_days: int = 60
    """So far back it is asked what is usual."""
    out_of_hours_least: int = 3
    opens: time = time(6)
    closes: time = time(20)
    """In Sweden, Monday to Friday, no holiday; a person's own shifts and places in operations are working hours too."""
    beside: timedelta = timedelta(hours=3)
    """So long before and after a shift or an operation one still prepares and writes."""
    refused_least: int = 10
    export_rows: int = 1000


SAMPLING: Final = Sampling()
LIMITS: Final = Limits()
READS: Final = frozenset(GROUPS["reads"])
LOOKED_AT: Final = (*sorted(READS), EXPORT, REFUSED)
"""Actions that are looked through for what is unusual."""


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the trail, with the visit and the business that its object belongs to, where it is known."""

    person_id: UUID
    at: datetime
    action: str
    object_id: UUID
    reason: str = ""
    visit_id: UUID | None = None
    business_id: UUID | None = None

    @property
    def hour(self) -> datetime:
        """Return the hour that it lies in."""
        return self.at.replace(minute=0, second=0, microsecond=0)

    @property
    def rows(self) -> int:
        """Return how many rows left with an export; its reason ends with the number."""
        last = self.reason.rpartition(" ")[2]
        return int(last) if self.action == EXPORT and last.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Usual:
    """How many businesses a person reads in an hour in which something is read, and the person's unit; nine of ten."""

    person: float = 0.0
    unit: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules ask. ``own``: person and business of an operation of the person or the person's unit."""

    acts: Sequence[Act] = ()
    usual: Mapping[UUID, Usual] = field(default_factory=dict)
    at_work: Mapping[UUID, Sequence[Span]] = field(default_factory=dict)
    own: frozenset[tuple[UUID, UUID]] = frozenset()
    recused: frozenset[tuple[UUID, UUID]] = frozenset()


@dataclass(frozen=True, slots=True)
class Raised:
    """One alarm: at most one for a rule, a person, an hour and a subject."""

    alarm: Alarm
    person_id: UUID
    starts_at: datetime
    n: int
    subject_id: UUID
    usual: int = 0


def raised(facts: Facts, limits: Limits = LIMITS) -> list[Raised]:
    """Return every alarm of some hours."""
    hours: defaultdict[tuple[UUID, datetime], list[Act]] = defaultdict(list)
    for act in facts.acts:
        hours[act.person_id, act.hour].append(act)
    found: list[Raised] = []
    for (person, hour), acts in sorted(hours.items()):
        reads = [act for act in acts if act.action in READS]
        found += too_many(person, hour, reads, facts.usual.get(person, Usual()), limits)
        found += out_of_hours(person, hour, reads, facts.at_work.get(person, ()), limits)
        found += not_own(person, hour, reads, facts.own)
        found += of_recused(person, hour, acts, facts.recused)
        found += counted(person, hour, acts, limits)
    return found


def too_many(person: UUID, hour: datetime, reads: Sequence[Act], usual: Usual, limits: Limits) -> Iterator[Raised]:
    """Yield an alarm where far more businesses were read than is usual for the person and for the unit."""
    n = len(businesses(reads))
    normal = max(usual.person, usual.unit)
    if n >= limits.many_least and n > limits.many_times * normal:
        yield Raised(Alarm.MANY, person, hour, n, person, round(normal))


def businesses(acts: Iterable[Act]) -> set[UUID]:
    """Return the businesses that were read; an object whose business is not known stands for one."""
    return {act.business_id or act.object_id for act in acts}


def out_of_hours(
    person: UUID, hour: datetime, reads: Sequence[Act], at_work: Sequence[Span], limits: Limits
) -> Iterator[Raised]:
    """Yield an alarm where a person read outside office hours and has no shift and no operation near."""
    late = [act for act in reads if not office_time(act.at, limits) and not near(act.at, at_work, limits.beside)]
    if len(late) >= limits.out_of_hours_least:
        yield Raised(Alarm.OUT_OF_HOURS, person, hour, len(late), person)


def office_time(at: datetime, limits: Limits) -> bool:
    """Say whether a moment lies in office hours, in Sweden; a holiday, or an eve that counts as one, has none."""
    local = at.astimezone(HOME)
    if kind_of(local.date()) is DayKind.RED:
        return False
    return local.isoweekday() <= 5 and limits.opens <= local.time() < limits.closes  # noqa: PLR2004 - Friday


def near(at: datetime, spans: Sequence[Span], beside: timedelta) -> bool:
    """Say whether a moment lies in one of the times, or shortly before or after."""
    return any(start - beside <= at < end + beside for start, end in spans)


def not_own(person: UUID, hour: datetime, reads: Sequence[Act], own: frozenset[tuple[UUID, UUID]]) -> Iterator[Raised]:
    """Yield an alarm for each business that neither the person nor the unit has, or had, an operation at."""
    times = Counter(act.business_id for act in reads if act.business_id is not None)
    for business, n in sorted(times.items()):
        if (person, business) not in own:
            yield Raised(Alarm.NOT_OWN, person, hour, n, business)


def of_recused(
    person: UUID, hour: datetime, acts: Sequence[Act], recused: frozenset[tuple[UUID, UUID]]
) -> Iterator[Raised]:
    """Yield an alarm for each visit that the person has declared a conflict of interest for and read, or tried to."""
    times = Counter(act.visit_id for act in acts if act.visit_id is not None and (person, act.visit_id) in recused)
    for visit, n in sorted(times.items()):
        yield Raised(Alarm.RECUSED, person, hour, n, visit)


def counted(person: UUID, hour: datetime, acts: Sequence[Act], limits: Limits) -> Iterator[Raised]:
    """Yield alarms on many refusals and on many rows in files."""
    refused = sum(act.action == REFUSED for act in acts)
    if refused >= limits.refused_least:
        yield Raised(Alarm.REFUSED, person, hour, refused, person)
    rows = sum(act.rows for act in acts)
    if rows >= limits.export_rows:
        yield Raised(Alarm.EXPORT, person, hour, rows, person)


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return first_of(month - timedelta(days=1))


def span_of(month: date) -> Span:
    """Return a month on Sweden's clock: from its first moment until before the next one's."""
    after = first_of(month + timedelta(days=32))
    return datetime.combine(month, time(), HOME), datetime.combine(after, time(), HOME)


def months_over(first: datetime, now: datetime, most: int) -> list[date]:
    """Return the months that are over, the newest first, back to the first act; at most so many."""
    earliest = first_of(local_day(first))
    month, found = month_before(first_of(local_day(now))), list[date]()
    while month >= earliest and len(found) < most:
        found.append(month)
        month = month_before(month)
    return found
