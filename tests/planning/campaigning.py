"""A town's campaign, made and planned through the services as its planner and its worker would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.queries.campaigns import ItemLine, MeetingPlace, PlanLine, items_of, plans_of
from samsyn.planning.service.campaigns import AskMember, MakeCampaign, make_campaign
from samsyn.planning.service.plan_making import Made
from samsyn.planning.service.plan_steps import keep_step, make_step
from samsyn.planning.service.plans import AskPlan, ask_plan
from tests.factories import Office, Town

TODAY = local_day(datetime.now(UTC))
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())
"""Some Monday that comes, more than a week ahead."""
SHORT = 1_000


def command_of(town: Town, first_on: date = MONDAY) -> MakeCampaign:
    return MakeCampaign(
        collaboration_id=town.collaboration,
        name="Höstens kiosker",
        first_on=first_on,
        days=5,
        opens=8 * 60,
        closes=17 * 60,
        meeting_places=(MeetingPlace("Järntorget"),),
        members=(AskMember(town.police.id), AskMember(town.tobacco.id, people=2)),
        business_ids=tuple(town.businesses),
        weekends=True,
    )


def made(town: Town, **more: object) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return make_campaign(uow, replace(command_of(town), **more))  # type: ignore[arg-type]


def worker(office: Office) -> Viewer:
    return Viewer(office.id, None, frozenset({"task", "planner"}))


def asked(town: Town, campaign: UUID, budget: int = SHORT, baseline: UUID | None = None) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return ask_plan(uow, AskPlan(campaign, budget, baseline))


def step(town: Town, job: UUID) -> bool:
    made = computed(town, job)
    with unit_of_work(worker(town.police)) as uow:
        return keep_step(uow, job, made)


def computed(town: Town, job: UUID) -> Made | None:
    """What a step would write: the worker died before it did."""
    return make_step(partial(unit_of_work, worker(town.police)), job, lambda _: {})


def planned(town: Town, campaign: UUID, budget: int = SHORT, baseline: UUID | None = None) -> PlanLine:
    """Ask for a plan and do every step of it; return what was kept."""
    job = asked(town, campaign, budget, baseline)
    while step(town, job):
        pass
    return newest(town, campaign)


def newest(town: Town, campaign: UUID) -> PlanLine:
    with unit_of_work(town.planner(town.police)) as uow:
        return plans_of(uow, campaign)[0]


def items(uow: UnitOfWork, campaign: UUID) -> list[ItemLine]:
    return items_of(uow, campaign)
