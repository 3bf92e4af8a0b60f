"""The relay waits for what is away, and does not fill Redis while no worker reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from samsyn.core.database import make_engine
from samsyn.core.outbox import emit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import relay
from tests.cluster import Cluster
from tests.factories import Town

TASK = "samsyn.tests.relayed"


@pytest.fixture
def engine(cluster: Cluster, database: str) -> Iterator[Engine]:
    engine = make_engine(cluster.url("samsyn_relay", database))
    yield engine
    engine.dispose()


@pytest.fixture
def office(town: Town) -> UUID:
    with unit_of_work(Viewer.task_of(town.health.id)) as uow:
        emit(uow, TASK, uuid4(), acts_for=town.health.id)
    return town.health.id


def test_no_hint_is_added_to_a_heap_that_nobody_reads_and_all_are_given_afterwards(
    engine: Engine, office: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "SWEEP_SECONDS", 0.01)
    stop, heap, given = threading.Event(), iter([True, True, True]), []

    def send(task: str, acts_for: UUID) -> None:
        if acts_for == office:
            given.append((task, next(heap, None)))
            stop.set()

    relay.run(engine, send, stop, full=lambda: next(heap, False))
    assert given == [(TASK, None)]


def test_a_redis_that_is_away_is_waited_for(engine: Engine, office: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SWEEP_SECONDS", 0.01)
    really, stop, tries = relay.sweep, threading.Event(), list[int]()
    monkeypatch.setattr(relay, "sweep", lambda engine, send: really(engine, send, again_after=0))

    def send(_task: str, acts_for: UUID) -> None:
        if acts_for == office:
            tries.append(1)
            if len(tries) < 3:
                raise ConnectionError
            stop.set()

    relay.run(engine, send, stop, full=lambda: False)
    assert len(tries) == 3


def test_a_thousand_rows_that_nobody_finishes_do_not_starve_the_next_one(
    engine: Engine, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        for _ in range(1001):
            emit(uow, TASK, uuid4(), acts_for=town.police.id)
    relay.sweep(engine, lambda _task, _acts_for: None, again_after=0)
    with unit_of_work(Viewer.task_of(town.health.id)) as uow:
        emit(uow, TASK, uuid4(), acts_for=town.health.id)
    hinted: list[UUID] = []
    for _ in range(2):  # what other tests left unhinted may fill the first
        relay.sweep(engine, lambda _task, acts_for: hinted.append(acts_for), again_after=0)
    assert town.health.id in hinted
