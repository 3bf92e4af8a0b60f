"""Why there is no common time: who stands in the way and how often, the fewest that never meet, and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from itertools import chain
from operator import and_, or_
from typing import Final

from samsyn.planning.slots.bits import at_least
from samsyn.planning.slots.search import Demand, Need, Question, combined, enough, possible

TRIES: Final = 4000
"""Steps in the search for the fewest. Where they are not enough, a set is told of which nobody can be left out."""


@dataclass(frozen=True, slots=True)
class Blame:
    """One that is asked. ``can``: starts at which it could by itself; ``only``: starts that nobody else stops.

    ``people``: how many there are to choose from; ``most``: how many of them can at once, up to what is wanted.
    """

    key: str
    can: int
    only: int
    people: int = 0
    most: int = 0


class Way(StrEnum):
    """How less may be asked."""

    WITHOUT = "without"  # leave a need, a named person or a door out
    FEWER = "fewer"  # one person less
    SHORTER = "shorter"  # so many quarters less


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Asking less, and how many starts that opens; ``quarters`` less where it is shorter."""

    way: Way
    opens: int
    key: str = ""
    quarters: int = 0


def blames(asked: Question) -> list[Blame]:
    """Return each that is asked, in the order of the question, and how much of the frame it stops."""
    alone = {one.keys[0]: one.starts & asked.frame for one in asked.demanded if len(one.keys) == 1}
    people = {need.key: (len(need.people), most_at_once(asked, need)) for need in asked.needs}
    everybody = possible(asked)
    return [
        Blame(key, alone[key].bit_count(), (without(asked, key) & ~everybody).bit_count(), *people.get(key, ()))
        for key in keys_of(asked)
    ]


def most_at_once(asked: Question, need: Need) -> int:
    """Return how many people of a need can at the best of the starts, up to what is wanted."""
    reached = at_least((asked.maybe[one] for one in need.people), need.least)
    return next((n for n in range(need.least, 0, -1) if reached[n] & asked.frame), 0)


def never_meet(asked: Question) -> tuple[str, ...]:
    """Return the fewest that have no start in common; none where they have one, or where nothing may start at all."""
    if not asked.frame or possible(asked):
        return ()
    stops = [Demand(one.keys, asked.frame & ~one.starts) for one in asked.demanded]
    cover = Cover(worth_telling(stops))
    for size in range(1, len(keys_of(asked)) + 1):
        if (chosen := cover.of(asked.frame, frozenset(), size)) is not None:
            return in_order(asked, chosen)
        if cover.tries <= 0:
            break
    return in_order(asked, cover.one_by_one(asked.frame))


def in_order(asked: Question, chosen: Iterable[str]) -> tuple[str, ...]:
    """Return keys in the order of the question."""
    wanted = set(chosen)
    return tuple(key for key in keys_of(asked) if key in wanted)


def together(stops: Iterable[Demand]) -> int:
    """Return what some stop together."""
    return reduce(or_, (one.starts for one in stops), 0)


def worth_telling(stops: Sequence[Demand]) -> list[Demand]:
    """Return those that stop something beyond what is stopped by fewer of the same; the widest first.

    Where all are single ones, also without those that stop nothing which another would not stop as well.
    """
    kept: list[Demand] = []
    for one in sorted(stops, key=lambda it: (len(it.keys), -it.starts.bit_count())):
        if one.starts & ~together(less for less in kept if set(less.keys) <= set(one.keys)):
            kept.append(one)
    if any(len(one.keys) > 1 for one in kept):
        return kept
    widest: list[Demand] = []
    for one in kept:
        if all(one.starts & ~other.starts for other in widest):
            widest.append(one)
    return widest


@dataclass
class Cover:
    """Looks for the fewest that together stop everything; gives up after so many tries."""

    stops: Sequence[Demand]
    tries: int = TRIES

    def __post_init__(self) -> None:
        single = all(len(one.keys) == 1 for one in self.stops)
        self.widest = max((one.starts.bit_count() for one in self.stops), default=0) if single else None

    def of(self, left: int, chosen: frozenset[str], size: int) -> frozenset[str] | None:
        """Return who stops all of ``left``: those that were chosen and at most ``size`` more; or None."""
        if not left:
            return chosen
        self.tries -= 1
        if size <= 0 or self.tries < 0 or (self.widest is not None and left.bit_count() > size * self.widest):
            return None
        first = left & -left  # somebody has to stop this one
        for one in self.stops:
            more = frozenset(one.keys) - chosen
            if one.starts & first and 0 < len(more) <= size:
                now = chosen | more
                stopped = together(it for it in self.stops if now.issuperset(it.keys))
                if (found := self.of(left & ~stopped, now, size - len(more))) is not None:
                    return found
        return None

    def one_by_one(self, left: int) -> Iterable[str]:
        """Return such ones, the widest first, without those that turned out to be needless."""
        chosen: list[Demand] = []
        while rest := left & ~together(chosen):
            chosen.append(max(self.stops, key=lambda one: (rest & one.starts).bit_count()))
        for one in list(chosen):
            others = [other for other in chosen if other is not one]
            chosen = chosen if left & ~together(others) else others
        return chain.from_iterable(one.keys for one in chosen)


def relaxations(asked: Question, shorter: Iterable[int] = ()) -> list[Relaxed]:
    """Return what opens something, what opens most first; ``shorter``: by how many quarters it might be."""
    found = [Relaxed(Way.WITHOUT, without(asked, key).bit_count(), key) for key in keys_of(asked)]
    for group in asked.groups:
        found += [
            Relaxed(Way.FEWER, fewer(asked, group, need).bit_count(), need.key) for need in group if need.least > 1
        ]
    for quarters in shorter:
        less = replace(asked, lasts=asked.lasts - quarters)
        found.append(Relaxed(Way.SHORTER, possible(less).bit_count(), quarters=quarters))
    return sorted((one for one in found if one.opens), key=lambda one: -one.opens)


def keys_of(asked: Question) -> list[str]:
    """Return all that is asked, in its order."""
    return [
        *(one.key for one in asked.needs),
        *(one.key for one in asked.named),
        *(one.key for one in asked.doors),
    ]


def without(asked: Question, key: str) -> int:
    """Return the starts at which all but one that is asked could."""
    return reduce(and_, (one.starts for one in asked.demanded if key not in one.keys), asked.frame)


def fewer(asked: Question, group: Sequence[Need], need: Need) -> int:
    """Return the starts that there are where a need of a group wants one person less."""
    found = without(asked, need.key)
    for needs in combined(group):
        if need in needs:
            less = [replace(one, least=one.least - 1) if one is need else one for one in needs]
            found &= enough(less, asked.maybe)
    return found
