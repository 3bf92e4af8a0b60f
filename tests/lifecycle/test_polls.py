"""Time polls through the services: who is asked, what is held, what is answered, and how a poll ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.service import PlaceEnds
from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.common_times.queries import common_times, read_plan
from samsyn.lifecycle.common_times.wishes import Wish
from samsyn.lifecycle.leading import hand_over
from samsyn.lifecycle.leaving import leave
from samsyn.lifecycle.polls.queries import newest_poll
from samsyn.lifecycle.polls.rules import Stand
from samsyn.lifecycle.polls.service import answer_poll, open_poll, withdraw_poll
from samsyn.lifecycle.service import MoveOperation, Reschedule, ask_for_person, let_go, move_operation, reschedule
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import AskPerson, add_participation, declare_recusal
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.polls import asks_of, open_poll_of, votes_of
from samsyn.planning.rules import PollState
from samsyn.planning.service.polls import OpenPoll
from tests.factories import Office, Town, take_in
from tests.lifecycle.polling import NO, PERHAPS, TIMES, YES, ask, close, due, held, now_of, pass_deadline, say, stands
from tests.lifecycle.telling import kinds, work
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


def starts(town: Town, operation: UUID) -> datetime:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_operation(uow, operation).starts_at


def test_who_is_named_is_asked_and_held_and_who_named_nobody_is_asked_through_planners(
    town: Town, operation: UUID
) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        add_participation(uow, operation, town.environment.id, required=True, minimum=1)
    poll = ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        asked = {(one.person_id, one.for_authority) for one in asks_of(uow, poll.id)}
    assert asked == {(town.tobacco.inspectors[0], False), (town.environment.planner, True)}
    assert held(town.tobacco) == TIMES
    assert held(town.tobacco, 1) == []
    assert kinds(town.inspector(town.tobacco)) == [NoticeKind.POLL_ASKED]
    assert kinds(town.planner(town.environment)) == [NoticeKind.POLL_ASKED]
    assert kinds(town.planner(town.tobacco)) == []  # whose inspector answers


def test_each_reads_its_own_and_the_lead_all(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), YES, PERHAPS, NO)
    say(poll, town.planner(town.police), YES, whole=True)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert {one.authority_id for one in votes_of(uow, poll.id)} == {town.tobacco.id}
        view = newest_poll(uow, operation)
        assert view is not None
        assert [row.side.authority_id for row in view.rows] == [town.tobacco.id]
        assert view.best == ()
    with unit_of_work(town.planner(town.health)) as uow, pytest.raises(NotFoundError):
        newest_poll(uow, operation)
    with unit_of_work(town.planner(town.health)) as uow:  # sees that time is held, and nothing of what for
        assert uow.session.scalar(text("SELECT count(*) FROM booking WHERE poll_option_id IS NOT NULL")) == 3
        for table in ("poll", "poll_option", "poll_ask", "poll_vote"):
            assert uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    assert stands(town, operation, town.tobacco) == [Stand.YES, Stand.IF_NEEDED, Stand.NO]
    assert stands(town, operation, town.police) == [Stand.YES, Stand.SILENT, Stand.SILENT]


def test_who_the_lead_may_not_see_is_asked_and_held_when_answering(town: Town, operation: UUID) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        add_participation(uow, operation, town.outsider.id, required=True, minimum=1)
    with unit_of_work(town.planner(town.outsider)) as uow:  # of no shared collaboration: its people are its own to ask
        ask_for_person(uow, AskPerson(operation, town.outsider.id, town.outsider.inspectors[0]))
    poll = ask(town, operation)
    assert held(town.outsider) == []
    assert held(town.tobacco) == TIMES
    assert kinds(town.inspector(town.outsider)) == [NoticeKind.POLL_ASKED]
    say(poll, town.inspector(town.outsider), YES, NO, PERHAPS)
    assert held(town.outsider) == [TIMES[0], TIMES[2]]
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).chosen == poll.options[0]
    assert held(town.outsider) == []


def test_what_is_held_is_busy_for_other_operations_and_free_for_its_own(town: Town, operation: UUID) -> None:
    other = scene.propose(town, span(MONDAY + timedelta(days=3), "14:00", "16:00"), (town.tobacco,))
    scene.send(town, other, town.tobacco, 0)
    wish = Wish(Week(MONDAY), weeks=1)

    def possible(of: UUID) -> int:
        with unit_of_work(town.planner(town.police)) as uow:
            return common_times(uow, read_plan(uow, of), wish).possible

    before = possible(operation), possible(other)
    ask(town, operation)
    assert possible(operation) == before[0]
    assert possible(other) == before[1] - 3 * 15
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(other, TIMES[0][0], get_operation(uow, other).version))


def test_a_time_that_is_taken_is_asked_all_the_same_and_not_held(town: Town, operation: UUID) -> None:
    scene.book(town, town.tobacco, span(MONDAY, "11:00", "15:00"), 0)
    ask(town, operation)
    assert held(town.tobacco) == TIMES[1:]


def test_no_lets_go_and_a_change_of_mind_holds_again_unless_it_is_taken(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    mine = town.inspector(town.tobacco)
    say(poll, mine, NO, NO, YES)
    assert held(town.tobacco) == TIMES[2:]
    scene.book(town, town.tobacco, TIMES[0], 0)
    say(poll, mine, YES, PERHAPS)
    assert held(town.tobacco) == TIMES[1:]
    assert stands(town, operation, town.tobacco) == [Stand.YES, Stand.IF_NEEDED, Stand.YES]


def test_the_authoritys_own_answer_counts_before_that_of_its_people(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), YES, YES, YES)
    say(poll, town.planner(town.tobacco), NO, whole=True)
    assert stands(town, operation, town.tobacco) == [Stand.NO, Stand.YES, Stand.YES]


def test_at_the_deadline_the_best_becomes_the_time_and_nothing_stays_held(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), NO, YES, YES)
    say(poll, town.planner(town.police), YES, PERHAPS, YES, whole=True)
    due(town.police)
    assert close(town.police) == 1  # too soon: it waits again
    assert now_of(town, poll).state is PollState.OPEN
    pass_deadline(town, poll)
    assert close(town.police) == 1
    after = now_of(town, poll)
    assert (after.state, after.chosen) == (PollState.CHOSEN, poll.options[2])
    assert starts(town, operation) == TIMES[2][0]
    assert held(town.tobacco) == []
    with unit_of_work(town.planner(town.police)) as uow:
        assert {(p.starts_at, p.ends_at) for p in people_of(uow, operation)} == {TIMES[2]}
        assert {p.state for p in people_of(uow, operation)} == {AssignmentState.ASKED}
    assert kinds(town.planner(town.police)) == [NoticeKind.POLL_CHOSEN]
    assert kinds(town.inspector(town.tobacco)) == [NoticeKind.POLL_ASKED, NoticeKind.POLL_CHOSEN]
    due(town.police)
    close(town.police)  # twice is once
    assert kinds(town.planner(town.police)) == [NoticeKind.POLL_CHOSEN]


def test_where_none_will_do_it_closes_without_and_the_planners_are_told(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), NO, NO, NO)
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).state is PollState.NONE
    assert starts(town, operation) == moment(MONDAY + timedelta(days=3), "10:00")
    assert held(town.tobacco) == []
    assert kinds(town.planner(town.police)) == [NoticeKind.POLL_NONE]
    assert NoticeKind.POLL_NONE not in kinds(town.inspector(town.tobacco))


def test_nobody_answered_is_no_best(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).state is PollState.NONE


def test_a_proposal_that_was_taken_meanwhile_is_passed_over(town: Town, operation: UUID) -> None:
    scene.book(town, town.tobacco, TIMES[0], 0)  # said yes all the same
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), YES, PERHAPS)
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).chosen == poll.options[1]
    assert held(town.tobacco) == []


def test_the_time_as_it_stands_may_be_one_of_the_proposals(town: Town, operation: UUID) -> None:
    stands_at = span(MONDAY + timedelta(days=3), "10:00", "12:00")
    poll = ask(town, operation, [*TIMES[:2], stands_at])
    assert held(town.tobacco) == TIMES[:2]  # the third is held by the operation itself
    say(poll, town.inspector(town.tobacco), NO, NO, YES)
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).chosen == poll.options[2]
    assert starts(town, operation) == stands_at[0]


def test_by_hand_a_press_on_a_proposal_chooses_it_and_another_move_ends_the_poll(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(operation, TIMES[1][0], get_operation(uow, operation).version))
    assert now_of(town, poll).chosen == poll.options[1]
    assert held(town.tobacco) == []
    again = ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        elsewhere = moment(MONDAY + timedelta(days=9), "09:00")
        reschedule(uow, Reschedule(operation, elsewhere, get_operation(uow, operation).version))
    assert now_of(town, again).state is PollState.WITHDRAWN
    assert held(town.tobacco) == []
    pass_deadline(town, again)
    close(town.police)
    assert starts(town, operation) == elsewhere


def test_taken_back_nothing_is_held_and_no_answer_counts(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        withdraw_poll(uow, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_poll(uow, operation)
    assert held(town.tobacco) == []
    with pytest.raises(GateClosedError):
        say(poll, town.inspector(town.tobacco), YES)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(GateClosedError):
        withdraw_poll(uow, operation)
    ask(town, operation)  # may be asked anew


def test_after_the_deadline_no_answer_counts_though_nobody_has_closed_it(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    pass_deadline(town, poll)
    with pytest.raises(GateClosedError):
        say(poll, town.inspector(town.tobacco), YES)


def test_calling_off_ends_it(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, operation).version
        move_operation(uow, MoveOperation(operation, OperationState.CANCELLED, seen))
    assert now_of(town, poll).state is PollState.WITHDRAWN
    assert held(town.tobacco) == []


def test_who_is_let_go_or_leaves_is_held_no_more(town: Town, operation: UUID) -> None:
    scene.send(town, operation, town.tobacco, 1)
    ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        place = next(p for p in people_of(uow, operation) if p.person_id == town.tobacco.inspectors[1])
        let_go(uow, place.assignment_id)
    assert held(town.tobacco, 1) == []
    assert held(town.tobacco) == TIMES
    with unit_of_work(town.planner(town.tobacco)) as uow:
        leave(uow, PlaceEnds(town.tobacco.inspectors[0], date(2027, 1, 15)))
    assert held(town.tobacco) == []


def test_a_new_lead_closes_what_the_old_one_asked(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), NO, YES, NO)
    with unit_of_work(town.planner(town.police)) as uow:
        hand_over(uow, operation, town.tobacco.id, seen_version=get_operation(uow, operation).version)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        past = {"at": datetime.now(UTC) - timedelta(seconds=1), "id": poll.id}
        uow.session.execute(text("UPDATE poll SET deadline_at = :at WHERE id = :id"), past)
    due(town.police)
    close(town.police)
    assert now_of(town, poll).state is PollState.OPEN
    close(town.tobacco)
    assert now_of(town, poll).chosen == poll.options[1]
    assert starts(town, operation) == TIMES[1][0]
    assert kinds(town.planner(town.tobacco)) == [NoticeKind.POLL_CHOSEN]


def test_invited_people_are_told_of_the_time_that_was_chosen(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    evenings = [
        (moment(MONDAY + timedelta(days=n), "18:00"), moment(MONDAY + timedelta(days=n), "21:00")) for n in (0, 1, 7)
    ]
    poll = ask(town, walk.operation, evenings)
    begins = timedelta(minutes=30)
    assert held(town.tobacco) == [(start - begins, end) for start, end in evenings]  # from the meeting on
    for office in (town.police, town.tobacco, town.environment):
        say(poll, town.inspector(office), NO, YES, PERHAPS)
    pass_deadline(town, poll)
    close(town.police)
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_operation(uow, walk.operation)
        assert (card.state, card.starts_at) == (OperationState.SCHEDULED, evenings[1][0])
        assert {p.state for p in people_of(uow, walk.operation)} == {AssignmentState.ASKED}
    assert held(town.tobacco) == []


@pytest.mark.parametrize(
    ("times", "hours", "field"),
    [
        (TIMES[:2], 1, "options"),
        ([*TIMES, *[span(MONDAY + timedelta(days=n), "10:00", "12:00") for n in (7, 8, 9)]], 1, "options"),
        ([*TIMES, span(MONDAY, "11:00", "13:00")], 1, "options"),
        ([TIMES[0], TIMES[0], TIMES[1]], 1, "options"),
        (TIMES, -1, "deadline_at"),
        (TIMES, 24 * 61, "deadline_at"),
        ([(start - timedelta(days=91), end - timedelta(days=91)) for start, end in TIMES], 24 * 3, "deadline_at"),
    ],
)
def test_what_cannot_be_asked_names_its_field(
    town: Town, operation: UUID, times: list[tuple[datetime, datetime]], hours: int, field: str
) -> None:
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(InvalidError) as refused:
        open_poll(uow, OpenPoll(operation, times, uow.now + timedelta(hours=hours)))
    assert list(refused.value.fields) == [field]
    with unit_of_work(town.planner(town.police)) as uow:
        assert open_poll_of(uow, operation) is None


def test_who_may_not_ask_or_answer(town: Town, operation: UUID) -> None:
    for viewer in (town.planner(town.tobacco), town.inspector(town.police)):
        with pytest.raises(NotAllowedError):
            ask(town, operation, viewer=viewer)
    poll = ask(town, operation)
    with pytest.raises(ConflictError):
        ask(town, operation)
    with pytest.raises(NotAllowedError):
        say(poll, town.inspector(town.tobacco, 1), YES)  # is not asked
    with pytest.raises(NotAllowedError):
        say(poll, town.inspector(town.tobacco), YES, whole=True)
    with pytest.raises(NotFoundError):
        say(poll, town.planner(town.health), YES, whole=True)
    with unit_of_work(town.inspector(town.tobacco)) as uow, pytest.raises(InvalidError):
        answer_poll(uow, poll.id, {uuid4(): YES}, whole=False)


def test_who_declared_a_conflict_of_interest_asks_nobody(town: Town, operation: UUID) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        visit = uow.session.scalar(text("SELECT id FROM visit WHERE operation_id = :o"), {"o": operation})
        declare_recusal(uow, visit, "Granne")
    with pytest.raises(NotAllowedError):
        ask(town, operation)


def test_the_database_lets_nobody_answer_for_others_or_hold_for_a_hidden_poll(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    row = {
        "poll": poll.id,
        "option": poll.options[0].id,
        "op": operation,
        "lead": town.police.id,
        "a": town.tobacco.id,
        "p": town.tobacco.inspectors[0],
    }
    vote = text(
        "INSERT INTO poll_vote (id, poll_id, option_id, operation_id, lead_id, authority_id, person_id, answer,"
        " written_by_id, at) VALUES (gen_random_uuid(), :poll, :option, :op, :lead, :a, :p, 'yes', :p, now())"
    )
    for viewer in (town.planner(town.police), town.planner(town.tobacco), town.planner(town.outsider)):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
            uow.session.execute(vote, row)
    hold = text(
        "INSERT INTO booking (id, person_id, authority_id, during, state, poll_option_id) VALUES"
        " (gen_random_uuid(), :p, :a, tstzrange('2027-05-01', '2027-05-02'), 'asked', :option)"
    )
    take_in(town, town.outsider.id)
    own = {"p": town.health.inspectors[0], "a": town.health.id, "option": poll.options[0].id}
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        uow.session.execute(hold, own)


def test_the_trail_names_who_asked_answered_and_chose(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), YES)
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(operation, TIMES[0][0], get_operation(uow, operation).version))

    def actions(office: Office) -> set[str]:
        with unit_of_work(town.planner(office)) as uow:
            return set(uow.session.scalars(text("SELECT action FROM audit WHERE action LIKE 'poll.%'")))

    assert actions(town.police) == {"poll.open", "poll.chosen"}
    assert actions(town.tobacco) == {"poll.ask", "poll.answer"}


def test_the_worker_is_one_of_those_that_are_run(town: Town) -> None:
    work(town)
    assert close(town.police) == 0
    assert Viewer.task_of(town.police.id).roles == {"task"}
