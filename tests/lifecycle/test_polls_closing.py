"""A poll closes by itself for the authority that leads, whoever asked: recused, gone, no planner, or handed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.access.rules import Role
from samsyn.access.service import PlaceEnds
from samsyn.calendars.rules import NoticeKind
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.held import CARRY_OUT, hold
from samsyn.lifecycle.leading import hand_over
from samsyn.lifecycle.leaving import leave
from samsyn.lifecycle.polls.closing import by_hand
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import declare_recusal
from samsyn.planning.queries.polls import PollLine
from samsyn.planning.rules import PollState
from samsyn_workers.lifecycle import carry_out
from tests.factories import Office, Town, make_person
from tests.lifecycle.polling import NO, PERHAPS, TIMES, YES, ask, close, due, held, now_of, pass_deadline, say
from tests.lifecycle.telling import kinds
from tests.lifecycle.walk import walk_to
from tests.planning import scene
from tests.planning.scene import MONDAY, moment, span


@pytest.fixture
def operation(town: Town) -> UUID:
    """Thursday; an inspector of the tobacco board is named, nobody of the police."""
    when = span(MONDAY + timedelta(days=3), "10:00", "12:00")
    found = scene.propose(town, when, (town.police, town.tobacco))
    scene.send(town, found, town.tobacco, 0)
    return found


@pytest.fixture
def poll(town: Town, operation: UUID) -> PollLine:
    """Asked by the planner of the police; the second time is the best."""
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), NO, YES, PERHAPS)
    return poll


def colleague(office: Office) -> Viewer:
    """A second planner."""
    person = make_person(office.id, office.unit, "Andra planeraren", {Role.PLANNER, Role.UNIT_ADMIN})
    return Viewer(office.id, person, frozenset({"planner"}))


def recuse(viewer: Viewer, operation: UUID) -> None:
    with unit_of_work(viewer) as uow:
        visit = uow.session.scalar(text("SELECT id FROM visit WHERE operation_id = :o LIMIT 1"), {"o": operation})
        assert visit is not None
        declare_recusal(uow, visit, "Granne")


def starts(town: Town, operation: UUID) -> datetime:
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        return get_operation(uow, operation).starts_at


def mover(office: Office, operation: UUID) -> UUID | None:
    """In whose name the operation moved."""
    rows = text("SELECT actor_person_id FROM audit WHERE action = 'operation.move' AND object_id = :o")
    with unit_of_work(Viewer(office.id, office.planner, frozenset({"log_reviewer"}))) as uow:
        found: UUID | None = uow.session.scalar(rows, {"o": operation})
        return found


def test_who_asked_is_recused_since_and_a_colleague_sets_the_time(town: Town, operation: UUID, poll: PollLine) -> None:
    other = colleague(town.police)
    recuse(town.planner(town.police), operation)
    pass_deadline(town, poll)
    assert close(town.police) == 1
    after = now_of(town, poll)
    assert (after.state, after.chosen) == (PollState.CHOSEN, poll.options[1])
    assert starts(town, operation) == TIMES[1][0]
    assert mover(town.police, operation) == other.person_id
    assert held(town.tobacco) == []
    assert kinds(other) == [NoticeKind.POLL_CHOSEN]


def test_where_every_planner_is_recused_it_ends_without_a_time_and_nothing_stays_held(
    town: Town, operation: UUID, poll: PollLine
) -> None:
    other = colleague(town.police)
    for one in (town.planner(town.police), other):
        recuse(one, operation)
    pass_deadline(town, poll)
    assert close(town.police) == 1
    assert now_of(town, poll).state is PollState.NONE
    assert starts(town, operation) == moment(MONDAY + timedelta(days=3), "10:00")
    assert held(town.tobacco) == []
    assert kinds(other) == [NoticeKind.POLL_NONE]


@pytest.mark.parametrize("how", ["left", "no planner any more"])
def test_who_asked_has_left_or_plans_no_more_and_a_colleague_sets_the_time(
    town: Town, operation: UUID, poll: PollLine, how: str
) -> None:
    other = colleague(town.police)
    assert other.person_id is not None
    if how == "left":
        with unit_of_work(Viewer(town.police.id, other.person_id, frozenset({"unit_admin", "planner"}))) as uow:
            leave(uow, PlaceEnds(town.police.planner, date(2026, 1, 15)))
    else:
        roles = text("UPDATE staff SET roles = jsonb_build_array('inspector') WHERE person_id = :p")
        with unit_of_work(Viewer(town.police.id, other.person_id, frozenset({"unit_admin"}))) as uow:
            uow.session.execute(roles, {"p": town.police.planner})
    pass_deadline(town, poll)
    assert close(town.police) == 1
    assert now_of(town, poll).chosen == poll.options[1]
    assert mover(town.police, operation) == other.person_id
    assert held(town.tobacco) == []


def test_where_nobody_plans_any_more_it_ends_without_a_time_and_nothing_stays_held(
    town: Town, operation: UUID, poll: PollLine
) -> None:
    with unit_of_work(Viewer(town.police.id, town.police.inspectors[0], frozenset({"unit_admin"}))) as uow:
        roles = text("UPDATE staff SET roles = jsonb_build_array('inspector') WHERE person_id = :p")
        uow.session.execute(roles, {"p": town.police.planner})
    pass_deadline(town, poll)
    assert close(town.police) == 1
    assert now_of(town, poll).state is PollState.NONE
    assert held(town.tobacco) == []


def test_what_a_planner_chose_within_the_ten_seconds_goes_before_the_deadline(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    evenings = [span(MONDAY + timedelta(days=n), "18:00", "21:00") for n in (0, 1, 7)]
    poll = ask(town, walk.operation, evenings)
    say(poll, town.inspector(town.tobacco), YES, PERHAPS, PERHAPS)
    with unit_of_work(town.planner(town.police)) as uow:
        command = by_hand(uow, walk.operation, poll.options[2].id, get_operation(uow, walk.operation).version)
        assert command is not None
        assert hold(uow, command, 10).held_id is not None
    pass_deadline(town, poll)
    assert close(town.police) == 1
    assert now_of(town, poll).state is PollState.OPEN
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t"), {"t": CARRY_OUT})
    carry_out(acts_for=str(town.police.id))
    assert now_of(town, poll).chosen == poll.options[2]
    due(town.police)
    close(town.police)
    assert starts(town, walk.operation) == evenings[2][0]


def test_the_lead_was_handed_over_and_who_plans_there_first_is_recused(
    town: Town, operation: UUID, poll: PollLine
) -> None:
    other = colleague(town.tobacco)
    with unit_of_work(town.planner(town.police)) as uow:
        hand_over(uow, operation, town.tobacco.id, seen_version=get_operation(uow, operation).version)
    recuse(town.planner(town.tobacco), operation)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        past = {"at": datetime.now(UTC) - timedelta(seconds=1), "id": poll.id}
        uow.session.execute(text("UPDATE poll SET deadline_at = :at WHERE id = :id"), past)
    due(town.police)
    close(town.police)
    close(town.tobacco)
    assert now_of(town, poll).chosen == poll.options[1]
    assert mover(town.tobacco, operation) == other.person_id
    assert held(town.tobacco) == []
    assert NoticeKind.POLL_CHOSEN not in kinds(town.planner(town.police))
