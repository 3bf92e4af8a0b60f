"""Follow-ups: owner, day, state as versions; what is due waits; open ones keep an operation open; returns together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import ChangedMeanwhileError, GateClosedError, NotFoundError
from samsyn.core.home import local_day
from samsyn.core.outbox import emit
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import DossierStatus
from samsyn.dossiers.status import close_follow_ups
from samsyn.findings.rules import Answer
from samsyn.lifecycle.notices import remind_follow_up
from samsyn.lifecycle.returns import proposed, return_visits
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Urgency, Waits
from samsyn.operations.rules import OperationState
from samsyn.outcomes.queries import FollowUpFilter, history_of_follow_up, list_follow_ups, open_of_operation
from samsyn.outcomes.rules import FOLLOW_UP_NEXT, REMIND_FOLLOW_UP, UNFINISHED, Fault, FollowUpState, NotTakenError
from samsyn.outcomes.service import WriteFollowUp, write_follow_up
from samsyn_workers import lifecycle
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene
from tests.outcomes.conftest import TODAY, proposal, write
from tests.web.reader import Browser

AT = START + HOUR
ALL = FollowUpFilter(states=frozenset(FollowUpState))


def follow(scene: Scene, finding: UUID, **said: Any) -> WriteFollowUp:
    office = scene.town.tobacco
    base = WriteFollowUp(uuid4(), 0, scene.part(office), office.inspectors[0], TODAY + timedelta(days=10), finding)
    return replace(base, **said)


def keep(scene: Scene, command: WriteFollowUp, who: Viewer | None = None) -> int:
    with unit_of_work(who or scene.town.inspector(scene.town.tobacco), AT) as uow:
        return write_follow_up(uow, command)


def faults(scene: Scene, command: WriteFollowUp) -> dict[str, Any]:
    with pytest.raises(NotTakenError) as error:
        keep(scene, command)
    return {name: words[0] for name, words in error.value.fields.items()}


def test_it_is_of_one_finding_or_outcome_of_the_part_with_an_owner_of_the_own_staff(
    town: Town, scene: Scene, finding: UUID
) -> None:
    others = scene.answer(town.inspector(town.environment), None, Answer.DEFICIENCY, "Olja").finding_id
    outcome = proposal(scene, finding)
    write(scene, outcome)
    assert keep(scene, follow(scene, finding)) == 1
    assert keep(scene, replace(follow(scene, finding), finding_id=None, outcome_id=outcome.outcome_id)) == 1
    assert faults(scene, follow(scene, others)) == {"finding_id": Fault.NO_FINDING}
    assert faults(scene, follow(scene, finding, outcome_id=outcome.outcome_id)) == {"finding_id": Fault.NO_SUBJECT}
    assert faults(scene, follow(scene, finding, finding_id=None, outcome_id=uuid4())) == {
        "outcome_id": Fault.NO_SUBJECT
    }
    stranger = town.police.inspectors[0]
    assert faults(scene, follow(scene, finding, owner_id=stranger)) == {"owner_id": Fault.NO_OWNER}
    assert faults(scene, follow(scene, finding, text="ring 811218-9876")) == {"text": Fault.PERSONAL_NUMBER}


def test_only_the_own_authority_reads_it_and_jav_closes_it(town: Town, scene: Scene, finding: UUID) -> None:
    command = follow(scene, finding)
    keep(scene, command)
    for stranger in (town.planner(town.police), town.planner(town.environment), town.planner(town.outsider)):
        with pytest.raises(NotFoundError), unit_of_work(stranger) as uow:
            history_of_follow_up(uow, command.follow_up_id)
        with unit_of_work(stranger) as uow:
            assert list_follow_ups(uow, Seek(), ALL).items == []
    scene.recuse(town.tobacco, town.tobacco.inspectors[1])
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        assert list_follow_ups(uow, Seek(), ALL).items == []


STEPS = st.lists(st.tuples(st.sampled_from(FollowUpState), st.integers(-1, 1)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_its_states_and_versions_follow_a_model(
    scene: Scene, finding: UUID, steps: list[tuple[FollowUpState, int]]
) -> None:
    first = follow(scene, finding)
    model = list[FollowUpState]()
    for n, (to, off) in enumerate(steps):
        known = to in FOLLOW_UP_NEXT[model[-1]] | {model[-1]} if model else to is FollowUpState.OPEN
        seen = len(model) + off
        command = replace(first, base_version=seen, state=to, text=f"ord {n}", reason=f"skäl {n}")
        try:
            keep(scene, command)
        except (ChangedMeanwhileError, GateClosedError):
            assert off != 0 or not known
        else:
            assert off == 0
            assert known
            model.append(to)
    with unit_of_work(scene.town.inspector(scene.town.tobacco)) as uow:
        versions = text("SELECT version, state FROM follow_up WHERE follow_up_id = :f ORDER BY 1")
        rows = uow.session.execute(versions, {"f": first.follow_up_id})
        assert [tuple(row) for row in rows] == [(n + 1, state.value) for n, state in enumerate(model)]


def test_dropping_one_needs_a_reason(scene: Scene, finding: UUID) -> None:
    command = follow(scene, finding)
    keep(scene, command)
    dropped = replace(command, base_version=1, state=FollowUpState.DROPPED)
    assert faults(scene, dropped) == {"reason": Fault.REASON_NEEDED}
    assert keep(scene, replace(dropped, reason="Verksamheten har upphört")) == 2


def test_the_list_equals_a_brute_force_whatever_is_asked(town: Town, scene: Scene, finding: UUID) -> None:
    made: dict[UUID, WriteFollowUp] = {}
    for n in range(12):
        owner = town.tobacco.inspectors[n % 2]
        command = follow(scene, finding, owner_id=owner, due_on=TODAY + timedelta(days=n % 5 - 2))
        keep(scene, command)
        state = list(FollowUpState)[n % 4]
        if state is not FollowUpState.OPEN:
            command = replace(command, base_version=1, state=state, reason="skäl")
            keep(scene, command)
        made[command.follow_up_id] = command
    for owner_id in (None, *town.tobacco.inspectors):
        for states in (UNFINISHED, frozenset({FollowUpState.DONE}), frozenset(FollowUpState)):
            for until in (None, TODAY):
                wanted = FollowUpFilter(owner_id, None, states, until)
                expected = sorted(
                    (one.due_on, key)
                    for key, one in made.items()
                    if one.state in states
                    and (owner_id is None or one.owner_id == owner_id)
                    and (until is None or one.due_on <= until)
                )
                found, seek = [], Seek(limit=3)
                while True:
                    with unit_of_work(town.planner(town.tobacco)) as uow:
                        page = list_follow_ups(uow, seek, wanted)
                    found += [(line.due_on, line.follow_up_id) for line in page.items]
                    if page.next_cursor is None:
                        break
                    seek = Seek.parse(3, page.next_cursor)
                assert found == expected


def test_what_is_due_waits_for_its_owner_and_what_is_overdue_comes_first(
    town: Town, scene: Scene, finding: UUID
) -> None:
    keep(scene, follow(scene, finding, due_on=TODAY - timedelta(days=1)))
    keep(scene, follow(scene, finding, due_on=TODAY + timedelta(days=3)))
    keep(scene, follow(scene, finding, due_on=TODAY + timedelta(days=40)))

    def waits(viewer: Viewer) -> list[Any]:
        with unit_of_work(viewer, AT) as uow:
            return [item for item in waiting_for(uow).items if item.waits is Waits.FOLLOW_UP]

    mine = waits(town.inspector(town.tobacco))
    assert [(item.count, item.urgency(AT)) for item in mine] == [(2, Urgency.OVERDUE)]
    assert waits(town.inspector(town.tobacco, 1)) == []
    assert waits(town.inspector(town.police)) == []


def test_its_owner_is_reminded_on_its_day_once_and_not_when_it_is_finished(
    town: Town, scene: Scene, finding: UUID
) -> None:
    command = follow(scene, finding, due_on=TODAY + timedelta(days=2))
    keep(scene, command)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        queued = text("SELECT count(*) FROM outbox WHERE task = :t AND subject_id = :f")
        assert uow.session.scalar(queued, {"t": REMIND_FOLLOW_UP, "f": command.follow_up_id}) == 1
    owner = town.inspector(town.tobacco)

    def told(after: timedelta) -> int:
        with unit_of_work(Viewer.task_of(town.tobacco.id), AT + after) as uow:
            remind_follow_up(uow, command.follow_up_id)
        with unit_of_work(owner) as uow:
            said = text("SELECT code_word, operation_id FROM notice WHERE notice_kind = :k AND person_id = :p")
            rows = uow.session.execute(said, {"k": NoticeKind.FOLLOW_UP_DUE, "p": owner.person_id}).all()
        assert {tuple(row) for row in rows} <= {("", None)}, "nothing but that something is due"
        return len(rows)

    assert told(timedelta(days=1)) == 0
    assert told(timedelta(days=2)) == 1
    assert told(timedelta(days=2)) == 1
    keep(scene, replace(command, base_version=1, due_on=TODAY + timedelta(days=5)))
    assert told(timedelta(days=5)) == 2
    keep(scene, replace(command, base_version=2, due_on=TODAY + timedelta(days=6), state=FollowUpState.DONE))
    assert told(timedelta(days=6)) == 2


def test_open_ones_keep_the_operation_open_until_they_are_done_or_carried_over(
    town: Town, scene: Scene, finding: UUID
) -> None:
    done, carried = follow(scene, finding), follow(scene, finding)
    keep(scene, done)
    keep(scene, carried)
    scene.set_state(OperationState.COMPILED)
    planner = town.planner(town.tobacco)
    with unit_of_work(planner, AT) as uow:
        row = {"operation_id": scene.operation, "authority_id": town.tobacco.id, "built_at": AT, "closed_at": None}
        uow.session.add(DossierStatus(**row))
    with pytest.raises(GateClosedError) as error, unit_of_work(planner, AT) as uow:
        close_follow_ups(uow, scene.operation)
    assert error.value.missing == ("open_follow_ups",)
    keep(scene, replace(done, base_version=1, state=FollowUpState.DONE))
    with unit_of_work(planner, AT) as uow:
        assert [one.follow_up_id for one in open_of_operation(uow, scene.operation)] == [carried.follow_up_id]
        close_follow_ups(uow, scene.operation, carry=True)
    with unit_of_work(planner, AT) as uow:
        line = history_of_follow_up(uow, carried.follow_up_id)[-1]
        assert (line.state, line.due_on, line.owner_id) == (FollowUpState.CARRIED, carried.due_on, carried.owner_id)
        assert line.unfinished, "it is still to be seen to"
        assert uow.session.scalar(
            text("SELECT closed_at FROM dossier_status WHERE operation_id = :o"), {"o": scene.operation}
        )


def test_several_that_fall_due_at_one_place_become_one_return_visit(
    town: Town, scene: Scene, finding: UUID, sit: Callable[[Viewer], Browser]
) -> None:
    scene.set_state(OperationState.DONE)
    planner = town.planner(town.tobacco)
    keep(scene, follow(scene, finding, text="Skylt"))

    def found(viewer: Viewer) -> list[Any]:
        with unit_of_work(viewer, AT) as uow:
            return return_visits(uow)

    assert found(planner) == []
    keep(scene, follow(scene, finding, due_on=TODAY + timedelta(days=29)))
    keep(scene, follow(scene, finding, due_on=TODAY + timedelta(days=31)))
    (one,) = found(planner)
    assert (one.target.premises_id, len(one.lines), one.first) == (town.premises[0], 2, TODAY + timedelta(days=10))
    assert found(town.planner(town.police)) == [], "what the others have left there is theirs alone"


def test_it_is_proposed_for_a_working_day_that_is_to_come(scene: Scene, finding: UUID) -> None:
    keep(scene, follow(scene, finding, due_on=date(2027, 3, 28)))  # Easter Sunday
    with unit_of_work(scene.town.inspector(scene.town.tobacco)) as uow:
        lines = list_follow_ups(uow, Seek(), ALL).items
    assert proposed(lines, TODAY).date() == date(2027, 3, 25)
    assert proposed(lines, date(2027, 3, 26)).date() == date(2027, 3, 30)


def test_the_pages_take_it_change_it_and_make_a_draft_of_what_falls_due_together(
    town: Town, scene: Scene, finding: UUID, sit: Callable[[Viewer], Browser]
) -> None:
    scene.set_state(OperationState.DONE)
    planner = sit(town.planner(town.tobacco))
    path, part = f"/parts/{scene.part(town.tobacco)}/outcomes", scene.part(town.tobacco)
    for note in ("Skylt ska vara uppsatt", "Register ska visas"):
        planner.do(path, f"/parts/{part}/follow-ups", of=f"finding:{finding}", note=note)
    page = planner.get("/follow-ups?whose=all")
    assert "Skylt ska vara uppsatt" in page
    with unit_of_work(town.planner(town.tobacco)) as uow:
        line = list_follow_ups(uow, Seek(), ALL).items[0]
    one = f"/follow-ups/{line.follow_up_id}"
    assert planner.send(one, state="dropped").status_code == 422
    planner.do("/follow-ups/returns", "/operations/new")
    planner.do(one, state="done")
    assert "Klar" in planner.get(one)
    for stranger in (town.planner(town.police), town.planner(town.outsider)):
        sit(stranger).get(one, 404)


def test_the_worker_reminds_also_of_what_a_unit_keeps_to_itself(town: Town, scene: Scene) -> None:
    """The police have many units, each of which reads its own rows alone (R1)."""
    officer = town.inspector(town.police)
    finding = scene.answer(officer, None, Answer.DEFICIENCY, "Insläpp utan räkning").finding_id
    yesterday = local_day(datetime.now(UTC)) - timedelta(days=1)
    command = WriteFollowUp(uuid4(), 0, scene.part(town.police), town.police.inspectors[0], yesterday, finding)
    keep(scene, command, officer)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        emit(uow, REMIND_FOLLOW_UP, command.follow_up_id, acts_for=town.police.id)
    assert lifecycle.remind_follow_up(acts_for=str(town.police.id)) == 1
    with unit_of_work(officer) as uow:
        said = text("SELECT count(*) FROM notice WHERE notice_kind = :k AND person_id = :p")
        assert uow.session.scalar(said, {"k": NoticeKind.FOLLOW_UP_DUE, "p": officer.person_id}) == 1
