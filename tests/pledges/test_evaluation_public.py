"""Nothing below five can be worked out of what is published of a pledge's year, also not by who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest

from samsyn.dossiers.report.small import LEAST
from samsyn.dossiers.report.small import published as by_kind
from samsyn.pledges.evaluation import cells as cells_module
from samsyn.pledges.evaluation.cells import EVERYTHING, MOST_THINGS, Part, Thing, cells_of, shown_of, things_of, whose
from samsyn.pledges.evaluation.public import called
from samsyn.pledges.evaluation.shape import AuthorityEntry
from samsyn.pledges.evaluation.visits import visits_of

SYSTEMS: tuple[tuple[Part, ...], ...] = (
    (Part("joint", 0, least=2), Part("three", 0, least=3)),
    (Part("centre", 0, area="a"), Part("centre joint", 0, area="a", least=2)),
    (Part("one", 0, area="a"), Part("other", 0, area="b")),
    (Part("joint", 0, least=2), Part("led", 0, not_led_by="p")),
    (Part("police", 0, area="a", fields=frozenset({"police"})), Part("joint", 0, least=2)),
    (Part("same", 0, area="a"), Part("again", 0, area="a")),
    (Part("led", 0, not_led_by="p"), Part("led too", 0, not_led_by="f")),
    (Part("led", 0, not_led_by="p"), Part("led too", 0, not_led_by="f"), Part("led as well", 0, not_led_by="h")),
    (Part("led", 0, not_led_by="p"), Part("police", 0, fields=frozenset({"police"}))),
    (Part("both", 0, fields=frozenset({"police", "food"})), Part("joint", 0, least=2)),
    (Part("one", 0, area="a"), Part("other", 0, area="b"), Part("joint", 0, least=2)),
    (Part("joint", 0, least=2), Part("led", 0, not_led_by="p"), Part("police", 0, fields=frozenset({"police"}))),
    (Part("police", 0, fields=frozenset({"police"})), Part("food", 0, fields=frozenset({"food"}))),
)
"""Promises beside each other: nested, apart, crossing, the same; by who leads, and by who comes."""
MOST = 18
"""The largest whole that is tried: small parts and large ones beside each other; of many cells a smaller one."""
MANY, FEWER = 5, 12


HAS = {"p": "police", "f": "food", "h": "health"}
"""Each authority's field, as everybody in the town knows it."""
TOWNS = ("pfh", "pf")
"""Who can come, which everybody knows too: three authorities, or two and never a third."""


def things(town: str) -> list[tuple[str | None, str, frozenset[str]]]:
    """All that can be done: where, led by whom, and who came; the lead always did."""
    together = [frozenset(some) for n in range(1, len(town) + 1) for some in combinations(town, n)]
    return [(area, lead, came) for area in (None, "a", "b") for came in together for lead in sorted(came)]


def counts(part: Part, thing: tuple[str | None, str, frozenset[str]]) -> bool:
    """Whether a promise counts it, as its words say."""
    area, lead, came = thing
    here = part.area in {None, area} and part.not_led_by != lead and len(came) >= part.least
    return here and part.fields <= {HAS[one] for one in came}


def kinds_of_thing(system: Sequence[Part], town: str) -> list[tuple[bool, ...]]:
    """By which promises one thing can be counted, of all that can be done: the table's cells, which nobody sees."""
    return sorted({tuple(counts(part, thing) for part in system) for thing in things(town)})


def published(
    system: Sequence[Part], cells: Sequence[tuple[bool, ...]], table: Sequence[int]
) -> tuple[tuple[str, int | None], ...]:
    parts = [
        Part(part.key, sum(n for n, here in zip(table, cells, strict=True) if here[at]), part.area, part.hot_spot,
             part.fields, part.least, part.not_led_by)
        for at, part in enumerate(system)
    ]  # fmt: skip
    return tuple(shown_of(sum(table), parts).items())


def tables_of(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every table with a whole of at most so many: of each whole all that there are."""
    if cells == 0:
        yield ()
        return
    for n in range(most + 1):
        for rest in tables_of(cells - 1, most - n):
            yield (n, *rest)


def asked(cells: Sequence[tuple[bool, ...]]) -> Iterator[tuple[int, ...]]:
    """Every part of all that is done, as the cells that it holds: each of them may be a small one."""
    for chosen in product((0, 1), repeat=len(cells)):
        if any(chosen):
            yield chosen


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize("at", range(len(SYSTEMS)))
def test_who_tries_every_table_works_out_no_small_part(at: int, town: str) -> None:
    """The strongest reader knows the rule, lists every table, and keeps those that would be published just so."""
    system = SYSTEMS[at]
    cells = kinds_of_thing(system, town)
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for table in tables_of(len(cells), FEWER if len(cells) >= MANY else MOST):
        alike[published(system, cells, table)].append(table)
    parts = list(asked(cells))
    for seen, tables in alike.items():
        for part in parts:
            values = {sum(n for n, here in zip(table, part, strict=True) if here) for table in tables}
            if min(values) < LEAST:
                assert len(values) > 1, (seen, part, values)


def test_numbers_stand_where_nothing_small_is_told() -> None:
    parts = (Part("joint", 20, least=2), Part("centre", 12, area="a"), Part("centre joint", 7, area="a", least=2))
    assert shown_of(30, parts) == {EVERYTHING: 30, "joint": 20, "centre": 12, "centre joint": 7}
    assert shown_of(30, (Part("joint", 27, least=2),)) == {EVERYTHING: 30, "joint": None}, "three were alone"
    assert shown_of(4, parts)[EVERYTHING] is None
    split = (Part("one", 12, area="a"), Part("other", 15, area="b"))
    assert shown_of(30, split) == {EVERYTHING: 30, "one": 12, "other": None}, "the rest would be three"


def test_where_only_two_can_come_their_numbers_do_not_tell_how_often_both_did() -> None:
    police, food = (Part(name, 5, fields=frozenset({name})) for name in ("police", "food"))
    assert shown_of(10, (police, food)) == {EVERYTHING: 10, "police": 5, "food": None}, "both never came"
    assert shown_of(10, (replace(police, n=8), replace(food, n=7)))["food"] is None
    apart = shown_of(20, (replace(police, n=13), replace(food, n=14)))
    assert apart == {EVERYTHING: 20, "police": 13, "food": 14}, "both came seven times, each alone six or more"


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_is_added_or_subtracted_gives_a_small_part(seed: int, town: str) -> None:
    """Random promises of larger numbers: no sum or difference of what is shown is the size of a small part."""
    chance = Random(seed)
    system = [
        Part(str(n), 0, chance.choice([None, "a", "b"]), None,
             frozenset(chance.sample(["police", "food"], chance.choice([0, 0, 1, 2]))), chance.choice([1, 1, 2]),
             chance.choice([None, None, "p", "f"]))
        for n in range(chance.randint(2, 5))
    ]  # fmt: skip
    cells = kinds_of_thing(system, town)
    table = [chance.choice([0, 1, 3, 6, 9, 14]) for _ in cells]
    shown = {key: n for key, n in published(system, cells, table) if n is not None}
    names = [part.key for part in system]
    vectors = {EVERYTHING: [1] * len(cells)}
    vectors |= {name: [int(one[at]) for one in cells] for at, name in enumerate(names)}
    for signs in product((-1, 0, 1), repeat=len(shown)):
        part = [sum(s * vectors[k][c] for s, k in zip(signs, shown, strict=True)) for c in range(len(cells))]
        if set(part) <= {0, 1} and any(part):
            assert sum(s * n for s, n in zip(signs, shown.values(), strict=True)) >= LEAST


def chance_promises(chance: Random, n: int) -> list[Part]:
    """Promises of any shape beside each other."""
    return [
        Part(str(at), chance.choice([6, 9, 14, 20, 30, 50]), chance.choice([None, "a", "b"]),
             chance.choice([None, None, "s"]), frozenset(chance.sample(["police", "food", "health"],
             chance.choice([0, 0, 1, 2]))), chance.choice([1, 1, 2, 3]), chance.choice([None, None, "p"]))
        for at in range(n)
    ]  # fmt: skip


def every_cell(sets: Sequence[Part], lead: str) -> frozenset[tuple[bool, ...]]:
    """Every place, all who may have come, every number of them, and who led: nothing is left out as alike."""
    places = product({None, *(one.area for one in sets)}, {None, *(one.hot_spot for one in sets)})
    named = sorted({lead, *(name for one in sets for name in one.fields)})
    came = [frozenset(some) for n in range(len(named) + 1) for some in combinations(named, n)]
    more = range(max(one.least for one in sets) + 1)
    things = (
        Thing(area, spot, some, len(some) + others, led)
        for (area, spot), some, others, led in product(places, came, more, (False, True))
        if (lead in some if led else others or some - {lead})
    )
    return frozenset(tuple(thing.counted_by(one) for one in sets) for thing in things)


@pytest.mark.parametrize("seed", range(120))
def test_the_things_that_are_gone_through_are_told_apart_as_all_that_can_be_done(seed: int) -> None:
    """Of some promises alone as of all of them: what the others name tells the first apart no further."""
    chance = Random(seed)
    sets = [Part(EVERYTHING, 100), *chance_promises(chance, chance.randint(1, 5))]
    led = [cells_module.A_LEAD, *sorted({name for one in sets for name in one.fields})]
    some = [0, *sorted(chance.sample(range(1, len(sets)), chance.randint(1, len(sets) - 1)))]
    seen = [sets[at] for at in some]
    everything = {frozenset(tuple(cell[at] for at in some) for cell in every_cell(sets, lead)) for lead in led}
    assert {cells_of(seen, things_of(seen, lead)) for lead in whose(seen)} == everything


@pytest.mark.parametrize("unlike", ["all", "fields"])
def test_as_many_promises_as_there_may_be_are_gone_through_within_a_bound(
    unlike: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty promises of twenty areas, each of its own shape; what would need more than the bound is not shown."""
    chance, fields = Random(1), [f"field {n}" for n in range(11)]
    wide = [
        Part(str(n), 1000 + 137 * n * n, f"area {n % 20}" if n % 3 else None, f"spot {n}" if n % 2 else None,
             frozenset(fields[: 1 + n % 11]), 2 + n % 19, "p" if n % 5 == 0 else None)
        for n in range(50)
    ]  # fmt: skip
    if unlike == "fields":
        wide = [replace(one, area=None, hot_spot=None, fields=frozenset(chance.sample(fields, 3))) for one in wide]
    gone: list[Thing] = []
    through = cells_module.things_of

    def counted(sets: Sequence[Part], lead: str) -> Iterator[Thing]:
        for thing in through(sets, lead):
            gone.append(thing)
            yield thing

    monkeypatch.setattr(cells_module, "things_of", counted)
    found = shown_of(10**7, wide)
    assert 0 < len(gone) <= MOST_THINGS
    assert found[EVERYTHING] == 10**7
    assert found["0"] == 1000
    assert set(found) == {EVERYTHING, *(one.key for one in wide)}
    monkeypatch.setattr(cells_module, "MOST_THINGS", 0)
    assert [n for n in shown_of(10**7, wide).values() if n is not None] == [10**7], "nothing is shown unseen"


def test_quarters_and_parts_together_tell_no_more_than_each_by_itself() -> None:
    """All of a kind by quarter, and a promise of it: who tries every year that looks the same pins no small part."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for one in tables_of(4, 16):  # in two quarters, counted by a promise and not
        quarters = by_kind({"1": one[0] + one[1], "2": one[2] + one[3]})
        joint = shown_of(sum(one), (Part("joint", one[0] + one[2], least=2),))
        alike[str(quarters), str(joint)].append(one)
    for seen, tables in alike.items():
        for part in asked([(False,)] * 4):
            values = {sum(n for n, here in zip(table, part, strict=True) if here) for table in tables}
            assert min(values) >= LEAST or len(values) > 1, (seen, part)


@pytest.mark.parametrize("done", range(13))
def test_places_are_told_where_neither_the_seen_nor_the_others_are_few(done: int) -> None:
    table = by_kind({"seen": done, "unseen": 12 - done})
    assert (table["kinds"] is not None) == (5 <= done <= 7)


def visits(*some: int) -> dict[str, int]:
    return {f"m{at}": n for at, n in enumerate(some)}


def test_an_authority_that_is_known_to_have_no_visit_tells_of_no_other() -> None:
    """The coordinating board never inspects: who knows it takes its nought from the sum of the hidden ones."""
    for some in ((0, 4, 20), (0, 4, 4, 20), (0, 6, 20), (3, 4, 20)):
        assert visits_of(visits(*some), 0, (), apart=True) == {"total": sum(some), "kinds": None}
    assert visits_of(visits(0, 4), 0, (), apart=True) == {"total": None, "kinds": None}
    assert visits_of(visits(5, 20), 20, (), apart=True) == {"total": 25, "kinds": {"m0": 5, "m1": 20}}


def test_two_authorities_of_one_name_are_two() -> None:
    """What each is called in what is published."""
    entries: list[AuthorityEntry] = [
        {"id": f"{n}0000000-0", "name": "Nämnden", "visits": [0, n, 0, 0], "joint": [0] * 4} for n in (5, 20)
    ]
    assert len(set(called(entries).values())) == 2


@pytest.mark.parametrize("operations", [21, 24, 25])
def test_as_many_visits_as_operations_say_that_none_was_joint(operations: int) -> None:
    """Each operation has a visit: what is more of them is a second authority, or a second visit, of one."""
    assert visits_of(visits(5, 20), operations, (), apart=True) == {"total": None, "kinds": None}
    told = visits_of(visits(5, 20), 30, (), apart=True)
    assert told["total"] == 25, "guests lead some that no member visits"
