"""A person is never held twice: the database refuses it, and tells only those who may know."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.access.models import Staff
from samsyn.access.rules import ShownAs
from samsyn.authorities.service import FoundCollaboration, found_collaboration
from samsyn.core.errors import ConflictError, NotFoundError, SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.service import AskPerson, ProposeOperation, add_participation, ask_person, propose_operation
from tests.cluster import Cluster
from tests.core.owner import acting_in
from tests.factories import START, Office, Town, hours
from tests.operations.plans import ENDS, propose, respond, truth

MANY = 12


def at_once(doings: list[Callable[[], object]]) -> Counter[str]:
    """Do all of it in the same moment, a connection each; count how each ended."""
    gate, said = threading.Barrier(len(doings)), Counter[str]()

    def run(do: Callable[[], object]) -> None:
        gate.wait()
        try:
            do()
            said["accepted"] += 1
        except SamsynError as error:
            said[error.code] += 1
        except Exception as error:
            said[repr(error)] += 1

    threads = [threading.Thread(target=run, args=(do,)) for do in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


def second_place(town: Town, person: UUID, office: Office) -> Viewer:
    """Give a person a place in another authority as well."""
    with unit_of_work(Viewer(office.id, person, frozenset({"unit_admin"}))) as uow:
        uow.session.execute(
            insert(Staff).values(
                id=uuid4(),
                person_id=person,
                authority_id=office.id,
                unit_id=office.unit,
                shown_name="I båda",
                shown_as=ShownAs.NAME,
                roles=["inspector"],
                from_on=date(2026, 1, 1),
            )
        )
    return Viewer(office.id, person, frozenset({"inspector"}))


def test_of_twelve_who_ask_at_once_one_gets_the_person(town: Town, cluster: Cluster, database: str) -> None:
    person, office = town.tobacco.inspectors[0], town.tobacco
    plans = [propose(town, [office]) for _ in range(MANY)]
    with acting_in(cluster, database, connections=MANY):
        said = at_once([lambda plan=plan: plan.ask(office, person) for plan in plans])  # type: ignore[misc]
    assert said == {"accepted": 1, "conflict": MANY - 1}
    holds = "SELECT count(*) FROM booking WHERE person_id = :p AND state IN ('asked', 'accepted')"
    assert truth(cluster, database, holds, p=person)[0][0] == 1


def test_two_authorities_of_one_person_cannot_both_hold_the_time(town: Town, cluster: Cluster, database: str) -> None:
    person = town.tobacco.inspectors[0]
    second_place(town, person, town.health)
    ours = [propose(town, [town.tobacco, town.health]) for _ in range(6)]
    with acting_in(cluster, database, connections=MANY):
        said = at_once(
            [
                lambda plan=plan, office=office: plan.ask(office, person)  # type: ignore[misc]
                for plan in ours
                for office in (town.tobacco, town.health)
            ]
        )
    assert said == {"accepted": 1, "conflict": MANY - 1}


def test_one_person_goes_for_one_authority_at_one_operation(town: Town) -> None:
    person = town.tobacco.inspectors[0]
    second_place(town, person, town.health)
    plan = propose(town, [town.tobacco, town.health])
    assignment = plan.ask(town.tobacco, person)
    with pytest.raises(ConflictError):
        plan.ask(town.health, person)
    respond(town.inspector(town.tobacco), assignment, False)
    plan.ask(town.health, person)
    with pytest.raises(ConflictError):
        respond(town.inspector(town.tobacco), assignment, True)


def test_times_that_only_touch_do_not_collide(town: Town) -> None:
    first, second = propose(town), propose(town, starts_at=ENDS)
    first.goes(town.tobacco)
    second.goes(town.tobacco)


def test_the_refusal_says_that_the_time_is_taken_and_changes_nothing(town: Town) -> None:
    first, second = propose(town), propose(town, starts_at=START + hours(1))
    first.ask(town.tobacco, town.tobacco.inspectors[0])
    with pytest.raises(ConflictError) as refused:
        second.ask(town.tobacco, town.tobacco.inspectors[0])
    assert refused.value.missing == ("time",)
    with pytest.raises(ConflictError):
        second.ask(town.tobacco, town.tobacco.inspectors[0])


def test_an_outsider_hears_the_same_of_somebody_busy_somebody_free_and_nobody(town: Town) -> None:
    propose(town).goes(town.tobacco, 0)
    busy, free = town.tobacco.inspectors
    outsider = town.planner(town.outsider)
    with unit_of_work(outsider) as uow:
        other = found_collaboration(uow, FoundCollaboration(f"Utanför {town.mark}", "Köping"))
        operation = propose_operation(uow, ProposeOperation(other, START, ENDS))
        add_participation(uow, operation, town.tobacco.id, required=True, minimum=1)
        add_participation(uow, operation, town.outsider.id, required=False, minimum=0)
    said = set()
    for person in (busy, free, uuid4()):
        for authority in (town.tobacco.id, town.outsider.id):
            with pytest.raises(NotFoundError) as refused, unit_of_work(outsider) as uow:
                ask_person(uow, AskPerson(operation, authority, person))
            said.add((type(refused.value), str(refused.value), refused.value.missing))
    assert len(said) == 1


def test_a_colleague_without_the_planners_role_holds_nobody(town: Town) -> None:
    plan = propose(town)
    values = {"id": uuid4(), "p": town.tobacco.inspectors[0], "a": town.tobacco.id, "s": START, "e": ENDS}
    hold = text("INSERT INTO booking VALUES (:p, :a, tstzrange(:s, :e), 'asked', :id)")
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.environment)) as uow:
        uow.session.execute(hold, values)
    assert plan.card(town.inspector(town.environment)).id == plan.operation


def test_planners_of_the_collaboration_see_that_and_never_why(town: Town, cluster: Cluster, database: str) -> None:
    plan = propose(town, [town.tobacco])
    plan.goes(town.tobacco)
    columns = truth(
        cluster, database, "SELECT column_name FROM information_schema.columns WHERE table_name = 'booking'"
    )
    # A proposal's id says nothing to who may not read the proposal (test_polls).
    assert {row[0] for row in columns} == {"id", "person_id", "authority_id", "during", "state", "poll_option_id"}
    seen = {}
    for name, viewer in {
        "planner": town.planner(town.health),
        "inspector": town.inspector(town.health),
        "outsider": town.planner(town.outsider),
    }.items():
        with unit_of_work(viewer) as uow:
            bookings = uow.session.scalar(text("SELECT count(*) FROM booking"))
            places = uow.session.scalar(text("SELECT count(*) FROM assignment"))
        seen[name] = (bookings, places)
    assert seen == {"planner": (1, 0), "inspector": (0, 0), "outsider": (0, 0)}
