"""Which numbers of overlapping promises may stand beside each other in what is published (R15). Pure.

Promises of one kind count parts of the same: all that was done of it. Who sees some of the numbers can add and subtract
them, and knows from the promises' words which parts hold each other and which have nothing in common. A number is shown
only while every part that can be worked out so is at least ``LEAST``. What is hidden is then one part or another below
it: which, and how much, nobody can tell, also not who knows this rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from samsyn.dossiers.report.small import LEAST

MOST_SHOWN: Final = 6
"""Numbers of one kind that are shown beside its whole: more are not gone through."""
EVERYTHING: Final = "everything"


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

    def within(self, other: Part) -> bool:
        """Say whether all that it counts is counted by the other one, whatever is done."""
        return (
            other.area in {None, self.area}
            and other.hot_spot in {None, self.hot_spot}
            and other.fields <= self.fields
            and other.least <= self.least
            and other.not_led_by in {None, self.not_led_by}
        )

    def apart(self, other: Part) -> bool:
        """Say whether nothing is counted by both, whatever is done."""
        return differ(self.area, other.area) or differ(self.hot_spot, other.hot_spot)

    def may_be_within(self, other: Part) -> bool:
        """Say whether who knows the authorities could know it to be within the other: a field is one authority's."""
        return len(self.fields) > 1 and other.least > self.least and other.least <= len(self.fields)


def differ(one: str | None, other: str | None) -> bool:
    """Say whether both are set and differ."""
    return one is not None and other is not None and one != other


def shown_of(total: int, parts: Sequence[Part]) -> dict[str, int | None]:
    """Return what may be published of a whole (``EVERYTHING``) and its parts, null for what stays hidden.

    The first parts come first: what comes later is hidden where it would tell of them.
    """
    found: dict[str, int | None] = {EVERYTHING: total if total >= LEAST else None}
    shown = [Part(EVERYTHING, total)] if total >= LEAST else []
    for part in parts:
        may = bool(shown) and len(shown) <= MOST_SHOWN and all(n >= LEAST for n in told_by(shown, part))
        found[part.key] = part.n if may else None
        if may:
            shown.append(part)
    return found


def told_by(shown: Sequence[Part], part: Part) -> Iterator[int]:
    """Yield the size of each part that one more number would let anybody work out."""
    sets = [*shown, part]
    may_be = list(possible(sets))
    for signs in product((-1, 0, 1), repeat=len(shown)):
        for sign in (-1, 1):
            weights = (*signs, sign)
            values = {sum(w for w, here in zip(weights, one, strict=True) if here) for one in may_be}
            if values <= {0, 1} and 1 in values:
                yield sum(w * one.n for w, one in zip(weights, sets, strict=True))
    for other in shown:
        if part.may_be_within(other) or other.may_be_within(part):
            yield abs(part.n - other.n)


def possible(sets: Sequence[Part]) -> Iterator[tuple[bool, ...]]:
    """Yield by which of the sets one thing can be counted."""
    rules: Mapping[tuple[int, int], tuple[bool, bool]] = {
        (i, j): (one.within(other), one.apart(other))
        for i, one in enumerate(sets)
        for j, other in enumerate(sets)
        if i != j
    }
    for one in product((False, True), repeat=len(sets)):
        broken = any(
            (within and one[i] and not one[j]) or (apart and one[i] and one[j])
            for (i, j), (within, apart) in rules.items()
        )
        if not broken:
            yield one
