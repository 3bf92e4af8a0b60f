"""Common times of 40 people in four authorities over 8 weeks of quarters, beside one pass over everybody's bits, which
nothing can do without: where there are some, and where there are none and it is to be said who stands in the way, which
fewest never meet and what would open most."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from samsyn.planning.slots.bits import run
from samsyn.planning.slots.blame import blames, never_meet, relaxations
from samsyn.planning.slots.search import Free, Need, Question, find
from tests.bench.bench_dossiers import dearer, within
from tests.bench.bench_feed import a_client
from tests.bench.measuring import Clock
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import make_town
from tests.planning import scene
from tests.planning.scene import MONDAY
from tests.web.reader import Browser, open_browser

WEEKS, DAY = 8, 96
WANTED = (2, 1, 1, 1)
WAITS = 60
TIMES = {"some": 300, "none": 100, "pass": 3000}


def in_process() -> list[Result]:
    """Ask again and again, each time as if for the first time."""
    some, none = question(apart=False), question(apart=True)
    assert find(some).starts
    assert explained(none) == (0, 4, ("authority 0", "authority 1"), True)
    everybody = [one.maybe for one in some.people]
    works = {
        "some": lambda: find(replace(some)),
        "none": lambda: explained(replace(none)),
        "pass": lambda: passed(everybody),
    }
    cost = Clock().interleaved(works, TIMES)
    us = {name: one.here * 1e6 for name, one in cost.items()}
    words = {"some": "  some of 40 people in 8 weeks", "none": "  none, with blame and ways out"}
    beside = "one pass over the bits"
    ratios = [
        Result(f"{said}, CPU us", us[name], us["pass"], us[name] / us["pass"], beside, ok=True)
        for name, said in words.items()
    ]
    return [*ratios, within("none of 40 people in 8 weeks, with blame, CPU ms", us["none"] / 1000, 1)]


def question(*, apart: bool) -> Question:
    """40 people with holes in their office hours; ``apart``: the first two authorities never at one time of day."""
    chance, usual = Random(1), hours(32, 68)
    people = [busy(chance, usual) for _ in range(40)]
    if apart:
        halves = {0: hours(32, 50), 1: hours(50, 68)}
        people = [cut(one, halves.get(n // 10, usual)) for n, one in enumerate(people)]
    needs = [Need(f"authority {n}", tuple(range(10 * n, 10 * n + 10)), least) for n, least in enumerate(WANTED)]
    return Question(usual, 2, 10, people, tuple(needs))


def hours(first: int, last: int) -> int:
    """The same quarters of every day from Monday to Friday."""
    days = (day for day in range(WEEKS * 7) if day % 7 < 5)
    return sum(run(day * DAY + first, day * DAY + last) for day in days)


def busy(chance: Random, usual: int) -> Free:
    """Somebody who has one to three things a day; of every third nobody knows."""
    free = usual
    for day in range(WEEKS * 7):
        for _ in range(chance.randint(1, 3)):
            begins = day * DAY + chance.randint(30, 66)
            free &= ~run(begins, begins + chance.randint(4, 16))
    return Free(free if chance.random() < 2 / 3 else 0, free)


def cut(free: Free, to: int) -> Free:
    return Free(free.sure & to, free.maybe & to)


def explained(asked: Question) -> tuple[int, int, tuple[object, ...], bool]:
    """Everything that the page says where there is no time."""
    starts = find(asked).starts.bit_count()
    return starts, len(blames(asked)), never_meet(asked), bool(relaxations(asked, shorter=(2, 4)))


def passed(everybody: list[int]) -> int:
    """Look once at every bit."""
    found = everybody[0]
    for one in everybody:
        found &= one
    return found


def over_http(place: Place) -> list[Result]:
    """Ask the page for eight weeks of an operation of four authorities, the database warm."""
    database = place.database()
    root = place.superuser(database)
    with place.acting(database):
        town = make_town()
        offices = ", ".join(f"'{one.id}'" for one in town.offices)
        values: dict[str, str | int] = {"people": 10, "days": 7 * WEEKS, "monday": f"'{MONDAY}'"}
        place.fill(root, Path(__file__).with_name("weeks_of_people.sql"), offices=offices, **values)
        when = scene.span(MONDAY, "09:00", "12:00")
        operation = scene.propose(town, when, town.offices, businesses=(0, 1, 2), people=2)
        browser = open_browser(a_client(place.folder), town.planner(town.police))
        some = f"/operations/{operation}/times?week=2027-W09&weeks={WEEKS}&hours=working"
        none = some + "".join(f"&least={one.unit}:11" for one in town.offices)
        assert "success" in browser.get(some)
        assert "Ingen gemensam tid" in browser.get(none)
        form = f"/operations/{operation}/move"
        works = {
            name: partial(browser.client.get, path) for name, path in (("some", some), ("none", none), ("form", form))
        }
        cost = {name: one.here * 1000 for name, one in Clock().interleaved(works, 10).items()}
        api = f"/api/v1/operations/{operation}/common-times" + some[some.index("?") :]
        asked = {"some": some, "none": none, "api": api, "api of none": api + none[len(some) :]}
        waits = {name: ninety_fifth(browser, path) for name, path in asked.items()}
    root.dispose()
    beside = "the form that moves it"
    return [
        dearer("page of times, 48 people, 8 weeks, CPU ms here", cost["some"], cost["form"], 3, beside),
        dearer("page of why there is none, CPU ms here", cost["none"], cost["form"], 3, beside),
        within("page of times, 48 people, 8 weeks, 95 of 100 within, wall ms", waits["some"], 50),
        within("page of why there is none, 95 of 100 within, wall ms", waits["none"], 50),
        within("the same by the API, 95 of 100 within, wall ms", waits["api"], 50),
        within("the same by the API where there is none, 95 of 100 within, wall ms", waits["api of none"], 50),
    ]


def ninety_fifth(browser: Browser, path: str) -> float:
    """The wait that 95 of 100 stay under, in milliseconds."""
    waits = []
    for _ in range(WAITS):
        began = time.perf_counter()
        assert browser.client.get(path).status_code == 200
        waits.append(time.perf_counter() - began)
    return sorted(waits)[int(WAITS * 0.95) - 1] * 1000


def bench(place: Place) -> list[Result]:
    """Measure."""
    return [*in_process(), *over_http(place)]
