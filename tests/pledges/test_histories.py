"""Every number of a compilation, and the time of a year, equals a count by hand over two hundred made-up years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random
from uuid import UUID

import pytest

from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.rules import end_of, periods_of
from samsyn.pledges.evaluation.shape import EvaluationContent
from samsyn.pledges.queries.minutes import time_of_year
from samsyn.pledges.rules import ActivityKind, ActivityState, Pace
from tests.factories import Office, make_town
from tests.pledges.histories import YEAR, Held, History, Stop, live_history
from tests.pledges.test_evaluation import compiled, signed
from tests.pledges.test_numbers import license_places


def quarter(day: date) -> int:
    """0 to 3, by the months of the calendar."""
    return (day.month - 1) // 3


def four(days: Iterable[date]) -> list[int]:
    counted = Counter(quarter(day) for day in days)
    return [counted[n] for n in range(4)]


def within(history: History, until: date) -> list[Held]:
    """The operations of the year till a day, each on its first done visit's day."""
    return [one for one in history.held if one.done and one.day.year == YEAR and one.day < until]


def stops_within(history: History, until: date) -> list[Stop]:
    found = [stop for one in history.held for stop in one.done]
    return [stop for stop in found if stop.day.year == YEAR and stop.day < until]


def promises_by_hand(history: History, licensed: set[int], until: date) -> dict[UUID, tuple[int, list[int], int, int]]:
    """Of each promise what was done, its quarters, what it is of, and how many of that count."""
    promised, town = history.promised, history.town
    held = within(history, until)
    first: dict[int, date] = {}
    for stop in sorted(stops_within(history, until), key=lambda one: one.at):
        if stop.place in licensed and history.places[stop.place].there and town.tobacco in stop.came:
            first.setdefault(stop.place, stop.day)
    walks = [one.day for one in history.typed if one.kind is ActivityKind.SAFETY_WALK and one.area == promised.areas[0]
             and one.state is ActivityState.DONE and one.day.year == YEAR and one.day < until]  # fmt: skip
    others = [one for one in held if one.lead is not town.police]
    by_quarter = zip(four(one.day for one in held), four(one.day for one in others), strict=True)
    shares = [100 * led // of if of else 0 for of, led in by_quarter]

    def plain(days: list[date]) -> tuple[int, list[int], int, int]:
        return len(days), four(days), len(days), len(days)

    return {
        promised.joint: plain([one.day for one in held if one.joint]),
        promised.police: plain(
            [one.day for one in held if one.area == promised.areas[0] and town.police.name in one.offices]
        ),
        promised.everywhere: plain([one.day for one in held]),
        promised.share: (100 * len(others) // len(held) if held else 0, shares, len(held), len(others)),
        promised.walks: plain(walks),
        promised.covered: plain(list(first.values())),
        promised.day: (0, [0] * 4, 0, 0),
    }


def check_promises(content: EvaluationContent, history: History, licensed: set[int], until: date) -> None:
    wanted = promises_by_hand(history, licensed, until)
    found = {UUID(one["id"]): one for one in content["commitments"]}
    assert {key: (one["done"], one["quarters"], one["base"], one["counted"]) for key, one in found.items()} == wanted
    promised = history.promised
    places = sum(history.places[n].there for n in licensed)
    targets = {promised.joint: 4, promised.police: 2, promised.everywhere: 9, promised.share: 33, promised.walks: 2}
    targets |= {promised.covered: places, promised.day: 1}
    assert {key: one["promised"] for key, one in found.items()} == targets
    if content["period"] == str(YEAR):
        for key, (done, _, base, _) in wanted.items():
            kept = done >= targets[key] and (base > 0 or key == promised.covered)
            assert (found[key]["pace"] == Pace.KEPT) == kept, key


def check_kinds(content: EvaluationContent, history: History, until: date) -> None:
    """Activities of each kind by quarter, and those called off; operations also where several took part, and of them
    none that was called off is counted.
    """
    typed = [one for one in history.typed if one.day.year == YEAR and one.day < until]
    done: dict[str, list[date]] = {kind: [] for kind in ActivityKind}
    for one in typed:
        if one.state is ActivityState.DONE:
            done[one.kind].append(one.day)
    held = within(history, until)
    done[ActivityKind.OPERATION] = [one.day for one in held]
    off = Counter(one.kind for one in typed if one.state is ActivityState.CANCELLED)
    joint = four(one.day for one in held if one.joint)
    found = {one["kind"]: (one["done"], one["joint"], one["cancelled"]) for one in content["kinds"]}
    assert found == {
        kind: (
            four(days),
            joint if kind == "operation" else [0] * 4,
            None if kind == "operation" else off[ActivityKind(kind)],
        )
        for kind, days in done.items()
    }


def check_authorities(content: EvaluationContent, history: History, until: date) -> None:
    """Each authority's done visits by quarter, and those with another; who left keeps what it did."""
    stops = stops_within(history, until)

    def of(office: Office) -> tuple[list[int], list[int]]:
        mine = [one for one in stops if office in one.came]
        return four(one.day for one in mine), four(one.day for one in mine if len(one.came) > 1)

    found = {one["name"]: (one["visits"], one["joint"]) for one in content["authorities"]}
    wanted = {office.name: of(office) for office in history.town.offices}
    gone = history.left.name if history.left else ""
    if gone not in found:
        assert sum(wanted.pop(gone, ([], []))[0]) == 0, "who left without a visit is not told of"
    assert found == wanted


def check_treatment(content: EvaluationContent, history: History, until: date) -> None:
    """Of the places of each trade, how many were visited never, once, twice, and more often."""
    seen = Counter(one.place for one in stops_within(history, until))
    wanted = {}
    for trade in {trade for place in history.places if place.there for trade in place.trades}:
        places = [n for n, place in enumerate(history.places) if place.there and trade in place.trades]
        often = Counter(min(seen[n], 3) for n in places)
        wanted[trade] = (len(places), [often[n] for n in range(4)])
    assert {one["trade"]: (one["places"], one["visited"]) for one in content["treatment"]} == wanted


def check_time(history: History, reader: Office) -> None:
    """Each authority's minutes of the year, planned and spent, of its visits and of what it wrote of activities."""
    stops = stops_within(history, date(YEAR + 1, 1, 1))
    wanted: dict[tuple[UUID, str], tuple[list[int], list[int]]] = {}
    for office in history.town.offices:
        visits, typed = ([0] * 4, [0] * 4), ([0] * 4, [0] * 4)
        for one in [each for each in stops if office in each.came]:
            visits[0][quarter(one.day)] += 60
            visits[1][quarter(one.day)] += one.spent
        for act in history.typed:
            planned, spent = act.minutes.get(office.name, (0, 0))
            if act.state is ActivityState.DONE and act.day.year == YEAR:
                typed[0][quarter(act.day)] += planned
                typed[1][quarter(act.day)] += spent
        wanted[office.id, "operations"], wanted[office.id, "activities"] = visits, typed
    with unit_of_work(history.town.planner(reader)) as uow:
        lines = time_of_year(uow, history.town.collaboration, YEAR)
    found = {(one.authority_id, one.of): (list(one.planned), list(one.spent)) for one in lines}
    none: tuple[list[int], list[int]] = ([0] * 4, [0] * 4)
    assert {key: found.get(key, none) for key in wanted} == wanted
    assert set(found) <= set(wanted)


def check(seed: int, n: int = 12) -> None:
    """Every quarter and the year say what the loops say, whoever of those who stayed has it compiled and reads it."""
    town, chance = make_town(), Random(seed)
    promised, licensed = signed(town), license_places(town, chance)
    history = live_history(town, promised, chance, n)
    staying = [office for office in town.offices if office is not history.left]
    for period in periods_of(YEAR):
        key = compiled(town, promised, period, chance.choice(staying))
        with unit_of_work(town.planner(chance.choice(staying))) as uow:
            content = get_evaluation(uow, key).content
        until = end_of(period)
        check_promises(content, history, licensed, until)
        check_kinds(content, history, until)
        check_authorities(content, history, until)
        check_treatment(content, history, until)
    check_time(history, chance.choice(staying))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(4))
def test_every_number_equals_a_count_by_hand(seed: int) -> None:
    check(seed)


@pytest.mark.long
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(4, 204))
def test_two_hundred_histories_are_compiled_as_they_are_counted_by_hand(seed: int) -> None:
    check(seed)
