"""Which numbers of overlapping promises may stand beside each other in what is published (R15). Pure.

Promises of one kind count parts of the same: all that was done of it. Who sees some of the numbers can add and subtract
them, and knows from the promises' words, and from which authority has which field, which parts hold each other and
which have nothing in common. A number is shown only while every part that can be worked out so is at least ``LEAST``.
What is hidden is then one part or another below it: which, and how much, nobody can tell, also not who knows this rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from samsyn.dossiers.report.small import LEAST

MOST_SHOWN: Final = 6
"""Numbers of one kind that are shown beside its whole: more are not gone through."""
EVERYTHING: Final = "everything"
A_LEAD: Final = "a lead"
"""The authority that a share is not led by, where it has none of the fields that promises name."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a promise counts, as conditions on what was done: the fewer are set, the more it holds."""

    key: str
    n: int
    area: str | None = None
    hot_spot: str | None = None
    fields: frozenset[str] = frozenset()
    least: int = 1
    not_led_by: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be done: where, who of those with a field came, how many in all, and whether the lead led."""

    area: str | None
    hot_spot: str | None
    came: frozenset[str]
    n: int
    led: bool

    def counted_by(self, part: Part) -> bool:
        """Say whether a promise counts it, by the promise's words."""
        here = part.area in {None, self.area} and part.hot_spot in {None, self.hot_spot}
        return here and part.fields <= self.came and part.least <= self.n and not (part.not_led_by and self.led)


def shown_of(total: int, parts: Sequence[Part]) -> dict[str, int | None]:
    """Return what may be published of a whole (``EVERYTHING``) and its parts, null for what stays hidden.

    The first parts come first: what comes later is hidden where it would tell of them. Of parts by who leads those of
    the first lead alone are looked at: with each lead's, the few of those that are hidden would be their sum.
    """
    found: dict[str, int | None] = {EVERYTHING: total if total >= LEAST else None}
    found |= dict.fromkeys(part.key for part in parts)
    if total < LEAST:
        return found
    lead = next((part.not_led_by for part in parts if part.not_led_by), None)
    sets = [Part(EVERYTHING, total), *(part for part in parts if part.not_led_by in {None, lead})]
    worlds = [cells_of(sets, has) for has in whose(sets, lead)]
    shown = [0]
    for at, part in enumerate(sets[1:], 1):
        if len(shown) > MOST_SHOWN:
            break
        if not any(0 <= n < LEAST for n in told_by([*shown, at], sets, worlds)):
            shown.append(at)
            found[part.key] = part.n
    return found


def whose(sets: Sequence[Part], lead: str | None) -> Iterator[str]:
    """Yield which field the lead may have, each in turn; none where nothing is said of who leads."""
    yield A_LEAD
    if lead is not None:
        yield from sorted({name for one in sets for name in one.fields})


def cells_of(sets: Sequence[Part], lead: str) -> frozenset[tuple[bool, ...]]:
    """Return by which of the sets one thing can be counted: of all that can be done, where each field is one's.

    Who leads comes. An authority with several fields only lets more be possible, so that less can be worked out.
    """
    areas = {None, *(one.area for one in sets)}
    spots = {None, *(one.hot_spot for one in sets)}
    named = sorted({lead, *(name for one in sets for name in one.fields)})
    came = [frozenset(some) for n in range(len(named) + 1) for some in combinations(named, n)]
    more = range(max(one.least for one in sets) + 1)
    things = (
        Thing(area, spot, some, len(some) + others, led)
        for area, spot, some, others, led in product(areas, spots, came, more, (False, True))
        if (lead in some if led else others or some - {lead})
    )
    return frozenset(tuple(thing.counted_by(one) for one in sets) for thing in things)


def told_by(seen: Sequence[int], sets: Sequence[Part], worlds: Sequence[frozenset[tuple[bool, ...]]]) -> Iterator[int]:
    """Yield the size of each part that the last number would let somebody work out with those before it.

    One that is below nought is no part: what it was worked out from is not so.
    """
    cells = [sorted({tuple(n for n, at in enumerate(seen) if cell[at]) for cell in world}, key=len) for world in worlds]
    for signs in product((-1, 0, 1), repeat=len(seen) - 1):
        for sign in (-1, 1):
            weights = (*signs, sign)
            if any(is_part(weights, each) for each in cells):
                yield sum(w * sets[at].n for w, at in zip(weights, seen, strict=True))


def is_part(weights: Sequence[int], cells: Sequence[Sequence[int]]) -> bool:
    """Say whether the numbers that are added and subtracted so count each thing once or not at all, and some once."""
    some = False
    for cell in cells:
        n = sum(weights[at] for at in cell)
        if n not in {0, 1}:
            return False
        some = some or n == 1
    return some
