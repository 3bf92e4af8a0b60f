"""What is hidden beside what is not there: the time to say so must not tell them apart (RELIABILITY 8.10)."""

from __future__ import annotations

import statistics
import time
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from samsyn.operations.rules import OperationState
from tests.bench.bench_feed import a_client
from tests.bench.place import Place
from tests.bench.result import Result
from tests.factories import make_town
from tests.lifecycle.walk import walk_to
from tests.web.reader import open_browser

PAIRS = 1000
ID = "ID"
APART = 1.05
"""How far the medians of a thousand may be from each other, either way."""
ADDRESSES = (
    "/operations/{operation}",
    "/api/v1/operations/{operation}",
    "/operations/{operation}/order",
    "/api/v1/visits/{visit}/findings",
    "/parts/{part}/answer",
)


def bench(place: Place) -> list[Result]:
    """Ask as somebody of a neighbouring municipality for what others plan, and for ids of nothing, in turns."""
    with place.acting(place.database()):
        town = make_town()
        walk = walk_to(town, OperationState.INVITED)
        hidden = {
            "operation": walk.operation,
            "visit": walk.visit,
            "part": walk.parts[town.tobacco.id],
        }
        client = open_browser(a_client(place.folder), town.planner(town.outsider)).client
        return [compared(client, address, hidden) for address in ADDRESSES]


def compared(client: FlaskClient, address: str, hidden: dict[str, UUID]) -> Result:
    """Return how far the two medians are apart; whose turn is first changes with every pair."""
    waits: dict[str, list[float]] = {"hidden": [], "absent": []}
    for n in range(PAIRS):
        asked = {"hidden": hidden, "absent": {name: uuid4() for name in hidden}}
        for side in sorted(asked, reverse=bool(n % 2)):
            path = address.format(**asked[side])
            began = time.perf_counter()
            answer = client.get(path)
            waits[side].append(time.perf_counter() - began)
            assert answer.status_code == 404, (path, answer.status_code)
    seen, absent = (statistics.median(waits[side]) * 1000 for side in ("hidden", "absent"))
    apart = max(seen, absent) / min(seen, absent)
    name = f"404 of {address.format(**dict.fromkeys(hidden, ID))}, wall ms"
    return Result(name, seen, absent, apart, f"<= {APART}x either way", ok=apart <= APART)
