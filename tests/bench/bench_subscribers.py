"""Subscribers: programs that poll at once (CALENDARS 4.21), and what guessing an address tells by its time (4.20)."""

from __future__ import annotations

import secrets
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import requests

from samsyn.access.rules import Purpose
from samsyn.access.service import create_api_token, new_token
from samsyn.calendars.rules import FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.core.keys import make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.bench.bench_feed import a_client, fill_assignments
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import Town, make_town
from tests.interop.serving import served

EVENTS = 2000
FEEDS = 20
SUBSCRIBERS = 200
MINUTE = 60.0
GUESSES = 200
APART_MS = 20.0
MEGABYTES = 2_000_000


def bench(place: Place) -> list[Result]:
    """Fill a year and a half of one person, then let it be asked for."""
    database = place.database()
    root = place.superuser(database)
    with place.acting(database):
        town = make_town()
        viewer = town.inspector(town.tobacco)
        fill_assignments(place, root, town, events=EVENTS, apart="4 hours")
        root.dispose()
        folder = place.folder / "subscribers"
        folder.mkdir()
        make_key_file(folder / "keys.json")
        with served(folder, place.cluster.url("samsyn_app", database)) as servers:
            cold = [waited(partial(requests.get, servers.feed(feed_of(viewer), n), timeout=60))[0] for n in range(2)]
            addresses = [servers.feed(feed_of(viewer), n % 2) for n in range(FEEDS)]
            results = [*one_after_another(addresses), *all_at_once(addresses)]
        first = Result(
            "feed of 2,000, the first thing a process is asked, wall ms", max(cold), None, None, "none", ok=True
        )
        return [first, *results, *guessed(place, town, viewer)]


def feed_of(viewer: Viewer) -> str:
    with unit_of_work(viewer) as uow:
        return create_feed(uow, FeedLevel.FULL)[1]


def waited(ask: Callable[[], requests.Response]) -> tuple[float, requests.Response]:
    began = time.perf_counter()
    answer = ask()
    return (time.perf_counter() - began) * 1000, answer


def p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]


def under(name: str, value: float, most: float) -> Result:
    return Result(name, value, None, None, f"< {most:g}", ok=value < most)


def one_after_another(addresses: list[str]) -> list[Result]:
    """The first time of each in processes that have answered before, the stored body, and 304."""
    first = [waited(partial(requests.get, at, timeout=60)) for at in addresses]
    body = first[0][1]
    assert body.content.count(b"BEGIN:VEVENT") == EVENTS
    have = {"If-None-Match": body.headers["ETag"]}
    stored = [waited(lambda: requests.get(addresses[0], timeout=60)) for _ in range(40)]
    unchanged = [waited(lambda: requests.get(addresses[0], headers=have, timeout=60)) for _ in range(40)]
    assert {answer.status_code for _, answer in unchanged} == {304}
    return [
        under("feed of 2,000, first time, p95, wall ms", p95([ms for ms, _ in first]), 300),
        under("feed of 2,000, stored, p95, wall ms", p95([ms for ms, _ in stored]), 300),
        under("feed of 2,000, 304, p95, wall ms", p95([ms for ms, _ in unchanged]), 30),
        under("feed of 2,000, body, bytes", len(body.content), MEGABYTES),
    ]


def all_at_once(addresses: list[str]) -> list[Result]:
    """Two hundred programs, each once within the same minute; every second one has the body already."""
    etags = {at: requests.head(at, timeout=60).headers["ETag"] for at in addresses}
    began = time.perf_counter()

    def poll(n: int) -> float:
        at = addresses[n % len(addresses)]
        time.sleep(max(0.0, began + n * MINUTE / SUBSCRIBERS - time.perf_counter()))
        headers = {"If-None-Match": etags[at]} if n % 2 else {"Accept-Encoding": "gzip"}
        ms, answer = waited(lambda: requests.get(at, headers=headers, timeout=60))
        assert answer.status_code == (304 if n % 2 else 200)
        return ms

    with ThreadPoolExecutor(32) as threads:
        waits = list(threads.map(poll, range(SUBSCRIBERS)))
    return [under("200 subscribers in a minute, p95, wall ms", p95(waits), 500)]


def guessed(place: Place, town: Town, viewer: Viewer) -> list[Result]:
    """An address that is made up, cut, in other letters, ended, or another thing's: how far the medians are apart."""
    with unit_of_work(viewer) as uow:
        ended, ended_secret = create_feed(uow, FeedLevel.FULL)
        revoke_feed(uow, ended)
        own = create_feed(uow, FeedLevel.FULL)[1]
        unit = create_feed(uow, FeedLevel.BUSY, FeedOf(FeedScope.UNIT, unit_id=town.tobacco.unit))[1]
        others = {"api": create_api_token(uow), "session": new_token(uow, Purpose.SESSION, uow.person)}
    client = a_client(place.folder / "subscribers").get
    wrong: dict[str, Callable[[], str]] = {
        "made up": lambda: f"/cal/samsyn_feed_{secrets.token_urlsafe(32)}.ics",
        "cut": lambda: f"/cal/{own[:-1]}.ics",
        "in other letters": lambda: f"/cal/{own.swapcase()}.ics",
        "ended": lambda: f"/cal/{ended_secret}.ics",
        **{f"of {name}": partial("/cal/{}.ics".format, secret) for name, secret in others.items()},
        "of a unit, as free and busy": lambda: f"/fb/{unit}.ifb",
    }
    waits: dict[str, list[float]] = {name: [] for name in wrong}
    for n in range(GUESSES):
        for name in sorted(wrong, reverse=bool(n % 2)):
            path, began = wrong[name](), time.perf_counter()
            assert client(path).status_code == 404, name
            waits[name].append((time.perf_counter() - began) * 1000)
    medians = {name: statistics.median(of) for name, of in waits.items()}
    usual = medians.pop("made up")
    return [
        Result(f"404 of an address {name}, wall ms", ms, usual, ms / usual, f"within {APART_MS:g} ms of a made-up one",
               ok=abs(ms - usual) < APART_MS)
        for name, ms in medians.items()
    ]  # fmt: skip
