"""Real servers for every test: one embedded cluster a run; each test makes authorities of its own (``town``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.core.database import bind, make_engine
from samsyn.embedded.postgres import Postgres
from samsyn.findings.checklists import publish_house_checklists
from tests.cluster import Cluster
from tests.factories import Town, make_town
from tests.practice_folder import Loaded, loaded_once


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    server = Postgres.start(tmp_path_factory.mktemp("pg"), durable=False)
    server.prepare("samsyn")
    yield Cluster(server)
    server.stop()


@pytest.fixture(scope="session")
def database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The migrated database that all tests share; this process acts in it as the application's role."""
    name = "samsyn"
    cluster.migrate(name)
    publish_house_checklists(cluster.url("samsyn_migrator", name))
    engine = make_engine(cluster.url("samsyn_app", name), prepares=True)  # as `samsyn up` and the containers
    bind(engine)
    yield name
    engine.dispose()


@pytest.fixture
def town(database: str) -> Town:
    """Four authorities in one collaboration, one outside it, people in each, three businesses."""
    return make_town()


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A practice service's data folder, to be copied; the run's processes load one together."""
    base = tmp_path_factory.getbasetemp()
    return loaded_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a browser or interop test that was skipped is a failure: the gate would otherwise be open."""
    skipped = [
        report.nodeid
        for report in getattr(session.config, "samsyn_reports", [])
        if report.skipped and {"browser", "interop"} & set(report.keywords)
    ]
    if os.environ.get("SAMSYN_NO_SKIPS") and skipped and exitstatus == 0:
        print("skipped though they must run:", *skipped, sep="\n  ")  # noqa: T201
        session.exitstatus = 1


AS_LOADED = {"test_week.py", "test_keyboard.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take first what takes longest, so that two processes end together: the browser's files, storms, every route.

    Before all of them who looks at the practice town as it was loaded: the others plan visits of their own in it, which
    also push older lines off the start page.
    """

    def rank(item: pytest.Item) -> int:
        if item.path.name in AS_LOADED:
            return 0
        return 1 if {"browser", "practice", "cli", "faults", "secrecy"} & set(item.path.parts) else 2

    items.sort(key=rank)


def pytest_configure(config: pytest.Config) -> None:
    config.samsyn_reports = []  # type: ignore[attr-defined]
    config.pluginmanager.register(Collector(config))


class Collector:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.config.samsyn_reports.append(report)  # type: ignore[attr-defined]
