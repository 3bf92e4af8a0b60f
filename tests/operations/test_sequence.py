"""Visits change places: the order is total, lengths and the operation's time stand, nobody is in two places."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import VisitLine, get_assignment, teams_of, visits_of
from samsyn.operations.rules import OperationState, Stretch, VisitState, exchange
from samsyn.operations.service import (
    AddVisit,
    EndVisit,
    Way,
    add_visit,
    change_team,
    declare_recusal,
    dissolve_team,
    end_visit,
    form_team,
    join_team,
    move_visit,
)
from tests.factories import START, Town, hours
from tests.operations.plans import Plan, propose


def evening(town: Town) -> tuple[Plan, list[UUID]]:
    """Three visits of an hour, half an hour and an hour, with a quarter between them."""
    plan = propose(town, lasts=hours(1))
    with unit_of_work(plan.planner) as uow:
        uow.session.connection().exec_driver_sql(
            "UPDATE operation SET ends_at = ends_at + interval '3 hours' WHERE id = %s", (plan.operation,)
        )
        second = add_visit(uow, AddVisit(plan.operation, town.businesses[1], START + hours(1.25), START + hours(1.75)))
        third = add_visit(uow, AddVisit(plan.operation, town.businesses[2], START + hours(2), START + hours(3)))
    return plan, [plan.visit, second, third]


def go(plan: Plan, visit: UUID, way: Way) -> None:
    with unit_of_work(plan.planner) as uow:
        move_visit(uow, visit, way)


def shown(plan: Plan) -> list[VisitLine]:
    with unit_of_work(plan.planner) as uow:
        return visits_of(uow, plan.operation)


def test_two_neighbours_exchange_their_places_and_the_rest_stands(town: Town) -> None:
    plan, (first, second, third) = evening(town)
    go(plan, second, Way.UP)
    times = [(one.id, one.starts_at, one.ends_at) for one in shown(plan)]
    assert times == [
        (second, START, START + hours(0.5)),
        (first, START + hours(0.75), START + hours(1.75)),
        (third, START + hours(2), START + hours(3)),
    ]
    go(plan, second, Way.DOWN)
    assert [one.id for one in shown(plan)] == [first, second, third]


def test_at_either_end_there_is_nothing_to_change_places_with(town: Town) -> None:
    plan, (first, _, third) = evening(town)
    for visit, way in ((first, Way.UP), (third, Way.DOWN)):
        with pytest.raises(GateClosedError):
            go(plan, visit, way)


def test_a_visit_that_has_ended_keeps_its_place(town: Town) -> None:
    plan, (first, second, _) = evening(town)
    plan.move(OperationState.ONGOING)
    with unit_of_work(plan.planner) as uow:
        end_visit(uow, EndVisit(first, VisitState.SKIPPED, uow.now))
    with pytest.raises(GateClosedError):
        go(plan, second, Way.UP)
    with pytest.raises(GateClosedError):
        go(plan, first, Way.DOWN)


def test_only_the_lead_moves_visits_and_no_recused_planner(town: Town) -> None:
    plan, (_, second, _) = evening(town)
    for viewer in (town.inspector(town.police), town.planner(town.tobacco)):
        with pytest.raises(NotAllowedError), unit_of_work(viewer) as uow:
            move_visit(uow, second, Way.UP)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        move_visit(uow, second, Way.UP)
    with unit_of_work(plan.planner) as uow:
        declare_recusal(uow, plan.visit, "släkt")
    with pytest.raises(NotAllowedError):
        go(plan, second, Way.UP)


def test_teams_walk_their_own_visits_side_by_side(town: Town) -> None:
    plan, (first, second, third) = evening(town)
    place = plan.goes(town.tobacco)
    with unit_of_work(plan.planner) as uow:
        one = form_team(uow, plan.operation, "Lag 1", [third, first])
        two = form_team(uow, plan.operation, "Lag 2", [second])
        join_team(uow, place, one)
    go(plan, third, Way.UP)
    with unit_of_work(plan.planner) as uow:
        teams = {team.id: team for team in teams_of(uow, plan.operation)}
        assert get_assignment(uow, place).goes
    assert teams[one].visit_ids == (third, first)
    assert teams[one].assignment_ids == {place}
    assert teams[two].visit_ids == (second,)
    times = {one.id: (one.starts_at, one.ends_at) for one in shown(plan)}
    assert times[third] == (START, START + hours(1))
    assert times[first] == (START + hours(2), START + hours(3))


def test_a_visit_of_everybody_is_not_pushed_over_anothers_time(town: Town) -> None:
    """The first is for both teams, then each has one at the same time: one of them cannot come before it."""
    plan, (first, second, third) = evening(town)
    with unit_of_work(plan.planner) as uow:
        form_team(uow, plan.operation, "Lag 1", [second])
        form_team(uow, plan.operation, "Lag 2", [third])
        uow.session.connection().exec_driver_sql(
            "UPDATE visit SET starts_at = %s, ends_at = %s WHERE id = %s",
            (START + hours(1.25), START + hours(2), third),
        )
    with pytest.raises(ConflictError):
        go(plan, second, Way.UP)
    assert next(iter(shown(plan))).id == first


def test_a_team_gets_other_visits_under_the_same_name_and_none_of_another_operation(town: Town) -> None:
    plan, (first, second, _) = evening(town)
    other = propose(town)
    with unit_of_work(plan.planner) as uow:
        team = form_team(uow, plan.operation, "Lag 1", [first])
        assert form_team(uow, plan.operation, " Lag 1 ", [second]) == team
        assert [one.visit_ids for one in teams_of(uow, plan.operation)] == [(second,)]
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        form_team(uow, plan.operation, "Lag 2", [other.visit])
    place = other.goes(town.tobacco)
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        join_team(uow, place, team)


def test_a_team_gets_another_name_and_keeps_its_people_and_a_name_is_one_teams_alone(town: Town) -> None:
    plan, (first, second, _) = evening(town)
    place = plan.goes(town.tobacco)
    with unit_of_work(plan.planner) as uow:
        one = form_team(uow, plan.operation, "Lag 1", [first])
        form_team(uow, plan.operation, "Lag 2", [second])
        join_team(uow, place, one)
        change_team(uow, plan.operation, one, "Norr", [first, second])
        named = {team.id: team for team in teams_of(uow, plan.operation)}[one]
        assert (named.name, named.visit_ids) == ("Norr", (first, second))
        assert named.assignment_ids == frozenset({place})
    with pytest.raises(InvalidError) as refused, unit_of_work(plan.planner) as uow:
        change_team(uow, plan.operation, one, "Lag 2", [first])
    assert "name" in refused.value.fields


def test_a_dissolved_team_is_gone_with_its_visits_and_its_people_go_with_everybody(town: Town) -> None:
    plan, (first, _, _) = evening(town)
    place = plan.goes(town.tobacco)
    with unit_of_work(plan.planner) as uow:
        team = form_team(uow, plan.operation, "Lag 1", [first])
        join_team(uow, place, team)
        dissolve_team(uow, plan.operation, team)
        dissolve_team(uow, plan.operation, team)
        assert teams_of(uow, plan.operation) == []
    with pytest.raises(NotFoundError), unit_of_work(plan.planner) as uow:
        join_team(uow, place, team)
    with unit_of_work(plan.planner) as uow:
        assert form_team(uow, plan.operation, "Lag 1", [first]) == team, "the name is used again: the same team"
        again = teams_of(uow, plan.operation)[0]
    assert (again.visit_ids, again.assignment_ids) == ((first,), frozenset())


MINUTES = st.integers(5, 120)


@given(
    st.lists(st.tuples(MINUTES, st.integers(0, 60)), min_size=1, max_size=7),
    st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=30),
)
def test_any_sequence_of_moves_keeps_order_lengths_and_bounds(
    visits: list[tuple[int, int]], moves: list[tuple[int, bool]]
) -> None:
    row, at = [], START
    for n, (lasts, gap) in enumerate(visits):
        row.append(Stretch(UUID(int=n), at, at + timedelta(minutes=lasts)))
        at += timedelta(minutes=lasts + gap)
    lengths, ends_at = {one.id: one.ends_at - one.starts_at for one in row}, row[-1].ends_at
    wanted = [one.id for one in row]
    for n, up in moves:
        moved, place = UUID(int=n % len(row)), wanted.index(UUID(int=n % len(row)))
        pair = exchange(row, moved, up=up)
        near = place - 1 if up else place + 1
        assert (pair is None) == (not 0 <= near < len(row))
        if pair is None:
            continue
        wanted[place], wanted[near] = wanted[near], wanted[place]
        changed: dict[UUID, Stretch] = {one.id: one for one in pair}
        moved_row: list[Stretch] = [changed.get(one.id, one) for one in row]
        row = sorted(moved_row, key=lambda one: one.starts_at)
        assert [one.id for one in row] == wanted
        assert {one.id: one.ends_at - one.starts_at for one in row} == lengths
        assert (row[0].starts_at, row[-1].ends_at) == (START, ends_at)
        assert all(one.ends_at <= after.starts_at for one, after in pairwise(row))
