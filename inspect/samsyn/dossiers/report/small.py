"""Small numbers in what is published (R15): what is shown of a count by kind, so that nothing hidden can be worked out.

A number below five is shown as "under 5", zero too. The total of a table is known, so what is shown beside it tells the
sum of the hidden cells. Cells are therefore hidden one by one only where each of them may still be anything from none
to four: at least two are hidden, and their sum is at least four and at most four for each but one. Else the whole table
is left out and its total stands alone. Which kinds there are never depends on the numbers, and which table is left out
not on the order of its cells, so that the rule itself tells nothing more. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typing_extensions import TypedDict

LEAST: Final = 5
"""The smallest number that is published (R15)."""
MOST: Final = LEAST - 1
"""The largest number that is hidden."""


class PublicTable(TypedDict):
    """A total and its kinds. A number that is null is below ``LEAST``; ``kinds`` is null where none of it is shown."""

    total: int | None
    kinds: dict[str, int | None] | None


def published(kinds: Mapping[str, int]) -> PublicTable:
    """Return what may be published of a count by kind; ``kinds`` are all that there may be, those with none too.

    None that there cannot be: its nought is known, and with it the sum of the others.
    """
    total = sum(kinds.values())
    if total < LEAST:
        return {"total": None, "kinds": None}
    hidden = [n for n in kinds.values() if n < LEAST]
    if hidden and not may_stand(len(hidden), sum(hidden)):
        return {"total": total, "kinds": None}
    return {"total": total, "kinds": {kind: n if n >= LEAST else None for kind, n in kinds.items()}}


def may_stand(n: int, together: int) -> bool:
    """Say whether each of ``n`` hidden cells may be anything from none to ``MOST`` for who knows their sum."""
    return n > 1 and MOST <= together <= MOST * (n - 1)
