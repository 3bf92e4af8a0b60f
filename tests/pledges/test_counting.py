from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update

from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Visit
from samsyn.operations.rules import VisitState, quarter
from samsyn.operations.service.visits import COUNT_VISIT
from samsyn.operations.traces import write_trace
from samsyn.pledges.queries import list_tallies
from samsyn.pledges.rules import quarter_days
from samsyn.pledges.service import count_visit as count
from samsyn.pledges.service import recount
from samsyn_workers.pledges import count_visit
from tests.dossiers.scenes import Scene, visited
from tests.factories import START, Office, Town


def counted(town: Town, scene: Scene, office: Office) -> None:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        count(uow, scene.visit)


def numbers(town: Town, office: Office) -> dict[tuple[str, str], int]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        lines = list_tallies(uow, town.collaboration)
    return {(e.quarter, e.measure): e.n for e in lines if e.authority_id == office.id and not e.dimension}


def traces(office: Office) -> list[tuple[date, bool, int]]:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        rows = uow.session.execute(
            text("SELECT on_date, done, joint_with FROM visit_trace WHERE authority_id = (SELECT me()) ORDER BY 1, 3")
        )
        return [(row.on_date, row.done, row.joint_with) for row in rows]


def test_each_participant_traces_and_counts_its_own_visit_once(town: Town) -> None:
    joint = visited(town, town.police, town.environment)
    alone = visited(town, town.environment, business=1)
    with unit_of_work(town.planner(town.police)) as uow:
        for office in (town.police, town.environment, town.health):
            emit(uow, COUNT_VISIT, joint.visit, acts_for=office.id)
        emit(uow, COUNT_VISIT, alone.visit, acts_for=town.environment.id)
    assert [count_visit(acts_for=str(town.environment.id)) for _ in range(2)] == [2, 0]
    assert [count_visit(acts_for=str(o.id)) for o in (town.police, town.health)] == [1, 1]
    counted(town, joint, town.environment)  # a third time by hand: still the same
    assert numbers(town, town.environment) == {("2027-Q1", "visits"): 2, ("2027-Q1", "joint_visits"): 1}
    assert numbers(town, town.police) == {("2027-Q1", "visits"): 1, ("2027-Q1", "joint_visits"): 1}
    assert numbers(town, town.health) == {}  # it took no part
    assert traces(town.environment) == [(date(2027, 3, 4), True, 1), (date(2027, 3, 4), True, 2)]


def test_a_visit_belongs_to_the_day_and_quarter_in_sweden(town: Town) -> None:
    scene = visited(town, town.police, at=datetime(2027, 3, 31, 22, 30, tzinfo=UTC))  # 00.30 on 1 April at home
    counted(town, scene, town.police)
    assert traces(town.police) == [(date(2027, 4, 1), True, 1)]
    assert numbers(town, town.police)["2027-Q2", "visits"] == 1


def test_closed_premises_are_traced_and_not_counted(town: Town) -> None:
    scene = visited(town, town.police, visit_state=VisitState.CLOSED_PREMISES)
    counted(town, scene, town.police)
    assert traces(town.police) == [(date(2027, 3, 4), False, 1)]
    assert numbers(town, town.police)["2027-Q1", "visits"] == 0


def test_a_visit_that_moved_to_another_quarter_leaves_the_old_one(town: Town) -> None:
    scene = visited(town, town.police)
    counted(town, scene, town.police)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(
            update(Visit)
            .where(Visit.id == scene.visit)
            .values(starts_at=datetime(2027, 5, 4, 17, tzinfo=UTC), ends_at=datetime(2027, 5, 4, 18, tzinfo=UTC))
        )
    counted(town, scene, town.police)
    n = numbers(town, town.police)
    assert (n["2027-Q1", "visits"], n["2027-Q2", "visits"]) == (0, 1)


def test_a_frozen_quarter_is_left_alone(town: Town) -> None:
    counted(town, visited(town, town.police), town.police)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        uow.session.execute(
            text("UPDATE tally SET frozen_at = now() WHERE authority_id = (SELECT me()) AND measure = 'visits'")
        )
    counted(town, visited(town, town.police, business=1), town.police)
    assert numbers(town, town.police)["2027-Q1", "visits"] == 1
    assert len(traces(town.police)) == 2


def test_an_authority_from_outside_the_collaboration_leaves_no_trace(town: Town) -> None:
    scene = visited(town, town.police, town.outsider)
    with unit_of_work(Viewer.task_of(town.outsider.id)) as uow:
        assert write_trace(uow, scene.visit) is None
    counted(town, scene, town.outsider)
    assert traces(town.outsider) == []
    with pytest.raises(NotFoundError), unit_of_work(Viewer.task_of(town.outsider.id)) as uow:
        recount(uow, town.collaboration, quarter(START.date()))


def test_outsiders_read_no_count(town: Town) -> None:
    counted(town, visited(town, town.police), town.police)
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert list_tallies(uow, town.collaboration) == []


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(9990, 1, 1)))
def test_a_day_lies_in_its_quarter(day: date) -> None:
    first, after = quarter_days(quarter(day))
    assert first <= day < after
    assert (after - first).days in {90, 91, 92}


@pytest.mark.parametrize("name", ["2026-Q5", "2026Q1", "2026-Q1 ", "9999-Q4", "0000-Q1", ""])
def test_what_is_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        quarter_days(name)
