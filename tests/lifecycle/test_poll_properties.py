"""What always holds of a time poll: the best is what counting by hand says, nothing is booked twice or stays held.

The rule is counted again here in plain loops, pair by pair, from its words and not from its code.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.core.errors import SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.polls.queries import view_of
from samsyn.lifecycle.polls.rules import Side, ranked, rows_of
from samsyn.lifecycle.polls.service import withdraw_poll
from samsyn.lifecycle.service import Reschedule, let_go, reschedule
from samsyn.operations.queries import get_operation, people_of
from samsyn.planning.queries.polls import OptionLine, PollLine, VoteLine
from samsyn.planning.rules import PollAnswer, PollState
from tests.factories import Town
from tests.lifecycle.polling import TIMES, ask, close, due, now_of, pass_deadline, say
from tests.planning import scene
from tests.planning.scene import MONDAY, moment, span

NOW = datetime(2027, 1, 1, tzinfo=UTC)
answers = st.sampled_from([*PollAnswer, None])


@st.composite
def polls(draw: st.DrawFn) -> tuple[list[OptionLine], list[Side], list[VoteLine]]:
    """Proposals, some of them over, authorities with people, and who answered what."""
    hours = draw(st.lists(st.integers(-5, 40), min_size=3, max_size=5, unique=True))
    options = [
        OptionLine(UUID(int=n), NOW + timedelta(hours=at), NOW + timedelta(hours=at + 1)) for n, at in enumerate(hours)
    ]
    sides, votes = [], []
    for a in range(draw(st.integers(1, 4))):
        people = [UUID(int=1000 * a + n) for n in range(100, 100 + draw(st.integers(0, 4)))]
        authority = UUID(int=1000 * a + 1)
        sides.append(Side(authority, draw(st.booleans()), draw(st.integers(1, 3)), frozenset(people)))
        for option in options:
            told = {who: draw(answers) for who in (*people, None) if who is not None or draw(st.booleans())}
            votes += [VoteLine(option.id, authority, who, said, NOW) for who, said in told.items() if said is not None]
    return options, sides, votes


def stands(side: Side, option: OptionLine, votes: list[VoteLine]) -> str:
    """How an authority stands, in the words of the rule."""
    mine = [one for one in votes if (one.authority_id, one.option_id) == (side.authority_id, option.id)]
    for one in mine:
        if one.person_id is None:
            return one.answer.value
    yes = sum(one.answer == "yes" for one in mine)
    perhaps = sum(one.answer == "if_needed" for one in mine)
    no = sum(one.answer == "no" for one in mine)
    if yes >= side.wanted:
        return "yes"
    if yes + perhaps >= side.wanted:
        return "if_needed"
    return "no" if no and len(side.people) - no < side.wanted else "silent"


def better(one: tuple[OptionLine, list[str]], other: tuple[OptionLine, list[str]]) -> bool:
    """Whether the first is the better of two, criterion by criterion."""
    for word, more_is_better in (("no", False), ("yes", True), ("if_needed", True)):
        mine, theirs = one[1].count(word), other[1].count(word)
        if mine != theirs:
            return (mine > theirs) == more_is_better
    return one[0].starts_at < other[0].starts_at


def by_hand(options: list[OptionLine], sides: list[Side], votes: list[VoteLine], now: datetime) -> OptionLine | None:
    """The proposal to which no other that would do is better."""
    can = []
    for option in options:
        words = [stands(side, option, votes) for side in sides]
        refused = any(word == "no" and side.needed for side, word in zip(sides, words, strict=True))
        if option.starts_at > now and not refused and ("yes" in words or "if_needed" in words):
            can.append((option, words))
    return next((one[0] for one in can if not any(better(other, one) for other in can if other is not one)), None)


@given(polls(), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_the_best_is_what_counting_by_hand_says_in_whatever_order_things_came(
    told: tuple[list[OptionLine], list[Side], list[VoteLine]], chance: Random
) -> None:
    options, sides, votes = told
    found = ranked(options, rows_of(options, sides, votes), NOW)
    assert (found[0] if found else None) == by_hand(options, sides, votes, NOW)
    for shuffled in (options := list(options), sides := list(sides), votes := list(votes)):
        chance.shuffle(shuffled)
    assert ranked(options, rows_of(options, sides, votes), NOW) == found


steps = st.lists(
    st.one_of(
        st.tuples(st.just("person"), st.integers(0, 3), st.lists(st.sampled_from(list(PollAnswer)), max_size=3)),
        st.tuples(st.just("whole"), st.integers(0, 1), st.lists(st.sampled_from(list(PollAnswer)), max_size=3)),
        st.tuples(st.just("book"), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("let go"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("move"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("withdraw"), st.just(0), st.just(0)),
    ),
    max_size=8,
)
TWICE = text(
    "SELECT count(*) FROM booking a JOIN booking b ON a.person_id = b.person_id AND a.id < b.id"
    " AND a.during && b.during WHERE a.state IN ('asked', 'accepted') AND b.state IN ('asked', 'accepted')"
)
HELD = text("SELECT count(*) FROM booking WHERE poll_option_id IS NOT NULL AND state IN ('asked', 'accepted')")


def do(town: Town, operation: UUID, poll: PollLine, step: tuple[str, int, object]) -> None:
    """Try one thing; what is refused changes nothing."""
    kind, n, more = step
    office = (town.tobacco, town.environment)[n % 2]
    lead = town.planner(town.police)
    if kind == "person" and isinstance(more, list):
        say(poll, town.inspector(office, n // 2), *more)
    elif kind == "whole" and isinstance(more, list):
        say(poll, town.planner(office), *more, whole=True)
    elif kind == "book" and isinstance(more, int):
        scene.book(town, office, TIMES[more], n // 2)
    elif kind == "let go":
        with unit_of_work(lead) as uow:
            person = office.inspectors[n // 2]
            let_go(uow, next(one.assignment_id for one in people_of(uow, operation) if one.person_id == person))
    elif kind == "move":
        starts_at = [*(one[0] for one in TIMES), moment(MONDAY + timedelta(days=9), "09:00")][n]
        with unit_of_work(lead) as uow:
            reschedule(uow, Reschedule(operation, starts_at, get_operation(uow, operation).version))
    elif kind == "withdraw":
        with unit_of_work(lead) as uow:
            withdraw_poll(uow, operation)


def free_of_holds(town: Town) -> None:
    for office in (town.police, town.tobacco, town.environment):
        with unit_of_work(town.planner(office)) as uow:
            assert uow.session.scalar(TWICE) == 0
            assert uow.session.scalar(HELD) == 0


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_nothing_is_booked_twice_and_nothing_stays_held(
    town: Town, plan: list[tuple[str, int, object]]
) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            text("UPDATE booking SET state = 'released' WHERE authority_id = :a"), {"a": town.tobacco.id}
        )
    with unit_of_work(town.planner(town.environment)) as uow:
        ours = {"a": town.environment.id}
        uow.session.execute(text("UPDATE booking SET state = 'released' WHERE authority_id = :a"), ours)
    when = span(MONDAY + timedelta(days=3), "10:00", "12:00")
    operation = scene.propose(town, when, (town.police, town.tobacco, town.environment))
    for office in (town.tobacco, town.environment):
        for n in (0, 1):
            scene.send(town, operation, office, n)
    poll = ask(town, operation)
    for step in plan:
        with suppress(SamsynError, StopIteration):
            do(town, operation, poll, step)
        with unit_of_work(town.planner(town.tobacco)) as uow:
            assert uow.session.scalar(TWICE) == 0
    before = now_of(town, poll)
    if before.state is PollState.OPEN:
        with unit_of_work(town.planner(town.police)) as uow:
            best = view_of(uow, get_operation(uow, operation), before).best
        pass_deadline(town, poll)
        close(town.police)
        after = now_of(town, poll)
        assert after.state in {PollState.CHOSEN, PollState.NONE}
        # The first of those that would do, unless somebody took that time meanwhile: then one after it, or none.
        assert after.chosen is None or after.chosen in best
        if best and not any(kind == "book" for kind, *_ in plan):
            assert after.chosen == best[0]
    free_of_holds(town)
    ended = now_of(town, poll)
    due(town.police)
    close(town.police)  # twice is once
    assert now_of(town, poll) == ended
    with unit_of_work(town.planner(town.police)) as uow:
        if ended.chosen is not None and not any(kind == "move" for kind, *_ in plan):
            assert get_operation(uow, operation).starts_at == ended.chosen.starts_at


@pytest.mark.parametrize("workers", [2])
def test_two_workers_close_it_once(town: Town, workers: int) -> None:

    operation = scene.propose(town, span(MONDAY + timedelta(days=3), "10:00", "12:00"), (town.police, town.tobacco))
    scene.send(town, operation, town.tobacco, 0)
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), PollAnswer.NO, PollAnswer.YES)
    pass_deadline(town, poll)
    threads = [Thread(target=close, args=(town.police,)) for _ in range(workers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert now_of(town, poll).chosen == poll.options[1]
    with unit_of_work(town.planner(town.police)) as uow:
        once = uow.session.scalar(text("SELECT count(*) FROM audit WHERE action = 'poll.chosen'"))
    assert once == 1
    free_of_holds(town)
