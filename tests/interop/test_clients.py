"""Real programs subscribe to a feed of 500 events (CALENDARS 4.17), follow a change and a cancellation (4.18)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests
from sqlalchemy import text

from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.core.keys import make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.bench.place import Place
from tests.cluster import Cluster
from tests.factories import Town, hours, make_town
from tests.interop.clients import Calcurse, Khal, Listed
from tests.interop.serving import Served, served
from tests.lifecycle.walk import Walk, walk_to

pytestmark = pytest.mark.interop

EVENTS = 500
MANY = Path(__file__).parents[1] / "bench" / "many_assignments.sql"
ROWS = text(
    "SELECT a.starts_at, a.ends_at, o.code_word FROM assignment a JOIN operation o ON o.id = a.operation_id"
    " WHERE a.person_id = me_person()"
)


@dataclass
class Year:
    """A person with 499 operations eight hours apart, over the spring night too, and one more at the end."""

    town: Town
    viewer: Viewer
    walk: Walk
    feed: UUID
    secret: str

    def rows(self) -> list[Listed]:
        """What stands in the database, to the minute."""
        with unit_of_work(self.viewer) as uow:
            rows = uow.session.execute(ROWS).all()
        return sorted(Listed(a.astimezone(UTC), b.astimezone(UTC), f"Samsyn: Insats {word}") for a, b, word in rows)


@pytest.fixture(scope="module")
def servers(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    make_key_file(folder / "keys.json")
    with served(folder, cluster.url("samsyn_app", database)) as started:
        yield started


@pytest.fixture(scope="module")
def year(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Year:
    town = make_town()
    viewer = town.inspector(town.tobacco)
    place = Place(tmp_path_factory.mktemp("place"), cluster)
    root = place.superuser(database)
    ids = {"lead": town.police.id, "c": town.collaboration, "me": viewer.authority_id, "person": viewer.person_id}
    place.fill(root, MANY, events=EVENTS - 1, apart="'8 hours'", **{name: f"'{value}'" for name, value in ids.items()})
    root.dispose()
    last = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=200)
    walk = walk_to(town, OperationState.INVITED, starts_at=last)
    with unit_of_work(viewer) as uow:
        feed, secret = create_feed(uow, FeedLevel.FULL)
    return Year(town, viewer, walk, feed, secret)


def starts(rows: list[Listed]) -> list[tuple[datetime, datetime]]:
    return [(one.starts, one.ends) for one in rows]


@pytest.mark.parametrize("client", [Khal, Calcurse])
def test_each_lists_all_five_hundred_at_the_times_that_the_database_has(
    client: type[Khal | Calcurse], year: Year, servers: Served, tmp_path: Path
) -> None:
    program = client(tmp_path, servers.feed(year.secret))
    program.sync()
    listed = program.listed()
    assert len(listed) == EVENTS
    assert listed == year.rows()


def test_a_change_and_a_cancellation_are_in_the_next_sync_and_a_revoked_address_is_gone_everywhere(
    year: Year, servers: Served, tmp_path: Path
) -> None:
    program = Khal(tmp_path, servers.feed(year.secret))
    program.sync()
    before = program.listed()
    police = year.town.planner(year.town.police)
    with unit_of_work(police) as uow:
        operation = get_operation(uow, year.walk.operation)
        reschedule(uow, Reschedule(operation.id, operation.starts_at + hours(2), operation.version))
    program.sync()
    moved = program.listed()
    assert moved == year.rows()
    assert len(set(moved) - set(before)) == 1
    year.walk.move(year.town, OperationState.CANCELLED)
    program.sync()
    called_off = program.listed()
    assert starts(called_off) == starts(moved)
    assert [one.title for one in called_off if one not in moved] == [f"INSTÄLLD: Samsyn: Insats {operation.code_word}"]

    addresses = [servers.feed(year.secret, which) for which in (0, 1)]
    assert [requests.get(address, timeout=10).status_code for address in addresses] == [200, 200]
    with unit_of_work(year.viewer) as uow:
        revoke_feed(uow, year.feed)
    began = time.monotonic()
    answers = [requests.get(address, timeout=10) for address in addresses * 3]
    assert {answer.status_code for answer in answers} == {404}
    assert time.monotonic() - began < len(answers), "not within a second each"
    assert program.ask("sync", check=False).returncode != 0
    assert year.secret not in servers.said()
