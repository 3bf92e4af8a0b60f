"""Jäv: who declares a conflict of interest has no access to that visit at all; the colleagues have (FL 16-18 §§)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.models import Evidence, Finding, PartChecklist, VisitFact
from samsyn.findings.rules import Answer, Question
from samsyn.operations.queries import get_part, get_visit, targets_of, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AddVisit, AskPart, add_visit, declare_recusal, set_state, set_times
from tests.factories import START, Town, hours
from tests.operations.plans import ENDS, Plan, propose, rows
from tests.operations.test_double_booking import second_place

HIDDEN = ("visit", "visit_target", "visit_part", "part_answer", "visit_fact", "finding", "evidence", "part_checklist")
PAST = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def plan(town: Town) -> Plan:
    """An ongoing visit with a row of every kind in tobacco's part; both inspectors go."""
    plan = propose(town, open_at=PAST)
    for n in (0, 1):
        plan.goes(town.tobacco, n)
    plan.answer(town.planner(town.tobacco), town.tobacco)
    plan.move(OperationState.ONGOING)
    part = {
        "part_id": plan.part(town.tobacco),
        "visit_id": plan.visit,
        "operation_id": plan.operation,
        "authority_id": town.tobacco.id,
    }
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        run, finding = uow.session.execute, uuid4()
        written = {"written_by": uow.person, "written_at": uow.now}
        run(
            insert(Finding).values(
                finding_id=finding,
                version=1,
                answer=Answer.OK,
                serious=False,
                text="x",
                unit_only=False,
                observed_at=uow.now,
                **part,
                **written,
            )
        )
        file = {"content_hmac": uuid4().hex, "media_type": "image/jpeg", "size": 1, "key_name": "k"}
        run(insert(Evidence).values(id=uuid4(), finding_id=finding, unit_only=False, **file, **part, **written))
        listed = run(text("SELECT id FROM checklist WHERE authority_id IS NULL LIMIT 1")).scalar_one()
        run(insert(PartChecklist).values(checklist_id=listed, n=1, **part))
        fact = {key: part[key] for key in ("visit_id", "operation_id", "authority_id")}
        said = {"question": next(iter(Question)), "answer": "9-18", "written_by": uow.person, "at": uow.now}
        run(insert(VisitFact).values(id=uuid4(), **said, **fact))
    return plan


def declare(plan: Plan, viewer: Viewer) -> None:
    with unit_of_work(viewer) as uow:
        declare_recusal(uow, plan.visit, "släkt med näringsidkaren")


def seen(viewer: Viewer, visit: UUID) -> Iterator[str]:
    for table in HIDDEN:
        if rows(viewer, f"SELECT 1 FROM {table} WHERE {'id' if table == 'visit' else 'visit_id'} = :v", v=visit):
            yield table


def test_a_recused_person_reads_nothing_of_the_visit_while_a_colleague_does(town: Town, plan: Plan) -> None:
    recused, colleague = town.inspector(town.tobacco), town.inspector(town.tobacco, 1)
    assert set(seen(recused, plan.visit)) == set(HIDDEN)
    declare(plan, recused)
    assert set(seen(recused, plan.visit)) == set()
    assert set(seen(colleague, plan.visit)) == set(HIDDEN)
    with unit_of_work(recused) as uow:
        assert (visits_of(uow, plan.operation), targets_of(uow, plan.operation)) == ([], {})
        with pytest.raises(NotFoundError):
            get_visit(uow, plan.visit)
        with pytest.raises(NotFoundError):
            get_part(uow, plan.part(town.tobacco))


def test_a_recused_person_writes_nothing_of_the_visit(town: Town, plan: Plan) -> None:
    recused = town.inspector(town.tobacco)
    declare(plan, recused)
    fact = "INSERT INTO visit_fact (id, visit_id, operation_id, authority_id, question, answer, written_by, at)"
    values = {"id": uuid4(), "v": plan.visit, "o": plan.operation, "me": town.tobacco.id, "p": recused.person_id}
    with pytest.raises(NotFoundError), unit_of_work(recused) as uow:
        uow.session.execute(text(f"{fact} VALUES (:id, :v, :o, :me, 'hours', 'x', :p, now())"), values)
    with unit_of_work(recused) as uow:
        changed = uow.session.execute(text("UPDATE part_answer SET legal_basis = 'x' WHERE visit_id = :v"), values)
        assert changed.rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(NotFoundError):
        declare(plan, recused)


def test_the_other_visits_of_the_operation_stay_open(town: Town) -> None:
    plan = propose(town)
    with unit_of_work(plan.planner) as uow:
        parts = (AskPart(town.tobacco.id),)
        other = add_visit(uow, AddVisit(plan.operation, town.businesses[1], START, ENDS, parts=parts))
    recused = town.inspector(town.tobacco)
    declare(plan, recused)
    with unit_of_work(recused) as uow:
        assert [visit.id for visit in visits_of(uow, plan.operation)] == [other]


def test_it_holds_as_well_while_the_person_acts_for_another_authority(town: Town, plan: Plan) -> None:
    person = town.tobacco.inspectors[0]
    elsewhere = second_place(town, person, town.environment)
    assert "visit" in set(seen(elsewhere, plan.visit))
    declare(plan, town.inspector(town.tobacco))
    assert set(seen(elsewhere, plan.visit)) == set()


def test_the_reason_stays_in_the_silo(town: Town, plan: Plan) -> None:
    declare(plan, town.inspector(town.tobacco))
    assert rows(town.planner(town.tobacco), "SELECT reason FROM recusal") == [("släkt med näringsidkaren",)]
    for viewer in (plan.planner, town.planner(town.environment), town.inspector(town.environment)):
        assert rows(viewer, "SELECT reason FROM recusal") == []


def test_a_recused_planner_cannot_move_what_is_hidden_from_them(town: Town) -> None:
    """The visit and its unanswered parts are invisible to that planner: a gate would open, a move would miss it."""
    plan = propose(town)
    declare(plan, plan.planner)
    with pytest.raises(NotAllowedError), unit_of_work(plan.planner) as uow:
        set_state(uow, plan.operation, OperationState.SCHEDULED)
    with pytest.raises(NotAllowedError), unit_of_work(plan.planner) as uow:
        set_times(uow, plan.operation, START + hours(1), seen_version=1)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        set_state(uow, plan.operation, OperationState.PREPARING)
