"""Whatever people ask, answer, withdraw and move, in any order: nobody is held twice and no row contradicts another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from samsyn.core.errors import SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.operations.service import withdraw_assignment
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Office, Town, hours, make_town
from tests.operations.plans import Plan, propose, respond

OVERLAPS = """
    SELECT count(*) FROM booking a JOIN booking b ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
     WHERE a.state IN ('asked', 'accepted') AND b.state IN ('asked', 'accepted') AND a.person_id = ANY(:people)"""
CONTRADICTIONS = """
    SELECT count(*) FROM assignment a JOIN booking b ON b.id = a.booking_id
     WHERE a.person_id = ANY(:people) AND ((a.state, b.state) NOT IN (('asked', 'asked'), ('accepted', 'accepted'),
           ('declined', 'declined'), ('withdrawn', 'released'))
        OR a.state IN ('asked', 'accepted') AND b.during <> tstzrange(a.starts_at, a.ends_at))"""
ALONE = """
    SELECT count(*) FROM booking b WHERE b.person_id = ANY(:people) AND b.state IN ('asked', 'accepted')
       AND NOT EXISTS (SELECT FROM assignment a WHERE a.booking_id = b.id)"""
WINDOW = count(1)
STEP = st.tuples(
    st.sampled_from(["ask", "ask", "accept", "accept", "perhaps", "decline", "withdraw", "move", "cancel"]),
    st.integers(0, 3),  # which operation
    st.integers(0, 2),  # which person
    st.integers(0, 4),  # by how many half hours it is moved
)


@pytest.fixture(scope="module")
def machine_town(database: str) -> Town:
    return make_town()


@pytest.fixture(scope="module")
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


def people_of(town: Town) -> list[tuple[Office, int]]:
    return [(town.tobacco, 0), (town.tobacco, 1), (town.environment, 0)]


def four_operations(town: Town) -> list[Plan]:
    """Four that overlap in pairs, in a week that no other example uses."""
    begin = START + timedelta(days=7 * next(WINDOW))
    return [propose(town, starts_at=begin + hours(n), lasts=hours(1.5)) for n in range(4)]


# Without shrinking: each step commits, and a list of at most 25 steps is short enough to read.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=6, max_size=25))
def test_no_sequence_of_steps_holds_a_person_twice(
    machine_town: Town, owner: Connection, steps: list[tuple[str, int, int, int]]
) -> None:
    plans, people = four_operations(machine_town), people_of(machine_town)
    ids = [office.inspectors[n] for office, n in people]
    for what, which, who, by in steps:
        office, n = people[who]
        with suppress(SamsynError):
            do(plans[which], what, office, n, by)
        for rule in (OVERLAPS, CONTRADICTIONS, ALONE):
            assert owner.scalar(text(rule), {"people": ids}) == 0, (what, rule)
        owner.rollback()


def do(plan: Plan, what: str, office: Office, n: int, by: int) -> None:
    """One step; what is refused changes nothing."""
    person, inspector = office.inspectors[n], plan.town.inspector(office, n)
    if what == "ask":
        plan.ask(office, person, plan.town.planner(office) if by % 2 else None)
    elif what == "move":
        plan.move_to(plan.card().starts_at + timedelta(minutes=30 * (by - 2)))
    elif what == "cancel":
        if by == 0:  # seldom, or nothing is left to happen
            plan.move(OperationState.CANCELLED)
    elif (place := place_of(plan, inspector)) is not None:
        if what == "withdraw":
            with unit_of_work(plan.planner if by % 2 else plan.town.planner(office)) as uow:
                withdraw_assignment(uow, place)
        else:
            respond(inspector, place, {"accept": True, "perhaps": None, "decline": False}[what])


def place_of(plan: Plan, viewer: Viewer) -> UUID | None:
    with unit_of_work(viewer) as uow:
        find = text("SELECT id FROM assignment WHERE operation_id = :o AND person_id = :p")
        found: UUID | None = uow.session.scalar(find, {"o": plan.operation, "p": viewer.person_id})
        return found


def test_the_checks_see_a_contradiction(machine_town: Town, owner: Connection) -> None:
    plan = four_operations(machine_town)[0]
    plan.goes(machine_town.tobacco)
    person = [machine_town.tobacco.inspectors[0]]
    owner.execute(
        text("UPDATE booking SET state = 'asked' WHERE person_id = ANY(:p) AND state = 'accepted'"), {"p": person}
    )
    assert owner.scalar(text(CONTRADICTIONS), {"people": person}) > 0
    owner.rollback()
    owner.execute(text("SET ROLE samsyn_owner"))
    owner.execute(text("ALTER TABLE booking DROP CONSTRAINT ex_booking_person"))
    owner.execute(
        text(
            "INSERT INTO booking (id, person_id, authority_id, during, state)"
            " SELECT gen_random_uuid(), person_id, authority_id, during, 'asked' FROM booking"
            " WHERE person_id = ANY(:p) AND state = 'accepted'"
        ),
        {"p": person},
    )
    assert owner.scalar(text(OVERLAPS), {"people": person}) > 0
    assert owner.scalar(text(ALONE), {"people": person}) > 0
    owner.rollback()
