"""Why a business may be worth a visit: facts written out, each with the rows it rests on; ``scores`` weighs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from samsyn.businesses.rules import PermitKind, Trade
from samsyn.places.rules import level_of

NEW_FOR: Final = timedelta(days=365)
"""As long as an operator is called new at a place."""
ENOUGH: Final = 3
"""So many others of a trade there have to be to say how they were treated."""
NEEDS: Final[Mapping[str, PermitKind]] = {
    Trade.TOBACCO_SHOP: PermitKind.TOBACCO,  # LTLP 5:1
    Trade.BAR: PermitKind.SERVING,  # AlkL 8:1
    Trade.NIGHTCLUB: PermitKind.SERVING,
}
"""The permit that a trade cannot be carried on without; of others the registry's list tells nothing."""


class ReasonKind(StrEnum):
    """What a reason is about, in the order in which they are shown."""

    SERIOUS = "serious"
    OPEN = "open"
    EXPIRED = "expired"
    MISSING = "missing"
    NEW_OPERATOR = "new_operator"
    NEVER = "never"
    DAYS_SINCE = "days_since"
    THIS_YEAR = "this_year"
    ALIKE = "alike"
    SIGNALS = "signals"
    OTHERS_SIGNALS = "others_signals"
    HOT_SPOT = "hot_spot"
    SPOT_SIGNALS = "spot_signals"
    SPOT_OTHERS = "spot_others"
    PLANNED = "planned"


class CandidateOrder(StrEnum):
    """How candidates are ordered; ``SCORE``: by what the collaboration's weights make of the facts."""

    SCORE = "score"
    OPEN = "open"
    LAST = "last"
    BURDEN = "burden"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PermitFact:
    """A permit of the registry."""

    kind: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class SpotSignals:
    """Signals of a hot spot: the own by number, the others' as a level (none, some, several)."""

    name: str
    own: int
    others: int

    @property
    def level(self) -> int:
        """Return the higher of both, as a level."""
        return max(level_of(self.own), self.others)


@dataclass(frozen=True, slots=True)
class PlaceSignals:
    """Signals of a business that hold today: the own by number and by weight, the others' as a level."""

    own: int = 0
    weight: int = 0
    others: int = 0
    spots: tuple[SpotSignals, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A business with what the collaboration shares about it: traces of visits, permits, hot spots.

    ``signals``: what the viewer's own authority has noted, and the others' bucket.
    """

    id: UUID
    premises_id: UUID
    name: str
    address: str
    town: str
    operator: str
    sort_key: str
    trades: tuple[str, ...]
    since: date | None
    last_on: date | None
    last_by: tuple[UUID, ...]
    this_year: int
    permits: tuple[PermitFact, ...]
    spots: tuple[str, ...]
    collaboration_id: UUID | None = None
    signals: PlaceSignals = PlaceSignals()


@dataclass(frozen=True, slots=True)
class Deficiencies:
    """Open deficiencies of the viewer's own authority, and how many of them are serious."""

    open: int = 0
    serious: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: ``n`` counts, ``what`` names a permit's kind, a trade, a hot spot or an operation on a ``day``.

    ``of``: how many there are of which ``n`` were visited.
    """

    kind: ReasonKind
    n: int = 0
    what: str = ""
    day: date | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """How others of the same trade were treated: so many were visited within a year, of so many."""

    trade: str
    visited: int
    of: int


def alike_of(facts: CandidateFacts, every: Mapping[str, tuple[int, int]], today: date) -> Alike | None:
    """Return how the others of the first trade were treated, where there are enough of them to compare with.

    ``every``: by trade, how many businesses were visited within a year, and how many there are. Comparable businesses
    are to be treated alike (RF 1:9).
    """
    if not facts.trades:
        return None
    visited, of = every.get(facts.trades[0], (0, 0))
    mine = facts.last_on is not None and facts.last_on > today - NEW_FOR
    if of - 1 < ENOUGH:
        return None
    return Alike(facts.trades[0], visited - mine, of - 1)


def visited_by_trade(known: Iterable[CandidateFacts], today: date) -> dict[str, tuple[int, int]]:
    """Return by first trade how many businesses were visited within a year, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for one in known:
        if one.trades:
            visited, of = found.get(one.trades[0], (0, 0))
            recent = one.last_on is not None and one.last_on > today - NEW_FOR
            found[one.trades[0]] = (visited + recent, of + 1)
    return found


def reasons_of(
    facts: CandidateFacts,
    own: Deficiencies,
    planned: tuple[tuple[str, date], ...],
    today: date,
    alike: Alike | None = None,
) -> tuple[Reason, ...]:
    """Return why; ``planned`` are code words and days of coming visits that the viewer may know of."""
    found = [Reason(ReasonKind.SERIOUS, own.serious)] if own.serious else []
    if own.open > own.serious:
        found.append(Reason(ReasonKind.OPEN, own.open - own.serious))
    found += [
        Reason(ReasonKind.EXPIRED, what=one.kind, day=one.valid_until)
        for one in facts.permits
        if one.valid_until is not None and one.valid_until < today
    ]
    known = {one.kind for one in facts.permits}
    wanted = dict.fromkeys(NEEDS[trade].value for trade in facts.trades if trade in NEEDS)
    found += [Reason(ReasonKind.MISSING, what=kind) for kind in wanted if kind not in known]
    if facts.since is not None and today - NEW_FOR <= facts.since <= today:
        found.append(Reason(ReasonKind.NEW_OPERATOR, day=facts.since))
    if facts.last_on is None:
        found.append(Reason(ReasonKind.NEVER))
    else:
        found.append(Reason(ReasonKind.DAYS_SINCE, (today - facts.last_on).days, day=facts.last_on))
    if facts.this_year:
        found.append(Reason(ReasonKind.THIS_YEAR, facts.this_year))
    if alike is not None:
        found.append(Reason(ReasonKind.ALIKE, alike.visited, alike.trade, of=alike.of))
    found += of_signals(facts)
    found += [Reason(ReasonKind.PLANNED, what=word, day=day) for word, day in planned]
    return tuple(found)


def of_signals(facts: CandidateFacts) -> list[Reason]:
    """Return hot spots and signals: of others' ``n`` is 1 for some and 2 for several, never a number."""
    said = facts.signals
    found = [Reason(ReasonKind.SIGNALS, said.own)] if said.own else []
    found += [Reason(ReasonKind.OTHERS_SIGNALS, said.others)] if said.others else []
    found += [Reason(ReasonKind.HOT_SPOT, what=name) for name in facts.spots]
    found += [Reason(ReasonKind.SPOT_SIGNALS, spot.own, spot.name) for spot in said.spots if spot.own]
    return found + [Reason(ReasonKind.SPOT_OTHERS, spot.others, spot.name) for spot in said.spots if spot.others]


def place_in_order(order: CandidateOrder, facts: CandidateFacts, own: Deficiencies) -> tuple[object, ...]:
    """Return what candidates are sorted by; who was never visited comes before who was visited long ago."""
    last = facts.last_on or date.min
    end = (facts.sort_key, str(facts.id))
    return {
        CandidateOrder.SCORE: (last, *end),
        CandidateOrder.OPEN: (-own.serious, -own.open, last, *end),
        CandidateOrder.LAST: (last, *end),
        CandidateOrder.BURDEN: (facts.this_year, last, *end),
        CandidateOrder.NAME: end,
    }[order]
