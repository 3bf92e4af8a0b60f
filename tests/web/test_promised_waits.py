"""What a pledge waits for stands on its parties' start pages: days over, years, operations left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from apiflask import APIFlask
from sqlalchemy import update

from samsyn.access.rules import Role
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.operations.models import Operation
from samsyn.places.rules import RemarkKind, RemarkState
from samsyn.places.service.remarks import AddRemark, AnswerRemark, add_remark, answer_remark
from samsyn.pledges.evaluation.queries.waits import Promised as Waits
from samsyn.pledges.evaluation.service import WriteText, approve, write_text
from samsyn.pledges.rules import ActivityKind, ActivityState
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity, choose_focus
from tests.dossiers.scenes import visited
from tests.factories import ADMIN, Town, make_person
from tests.pledges.test_evaluation import card, compiled, signed
from tests.pledges.test_numbers import live, promise
from tests.web.reader import Browser, open_browser
from tests.web.statements import counted

LATER = datetime(2028, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def sit(app: APIFlask) -> Callable[[Viewer], Browser]:
    return lambda viewer: open_browser(app.test_client(), viewer)


def waits(viewer: Viewer, now: datetime | None = None) -> Counter[Waits]:
    with unit_of_work(viewer, now) as uow:
        found = waiting_for(uow)
        assert found.total >= len(found.promised)
        return Counter(one.waits for one in found.promised)


def test_a_planned_activity_whose_day_is_over_waits_for_its_own_planners(
    town: Town, sit: Callable[[Viewer], Browser]
) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        yesterday = uow.today - timedelta(days=1)
        key = add_activity(uow, AddActivity(town.collaboration, ActivityKind.PATROL, yesterday, "Patrull vid ån"))
        for day, done in ((uow.today, False), (yesterday, True)):
            add_activity(uow, AddActivity(town.collaboration, ActivityKind.PATROL, day, "En annan", done=done))
    assert waits(town.planner(town.tobacco)) == {Waits.ACTIVITY: 1}
    for viewer in (town.planner(town.police), town.inspector(town.tobacco), town.planner(town.outsider)):
        assert waits(viewer) == {}
    page = sit(town.planner(town.tobacco)).get("/")
    assert "Patrull vid ån: dagen har varit" in page
    assert f'href="/activities/{key}"' in page
    promise(town)
    assert "ingen har sagt hur den gick" in sit(town.planner(town.police)).get("/pledges/brief")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_activity(uow, ChangeActivity(key, ActivityState.DONE, 1))
    assert waits(town.planner(town.tobacco)) == {}


def test_periods_that_nobody_compiled_and_approvals_wait_for_each_party(town: Town) -> None:
    promised = signed(town)
    live(town, promised, Random(5), 2)
    assert waits(town.planner(town.tobacco), LATER) == {Waits.COMPILE: 1}, "the year, which its quarters are in"
    assert waits(town.planner(town.tobacco), datetime(2027, 8, 1, tzinfo=UTC)) == {Waits.COMPILE: 2}
    assert waits(town.planner(town.outsider), LATER) == {}, "no party"
    key = compiled(town, promised, "2027")
    parties = [office for office in town.offices if waits(town.planner(office), LATER) == {Waits.APPROVE: 1}]
    assert town.tobacco in parties
    with unit_of_work(town.planner(town.tobacco), LATER) as uow:
        approve(uow, key, card(town, key).looked_at)
    assert waits(town.planner(town.tobacco), LATER) == {}
    with unit_of_work(town.planner(town.police), LATER) as uow:
        write_text(uow, WriteText(key, promised.pledge, "Ett bra år.", 0))
    assert waits(town.planner(town.tobacco), LATER) == {Waits.APPROVE: 1}, "what it approved says more now"


def test_an_operation_that_was_moved_to_another_year_waits_for_its_lead_and_stands_beside_its_promise(
    town: Town, sit: Callable[[Viewer], Browser]
) -> None:
    promised = promise(town)
    scene = visited(town, town.police, town.environment, at=datetime(2027, 12, 4, 17, tzinfo=UTC))
    with unit_of_work(town.planner(town.police)) as uow:
        choose_focus(uow, scene.operation, promised.areas[0])
    assert waits(town.planner(town.police)) == {}
    with unit_of_work(town.planner(town.police)) as uow:
        moved = update(Operation).where(Operation.id == scene.operation)
        starts_at = datetime(2028, 1, 4, 17, tzinfo=UTC)
        uow.session.execute(moved.values(starts_at=starts_at, ends_at=starts_at + timedelta(hours=4)))
    assert waits(town.planner(town.police)) == {Waits.ELSEWHERE: 1}
    assert waits(town.planner(town.environment)) == {}, "its lead says what it serves"
    assert f'href="/operations/{scene.operation}/focus"' in sit(town.planner(town.police)).get("/")
    for path in (f"/pledges/brief?pledge={promised.pledge}", f"/pledges?pledge={promised.pledge}"):
        assert f'href="/operations/{scene.operation}/focus"' in sit(town.planner(town.police)).get(path)
        others = sit(town.planner(town.environment)).get(path)
        assert "flyttad till ett annat år än 2027" in others
        assert f"/operations/{scene.operation}/focus" not in others, "its lead says what it serves"
        assert "flyttad till ett annat" not in sit(town.planner(town.health)).get(path), "takes no part in it"


def test_a_remark_waits_for_the_planners_of_the_unit_that_it_asks_until_it_is_answered(
    town: Town, sit: Callable[[Viewer], Browser]
) -> None:
    with unit_of_work(town.inspector(town.police)) as uow:
        said = (RemarkKind.LIGHTING, "Bron", "Två lyktor är släckta.", uow.today)
        key = add_remark(uow, AddRemark(town.collaboration, town.environment.unit, *said))
    assert waits(town.planner(town.environment)) == {Waits.REMARK: 1}
    for viewer in (town.planner(town.police), town.inspector(town.environment), town.planner(town.outsider)):
        assert waits(viewer) == {}
    page = sit(town.planner(town.environment)).get("/")
    assert "väntar på ert svar: Bron." in page
    assert f'href="/remarks/{key}"' in page
    with unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, AnswerRemark(key, RemarkState.PLANNED, "Vi lagar dem.", None, 0))
    assert waits(town.planner(town.environment)) == {}


def test_a_remark_waits_for_all_planners_where_its_unit_has_none(town: Town) -> None:
    office = town.environment
    with unit_of_work(Viewer(office.id, None, ADMIN)) as uow:
        bare = add_unit(uow, AddUnit("Parkenheten", Field.ENVIRONMENT))
    with unit_of_work(town.inspector(town.police)) as uow:
        said = (RemarkKind.LIGHTING, "Bron", "Två lyktor är släckta.", uow.today)
        add_remark(uow, AddRemark(town.collaboration, bare, *said))
    assert waits(town.planner(office)) == {Waits.REMARK: 1}
    theirs = make_person(office.id, bare, "Planerare park", {Role.PLANNER})
    assert waits(Viewer(office.id, theirs, frozenset({"planner"}))) == {Waits.REMARK: 1}
    assert waits(town.planner(office)) == {}, "since the unit has a planner of its own"


def test_the_start_page_takes_the_same_statements_for_many_pledges(town: Town) -> None:
    for n in range(4):
        promised = signed(town, 2027 if n == 0 else 2020 + n)
        if n == 0:
            compiled(town, promised, "2027")
        with unit_of_work(town.planner(town.tobacco), LATER) as uow, counted() as seen:
            waiting_for(uow)
        assert len(seen) < 30
