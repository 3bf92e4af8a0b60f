"""Time: each authority's minutes are what a count by hand of its own rows gives; others read only the sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState, VisitState
from samsyn.pledges.queries.minutes import TimeLine, own_time, time_of_year
from samsyn.pledges.rules import ActivityKind
from samsyn.pledges.service import AddActivity, add_activity
from samsyn.pledges.service.minutes import WriteTime, count_minutes, count_time, write_time
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.dossiers.scenes import Scene, visited
from tests.factories import Office, Town

AT = datetime(2027, 3, 4, 17, tzinfo=UTC)
QUARTER = "2027-Q1"


def count(town: Town, office: Office, name: str = QUARTER) -> None:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        count_minutes(uow, town.collaboration, name)


def lines(town: Town, reader: Office, of: str = "operations") -> dict[UUID, TimeLine]:
    with unit_of_work(town.inspector(reader)) as uow:
        return {one.authority_id: one for one in time_of_year(uow, town.collaboration, 2027) if one.of == of}


def note(cluster: Cluster, database: str, scene: Scene, office: Office, *said: tuple[str, int, int]) -> None:
    """Presence rows: what, of which inspector, minutes after the start."""
    with as_owner(cluster, database) as db:
        for what, who, minutes in said:
            values = {
                **{"i": uuid4(), "v": scene.visit, "o": scene.operation, "a": office.id, "w": what},
                **{"p": office.inspectors[who], "at": AT + timedelta(minutes=minutes)},
            }
            db.execute(
                text(
                    "INSERT INTO presence (id, visit_id, operation_id, authority_id, person_id, what, at, written_by,"
                    " written_at) VALUES (:i, :v, :o, :a, :p, :w, :at, :p, :at)"
                ),
                values,
            )
        db.commit()


def spans(cluster: Cluster, database: str, scene: Scene) -> tuple[int, int]:
    """How long the visit was to be, and was until its end."""
    with as_owner(cluster, database) as db:
        row = db.execute(text("SELECT * FROM visit WHERE id = :v"), {"v": scene.visit}).one()
        return (
            round((row.ends_at - row.starts_at).total_seconds() / 60),
            round(max((row.ended_at - row.starts_at).total_seconds(), 0) / 60),
        )


def test_planned_is_the_visits_length_and_spent_its_end_where_nobody_noted_a_coming(
    town: Town, cluster: Cluster, database: str
) -> None:
    scene = visited(town, town.police, town.environment, at=AT)
    planned, spent = spans(cluster, database, scene)
    for office in (town.police, town.environment, town.health):
        count(town, office)
        count(town, office)
    found = lines(town, town.tobacco)
    for office in (town.police, town.environment):
        assert found[office.id].planned == (planned, 0, 0, 0)
        assert found[office.id].spent == (spent, 0, 0, 0)
    assert found[town.health.id].planned == (0, 0, 0, 0)
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert time_of_year(uow, town.collaboration, 2027) == []


@pytest.mark.parametrize(
    ("noted", "minutes"),
    [
        ([("came", 0, 0), ("left", 0, 20)], 20),
        ([("came", 0, 0), ("left", 0, 20), ("came", 1, 5), ("left", 1, 15)], 30),
        ([("came", 0, 0), ("came", 0, 2), ("left", 0, 20)], 20),
        ([("came", 0, 0), ("left", 0, 10), ("came", 0, 15), ("left", 0, 20)], 15),
        ([("left", 0, 10)], None),
        ([("came", 0, 3)], -3),
    ],
)
def test_spent_is_from_coming_to_leaving_or_to_the_end(
    town: Town, cluster: Cluster, database: str, noted: list[tuple[str, int, int]], minutes: int | None
) -> None:
    scene = visited(town, town.police, town.environment, at=AT)
    note(cluster, database, scene, town.environment, *noted)
    count(town, town.environment)
    _, ended = spans(cluster, database, scene)
    expected = ended if minutes is None else minutes if minutes > 0 else max(ended + minutes, 0)
    assert lines(town, town.health)[town.environment.id].spent[0] == expected


def test_what_is_not_over_is_not_told(town: Town) -> None:
    visited(town, town.police, town.tobacco, at=AT, state=OperationState.CONFIRMED, visit_state=VisitState.PLANNED)
    count(town, town.tobacco)
    assert lines(town, town.health)[town.tobacco.id].planned == (0, 0, 0, 0)


def test_the_own_time_of_an_activity_is_the_own_and_its_sum_is_read_by_all(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        day = AT.date() - timedelta(days=800)
        walk = add_activity(uow, AddActivity(town.collaboration, ActivityKind.SAFETY_WALK, day, "Vandring", done=True))
    for office, spent in ((town.police, 240), (town.tobacco, 120)):
        with unit_of_work(town.planner(office)) as uow:
            write_time(uow, WriteTime(walk, 180, spent, 0))
            assert (own_time(uow, walk).spent, own_time(uow, walk).version) == (spent, 1)
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            count_time(uow, walk)
            count_time(uow, walk)
    with unit_of_work(town.planner(town.health)) as uow:
        assert own_time(uow, walk).version == 0
        assert uow.session.scalar(text("SELECT count(*) FROM activity_time")) == 0
        year = {
            one.authority_id: one for one in time_of_year(uow, town.collaboration, day.year) if one.of == "activities"
        }
        assert sum(year[town.police.id].spent) == 240
        assert sum(year[town.tobacco.id].spent) == 120
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.police)) as uow:
        write_time(uow, WriteTime(walk, 1, 1, 0))
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        write_time(uow, WriteTime(walk, -1, 1, 1))
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        write_time(uow, WriteTime(walk, 1, 1, 0))
