"""The lead writes the plan, may hand it over in one step, and nobody else hangs anything on it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.calendars.models import Reply, ReplyComment, ReplySettled, ReplyWish
from samsyn.calendars.rules import Decision, Said, Via
from samsyn.core.errors import (
    ChangedMeanwhileError,
    GateClosedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import CommonPart
from samsyn.letters.models import NoticeLetter
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AskPart,
    PlanMeeting,
    PlanOrder,
    ProposeOperation,
    add_part,
    add_participation,
    form_team,
    hand_over_lead,
    join_team,
    plan_meeting,
    plan_order,
    propose_operation,
    withdraw_part,
)
from samsyn.planning.rules import PollAnswer
from samsyn.planning.service.polls import OpenPoll, write_asks, write_poll, write_votes
from samsyn.pledges.models import OperationFocus
from tests.cluster import Cluster
from tests.factories import START, Office, Town, hours
from tests.operations.plans import ENDS, Plan, propose, rows, truth

FOLLOW = (
    "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'lead_id'"
    " AND table_name NOT LIKE 'campaign%'"  # led by who made the campaign, whoever leads what came of it
)


def with_every_row(town: Town) -> Plan:
    """A plan with a row in each table that names its lead."""
    plan = propose(town)
    assignment, reply = plan.goes(town.tobacco), uuid4()
    with unit_of_work(plan.planner) as uow:
        words = {"version": 1, "text": "gemensamt", "approved_by": town.police.planner, "approved_at": uow.now}
        uow.session.execute(insert(CommonPart).values(operation_id=plan.operation, lead_id=town.police.id, **words))
        letter = {"visit_id": plan.visit, "version": 1, "language": "sv", "content": {}, "written_at": uow.now}
        led = {"operation_id": plan.operation, "lead_id": town.police.id, "written_by": uow.person}
        uow.session.execute(insert(NoticeLetter).values(**letter, **led))
        focus = {"operation_id": plan.operation, "lead_id": town.police.id, "collaboration_id": town.collaboration}
        uow.session.execute(insert(OperationFocus).values(**focus))
        plan_order(uow, PlanOrder(plan.operation, "Centrumrunda", None, "ankare", None))
        join_team(uow, assignment, form_team(uow, plan.operation, "Lag 1", [plan.visit]))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        common = {"operation_id": plan.operation, "authority_id": town.tobacco.id}
        uow.session.execute(
            insert(Reply).values(
                id=reply,
                person_id=uow.person,
                assignment_id=assignment,
                sequence=0,
                said=Said.ACCEPTED,
                via=Via.PAGE,
                verified=True,
                decision=Decision.APPLIED,
                at=uow.now,
                **common,
            )
        )
        uow.session.execute(insert(ReplyComment).values(reply_id=reply, lead_id=town.police.id, text="ja", **common))
        wish = {"starts_at": START, "ends_at": ENDS, "lead_id": town.police.id}
        uow.session.execute(insert(ReplyWish).values(reply_id=reply, **wish, **common))
    with unit_of_work(plan.planner) as uow:
        times = [(START + hours(24 * n), ENDS + hours(24 * n)) for n in (1, 2, 3)]
        poll = write_poll(uow, OpenPoll(plan.operation, times, START))
        write_asks(uow, poll, [(town.tobacco.inspectors[0], town.tobacco.id, False)])
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        write_votes(uow, poll, uow.person, {poll.options[0].id: PollAnswer.YES})
    with unit_of_work(town.planner(town.tobacco)) as uow:
        settled = {"settled_by_id": town.tobacco.id, "person_id": uow.person, "at": uow.now}
        uow.session.execute(insert(ReplySettled).values(reply_id=reply, lead_id=town.police.id, **settled, **common))
    return plan


def give(plan: Plan, to: Office, by: Viewer | None = None) -> None:
    with unit_of_work(by or plan.planner) as uow:
        hand_over_lead(uow, plan.operation, to.id, seen_version=plan.card().version)


def test_handing_over_the_lead_follows_everywhere(town: Town, cluster: Cluster, database: str) -> None:
    plan = with_every_row(town)
    give(plan, town.tobacco)
    tables = {row[0] for row in truth(cluster, database, FOLLOW)}
    for table in tables:
        key = "id" if table == "operation" else "operation_id"
        found = truth(cluster, database, f"SELECT DISTINCT lead_id FROM {table} WHERE {key} = :o", o=plan.operation)
        assert found == [(town.tobacco.id,)], table
    with unit_of_work(town.planner(town.tobacco)) as uow:
        add_part(uow, plan.visit, AskPart(town.health.id))
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.police)) as uow:
        add_part(uow, plan.visit, AskPart(town.police.id))


def test_nobody_takes_the_lead_and_only_a_participant_gets_it(town: Town, cluster: Cluster, database: str) -> None:
    plan = propose(town)
    with pytest.raises(NotAllowedError):
        give(plan, town.environment, town.planner(town.environment))
    with pytest.raises(NotFoundError):
        give(plan, town.environment, town.planner(town.health))
    with pytest.raises(NotFoundError):
        give(plan, town.health)
    for office in (town.environment, town.health, town.outsider):
        with unit_of_work(town.planner(office)) as uow:
            take = text("UPDATE operation SET lead_id = :me WHERE id = :o")
            assert uow.session.execute(take, {"me": office.id, "o": plan.operation}).rowcount == 0  # type: ignore[attr-defined]
    found = truth(cluster, database, "SELECT lead_id FROM operation WHERE id = :o", o=plan.operation)
    assert found == [(town.police.id,)]


def test_an_old_version_hands_nothing_over(town: Town) -> None:
    plan = propose(town)
    with pytest.raises(ChangedMeanwhileError), unit_of_work(plan.planner) as uow:
        hand_over_lead(uow, plan.operation, town.tobacco.id, seen_version=99)


HUNG = {
    "visit": "INSERT INTO visit (id, operation_id, lead_id, starts_at, ends_at, state, version)"
    " VALUES (:id, :o, :l, :s, :e, 'planned', 1)",
    "visit_part": "INSERT INTO visit_part (id, visit_id, operation_id, lead_id, authority_id, people)"
    " VALUES (:id, :v, :o, :l, :me, 1)",
    "participation": "INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)"
    " VALUES (:o, :me, :l, false, 0)",
    "part_answer": "INSERT INTO part_answer (part_id, visit_id, operation_id, authority_id, written_by_id,"
    " nothing_to_report, summary, version) VALUES (:part, :v, :o, :me, :me, false, 'pending', 1)",
    "finding": "INSERT INTO finding (finding_id, version, base_version, part_id, visit_id, operation_id, authority_id,"
    " answer, serious, text, unit_only, written_by, observed_at, written_at)"
    " VALUES (:id, 1, 0, :part, :v, :o, :me, 'deficiency', false, 'x', false, :person, :s, :s)",
    "visit_fact": "INSERT INTO visit_fact (id, visit_id, operation_id, authority_id, question, answer, written_by, at)"
    " VALUES (:id, :v, :o, :me, 'hours', 'x', :person, :s)",
    "delivery": "INSERT INTO delivery (id, operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole,"
    " time_moved, sequence, code_word, meeting_place, starts_at, ends_at, asks, role, authorities, written_at)"
    " VALUES (:id, :o, :me, :me, :person, :place, 'x', 'request', false, true, 9, 'x', 'x', :s, :e, 'x', 'x', '[]',"
    " :s)",
    "dossier_status": "INSERT INTO dossier_status (operation_id, authority_id) VALUES (:o, :me)",
    "common_part": "INSERT INTO common_part (operation_id, version, lead_id, text, approved_by, approved_at)"
    " VALUES (:o, 7, :l, 'x', :person, :s)",
}


@pytest.mark.parametrize("table", HUNG)
def test_nobody_hangs_a_row_on_anothers_operation(town: Town, table: str) -> None:
    """By any statement: as a stranger under the own name, or under the lead's; hidden and absent are one answer."""
    plan = propose(town, [town.tobacco])
    place = plan.goes(town.tobacco)
    viewer, said = town.planner(town.health), set()
    for operation in (plan.operation, uuid4()):
        for lead in (town.health.id, town.police.id):
            values = {
                "id": uuid4(),
                "o": operation,
                "v": plan.visit,
                "part": plan.part(town.tobacco),
                "place": place,
                "l": lead,
                "me": town.health.id,
                "person": town.health.inspectors[0],
                "s": START,
                "e": ENDS,
            }
            with pytest.raises(NotFoundError) as refused, unit_of_work(viewer) as uow:
                uow.session.execute(text(HUNG[table]), values)
            said.add(str(refused.value))
    assert said == {"no such thing"}


def test_the_lead_writes_no_finding_and_no_answer_in_anothers_part(town: Town) -> None:
    plan = propose(town, [town.tobacco])
    for table in ("finding", "part_answer"):
        for authority in (town.tobacco.id, town.police.id):
            values = {
                "id": uuid4(),
                "o": plan.operation,
                "v": plan.visit,
                "part": plan.part(town.tobacco),
                "me": authority,
                "person": town.police.planner,
                "s": START,
            }
            with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
                uow.session.execute(text(HUNG[table]), values)


def test_no_row_of_the_plan_is_ever_deleted(town: Town) -> None:
    plan = propose(town)
    for table in ("operation", "visit", "visit_part", "participation", "part_answer", "audit", "delivery"):
        with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
            uow.session.execute(text(f"DELETE FROM {table}"))


def test_a_stranger_finds_nothing_of_an_operation(town: Town) -> None:
    plan = propose(town, [town.tobacco])
    for viewer in (town.planner(town.health), town.planner(town.outsider), Viewer()):
        with pytest.raises(NotFoundError) as hidden:
            plan.card(viewer)
        plan_of_nothing = Plan(town, town.police, uuid4(), plan.visit)
        with pytest.raises(NotFoundError) as absent:
            plan_of_nothing.card(viewer)
        assert str(hidden.value) == str(absent.value)
        assert rows(viewer, "SELECT 1 FROM visit WHERE operation_id = :o", o=plan.operation) == []


def test_a_participant_sees_its_own_line_and_the_lead_sees_all(town: Town) -> None:
    plan = propose(town)
    count = "SELECT authority_id FROM participation WHERE operation_id = :o"
    assert len(rows(plan.planner, count, o=plan.operation)) == 3
    assert rows(town.planner(town.tobacco), count, o=plan.operation) == [(town.tobacco.id,)]


def test_times_that_do_not_fit_are_named_by_field(town: Town) -> None:
    faults = {
        "ends_at": ProposeOperation(town.collaboration, START, START),
        "meets_at": ProposeOperation(town.collaboration, START, ENDS, meets_at=START + hours(1)),
        "starts_at": ProposeOperation(town.collaboration, START - hours(24 * 365), ENDS - hours(24 * 365)),
    }
    for field, command in faults.items():
        with pytest.raises(InvalidError) as refused, unit_of_work(town.planner(town.police)) as uow:
            propose_operation(uow, command)
        assert set(refused.value.fields) == {field}


def test_what_begins_this_minute_or_stands_already_is_not_over(town: Town) -> None:
    now = START + hours(1) / 90
    with unit_of_work(town.planner(town.police), now) as uow:
        propose_operation(uow, ProposeOperation(town.collaboration, START, ENDS))
    with unit_of_work(town.inspector(town.police), now) as uow:
        propose_operation(uow, ProposeOperation(town.collaboration, START - hours(1), ENDS, ad_hoc=True))


def test_an_operation_belongs_to_a_collaboration_of_the_lead(town: Town) -> None:
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        propose_operation(uow, ProposeOperation(town.collaboration, START, ENDS))
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        propose_operation(uow, ProposeOperation(town.collaboration, START, ENDS))


def test_of_the_lead_only_a_planner_asks_authorities(town: Town) -> None:
    plan = propose(town)
    for viewer in (town.inspector(town.police), Viewer(town.police.id, town.police.planner, frozenset({"observer"}))):
        with pytest.raises(NotAllowedError), unit_of_work(viewer) as uow:
            add_participation(uow, plan.operation, town.health.id, required=True, minimum=1)
        with pytest.raises(NotAllowedError), unit_of_work(viewer) as uow:
            add_part(uow, plan.visit, AskPart(town.health.id))


def test_the_plan_is_closed_for_changes_once_it_is_over(town: Town) -> None:
    plan = propose(town)
    plan.move(OperationState.DONE)
    version = plan.card().version
    with pytest.raises(GateClosedError), unit_of_work(plan.planner) as uow:
        add_participation(uow, plan.operation, town.health.id, required=True, minimum=1)
    with pytest.raises(GateClosedError), unit_of_work(plan.planner) as uow:
        plan_meeting(uow, PlanMeeting(plan.operation, START, "torget", town.police.planner, version))
    with pytest.raises(GateClosedError), unit_of_work(plan.planner) as uow:
        withdraw_part(uow, plan.part(town.tobacco))
    plan.move(OperationState.REPORTED)
    with pytest.raises(GateClosedError):
        give(plan, town.tobacco)


def test_the_lead_goes_over_also_while_it_goes_on_and_until_it_is_reported(town: Town) -> None:
    plan = propose(town)
    plan.move(OperationState.DONE)
    give(plan, town.tobacco)
    with pytest.raises(NotAllowedError):
        give(plan, town.environment)
