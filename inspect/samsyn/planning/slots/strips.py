"""Who can when: of each that is asked the quarters at which it can, perhaps can or cannot, as a strip to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from samsyn.planning.slots.blame import keys_of
from samsyn.planning.slots.search import Demand, Question, demands, find


@dataclass(frozen=True, slots=True)
class Strip:
    """One that is asked, or (no key) everybody together. ``sure`` and ``maybe``: quarters at which enough of it can,
    as far as is known and as far as anybody knows; ``starts``: those from which on it can for all of it.
    """

    key: str
    sure: int
    maybe: int
    starts: int


def at_each_quarter(asked: Question) -> Question:
    """Return the same question of something that lasts one quarter: who can then, and not from then on."""
    doors = tuple(replace(one, first=0, last=1) for one in asked.doors)
    return replace(asked, before=0, lasts=1, doors=doors)


def strips(asked: Question) -> Iterator[Strip]:
    """Yield each that is asked in its order, and after several all of them together."""
    now = at_each_quarter(asked)
    alone = of_one(asked.demanded, asked.frame)
    maybe, sure = of_one(now.demanded, now.frame), of_one(demands(now, now.sure), now.frame)
    for key in keys_of(asked):
        yield Strip(key, sure[key], maybe[key], alone[key])
    if len(maybe) > 1:
        together = find(now)
        yield Strip("", together.sure, together.starts, find(asked).starts)


def of_one(demanded: Iterable[Demand], frame: int) -> dict[str, int]:
    """Return by key what each alone allows."""
    return {one.keys[0]: one.starts & frame for one in demanded if len(one.keys) == 1}
