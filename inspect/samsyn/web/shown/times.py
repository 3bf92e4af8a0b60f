"""How common times are shown."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from samsyn.lifecycle.common_times.asking import Kind
from samsyn.lifecycle.common_times.queries import Times
from samsyn.lifecycle.common_times.wishes import Hours
from samsyn.planning.red_days import DayKind
from samsyn.planning.slots.blame import Way
from samsyn.web.parsing import Shown


class AskedOut(Shown):
    """One that is asked: people of a unit, a named person, a place. ``least`` 0: it does not count in this search.

    ``seen`` false: nobody's time, or no opening hours, are there to be read; then it is never sure, or stops nothing.
    """

    key: str
    kind: Kind
    wanted: int
    least: int
    seen: bool
    authority_id: UUID | None
    unit_id: UUID | None
    competence: str | None
    person_id: UUID | None
    visit_id: UUID | None


class ShareOut(Shown):
    """How many are known to be free, and of how many more nobody knows."""

    key: str
    wanted: int
    sure: int
    perhaps: int


class OfferOut(Shown):
    """A time; it may begin until ``until`` just as well. ``day_kind``: a day that is not an ordinary one."""

    starts_at: datetime
    begins_at: datetime
    ends_at: datetime
    until: datetime
    sure: bool
    day_kind: DayKind | None
    hours_unknown: int
    shares: list[ShareOut]


class BlameOut(Shown):
    """``can``: starts at which it could by itself; ``only``: starts that nobody else stops; ``most`` at once."""

    key: str
    can: int
    only: int
    people: int
    most: int


class WayOut(Shown):
    """Asking less of one, or ``quarters`` of an hour less, and how many starts that opens."""

    way: Way
    key: str
    quarters: int
    opens: int


class CommonTimesOut(Shown):
    """Times that suit everybody, the surest first; without any, why, and what would give some.

    ``later``: how many starts there are in as many weeks after these; counted only where there are none in these.
    """

    operation_id: UUID
    from_on: date
    weeks: int
    hours: Hours
    tried: int
    possible: int
    sure: int
    asked: list[AskedOut]
    items: list[OfferOut]
    blames: list[BlameOut]
    never: list[str]
    ways: list[WayOut]
    later: int

    @classmethod
    def of(cls, found: Times) -> CommonTimesOut:
        """Return an answer as it is shown."""
        return cls(
            operation_id=found.operation.id,
            from_on=found.wish.week.monday,
            weeks=found.wish.weeks,
            hours=found.wish.hours,
            tried=found.tried,
            possible=found.possible,
            sure=found.sure,
            asked=[AskedOut.model_validate(one) for one in found.asked],
            items=[OfferOut.model_validate(one) for one in found.offers],
            blames=[BlameOut.model_validate(one) for one in found.blames],
            never=list(found.never),
            ways=[WayOut.model_validate(one) for one in found.ways],
            later=found.later,
        )
