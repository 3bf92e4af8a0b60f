"""The worker that plans: it computes with no transaction open, and writes only what still is to be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.core.jobs import cancel_job, get_job
from samsyn.core.uow import unit_of_work
from samsyn.planning.campaigns.search import Search
from samsyn.planning.queries.campaigns import last_job, plans_of
from samsyn_workers.planning import plan_campaign
from tests.cluster import Cluster
from tests.core.owner import connected
from tests.factories import Town
from tests.planning.campaigning import asked, made, newest

Meanwhile = Callable[[str], object]


def listen(monkeypatch: pytest.MonkeyPatch, hear: Meanwhile) -> None:
    """Hear of each piece of computing, before it is done."""
    for name in ("begin", "run", "finish"):
        real = getattr(Search, name)

        def heard(*said: Any, name: str = name, real: Callable[..., Any] = real) -> Any:
            hear(name)
            return real(*said)

        monkeypatch.setattr(Search, name, heard)


def work(town: Town) -> None:
    plan_campaign(acts_for=str(town.police.id))


def test_no_transaction_is_open_while_a_step_computes(
    town: Town, cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        " AND application_name = 'samsyn'"
    )

    def look(name: str) -> None:
        with connected(cluster, "samsyn_app", database) as db:
            seen.append((name, int(db.scalar(waiting) or 0)))

    campaign = made(town)
    asked(town, campaign)
    listen(monkeypatch, look)
    work(town)
    assert newest(town, campaign).iterations == 1_000
    assert seen == [("begin", 0), ("run", 0), ("run", 0), ("finish", 0)]


def test_what_was_cancelled_while_a_step_computed_is_not_written(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = made(town)
    job = asked(town, campaign)

    def stop(name: str) -> None:
        if name == "finish":
            with unit_of_work(town.planner(town.police)) as uow:
                cancel_job(uow, job)

    listen(monkeypatch, stop)
    work(town)
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_job(uow, job).cancelled
        assert plans_of(uow, campaign) == []
        line = last_job(uow, campaign)
        assert line is not None
        assert (line.done, line.ended_at is None) == (1_000, False)
        left = "SELECT count(*) FROM outbox WHERE task = 'samsyn.planning.plan_campaign' AND state <> 'done'"
        assert uow.session.scalar(text(left)) == 0


def test_a_step_that_another_worker_did_meanwhile_is_not_written_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = made(town)
    asked(town, campaign)
    runs: list[UUID | str] = []

    def lose(name: str) -> None:
        runs.append(name)
        if runs == ["begin", "run"]:  # its lease is over, and another worker does the rest
            with unit_of_work(town.planner(town.police)) as uow:
                uow.session.execute(
                    text("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
                )
            work(town)

    listen(monkeypatch, lose)
    work(town)
    with unit_of_work(town.planner(town.police)) as uow:
        assert len(plans_of(uow, campaign)) == 1
        line = last_job(uow, campaign)
        assert line is not None
        assert line.done == 1_000
