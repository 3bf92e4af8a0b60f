"""The week planner with 300 visits in the week: what the database spends beside the same reads without walls, what the
page costs beside an empty week, how long nineteen of twenty readers wait at most and what each costs, and what a first
visit transfers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient

from samsyn.core.database import HouseSession
from samsyn.planning.iso_week import Week
from samsyn.planning.queries import read_week
from tests.bench.bench_dossiers import dearer, within
from tests.bench.bench_feed import a_client
from tests.bench.bench_policies import ByHand, Side
from tests.bench.measuring import Clock, backend_of
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import Town, make_town
from tests.web.reader import open_browser

VISITS = 300
PEOPLE = 40
MONDAY = date(2027, 3, 1)
BUSY, EMPTY = "/week?week=2027-W09", "/week?week=2031-W20"
TIMES = {"walls": 15, "hand": 15, "page": 10, "empty week": 10, "list": 10}
WAITS = 60
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


def fill(place: Place, root, town: Town, visits: int) -> None:  # type: ignore[no-untyped-def]
    """Put a week of visits into a town's calendar."""
    offices = ", ".join(f"'{one.id}'" for one in town.offices)
    ids = {"lead": f"'{town.police.id}'", "c": f"'{town.collaboration}'", "offices": offices}
    values: dict[str, str | int] = {"visits": visits, "people": PEOPLE, "monday": f"'{MONDAY}'"}
    place.fill(root, Path(__file__).with_name("week_of_visits.sql"), **ids, **values)


def bench(place: Place) -> list[Result]:
    """Fill one week, then read it in turns with the baselines."""
    database = place.database()
    root = place.superuser(database)
    with place.acting(database) as engine:
        town = make_town()
        fill(place, root, town, VISITS)
        viewer = town.planner(town.police)
        browser = open_browser(a_client(place.folder), viewer)
        sides = {
            "walls": Side(engine, viewer, HouseSession, owner=False),
            "hand": Side(root, viewer, ByHand, owner=True),
        }
        week = Week(MONDAY)
        seen = [side.ask(lambda uow: counted(read_week(uow, week))) for side in sides.values()]
        assert seen[0] == seen[1] == (VISITS, VISITS, VISITS // 4 * 8), seen
        works: dict[str, Callable[[], object]] = {
            "walls": lambda: sides["walls"].ask(lambda uow: read_week(uow, week)),
            "hand": lambda: sides["hand"].ask(lambda uow: read_week(uow, week)),
            "page": lambda: browser.get(BUSY),
            "empty week": lambda: browser.get(EMPTY),
            "list": lambda: browser.get("/operations?week=2031-W20"),
        }
        cost = Clock(backend_of(engine), backend_of(root)).interleaved(works, TIMES)
        waits, worked = ninety_fifth(browser.client, backend_of(engine))
        sizes, sent = first_load(browser.client), len(browser.client.get(BUSY).data)
    root.dispose()
    ms = {name: one.cpu * 1000 for name, one in cost.items()}
    return [
        dearer(
            "week of 300 visits, database CPU ms",
            cost["walls"].others * 1000,
            cost["hand"].others * 1000,
            1.3,
            "the same condition by hand",
        ),
        dearer("week of 300 visits, all CPU ms", ms["page"], ms["empty week"], 5, "an empty week"),
        dearer("empty week of 160 people, all CPU ms", ms["empty week"], ms["list"], 3, "the list of operations"),
        within("week of 300 visits, 95 of 100 within, wall ms", waits, 200),
        within("week of 300 visits, 95 of 100 within, all CPU ms", worked, 200),
        within("week of 300 visits, HTML CSS and JS compressed, KB", sum(sizes.values()) / 1000, 100),
        *(Result(f"  of it {name}, KB", size / 1000, None, None, "none", ok=True) for name, size in sizes.items()),
        Result("  the page as it is sent: unpacked (BREACH), KB", sent / 1000, None, None, "none", ok=True),
    ]


def counted(read) -> tuple[int, int, int]:  # type: ignore[no-untyped-def]
    """Say what was read; an empty week measures nothing."""
    return tuple(sum(map(len, one.values())) for one in (read.visits, read.asked, read.goers))  # type: ignore[return-value]


def ninety_fifth(client: FlaskClient, backend: int) -> tuple[float, float]:
    """Return what 95 of 100 stay under, in milliseconds: on the wall, and of all CPU (a shared machine's number)."""
    clock = Clock(backend)
    costs = [clock.cost(lambda: client.get(BUSY)) for _ in range(WAITS)]
    assert client.get(BUSY).status_code == 200
    at = int(WAITS * 0.95) - 1
    return sorted(one.wall for one in costs)[at] * 1000, sorted(one.cpu for one in costs)[at] * 1000


def first_load(client: FlaskClient) -> dict[str, float]:
    """Return what a browser that has nothing yet fetches, each compressed, by kind."""
    html = client.get(BUSY).text
    sizes = {"html": float(len(gzip.compress(html.encode(), 6)))}
    for path in dict.fromkeys(LINKED.findall(html)):
        ending = path.rpartition(".")[2]
        sizes[ending] = sizes.get(ending, 0) + len(gzip.compress(client.get(path).data, 6))
    return sizes
