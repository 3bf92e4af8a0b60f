"""What changes afterwards is counted again: a part taken back, a late answer, a guest that leads; jäv hides lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from uuid import UUID, uuid4

from sqlalchemy import text, update

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Operation
from samsyn.operations.rules import OperationState, Present, VisitState
from samsyn.operations.service import AnswerPart, answer_part, declare_recusal, withdraw_part
from samsyn.operations.service.plan import COUNT_OPERATION, count_again
from samsyn.operations.service.presence import NotePresence, note_presence
from samsyn.operations.service.visits import COUNT_VISIT
from samsyn.pledges.counting import read_year
from samsyn.pledges.queries import get_pledge, list_tallies
from samsyn.pledges.rules import ActivityKind, ActivityState, Measure
from samsyn.pledges.service import (
    AddActivity,
    ChangeActivity,
    add_activity,
    change_activity,
    choose_focus,
    count_visit,
)
from samsyn.pledges.service.minutes import COUNT_TIME
from samsyn_workers.pledges import count_operation as work_operation
from samsyn_workers.pledges import count_visit as work_visit
from tests.dossiers.scenes import Scene, visited
from tests.factories import Office, Town
from tests.pledges.test_numbers import promise, read

AT = datetime(2027, 3, 4, 17, tzinfo=UTC)
AFTER = date(2028, 1, 1)


def work(town: Town) -> None:
    """Let every authority's worker do what waits for it."""
    for office in (town.police, town.tobacco, town.environment, town.health, town.outsider):
        work_visit(acts_for=str(office.id))
        work_operation(acts_for=str(office.id))


def counted(town: Town, *offices: Office, state: OperationState = OperationState.ONGOING) -> Scene:
    scene = visited(town, *offices, at=AT, state=state)
    for office in offices:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            count_visit(uow, scene.visit)
    return scene


def hand_to_guest(town: Town, scene: Scene) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        count_again(uow, scene.operation, town.outsider.id, town.collaboration)
        moved = update(Operation).where(Operation.id == scene.operation).values(lead_id=town.outsider.id)
        uow.session.execute(moved)


def joint_with(town: Town, scene: Scene) -> list[tuple[UUID, bool, int]]:
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        rows = text("SELECT authority_id, done, joint_with FROM visit_trace WHERE visit_id = :v AND done")
        return [(row.authority_id, row.done, row.joint_with) for row in uow.session.execute(rows, {"v": scene.visit})]


def test_a_part_that_is_taken_back_after_its_visit_is_counted_no_more(town: Town) -> None:
    promised = promise(town)
    scene = counted(town, town.police, town.environment)
    assert read(town, town.health, promised, AFTER)[promised.joint].done == 1
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_part(uow, scene.parts[town.environment.id])
    work(town)
    found = read(town, town.health, promised, AFTER)
    assert (found[promised.joint].done, found[promised.everywhere].done) == (0, 1)
    assert joint_with(town, scene) == [(town.police.id, True, 1)]


def test_a_part_that_is_taken_back_before_its_visit_counts_nothing(town: Town) -> None:
    scene = visited(
        town, town.police, town.environment, at=AT, state=OperationState.CONFIRMED, visit_state=VisitState.PLANNED
    )
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_part(uow, scene.parts[town.environment.id])
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        waits = text("SELECT count(*) FROM outbox WHERE task = :t AND subject_id = :v")
        assert uow.session.scalar(waits, {"t": COUNT_VISIT, "v": scene.visit}) == 0


def test_an_answer_that_comes_after_the_visit_is_counted(town: Town) -> None:
    promised = promise(town)
    scene = counted(town, town.police, town.environment)
    with unit_of_work(town.planner(town.environment)) as uow:
        uow.session.execute(text("UPDATE part_answer SET handed_in_at = NULL WHERE authority_id = (SELECT me())"))
        answer_part(uow, AnswerPart(scene.parts[town.environment.id], accepted=False, seen_version=1))
    work(town)
    assert read(town, town.health, promised, AFTER)[promised.joint].done == 0


def test_what_a_guest_leads_counts_once_for_what_its_proposer_said_and_names_no_guest(town: Town) -> None:
    promised = promise(town)
    scene = visited(town, town.police, town.environment, town.outsider, at=AT)
    with unit_of_work(town.planner(town.police)) as uow:
        choose_focus(uow, scene.operation, promised.areas[0])
    work(town)
    assert read(town, town.health, promised, AFTER)[promised.share].done == 0, "the police lead it"
    hand_to_guest(town, scene)
    work(town)
    found = read(town, town.health, promised, AFTER)
    assert (found[promised.joint].done, found[promised.police].done, found[promised.everywhere].done) == (1, 1, 1)
    assert found[promised.share].done == 100, "another than the police leads it, whoever wrote the line"
    with unit_of_work(town.planner(town.health)) as uow:
        lines = read_year(uow, get_pledge(uow, promised.pledge), [], AFTER).lines
    assert [(line.authorities, line.guests) for line in lines] == [
        (frozenset({town.police.id, town.environment.id}), 1)
    ]
    assert town.outsider.id not in {line.authority_id for line in lines}


def test_only_members_are_asked_to_count_what_a_guest_leads(town: Town) -> None:
    scene = visited(town, town.police, town.environment, town.outsider, at=AT)
    hand_to_guest(town, scene)
    asked = set()
    for office in (town.police, town.environment, town.health):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            waits = text("SELECT count(*) FROM outbox WHERE task = :t AND subject_id = :o")
            if uow.session.scalar(waits, {"t": COUNT_OPERATION, "o": scene.operation}):
                asked.add(office.id)
    assert asked == {town.police.id, town.environment.id}


def test_jaev_hides_the_line_of_what_was_done_and_of_what_is_to_come(town: Town) -> None:
    promised = promise(town)
    scene = counted(town, town.police, town.environment)
    viewer = town.planner(town.police)
    assert read(town, town.police, promised, AFTER)[promised.everywhere].done == 1
    with unit_of_work(viewer) as uow:
        declare_recusal(uow, scene.visit, "Släkt med ägaren")
    assert read(town, town.police, promised, AFTER)[promised.everywhere].done == 0
    assert read(town, town.health, promised, AFTER)[promised.everywhere].done == 1, "for others it is as it was"
    with unit_of_work(viewer) as uow:
        assert read_year(uow, get_pledge(uow, promised.pledge), [], AFTER).lines == []


def test_of_two_visits_that_are_counted_at_once_none_is_lost(town: Town) -> None:
    first, second = (visited(town, town.police, town.environment, at=AT, business=n) for n in range(2))
    office, begun = Viewer.task_of(town.environment.id), Event()

    def count_second() -> None:
        with unit_of_work(office) as uow:
            begun.set()
            count_visit(uow, second.visit)

    other = Thread(target=count_second)
    with unit_of_work(office) as uow:
        count_visit(uow, first.visit)
        other.start()
        assert begun.wait(20)
        other.join(1)  # it has written its trace, and waits
    other.join(20)
    assert not other.is_alive()
    with unit_of_work(office) as uow:
        [n] = [line.n for line in list_tallies(uow, town.collaboration, "2027-Q1") if line.measure == Measure.VISITS]
    assert n == 2


def test_who_left_after_the_visits_end_is_counted_again(town: Town) -> None:
    scene = visited(town, town.police, town.environment, at=AT)
    before = waiting(town.environment, COUNT_VISIT, scene.visit)
    with unit_of_work(town.inspector(town.environment)) as uow:
        note_presence(uow, NotePresence(uuid4(), scene.visit, Present.CAME, AT))
    assert waiting(town.environment, COUNT_VISIT, scene.visit) == before + 1


def test_each_member_counts_its_time_again_when_an_activity_is_done_or_called_off(town: Town) -> None:
    day = local_day(datetime.now(UTC)) - timedelta(days=3)
    with unit_of_work(town.planner(town.police)) as uow:
        walk = add_activity(uow, AddActivity(town.collaboration, ActivityKind.SAFETY_WALK, day, "Vandring"))
        change_activity(uow, ChangeActivity(walk, ActivityState.DONE, 1))
    for office in (town.police, town.tobacco):
        assert waiting(office, COUNT_TIME, walk) == 1


def waiting(office: Office, task: str, subject: UUID) -> int:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        rows = "SELECT count(*) FROM outbox WHERE task = :t AND subject_id = :s AND acts_for_id = (SELECT me())"
        return uow.session.scalar(text(rows), {"t": task, "s": subject}) or 0
