"""Which numbers of overlapping promises may stand beside each other in what is published (R15). Pure.

Promises of one kind count parts of the same: all that was done of it. Who sees some of the numbers can add and subtract
them, and knows from the promises' words, and from which authority has which field, which parts hold each other and
which have nothing in common. A number is shown only while every part that can be worked out so is at least ``LEAST``.
What is hidden is then one part or another below it: which, and how much, nobody can tell, also not who knows this rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from samsyn.dossiers.report.small import LEAST

MOST_SHOWN: Final = 6
"""Numbers of one kind that are shown beside its whole: more are not gone through."""
MOST_THINGS: Final = 50_000
"""Things of one kind that are gone through, for all its numbers together: what would need more is not shown."""
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

    @property
    def by_who(self) -> bool:
        """Say whether it asks who came or led."""
        return bool(self.fields) or self.least > 1 or self.not_led_by is not None

    @property
    def everything(self) -> bool:
        """Say whether it counts all that was done, so that its number tells no more than the whole's."""
        conditions = (self.area, self.hot_spot, self.not_led_by)
        return not self.fields and self.least <= 1 and conditions == (None, None, None)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be done: where, who of those with a field came, how many in all, and whether the lead led."""

    area: str | None
    hot_spot: str | None
    came: frozenset[str]
    n: int
    led: bool

    @property
    def others(self) -> int:
        """How many came that have none of the fields."""
        return self.n - len(self.came)

    def counted_by(self, part: Part) -> bool:
        """Say whether a promise counts it, by the promise's words."""
        here = part.area in {None, self.area} and part.hot_spot in {None, self.hot_spot}
        return here and part.fields <= self.came and part.least <= self.n and not (part.not_led_by and self.led)


def shown_of(total: int, parts: Sequence[Part]) -> dict[str, int | None]:
    """Return what may be published of a whole (``EVERYTHING``) and its parts, null for what stays hidden.

    The first parts come first: what comes later is hidden where it would tell of them. Of parts by who leads those of
    the first lead alone are looked at: with each lead's, the few of those that are hidden would be their sum. Behind a
    part by who came or led that is hidden no other such part is looked at: where only two can come, that it is hidden
    too would say how few there are.
    """
    found: dict[str, int | None] = {EVERYTHING: total if total >= LEAST else None}
    found |= dict.fromkeys(part.key for part in parts)
    if total < LEAST:
        return found
    lead = next((part.not_led_by for part in parts if part.not_led_by), None)
    shown, left, told = [Part(EVERYTHING, total)], MOST_THINGS, True
    for part in (one for one in parts if one.not_led_by in {None, lead}):
        if part.by_who and not told:
            continue
        seen = [*shown, part]
        left -= most_things(seen)
        if len(shown) > MOST_SHOWN or left < 0:
            break
        if not any(n < LEAST for n in told_by(seen)):
            shown.append(part)
            found[part.key] = part.n
        elif part.by_who:
            told = False
    return found


def whose(sets: Sequence[Part]) -> list[str]:
    """Return which field the lead may have, each in turn; none where nothing is said of who leads."""
    if not any(one.not_led_by for one in sets):
        return [A_LEAD]
    return [A_LEAD, *sorted({name for one in sets for name in one.fields})]


def most_things(sets: Sequence[Part]) -> int:
    """Return how many things are gone through for the sets at most, whatever their numbers are."""
    places = len({None, *(one.area for one in sets)}) * len({None, *(one.hot_spot for one in sets)})
    together = 1 << len({frozenset({A_LEAD}), *(one.fields for one in sets if one.fields)})
    return len(whose(sets)) * places * together * len({0, 1, *(one.least for one in sets)}) * 2


def cells_of(sets: Sequence[Part], things: Iterable[Thing]) -> frozenset[tuple[bool, ...]]:
    """Return by which of the sets one of the things can be counted."""
    return frozenset(tuple(thing.counted_by(one) for one in sets) for thing in things)


def worlds_of(sets: Sequence[Part]) -> set[frozenset[tuple[bool, ...]]]:
    """Return the cells of every town there may be: by which field the lead has, and how many come beside the fields.

    Who reads it knows the town: where nobody else than two can come, their numbers tell how often both did.
    """
    found = set[frozenset[tuple[bool, ...]]]()
    for lead in whose(sets):
        things = list(things_of(sets, lead))
        for most in {one.others for one in things}:
            found.add(cells_of(sets, (one for one in things if one.others <= most)))
    return found


def things_of(sets: Sequence[Part], lead: str) -> Iterator[Thing]:
    """Yield one thing at least of each that the sets tell apart, where each field is one's.

    Who leads comes. An authority with several fields only lets more be possible, so that less can be worked out.
    Who came beside all of a promise's fields is just one more, and more of them count only where a promise asks for so
    many: every other thing is counted by the same sets as one of these.
    """
    areas = {None, *(one.area for one in sets)}
    spots = {None, *(one.hot_spot for one in sets)}
    leads = [frozenset({lead})] if any(one.not_led_by for one in sets) else []
    for came in unions([*leads, *(one.fields for one in sets)]):
        others = {0, 1, *(one.least - len(came) for one in sets if one.least > len(came))}
        for area, spot, more, led in product(areas, spots, others, (False, True)):
            if lead in came if led else more or came - {lead}:
                yield Thing(area, spot, came, len(came) + more, led)


def unions(some: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    """Return all that some of the sets make together; none of them make the empty one."""
    found: set[frozenset[str]] = {frozenset()}
    for one in some:
        found |= {one | other for other in found}
    return found


def told_by(sets: Sequence[Part]) -> Iterator[int]:
    """Yield the size of each part that the last number would let somebody work out with those before it.

    In a town where one would be below nought, or the same things would have two numbers, these cannot be true.
    """
    sums = {
        signs: sum(w * one.n for w, one in zip(signs, sets, strict=True))
        for signs in product((-1, 0, 1), repeat=len(sets))
    }
    for world in worlds_of(sets):
        cells = sorted({tuple(n for n, here in enumerate(cell) if here) for cell in world}, key=len)
        nothing = {signs for signs in sums if all(sum(signs[at] for at in cell) == 0 for cell in cells)}
        parts = {signs for signs in sums if is_part(signs, cells)}
        if not any(sums[one] for one in nothing) and all(sums[one] >= 0 for one in parts):
            yield from (sums[one] for one in parts if one[-1])


def is_part(weights: Sequence[int], cells: Sequence[Sequence[int]]) -> bool:
    """Say whether the numbers that are added and subtracted so count each thing once or not at all, and some once."""
    some = False
    for cell in cells:
        n = sum(weights[at] for at in cell)
        if n not in {0, 1}:
            return False
        some = some or n == 1
    return some
