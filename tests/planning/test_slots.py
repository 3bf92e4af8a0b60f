"""Common times against counting by hand: every quarter, every person, every way to fill the places, in plain loops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.planning.slots.bits import at_least, lasting, runs_of
from samsyn.planning.slots.blame import Way, blames, never_meet, relaxations
from samsyn.planning.slots.choosing import distinct
from samsyn.planning.slots.search import Door, Free, Named, Need, Question, find
from samsyn.planning.slots.strips import strips

N = 14
hours = st.lists(st.booleans(), min_size=N, max_size=N)
mostly = st.lists(st.integers(0, 9).map(bool), min_size=N, max_size=N)


def bits(hours: Sequence[bool]) -> int:
    return sum(1 << n for n, yes in enumerate(hours) if yes)


def listed(found: int) -> list[int]:
    assert found >= 0
    return [n for n in range(found.bit_length()) if found >> n & 1]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """People's hours as lists of yes and no, what is asked of them, and the doors."""
    people = draw(st.integers(0, 5))
    maybe = [draw(st.one_of(hours, mostly)) for _ in range(people)]
    sure = [[a and b for a, b in zip(one, draw(mostly), strict=True)] for one in maybe]
    some = st.lists(st.integers(0, people - 1), unique=True, max_size=people) if people else st.just([])
    needs = draw(st.lists(st.tuples(some, st.integers(1, 3)), max_size=4))
    named = draw(st.lists(st.integers(0, people - 1), unique=True, max_size=2)) if people else []
    door = st.tuples(st.one_of(hours, mostly), st.integers(0, 2), st.integers(1, 2))
    return {
        "maybe": maybe,
        "sure": sure,
        "needs": {f"need {n}": one for n, one in enumerate(needs)},
        "named": {f"named {n}": one for n, one in enumerate(named)},
        "doors": {f"door {n}": one for n, one in enumerate(draw(st.lists(door, max_size=2)))},
        "before": draw(st.integers(0, 2)),
        "lasts": draw(st.integers(1, 4)),
        "window": draw(st.one_of(st.just([True] * N), hours, mostly)),
        "earliest": draw(st.integers(0, 3)),
    }


def question(w: dict[str, Any]) -> Question:
    pairs = zip(w["sure"], w["maybe"], strict=True)
    return Question(
        window=bits(w["window"]),
        earliest=w["earliest"],
        before=w["before"],
        lasts=w["lasts"],
        people=[Free(bits(sure), bits(maybe)) for sure, maybe in pairs],
        needs=tuple(Need(key, tuple(people), least) for key, (people, least) in w["needs"].items()),
        named=tuple(Named(key, person) for key, person in w["named"].items()),
        doors=tuple(
            Door(key, bits(open_), first, first + length) for key, (open_, first, length) in w["doors"].items()
        ),
    )


def there(hours: Sequence[bool], first: int, last: int) -> bool:
    return first >= 0 and last <= N and all(hours[first:last])


def fills(places: list[list[int]], taken: frozenset[int] = frozenset()) -> bool:
    """Whether each place gets somebody of its own, by trying."""
    if not places:
        return True
    return any(fills(places[1:], taken | {one}) for one in places[0] if one not in taken)


def good(w: dict[str, Any], start: int, keys: Iterable[str], *, surely: bool = False) -> bool:
    """Whether those that are named can at a start."""
    keys, all_hours = set(keys), w["sure" if surely else "maybe"]
    can = [there(one, start - w["before"], start + w["lasts"]) for one in all_hours]
    places = [
        [one for one in people if can[one]]
        for key, (people, least) in w["needs"].items()
        if key in keys
        for _ in range(least)
    ]
    for key, (open_, first, length) in w["doors"].items():
        if key in keys and not there(open_, start + first, start + first + length):
            return False
    return all(can[one] for key, one in w["named"].items() if key in keys) and fills(places)


def asked(w: dict[str, Any]) -> list[str]:
    return [*w["needs"], *w["named"], *w["doors"]]


def frame(w: dict[str, Any]) -> list[int]:
    first, last = w["before"], w["lasts"]
    return [n for n in range(N) if n - first >= w["earliest"] and there(w["window"], n - first, n + last)]


@settings(deadline=None)
@given(worlds())
def test_the_starts_are_those_at_which_every_place_is_filled_and_every_door_is_open(w: dict[str, Any]) -> None:
    found = find(question(w))
    assert listed(found.starts) == [n for n in frame(w) if good(w, n, asked(w))]


@settings(deadline=None)
@given(worlds())
def test_what_nobody_knows_is_never_sure(w: dict[str, Any]) -> None:
    found = find(question(w))
    assert listed(found.sure) == [n for n in frame(w) if good(w, n, asked(w), surely=True)]


@settings(deadline=None)
@given(worlds())
def test_each_is_blamed_for_what_it_stops(w: dict[str, Any]) -> None:
    said = {one.key: one for one in blames(question(w))}
    assert list(said) == asked(w)
    for key in asked(w):
        others = [one for one in asked(w) if one != key]
        assert said[key].can == sum(good(w, n, [key]) for n in frame(w))
        assert said[key].only == sum(good(w, n, others) and not good(w, n, asked(w)) for n in frame(w))
    for key, (people, least) in w["needs"].items():
        able = [[there(w["maybe"][one], n - w["before"], n + w["lasts"]) for one in people] for n in frame(w)]
        assert said[key].people == len(people)
        assert said[key].most == min(least, max(map(sum, able), default=0))


@settings(deadline=None)
@given(worlds())
def test_a_strip_has_the_quarters_at_which_one_can_and_the_starts_for_all_of_it(w: dict[str, Any]) -> None:
    doors = {key: (open_, 0, 1) for key, (open_, _, _) in w["doors"].items()}
    quarter = {**w, "before": 0, "lasts": 1, "doors": doors}
    said = {one.key: one for one in strips(question(w))}
    assert list(said) == [*asked(w), *([""] if len(asked(w)) > 1 else [])]
    for key, one in said.items():
        keys = [key] if key else asked(w)
        assert listed(one.maybe) == [n for n in frame(quarter) if good(quarter, n, keys)]
        assert listed(one.sure) == [n for n in frame(quarter) if good(quarter, n, keys, surely=True)]
        assert listed(one.starts) == [n for n in frame(w) if good(w, n, keys)]


@settings(deadline=None)
@given(worlds())
def test_the_fewest_that_never_meet_are_the_fewest(w: dict[str, Any]) -> None:
    said = never_meet(question(w))
    if not frame(w) or any(good(w, n, asked(w)) for n in frame(w)):
        assert said == ()
        return
    fewest = next(
        size
        for size in range(1, len(asked(w)) + 1)
        for keys in combinations(asked(w), size)
        if not any(good(w, n, keys) for n in frame(w))
    )
    assert len(said) == fewest
    assert not any(good(w, n, said) for n in frame(w))


@settings(deadline=None)
@given(worlds())
def test_a_way_out_opens_as_many_starts_as_it_says_and_the_best_comes_first(w: dict[str, Any]) -> None:
    said = relaxations(question(w), shorter=range(1, w["lasts"]))
    wanted = {}
    for key in asked(w):
        wanted[Way.WITHOUT, key, 0] = sum(good(w, n, [one for one in asked(w) if one != key]) for n in frame(w))
    for key, (people, least) in w["needs"].items():
        if least > 1:
            less = {**w, "needs": {**w["needs"], key: (people, least - 1)}}
            wanted[Way.FEWER, key, 0] = sum(good(less, n, asked(w)) for n in frame(w))
    for quarters in range(1, w["lasts"]):
        less = {**w, "lasts": w["lasts"] - quarters}
        wanted[Way.SHORTER, "", quarters] = sum(good(less, n, asked(w)) for n in frame(less))
    assert {(one.way, one.key, one.quarters): one.opens for one in said} == {k: n for k, n in wanted.items() if n}
    assert [one.opens for one in said] == sorted((one.opens for one in said), reverse=True)


@given(hours, st.integers(1, N + 2))
def test_what_lasts_is_free_for_each_of_its_quarters(free: list[bool], length: int) -> None:
    assert listed(lasting(bits(free), length)) == [n for n in range(N) if there(free, n, n + length)]


@given(st.lists(hours, max_size=5), st.integers(1, 4))
def test_at_least_so_many_are_counted(sets: list[list[bool]], most: int) -> None:
    found = at_least(map(bits, sets), most)
    for wanted in range(1, most + 1):
        assert listed(found[wanted]) == [n for n in range(N) if sum(one[n] for one in sets) >= wanted]


@given(hours)
def test_runs_are_the_set_again_and_do_not_touch(free: list[bool]) -> None:
    found = list(runs_of(bits(free)))
    assert [n for first, last in found for n in range(first, last)] == listed(bits(free))
    assert all(last < first for (_, last), (first, _) in pairwise(found))


@given(st.lists(hours, min_size=1, max_size=3), st.integers(1, 4), st.integers(0, 6), st.integers(1, 3))
def test_what_is_shown_is_best_first_and_overlaps_nothing(
    ranks: list[list[bool]], length: int, most: int, a_day: int
) -> None:
    picks = distinct([bits(one) for one in ranks], length, [0, 7, 14], most, a_day)
    assert len(picks) <= most
    assert [one.rank for one in picks] == sorted(one.rank for one in picks)
    for one in picks:
        assert all(ranks[one.rank][one.start : one.until + 1])
        assert one.until + 1 == N or not ranks[one.rank][one.until + 1]
    starts = [one.start for one in picks]
    assert all(abs(a - b) >= length for a, b in combinations(starts, 2))
    assert all(sum(n // 7 == day for n in starts) <= a_day for day in (0, 1))
    if len(picks) < most:  # nothing that could be shown is left out
        for rank in ranks:
            for n in listed(bits(rank)):
                near = any(abs(n - other) < length for other in starts)
                assert near or sum(other // 7 == n // 7 for other in starts) >= a_day
