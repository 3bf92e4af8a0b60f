"""Who is named while a poll is open is asked too: one mail, the times held, an answer that counts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from samsyn.calendars.rules import NoticeKind
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.polls.rules import Stand
from samsyn.lifecycle.polls.service import withdraw_poll
from samsyn.lifecycle.service import ask_for_person
from samsyn.operations.service import AskPerson
from samsyn.planning.queries.polls import asks_of
from samsyn_workers.lifecycle import ask_named
from tests.factories import Town
from tests.lifecycle.polling import NO, TIMES, YES, ask, held, pass_deadline, say, stands
from tests.lifecycle.telling import kinds
from tests.planning import scene
from tests.planning.scene import MONDAY, span


@pytest.fixture
def operation(town: Town) -> UUID:
    """Thursday; an inspector of the tobacco board is named, nobody of the police."""
    found = scene.propose(town, span(MONDAY + timedelta(days=3), "10:00", "12:00"), (town.police, town.tobacco))
    scene.send(town, found, town.tobacco, 0)
    return found


def follow(town: Town) -> int:
    done: int = ask_named(acts_for=str(town.police.id))
    return done


def asked(town: Town, poll_id: UUID) -> list[UUID]:
    with unit_of_work(town.planner(town.police)) as uow:
        return [one.person_id for one in asks_of(uow, poll_id) if not one.for_authority]


@pytest.mark.parametrize("by_own", [False, True], ids=["by the lead", "by the own authority"])
def test_who_is_named_meanwhile_is_asked_and_held_once(town: Town, operation: UUID, *, by_own: bool) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), YES, NO, YES)
    with unit_of_work(town.planner(town.tobacco if by_own else town.police)) as uow:
        ask_for_person(uow, AskPerson(operation, town.tobacco.id, town.tobacco.inspectors[1]))
    assert (follow(town), follow(town)) == (1, 0)
    assert sorted(asked(town, poll.id)) == sorted(town.tobacco.inspectors[:2])
    assert held(town.tobacco, 1) == TIMES
    assert kinds(town.inspector(town.tobacco, 1)).count(NoticeKind.POLL_ASKED) == 1
    assert held(town.tobacco, 0) == [TIMES[0], TIMES[2]]  # who said no is not held again
    assert kinds(town.inspector(town.tobacco)).count(NoticeKind.POLL_ASKED) == 1
    say(poll, town.inspector(town.tobacco, 1), NO, YES, NO)
    assert stands(town, operation, town.tobacco) == [Stand.YES, Stand.YES, Stand.YES]
    assert held(town.tobacco, 1) == [TIMES[1]]


@pytest.mark.parametrize("over", ["withdrawn", "past"])
def test_nobody_is_asked_for_a_poll_that_is_over_when_the_worker_comes(town: Town, operation: UUID, over: str) -> None:
    poll = ask(town, operation)
    scene.send(town, operation, town.tobacco, 1)
    if over == "withdrawn":
        with unit_of_work(town.planner(town.police)) as uow:
            withdraw_poll(uow, operation)
    else:
        pass_deadline(town, poll)
    assert follow(town) == 1
    assert asked(town, poll.id) == [town.tobacco.inspectors[0]]
    assert held(town.tobacco, 1) == []


def test_without_a_poll_nothing_is_left_to_do(town: Town, operation: UUID) -> None:
    scene.send(town, operation, town.tobacco, 1)
    assert follow(town) == 0
