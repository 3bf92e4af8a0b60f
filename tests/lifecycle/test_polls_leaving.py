"""Who no longer goes has no say in when it is: let go, gone, or of an authority that takes no part any more."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from samsyn.access.service import PlaceEnds
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.leaving import leave
from samsyn.lifecycle.polls.rules import Stand
from samsyn.lifecycle.polls.service import answer_poll
from samsyn.lifecycle.service import let_go
from samsyn.operations.queries import people_of
from samsyn.planning.queries.polls import asks_of
from samsyn.planning.rules import PollState
from tests.factories import Office, Town
from tests.lifecycle.polling import NO, TIMES, YES, ask, close, held, now_of, pass_deadline, say, stands
from tests.planning import scene
from tests.planning.scene import MONDAY, span


@pytest.fixture
def operation(town: Town) -> UUID:
    """Thursday; both inspectors of the tobacco board and one of the environment are named."""
    when = span(MONDAY + timedelta(days=3), "10:00", "12:00")
    found = scene.propose(town, when, (town.police, town.tobacco, town.environment))
    for office, n in ((town.tobacco, 0), (town.tobacco, 1), (town.environment, 0)):
        scene.send(town, found, office, n)
    return found


def release(town: Town, operation: UUID, office: Office, n: int) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        place = next(p for p in people_of(uow, operation) if p.person_id == office.inspectors[n])
        let_go(uow, place.assignment_id)


def test_the_answer_of_who_is_let_go_counts_no_more(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco, 0), YES, NO, NO)
    say(poll, town.inspector(town.tobacco, 1), NO, YES, NO)
    assert stands(town, operation, town.tobacco) == [Stand.YES, Stand.YES, Stand.NO]
    release(town, operation, town.tobacco, 0)
    assert stands(town, operation, town.tobacco) == [Stand.NO, Stand.YES, Stand.NO]
    pass_deadline(town, poll)
    close(town.police)
    assert now_of(town, poll).chosen == poll.options[1]


def test_who_is_let_go_answers_no_more_and_nothing_is_held_again(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        mine = next(one for one in asks_of(uow, poll.id) if one.person_id == town.tobacco.inspectors[0])
    release(town, operation, town.tobacco, 0)
    assert held(town.tobacco) == []
    with pytest.raises(NotAllowedError):
        say(poll, town.inspector(town.tobacco), YES)
    with unit_of_work(town.inspector(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        answer_poll(uow, poll.id, {poll.options[0].id: YES}, whole=False, ask=mine)  # by the link in the mail
    assert held(town.tobacco) == []
    assert held(town.tobacco, 1) == TIMES


def test_who_has_left_is_not_counted(town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.environment), YES, YES, YES)
    say(poll, town.inspector(town.tobacco, 1), NO, YES, NO)
    with unit_of_work(town.planner(town.environment)) as uow:
        leave(uow, PlaceEnds(town.environment.inspectors[0], date(2027, 1, 15)))
    assert stands(town, operation, town.environment) == [Stand.SILENT] * 3
    assert stands(town, operation, town.tobacco) == [Stand.SILENT, Stand.YES, Stand.SILENT]
    pass_deadline(town, poll)
    close(town.police)
    after = now_of(town, poll)
    assert (after.state, after.chosen) == (PollState.CHOSEN, poll.options[1])
