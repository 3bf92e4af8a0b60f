"""Ten seconds to change one's mind: tried at once, done later as its maker, undone or done and never both."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.calendars.queries import deliveries_of
from samsyn.core.errors import (
    GateClosedError,
    NotAllowedError,
    SamsynError,
    WaitingError,
)
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.held import CARRY_OUT, Command, LetGo, Outcome, ReplacePerson, hold
from samsyn.lifecycle.service import MoveOperation, Reschedule, ask_for_person, move_operation
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.queries.held_actions import held_by_me
from samsyn.operations.rules import HeldState, OperationState
from samsyn.operations.service import AskPerson, PlanMeeting, ProposeOperation, propose_operation
from samsyn.operations.service.held_actions import withdraw_action
from samsyn_workers.lifecycle import carry_out
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import Walk, walk_to

SECONDS = 10


def held(town: Town, command: Command, office: Office | None = None, seconds: float = SECONDS) -> Outcome:
    with unit_of_work(town.planner(office or town.police)) as uow:
        return hold(uow, command, seconds)


def step(town: Town, walk: Walk, to: OperationState) -> Command:
    with unit_of_work(town.planner(town.police)) as uow:
        return MoveOperation(walk.operation, to, get_operation(uow, walk.operation).version)


def move(town: Town, walk: Walk, by: float = 2) -> Command:
    with unit_of_work(town.planner(town.police)) as uow:
        return Reschedule(walk.operation, START + hours(by), get_operation(uow, walk.operation).version)


def told(town: Town, walk: Walk) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        return deliveries_of(uow, walk.operation)


def state(town: Town, walk: Walk) -> OperationState:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_operation(uow, walk.operation).state


def make_due(office: Office) -> None:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t"), {"t": CARRY_OUT})


def work(office: Office, times: int = 1) -> None:
    make_due(office)
    for _ in range(times):
        carry_out(acts_for=str(office.id))


def ends(town: Town, office: Office | None = None) -> list[tuple[HeldState, str | None]]:
    with unit_of_work(town.planner(office or town.police)) as uow:
        return [(one.state, one.refusal) for one in held_by_me(uow)]


def undo(town: Town, held_id: UUID | None, office: Office | None = None) -> bool:
    assert held_id is not None
    with unit_of_work(town.planner(office or town.police)) as uow:
        return withdraw_action(uow, held_id)


def test_an_invitation_waits_and_is_sent_once_when_it_is_due(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    outcome = held(town, step(town, walk, OperationState.INVITED))
    assert outcome.held_id
    assert (told(town, walk), state(town, walk)) == (0, OperationState.SCHEDULED)
    assert carry_out(acts_for=str(town.police.id)) == 0  # not due yet
    work(town.police, times=2)
    assert (told(town, walk), state(town, walk)) == (3, OperationState.INVITED)
    assert ends(town) == [(HeldState.DONE, None)]


def test_undone_in_time_nothing_leaves_and_nothing_changed(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    outcome = held(town, step(town, walk, OperationState.INVITED))
    assert undo(town, outcome.held_id)
    work(town.police)
    assert (told(town, walk), state(town, walk)) == (0, OperationState.SCHEDULED)
    assert ends(town) == [(HeldState.WITHDRAWN, None)]


def test_too_late_an_undo_changes_nothing(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    outcome = held(town, step(town, walk, OperationState.INVITED))
    work(town.police)
    assert not undo(town, outcome.held_id)
    assert state(town, walk) is OperationState.INVITED


def test_what_tells_nobody_is_done_at_once(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    done = held(town, move(town, walk))
    assert done.held_id is None
    assert done.result is not None
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, walk.operation).starts_at == START + hours(2)
    assert ends(town) == []


def test_without_seconds_nothing_is_held(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    assert held(town, step(town, walk, OperationState.INVITED), seconds=0).held_id is None
    assert told(town, walk) == 3


def test_every_refusal_comes_at_once_and_leaves_nothing_waiting(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED, meeting=False)
    with pytest.raises(GateClosedError) as closed:
        held(town, step(town, walk, OperationState.INVITED))
    assert "meets_at" in closed.value.missing
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        hold(uow, MoveOperation(walk.operation, OperationState.CANCELLED, 1), SECONDS)
    assert ends(town) == []


def test_every_kind_of_action_that_tells_people_is_held_and_carried_out(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with unit_of_work(town.planner(town.police)) as uow:
        seen, lead = get_operation(uow, walk.operation).version, town.police.inspectors[0]
    other = AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[1])
    place = walk.places[town.environment.id]
    commands: list[tuple[Office, Command]] = [
        (town.police, PlanMeeting(walk.operation, START - hours(0.5), "Brandstationen", lead, seen)),
        (town.police, other),
        (town.environment, ReplacePerson(place, town.environment.inspectors[1])),
        (town.police, LetGo(walk.places[town.tobacco.id])),
        (town.police, move(town, walk)),
        (town.police, step(town, walk, OperationState.CANCELLED)),
    ]
    for office, command in commands:
        before = told(town, walk)
        if isinstance(command, MoveOperation | Reschedule | PlanMeeting):
            fresh = step(town, walk, OperationState.CANCELLED)
            assert isinstance(fresh, MoveOperation)
            newest: Command = replace(command, seen_version=fresh.seen_version)
        else:
            newest = command
        assert held(town, newest, office).held_id
        assert told(town, walk) == before
        work(office)
        assert told(town, walk) > before, command
    assert state(town, walk) is OperationState.CANCELLED


def test_a_time_that_was_taken_meanwhile_is_refused_whole(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    command = AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[1])
    held(town, command)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        other = propose_operation(uow, ProposeOperation(town.collaboration, START, START + hours(2)))
        ask_for_person(uow, AskPerson(other, town.tobacco.id, town.tobacco.inspectors[1]))
    before = told(town, walk)
    work(town.police, times=2)
    assert ends(town) == [(HeldState.REFUSED, "conflict")]
    assert told(town, walk) == before
    with unit_of_work(town.planner(town.police)) as uow:
        assert command.person_id not in {p.person_id for p in people_of(uow, walk.operation)}


def test_a_change_by_somebody_else_in_between_is_not_overrun(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    held(town, step(town, walk, OperationState.INVITED))
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE operation SET version = version + 1 WHERE id = :id"), {"id": walk.operation})
    work(town.police)
    assert ends(town) == [(HeldState.REFUSED, "changed_meanwhile")]
    assert told(town, walk) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [({"roles": '["inspector"]'}, "not_allowed"), ({"until_on": START.date() - timedelta(days=3650)}, "not_known")],
)
def test_who_plans_no_longer_or_has_left_sends_nothing(
    town: Town, cluster: Cluster, database: str, change: dict[str, object], code: str
) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    held(town, step(town, walk, OperationState.INVITED))
    ((column, value),) = change.items()
    with as_owner(cluster, database) as db:
        db.execute(text(f"UPDATE staff SET {column} = :v WHERE person_id = :p"), {"v": value, "p": town.police.planner})
        db.commit()
    work(town.police)
    assert ends(town) == [(HeldState.REFUSED, code)]
    assert told(town, walk) == 0


def test_a_second_action_does_the_first_at_once_and_keeps_the_order(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    first = step(town, walk, OperationState.INVITED)
    held(town, first)
    second = held(town, move(town, walk))  # seen at the version before the first: that change is one's own
    assert second.held_id
    assert state(town, walk) is OperationState.INVITED
    assert told(town, walk) == 3
    assert not undo(town, first_of(town, HeldState.DONE))
    work(town.police)
    assert state(town, walk) is OperationState.SCHEDULED
    assert told(town, walk) == 6


def first_of(town: Town, wanted: HeldState) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return next(one.id for one in held_by_me(uow) if one.state is wanted)


def test_the_same_button_pressed_twice_is_one_wish(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    command = step(town, walk, OperationState.INVITED)
    first = held(town, command)
    assert first.held_id
    assert held(town, command) == first
    assert undo(town, first.held_id)
    work(town.police)
    assert state(town, walk) is OperationState.SCHEDULED


def test_a_second_action_that_is_refused_leaves_the_first_waiting(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    held(town, step(town, walk, OperationState.INVITED))
    with pytest.raises(SamsynError):
        held(town, step(town, walk, OperationState.ONGOING))
    assert (told(town, walk), state(town, walk)) == (0, OperationState.SCHEDULED)
    assert ends(town) == [(HeldState.PENDING, None)]


def test_a_colleagues_waiting_action_is_waited_for(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    held(town, AskPerson(walk.operation, town.police.id, town.police.inspectors[1]))
    colleague = Viewer(town.police.id, town.police.inspectors[0], frozenset({"planner"}))
    with pytest.raises(WaitingError), unit_of_work(colleague) as uow:
        hold(uow, LetGo(walk.places[town.tobacco.id]), SECONDS)


def test_another_authority_has_its_own_waiting_actions(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    held(town, AskPerson(walk.operation, town.police.id, town.police.inspectors[1]))
    swap = ReplacePerson(walk.places[town.tobacco.id], town.tobacco.inspectors[1])
    assert held(town, swap, town.tobacco).held_id
    work(town.tobacco)
    work(town.police)
    assert ends(town) == ends(town, town.tobacco) == [(HeldState.DONE, None)]


def test_only_its_maker_takes_it_back(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    outcome = held(town, step(town, walk, OperationState.INVITED))
    for viewer in (town.inspector(town.police), town.planner(town.tobacco), town.planner(town.outsider)):
        with unit_of_work(viewer) as uow:
            assert outcome.held_id
            assert not withdraw_action(uow, outcome.held_id)
    assert ends(town) == [(HeldState.PENDING, None)]


def test_what_was_to_be_done_is_not_kept_when_it_has_ended(town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    held(town, step(town, walk, OperationState.INVITED))
    work(town.police)
    with unit_of_work(town.planner(town.police)) as uow:
        assert uow.session.scalars(text("SELECT command FROM held_action")).all() == [{}]


def test_the_dry_run_holds_nobodys_time(town: Town) -> None:
    """What waits is not done: until then the person's time is free for whoever asks first."""
    walk = walk_to(town, OperationState.INVITED)
    held(town, AskPerson(walk.operation, town.tobacco.id, town.tobacco.inspectors[1]))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        taken = uow.session.scalar(
            text("SELECT count(*) FROM booking WHERE person_id = :p"), {"p": town.tobacco.inspectors[1]}
        )
    assert taken == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(undo_after=st.floats(0, 0.03), workers=st.integers(1, 2))
def test_undo_beside_workers_mails_are_written_just_when_it_was_not_undone(
    town: Town, undo_after: float, workers: int
) -> None:
    walk = walk_to(town, OperationState.SCHEDULED, starts_at=START + hours(another_evening()))
    outcome = held(town, step(town, walk, OperationState.INVITED))
    make_due(town.police)
    undone: list[bool] = []

    def change_my_mind() -> None:
        threading.Event().wait(undo_after)
        undone.append(undo(town, outcome.held_id))

    threads = [threading.Thread(target=carry_out, kwargs={"acts_for": str(town.police.id)}) for _ in range(workers)]
    threads.append(threading.Thread(target=change_my_mind))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(town.police)
    assert told(town, walk) == (0 if undone == [True] else 3)
    with unit_of_work(town.planner(town.police)) as uow:
        move_operation(
            uow, MoveOperation(walk.operation, OperationState.CANCELLED, get_operation(uow, walk.operation).version)
        )


NUMBERS = iter(range(0, 10_000, 6))


def another_evening() -> float:
    """The people of one town are asked again and again, each time for another evening."""
    return float(next(NUMBERS))
