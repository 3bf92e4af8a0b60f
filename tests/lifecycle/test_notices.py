"""Who is told what: the people whose turn it is, once per cause, in the transaction of the cause, and nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.access.service import KeepSettings, keep_settings
from samsyn.calendars.queries import NoticeLine, choices_of, count_unread, list_notices
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, mark_all_read, mark_read, notify
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError, TooSoonError
from samsyn.core.home import local_day
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_operation
from samsyn.lifecycle.deadlines import hand_in_day, hand_in_reminders, works
from samsyn.lifecycle.notices import REMIND_ANSWERS, REMIND_EVERY, REMIND_HAND_IN, remind_all, remind_person
from samsyn.lifecycle.service import hand_in
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import EndVisit, end_visit
from samsyn.operations.service.talk import post_message
from tests.factories import START, Town
from tests.lifecycle.telling import kinds, let_time_pass, notices, work
from tests.lifecycle.walk import Walk, propose, walk_to

K = NoticeKind
FAR = START.replace(year=2040, tzinfo=None)


def everybody(town: Town) -> dict[str, Viewer]:
    found = {}
    for office in (*town.offices, town.outsider):
        found[f"{office.name} planner"] = town.planner(office)
        found |= {f"{office.name} inspector {n}": town.inspector(office, n) for n in (0, 1)}
    return found


def who_has(town: Town, kind: NoticeKind) -> set[str]:
    return {name for name, viewer in everybody(town).items() if kind in kinds(viewer)}


def test_a_question_goes_to_the_asked_authoritys_planners_and_not_to_the_leads(town: Town) -> None:
    propose(town, START)
    work(town, times=2)
    assert who_has(town, K.PART_ASKED) == {f"{o.name} planner" for o in (town.tobacco, town.environment)}
    assert len(notices(town.planner(town.tobacco))) == 1


def test_an_answer_goes_to_the_leads_planners_alone(town: Town) -> None:
    walk = propose(town, START)
    walk.answer(town, town.tobacco)
    walk.answer(town, town.police)  # the lead's own answer is no news to it
    work(town, times=2)
    assert who_has(town, K.PART_ANSWERED) == {f"{town.police.name} planner"}
    assert len([one for one in notices(town.planner(town.police)) if one.kind is K.PART_ANSWERED]) == 1
    walk.answer(town, town.tobacco)
    work(town)
    assert len([one for one in notices(town.planner(town.police)) if one.kind is K.PART_ANSWERED]) == 2


def test_a_no_that_breaks_the_quorum_is_two_notices_to_the_leads_planner(town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    walk.say(town, town.tobacco, accepted=False)
    work(town, times=2)
    for kind in (K.PERSON_DECLINED, K.IN_DANGER):
        assert who_has(town, kind) == {f"{town.police.name} planner"}
    assert kinds(town.planner(town.police)).count(K.PERSON_DECLINED) == 1


def test_a_no_taken_back_before_anybody_was_told_is_not_told(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    walk.say(town, town.tobacco, accepted=False)
    walk.say(town, town.tobacco, accepted=True)
    work(town)
    assert who_has(town, K.PERSON_DECLINED) == set()


def test_talk_about_the_plan_goes_to_the_planners_of_all_that_take_part_but_not_to_who_wrote(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        post_message(uow, walk.operation, "Vi tar egen bil.")
    work(town, times=2)
    assert who_has(town, K.MESSAGE) == {f"{o.name} planner" for o in (town.police, town.environment)}


def test_a_compiled_operation_is_told_to_the_own_planners(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_operation(uow, walk.operation)
    work(town, times=2)
    assert who_has(town, K.COMPILED) == {f"{town.tobacco.name} planner"}


def end(town: Town, walk: Walk) -> None:
    """Take an ongoing operation to done: its visit ended now."""
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE operation SET changed_at = now() WHERE id = :o"), {"o": walk.operation})
        end_visit(uow, EndVisit(walk.visit, VisitState.DONE, START))
    walk.move(town, OperationState.DONE)


def test_who_has_not_handed_in_is_reminded_on_two_mornings_and_the_others_are_not(town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    with unit_of_work(town.inspector(town.environment)) as uow:
        hand_in(uow, walk.parts[town.environment.id], nothing_to_report=True)
    end(town, walk)
    work(town)
    assert who_has(town, K.HAND_IN_REMINDER) == set()  # not yet: they are due days later
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        queued = uow.session.execute(
            text("SELECT next_at > now() + interval '2 days' FROM outbox WHERE task = :t"), {"t": REMIND_HAND_IN}
        ).all()
    assert queued == [(True,), (True,)]
    for office in town.offices:
        let_time_pass(office, REMIND_HAND_IN)
    work(town)
    went = {f"{o.name} inspector 0" for o in (town.police, town.tobacco)}
    assert who_has(town, K.HAND_IN_REMINDER) == went | {f"{o.name} planner" for o in (town.police, town.tobacco)}
    assert kinds(town.planner(town.tobacco)).count(K.HAND_IN_REMINDER) == 2


def test_two_days_after_the_invitation_who_has_not_answered_is_reminded_once_by_itself(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    walk.say(town, town.tobacco, accepted=True)
    let_time_pass(town.police, REMIND_ANSWERS)
    work(town, times=2)
    asked = {f"{o.name} inspector 0" for o in (town.police, town.environment)}
    assert who_has(town, K.ANSWER_REMINDER) == asked


def test_a_button_reminds_at_most_once_in_four_hours_whoever_presses_it(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    place, planner = walk.places[town.tobacco.id], town.planner(town.police)
    with unit_of_work(planner) as uow:
        remind_person(uow, walk.operation, place)
    for other in (planner, town.planner(town.tobacco)):
        with pytest.raises(TooSoonError), unit_of_work(other) as uow:
            remind_person(uow, walk.operation, place)
    with unit_of_work(planner) as uow:
        assert remind_all(uow, walk.operation) == 2
    with pytest.raises(TooSoonError), unit_of_work(planner) as uow:
        remind_all(uow, walk.operation)
    later = datetime.now(UTC) + REMIND_EVERY
    with unit_of_work(planner, later) as uow:
        remind_person(uow, walk.operation, place)
    assert kinds(town.inspector(town.tobacco)) == [K.ANSWER_REMINDER] * 2


def test_only_who_asks_or_the_own_planner_reminds_and_only_who_has_not_answered(town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    place = walk.places[town.tobacco.id]
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.environment)) as uow:
        remind_person(uow, walk.operation, place)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        remind_person(uow, walk.operation, place)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        remind_person(uow, walk.operation, place)
    walk.say(town, town.tobacco, accepted=True)
    with pytest.raises(GateClosedError), unit_of_work(town.planner(town.police)) as uow:
        remind_person(uow, walk.operation, place)


def tell(town: Town, walk: Walk, *people: UUID, n: int | None = None, subject: UUID | None = None) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, walk.operation).code_word
        told = Tell(K.MESSAGE, walk.operation, word, subject or uuid4(), n)
        return notify(uow, told, [(person, town.tobacco.id) for person in people])


def test_what_a_person_chose_not_to_see_is_neither_listed_nor_counted(town: Town) -> None:
    walk, viewer = walk_to(town, OperationState.PREPARING), town.planner(town.tobacco)
    tell(town, walk, town.tobacco.planner)
    assert K.MESSAGE in kinds(viewer)
    with unit_of_work(viewer) as uow:
        before = count_unread(uow, choices_of(uow))
        keep_settings(uow, KeepSettings({"notice.message": "off", "notice.compiled": "nonsense"}))
    assert K.MESSAGE not in kinds(viewer)
    with unit_of_work(viewer) as uow:
        assert count_unread(uow, choices_of(uow)) == before - 1


def test_seen_is_said_by_its_person_alone_and_twice_is_once(town: Town) -> None:
    walk, viewer = walk_to(town, OperationState.PREPARING), town.planner(town.tobacco)
    tell(town, walk, town.tobacco.planner)
    one = notices(viewer)[0]
    for other in (town.inspector(town.tobacco), town.planner(town.police), town.planner(town.outsider)):
        with pytest.raises(NotFoundError), unit_of_work(other) as uow:
            mark_read(uow, one.id)
    for _ in range(2):
        with unit_of_work(viewer) as uow:
            mark_read(uow, one.id)
    assert [n.id for n in notices(viewer) if not n.unread] == [one.id]
    with unit_of_work(viewer) as uow:
        mark_all_read(uow)
        assert count_unread(uow, choices_of(uow)) == 0
        assert mark_all_read(uow) == 0


def test_the_list_goes_page_by_page_unseen_first_and_misses_none(town: Town) -> None:
    walk, viewer = walk_to(town, OperationState.PREPARING), town.planner(town.tobacco)
    for _ in range(7):
        tell(town, walk, town.tobacco.planner)
    for one in notices(viewer)[::2]:
        with unit_of_work(viewer) as uow:
            mark_read(uow, one.id)
    got, cursor = list[NoticeLine](), None
    while True:
        with unit_of_work(viewer) as uow:
            found = list_notices(uow, Seek.parse(2, cursor, 3))
        got += found.items
        if (cursor := found.next_cursor) is None:
            break
    assert [one.id for one in got] == [one.id for one in notices(viewer)]
    assert [one.unread for one in got] == sorted((one.unread for one in got), reverse=True)


def test_a_number_that_is_taken_by_a_hidden_sender_is_not_written_twice(town: Town) -> None:
    walk, subject = walk_to(town, OperationState.PREPARING), uuid4()
    person = town.tobacco.inspectors[0]
    assert tell(town, walk, person, n=7, subject=subject) == 1
    with unit_of_work(town.planner(town.environment)) as uow:
        told = Tell(K.MESSAGE, walk.operation, "x", subject, 7)
        assert notify(uow, told, [(person, town.tobacco.id)]) == 0
        assert notify(uow, Tell(K.MESSAGE, walk.operation, "x", subject), [(person, town.tobacco.id)]) == 1


def test_an_authority_outside_the_operation_tells_nobody(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        notify(uow, Tell(K.MESSAGE, walk.operation, "x", uuid4()), [(town.tobacco.planner, town.tobacco.id)])


def test_working_days_know_easter_midsummer_and_the_turn_of_the_year() -> None:
    def day(year: int, month: int, n: int) -> datetime:
        return datetime(year, month, n, 20, tzinfo=UTC)

    assert hand_in_day(day(2026, 11, 25)) == date(2026, 12, 2)
    assert hand_in_day(day(2026, 4, 1)) == date(2026, 4, 10)  # Good Friday and Easter Monday between
    assert hand_in_day(day(2026, 6, 16)) == date(2026, 6, 24)  # Midsummer's Eve is closed
    assert hand_in_day(day(2026, 12, 22)) == date(2027, 1, 4)  # into week 53 and out of it
    assert [at.hour for at in hand_in_reminders(day(2026, 11, 25))] == [8, 8]


@given(st.datetimes(timezones=st.just(UTC), min_value=START.replace(tzinfo=None), max_value=FAR))
def test_the_last_day_is_the_fifth_working_day_after_the_visit(ended_at: datetime) -> None:
    first, last = local_day(ended_at), hand_in_day(ended_at)
    after = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert works(last)
    assert sum(works(day) for day in after) == 5
    assert max(hand_in_reminders(ended_at)).date() == last
