"""The authorities' visits beside the operations' numbers: also all of it together tells nothing below five."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import cast

import pytest

from samsyn.pledges.evaluation import public as public_module
from samsyn.pledges.evaluation.cells import Part, shown_of
from samsyn.pledges.evaluation.public import public_of
from samsyn.pledges.evaluation.shape import CommitmentEntry, EvaluationContent

LEAST = 5
CAME = (frozenset({"police"}), frozenset({"food"}), frozenset({"police", "food"}))
"""Who can come to an operation, where two authorities have a field each and everybody knows which."""


@dataclass(frozen=True)
class Lived:
    """A year: how many operations of each kind of ``CAME``, and second visits in one, of the police and of food."""

    operations: tuple[int, ...]
    again: tuple[int, int]

    @property
    def visits(self) -> tuple[int, int]:
        alone, other, both = self.operations
        return alone + both + self.again[0], other + both + self.again[1]

    def counted(self, part: Part) -> int:
        held = (part.fields <= came and part.least <= len(came) for came in CAME)
        return sum(n for n, here in zip(self.operations, held, strict=True) if here)


def promise(part: Part, done: int) -> CommitmentEntry:
    entry = {
        "id": part.key, "area_id": "a", "text": part.key, "form": "occasions", "counts": "operation",
        "fields": sorted(part.fields), "least": part.least, "whole": True, "permit_kind": None, "not_led_by": None,
        "hot_spot_id": None, "promised": 3, "done": done, "counted": 0, "pace": "kept", "before": None,
    }  # fmt: skip
    return cast(CommitmentEntry, entry)


def content_of(promised: Sequence[Part], lived: Lived) -> EvaluationContent:
    """A compiled year."""
    visits = [
        {"id": name, "name": name, "visits": [n, 0, 0, 0], "joint": [0] * 4}
        for name, n in zip(("p", "f"), lived.visits, strict=True)
    ]
    kind = {"kind": "operation", "done": [sum(lived.operations), 0, 0, 0], "joint": [0] * 4, "cancelled": 0}
    content = {
        "name": "", "year": 2027, "parties": [], "areas": [], "authorities": visits, "kinds": [kind],
        "commitments": [promise(one, lived.counted(one)) for one in promised],
    }  # fmt: skip
    return cast(EvaluationContent, content)


def told(promised: Sequence[Part], lived: Lived) -> dict[str, int | None]:
    """All that is published, by what it is of."""
    found = public_of(content_of(promised, lived), 1, {})
    table = found["authorities"]
    numbers = {one["id"]: one["done"] for one in found["commitments"]}
    return {
        **numbers, "operations": found["kinds"]["operation"]["total"], "visits": table["total"],
        "p": (table["kinds"] or {}).get("p"), "f": (table["kinds"] or {}).get("f"),
    }  # fmt: skip


POLICE = Part("police", 0, fields=frozenset({"police"}))
FOOD = Part("food", 0, fields=frozenset({"food"}))
BOTH = Part("both", 0, fields=frozenset({"police", "food"}))
JOINT = Part("joint", 0, least=2)
SYSTEMS: tuple[tuple[Part, ...], ...] = ((), (FOOD,), (BOTH, FOOD), (JOINT,), (POLICE, FOOD), (JOINT, POLICE))


def test_second_visits_in_an_operation_are_not_what_a_shown_promise_leaves_of_an_authoritys_visits() -> None:
    found = told((FOOD,), Lived((7, 3, 10), (5, 2)))
    assert found["food"] == 13
    assert found["f"] is None, "15 visits in 13 operations: 2 were second ones"


def test_a_sum_that_shown_promises_explain_does_not_say_where_an_authority_was_missing() -> None:
    found = told((BOTH, FOOD), Lived((2, 10, 8), (0, 0)))
    assert (found["both"], found["food"]) == (8, None)
    assert (found["visits"], found["p"], found["f"]) == (None, None, None), "28 = 20 + 8: without food were 20 - 18"


def test_what_the_joint_ones_leave_of_all_visits_is_not_few() -> None:
    found = told((JOINT,), Lived((6, 6, 8), (1, 1)))
    assert found["joint"] == 8
    assert found["visits"] is None, "30 - 20 - 8 = 2"
    assert told((JOINT,), Lived((6, 6, 8), (4, 4)))["visits"] == 36


def years(most: int, visits: int) -> Iterator[Lived]:
    """Every year of so many operations and visits at most; a second visit is one in an operation."""
    for some in product(range(most + 1), repeat=3):
        left = visits - sum(some) - some[2]
        if sum(some) <= most and left >= 0:
            police, food = (left if some[at] + some[2] else 0 for at in (0, 1))
            yield from (Lived(some, (n, m)) for n in range(police + 1) for m in range(min(food, left - n) + 1))


@pytest.mark.parametrize("promised", SYSTEMS, ids=lambda some: "-".join(one.key for one in some) or "none")
def test_who_tries_every_year_that_looks_the_same_works_out_no_small_part(
    promised: tuple[Part, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strongest reader: parts of the operations, of the second visits, and of both together."""
    kept = cache(shown_of)
    monkeypatch.setattr(public_module, "shown_of", lambda total, parts: kept(total, tuple(parts)))
    alike: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for lived in years(11, 20):
        alike[str(told(promised, lived))].append((*lived.operations, *lived.again))
    for seen, rows in alike.items():
        assert pinned(rows) == frozenset(), seen


def pinned(rows: Sequence[tuple[int, ...]]) -> frozenset[tuple[int, ...]]:
    """The parts that are small in every year, and the same in each."""
    found = set()
    for part in product((0, 1), repeat=len(rows[0])):
        values = {sum(n for n, here in zip(row, part, strict=True) if here) for row in rows}
        if any(part) and len(values) == 1 and min(values) < LEAST:
            found.add(part)
    return frozenset(found)
