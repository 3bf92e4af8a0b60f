"""What a feed is made from leaves marks: no table is forgotten, no moment slips between two transactions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from samsyn.calendars.models import Feed
from samsyn.calendars.rules import FeedLevel, FeedScope
from samsyn.calendars.service import create_feed, decide_naming
from samsyn.calendars.service.feeds.own import NOTHING, shown_by
from samsyn.calendars.service.feeds.serving import render
from samsyn.calendars.service.feeds.sources import source_of
from samsyn.core.database import SessionFactory
from samsyn.core.feed_marks import MARKED, NOBODY
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn_workers.calendars import links_of
from tests.calendars.box import settings
from tests.calendars.scopes import EVERY, made_of
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to

UNMARKED = {
    "feed": "its own row, asked for at every fetch",
}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9"):
        yield


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


@contextmanager
def listening(said: list[tuple[str, Any]]) -> Iterator[None]:
    """Note every statement and what was bound to it."""
    engine: Engine = SessionFactory.kw["bind"]

    def note(_connection: object, _cursor: object, statement: str, bound: Any, *_rest: object) -> None:
        said.append((statement, bound))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


def tables_in(plan: Any) -> set[str]:
    """Every table of a plan as PostgreSQL explains it, also those that only a policy reads."""
    if isinstance(plan, list):
        return set().union(*map(tables_in, plan))
    if not isinstance(plan, dict):
        return set()
    found = {plan["Relation Name"]} if "Relation Name" in plan else set()
    return found.union(*map(tables_in, plan.values()))


def explained(session: Session, statement: str, bound: Any) -> set[str]:
    answer = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", bound).scalar_one()
    return tables_in(answer if isinstance(answer, list) else json.loads(answer))


@pytest.mark.parametrize(("scope", "level"), EVERY)
def test_every_table_that_a_feed_is_made_from_leaves_marks(
    town: Town, walk: Walk, scope: FeedScope, level: FeedLevel
) -> None:
    """Red when a feed begins to say something of a further table: see ``core.feed_marks`` for what it needs."""
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"unit_admin"}))) as uow:
        decide_naming(uow, allowed=True)
    said: list[tuple[str, Any]] = []
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        feed = uow.session.get_one(Feed, create_feed(uow, level, made_of(town, walk, scope))[0])
        links = links_of(load_settings())
        with listening(said):
            more = shown_by(uow) if level is FeedLevel.FULL else NOTHING
            source_of(uow, feed, "")
            render(uow, feed, links, more)
        read = set().union(*(explained(uow.session, *one) for one in said if one[0].lstrip().startswith("SELECT")))
    assert {"operation", "authority"} <= read
    assert read - set(MARKED) - set(UNMARKED) == set(), "a feed reads these, and they leave no mark when they change"


def marks_of(viewer: Viewer) -> set[UUID]:
    """The operations that a viewer sees marks of."""
    with unit_of_work(viewer) as uow:
        return set(uow.session.scalars(text("SELECT operation_id FROM feed_mark")))


def test_marks_of_an_operation_are_seen_by_who_takes_part_and_by_nobody_else(town: Town, walk: Walk) -> None:
    for office in (town.police, town.tobacco, town.environment):
        assert walk.operation in marks_of(town.inspector(office))
        assert walk.operation in marks_of(Viewer.task_of(office.id))
    for viewer in (town.planner(town.health), town.planner(town.outsider), Viewer.task_of(town.health.id)):
        assert walk.operation not in marks_of(viewer)
    for viewer in (Viewer(), Viewer.presenting("0" * 64), Viewer(None, uuid4(), frozenset({"planner", "task"}))):
        assert marks_of(viewer) == set()


def test_marks_are_taken_away_by_a_worker_after_a_week_and_changed_by_nobody(town: Town, walk: Walk) -> None:
    for viewer in (town.planner(town.police), Viewer.task_of(town.police.id)):
        with unit_of_work(viewer) as uow:
            gone = uow.session.execute(text("DELETE FROM feed_mark WHERE at > now() - interval '6 days'"))
            assert getattr(gone, "rowcount", None) == 0
    assert walk.operation in marks_of(town.planner(town.police))


def test_what_somebody_marks_of_everybody_is_seen_by_everybody_who_acts_for_an_authority(town: Town) -> None:
    with unit_of_work(Viewer(town.police.id, None, frozenset({"unit_admin"}))) as uow:
        uow.session.execute(text("UPDATE authority SET name = name WHERE id = me()"))
    for office in town.offices:
        with unit_of_work(town.inspector(office)) as uow:
            asked = text("SELECT count(*) FROM feed_mark WHERE of_id = :n")
            assert uow.session.scalar(asked, {"n": NOBODY})
