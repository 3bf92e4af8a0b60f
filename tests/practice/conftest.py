"""The practice town in databases of its own, one for each moment at which it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from samsyn.calendars.letters import Links
from samsyn.cli.practice import load_town
from samsyn.cli.practice.clock import Clock
from samsyn.core.keys import load_keys, make_key_file
from samsyn.findings.checklists import publish_house_checklists
from tests.cluster import Cluster
from tests.core.owner import acting_in, connected


@dataclass
class Loaded:
    """A town that was loaded at a moment, seen past every policy."""

    clock: Clock
    people: list[dict[str, Any]]
    steps: list[tuple[str, int, int]]
    everything: Connection

    def rows(self, sql: str, **values: object) -> list[Any]:
        return list(self.everything.execute(text(sql), values))

    def counts(self, sql: str) -> dict[Any, int]:
        """Two columns: what, and how many."""
        return {row[0]: row[1] for row in self.rows(sql)}

    def one(self, sql: str, **values: object) -> Any:
        return self.everything.execute(text(sql), values).scalar_one()


Load = Callable[[datetime], Any]


@pytest.fixture(scope="session")
def load(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Load a town at a moment; the moments' databases do not know of each other."""

    @contextmanager
    def at(now: datetime) -> Iterator[Loaded]:
        name = cluster.create()
        cluster.migrate(name)
        publish_house_checklists(cluster.url("samsyn_migrator", name))
        folder = tmp_path_factory.mktemp("town")
        make_key_file(folder / "keys.json")
        links = Links(load_keys(folder / "keys.json"), "http://127.0.0.1:1", "samsyn.example", "Samsyn")
        steps: list[tuple[str, int, int]] = []
        with acting_in(cluster, name, prepares=True, pool_pre_ping=False):
            people = list(load_town(links, folder, now, lambda *step: steps.append(step)).people)
            with connected(cluster, "postgres", name) as connection:
                yield Loaded(Clock(now), people, steps, connection)

    return at


@pytest.fixture(scope="module")  # other modules act in the database that all tests share
def town_today(load: Load) -> Iterator[Loaded]:
    """The town as it is loaded on an ordinary Wednesday noon, in the week whose past has the end of summer time."""
    with load(datetime.fromisoformat("2026-11-18T11:00:00+00:00")) as loaded:
        yield loaded
