"""Which starts suit everybody: people by their number, named people, open doors. Pure: bits in, bits out.

A start is a quarter. Somebody who is wanted has to be free from ``before`` quarters before it until ``lasts`` after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Final

from samsyn.planning.slots.bits import at_least, lasting

WHOLLY: Final = 8
"""Needs that share people and are looked at in every combination; of more than these: alone, in pairs and together."""


@dataclass(frozen=True, slots=True)
class Free:
    """When somebody can: ``sure`` of it is known, ``maybe`` adds the hours of which nobody knows otherwise."""

    sure: int
    maybe: int


@dataclass(frozen=True, slots=True)
class Need:
    """So many of some people, who are told by their number; one person fills one place, also of two needs."""

    key: str
    people: tuple[int, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Named:
    """One person who has to come, whichever place that fills."""

    key: str
    person: int


@dataclass(frozen=True, slots=True)
class Door:
    """A place that has to be ``open`` from ``first`` until before ``last``, in quarters after the start.

    A place whose hours nobody knows is none: it stops nothing.
    """

    key: str
    open: int
    first: int
    last: int


@dataclass(frozen=True)
class Question:
    """What is looked for. All of it lies in the ``window``, and people come no sooner than the quarter ``earliest``."""

    window: int
    before: int
    lasts: int
    people: Sequence[Free]
    needs: tuple[Need, ...] = ()
    named: tuple[Named, ...] = ()
    doors: tuple[Door, ...] = ()
    earliest: int = 0

    @cached_property
    def frame(self) -> int:
        """The quarters at which it may start at all."""
        starts = self.starts(self.window)
        first = self.earliest + self.before
        return starts >> first << first

    @cached_property
    def groups(self) -> list[tuple[Need, ...]]:
        """The needs, those that share people together."""
        found: list[tuple[Need, ...]] = []
        for need in self.needs:
            mine = set(need.people)
            shares = [group for group in found if any(mine & set(one.people) for one in group)]
            found = [group for group in found if group not in shares]
            found.append((*chain.from_iterable(shares), need))
        return found

    @cached_property
    def maybe(self) -> list[int]:
        """The starts at which each person can, as far as anybody knows."""
        return [self.starts(free.maybe) for free in self.people]

    @cached_property
    def sure(self) -> list[int]:
        """The starts at which each person is known to be free."""
        both = zip(self.people, self.maybe, strict=True)
        return [maybe if free.sure == free.maybe else self.starts(free.sure) for free, maybe in both]

    @cached_property
    def demanded(self) -> list[Demand]:
        """All that has to hold, as far as anybody knows."""
        return list(demands(self, self.maybe))

    def starts(self, free: int) -> int:
        """Return the starts at which a person who is free then can come for all of it."""
        return lasting(free, self.before + self.lasts) << self.before if free else 0


def opens(door: Door) -> int:
    """Return the starts at which a place is open when it has to be."""
    return lasting(door.open, door.last - door.first) >> door.first


@dataclass(frozen=True, slots=True)
class Demand:
    """What has to hold, of which needs, named people or doors it is, and the starts at which it does."""

    keys: tuple[str, ...]
    starts: int


def combined(group: Sequence[Need]) -> Iterator[tuple[Need, ...]]:
    """Yield the needs of a group alone and in every combination: all are met where each has people enough (Hall)."""
    sizes = range(1, len(group) + 1) if len(group) <= WHOLLY else (1, 2, len(group))
    return chain.from_iterable(combinations(group, size) for size in sizes)


def enough(needs: Sequence[Need], starts: Sequence[int]) -> int:
    """Return the starts at which all the people of some needs are as many as all of them want."""
    people = dict.fromkeys(chain.from_iterable(need.people for need in needs))
    wanted = sum(need.least for need in needs)
    return at_least((starts[one] for one in people), wanted)[wanted]


def demands(asked: Question, starts: Sequence[int]) -> Iterator[Demand]:
    """Yield all that has to hold, where each person can at ``starts``."""
    for group in asked.groups:
        for needs in combined(group):
            yield Demand(tuple(need.key for need in needs), enough(needs, starts))
    for one in asked.named:
        yield Demand((one.key,), starts[one.person])
    for door in asked.doors:
        yield Demand((door.key,), opens(door))


@dataclass(frozen=True, slots=True)
class Found:
    """The starts at which everybody can as far as is known, and those of them at which all are known to be free."""

    starts: int
    sure: int


def possible(asked: Question) -> int:
    """Return the starts at which everybody can as far as is known."""
    starts = asked.frame
    for one in asked.demanded:
        starts &= one.starts
    return starts


def find(asked: Question) -> Found:
    """Return when it could be, and when it surely can."""
    starts = sure = possible(asked)
    if starts:
        for one in demands(asked, asked.sure):
            sure &= one.starts
    return Found(starts, sure)
