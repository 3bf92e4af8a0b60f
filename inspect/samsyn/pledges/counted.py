"""The numbers of a commitment, of the lines that it counts: promised, planned, done, by quarter, and its pace. Pure.

Behind is warned of while there is time: of a number by the part of the year that is gone, of a day some weeks before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.pledges.queries import CommitmentLine
from samsyn.pledges.returns import Returns, due_by_quarter, kept_by_quarter
from samsyn.pledges.rules import (
    BEFORE,
    QUARTERS,
    ActivityKind,
    ActivityState,
    Pace,
    gone,
    nearly_over,
    pace,
    quarter_of,
)

WHOLE: Final = 100

Quarters: TypeAlias = tuple[int, int, int, int]
NONE: Final[Quarters] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """Something done or to be done; of a coming operation only what its participants know.

    ``together``: how many authorities, guests too, came to the visit to which most did.
    """

    id: UUID
    authority_id: UUID
    focus_area_id: UUID | None
    kind: ActivityKind
    state: ActivityState
    on_date: date
    operation_id: UUID | None
    hot_spot_id: UUID | None
    title: str
    authorities: frozenset[UUID]
    guests: int
    guest_led: bool
    together: int
    fields: frozenset[Field]
    visits: int
    reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class PremisesLine:
    """A premises that a coverage promise is about: the day of its first visit in the year, or of the first planned."""

    premises_id: UUID
    business_id: UUID
    name: str
    address: str
    seen_on: date | None
    planned_on: date | None

    @property
    def planned(self) -> bool:
        """Say whether a visit is planned."""
        return self.planned_on is not None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A commitment in numbers: ``quarters`` are what was done in each; ``base`` is what a share is of.

    Of a share all but ``base`` are per cent, and ``planned`` is what it will be when what is planned is done; of a date
    1 is done. ``planned`` is what the reader may know of. ``promised_by``: what should be done in each quarter (of a
    share: its per cent). Of returns ``promised`` is how many are due, and ``late``, ``overdue`` and ``soon`` say how
    many were late, are not made though their day is over, and have no plan though it is near.
    """

    promised: int
    planned: int
    done: int
    quarters: Quarters
    base: int
    pace: Pace
    promised_by: Quarters = NONE
    planned_by: Quarters = NONE
    late: int = 0
    overdue: int = 0
    soon: int = 0

    @property
    def remaining(self) -> int:
        """Return what is left to do, planned or not."""
        return max(self.promised - self.done - self.late, 0)


def occasions(lines: Sequence[ActivityLine], one: CommitmentLine, year: int, today: date) -> Numbers:
    """Count occasions: done, and planned from today on."""
    done = Counter(quarter_of(line.on_date) for line in lines if line.state is ActivityState.DONE)
    planned = Counter(quarter_of(line.on_date) for line in lines if coming(line, today))
    promised, n = one.target or 0, done.total()
    how = pace(promised, n, planned.total(), gone(year, today), soon=nearly_over(year, today))
    return Numbers(promised, planned.total(), n, by_quarter(done), n, how, spread(promised, year), by_quarter(planned))


def coming(line: ActivityLine, today: date) -> bool:
    """Say whether a line is planned and its day has not passed."""
    return line.state is ActivityState.PLANNED and line.on_date >= today


def coverage(found: Sequence[PremisesLine], year: int, today: date) -> Numbers:
    """Count premises: all, seen, and those unseen where a visit is planned."""
    seen = Counter(quarter_of(line.seen_on) for line in found if line.seen_on is not None)
    planned = Counter(quarter_of(line.planned_on) for line in found if line.seen_on is None and line.planned_on)
    n, of = seen.total(), len(found)
    how = pace(of, n, planned.total(), gone(year, today), soon=nearly_over(year, today))
    return Numbers(of, planned.total(), n, by_quarter(seen), n, how, spread(of, year), by_quarter(planned))


def share(lines: Sequence[ActivityLine], one: CommitmentLine, year: int, today: date) -> Numbers:
    """Return a share of what was done, in whole per cent rounded down; nothing done is no per cent."""
    done = [line for line in lines if line.state is ActivityState.DONE]
    plus = [*done, *(line for line in lines if coming(line, today))]
    promised, n = one.target or 0, share_of(done, one)
    then = share_of(plus, one)
    reached = n >= promised and bool(done)
    if gone(year, today) >= 1:
        how = Pace.KEPT if reached else Pace.NOT_KEPT
    elif reached or not (done or nearly_over(year, today)):
        how = Pace.ON_PACE
    elif plus and then >= promised:
        how = Pace.PLANNED
    else:
        how = Pace.BEHIND if done else Pace.SOON
    quarters = [[line for line in done if quarter_of(line.on_date) == quarter] for quarter in QUARTERS]
    coming_by = [[line for line in plus if quarter_of(line.on_date) == quarter] for quarter in QUARTERS]
    return Numbers(
        *(promised, then, n, four(share_of(of, one) for of in quarters), len(done), how),
        *(four(promised for _ in QUARTERS), four(share_of(of, one) for of in coming_by)),
    )


def share_of(lines: Sequence[ActivityLine], one: CommitmentLine) -> int:
    """Return how many per cent another leads, rounded down."""
    others = sum(line.guest_led or line.authority_id != one.not_led_by for line in lines)
    return others * WHOLE // len(lines) if lines else 0


def by_day(one: CommitmentLine, today: date) -> Numbers:
    """Say whether something was done by its day."""
    assert one.by_on is not None  # noqa: S101  a check of the table
    kept = one.done_on is not None and one.done_on <= one.by_on
    late = one.done_on is not None or today > one.by_on
    done = Counter({quarter_of(one.done_on): 1}) if one.done_on is not None and kept else Counter[int]()
    wanted = by_quarter(Counter({quarter_of(one.by_on): 1}))
    how = Pace.KEPT if kept else Pace.NOT_KEPT if late else Pace.SOON if today + BEFORE > one.by_on else Pace.ON_PACE
    made_late = int(one.done_on is not None and not kept)
    return Numbers(1, 0, int(kept), by_quarter(done), int(kept), how, wanted, late=made_late)


def came_back(found: Returns, today: date, part: float) -> Numbers:
    """Count returns by the quarter of their last day: due, made in time, late, and not made."""
    due, kept = due_by_quarter(found), kept_by_quarter(found)
    planned = Counter(quarter_of(line.due_on) for line in found.own if line.planned(today))
    late = sum(line.late for line in found.own) + sum(one.late for one in found.told)
    overdue = sum(line.overdue(today) for line in found.own)
    overdue += sum(one.due - one.kept - one.late for one in found.told)
    soon = sum(line.soon(today) for line in found.own)
    waiting = due.total() - kept.total() - late - overdue
    if late or overdue:
        how = Pace.NOT_KEPT
    elif part >= 1:
        how = Pace.KEPT if due.total() else Pace.UNKNOWN
    elif soon:
        how = Pace.SOON
    else:
        how = Pace.PLANNED if waiting and planned.total() == waiting else Pace.ON_PACE
    return Numbers(
        *(due.total(), planned.total(), kept.total(), by_quarter(kept), kept.total(), how),
        *(by_quarter(due), by_quarter(planned), late, overdue, soon),
    )


def spread(promised: int, year: int) -> Quarters:
    """Return what should be done in each quarter: by its end the part of the promise that the part of the year is."""
    ends = [promised * (date(year + n // 4, n % 4 * 3 + 1, 1) - date(year, 1, 1)).days for n in range(5)]
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return four(after // days - before // days for before, after in pairwise(ends))


def four(found: Iterable[int]) -> Quarters:
    """Return the four quarters' numbers."""
    one, two, three, last = found
    return one, two, three, last


def by_quarter(done: Counter[int]) -> Quarters:
    """Return the four quarters' numbers."""
    return done[1], done[2], done[3], done[4]
