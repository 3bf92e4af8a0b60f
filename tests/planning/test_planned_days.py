"""A person's day in a plan is one from morning to night: what is taken splits it not, no midnight joins two."""

from __future__ import annotations

from datetime import date

from samsyn.core.uow import unit_of_work
from samsyn.operations.service import AskPerson, ProposeOperation, ask_person, propose_operation
from samsyn.planning.queries.campaigns import get_campaign, problem_of_plan
from samsyn.planning.service.campaigns import AskMember
from samsyn.planning.slots.bits import run, united
from samsyn.planning.slots.grid import Grid
from samsyn.planning.slots.shifts import days_of
from tests.factories import Town
from tests.planning.campaigning import made, planned

DAY = 1440


def test_an_appointment_at_noon_doubles_nobodys_visits(town: Town) -> None:
    campaign = made(town, days=1, per_shift=1, members=(AskMember(town.police.id, people=2),))
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
        begins, ends = card.moment(10 * 60), card.moment(15 * 60 + 30)
        other = propose_operation(uow, ProposeOperation(town.collaboration, begins, ends, begins, "Torget"))
        for person in town.police.inspectors[:2]:
            ask_person(uow, AskPerson(other, town.police.id, person))
    plan = planned(town, campaign)
    assert plan.number == 1
    with unit_of_work(town.planner(town.police)) as uow:
        problem = problem_of_plan(uow, plan)
    days = {one["id"]: (one["shifts"], one["busy"]) for one in problem["inspectors"]}
    for person in town.police.inspectors[:2]:
        assert days[str(person)] == ([[480, 1020]], [[600, 930]])


def test_all_hours_of_five_days_are_five_days(town: Town) -> None:
    plan = planned(town, made(town, opens=0, closes=1440, per_shift=1))
    with unit_of_work(town.planner(town.police)) as uow:
        problem = problem_of_plan(uow, plan)
    assert problem["inspectors"][0]["shifts"] == [[n * DAY, (n + 1) * DAY] for n in range(5)]
    assert plan.number == 3


def test_a_day_is_as_long_as_its_clock_has_it() -> None:
    grid = Grid(date(2027, 3, 27), 3)
    days, taken = days_of(grid, united([(0, 40), (50, 300)]) & grid.whole)
    assert days == [(0, 96), (96, 188), (188, 284)]
    assert taken == [(40, 50)]
    assert days_of(grid, run(100, 101)) == ([(100, 101)], [])
    assert days_of(grid, 0) == ([], [])
