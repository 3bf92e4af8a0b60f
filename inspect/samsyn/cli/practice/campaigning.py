"""A campaign that is planned and not yet published: shops and restaurants, two weeks, three authorities.

Its second plan leaves one place out, keeps one visit where the first plan had it, and changes little else.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from samsyn.cli.practice.town import Town
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import open_deficiencies
from samsyn.planning.queries.campaigns import ItemLine, MeetingPlace, items_of, plans_of
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.service.campaigns import AskMember, ChangeItem, MakeCampaign, change_item, make_campaign
from samsyn.planning.service.moving import pin_visit
from samsyn.planning.service.plan_steps import keep_step, make_step
from samsyn.planning.service.plans import AskPlan, ask_plan, take_best

NAME: Final = "Handelsrundan"
LEAD: Final = "polis"
ASKED: Final = ("polis", "arboga_sn", "vmmf")
TRADES: Final = frozenset({"kiosk", "small_grocery", "grocery", "tobacco_shop", "vape_shop", "pizzeria", "street_food"})
MEETS: Final = (
    MeetingPlace("Kommunhuset, rum Hjälmaren", 59.3951, 15.8392),
    MeetingPlace("Brandstationen, utbildningssalen", 59.3999, 15.8251),
)
FROM_DAY: Final = 14
DAYS: Final = 12
OPENS: Final = 10 * 60
CLOSES: Final = 20 * 60
SEARCH: Final = 1_000
WHY_LEFT_OUT: Final = "Stängt för ombyggnad i två veckor."
NOTE: Final = "Trång trappa ned till lagret; gå in en i taget."


def plan_a_campaign(town: Town) -> None:
    """Make it, plan it, change what is wanted of two of its places, and plan it again."""
    now, planner = town.clock.now, town.planner(LEAD)
    with town.at(planner, now - timedelta(hours=3)) as uow:
        campaign_id = make_campaign(uow, command_of(town))
    with town.at(planner, now - timedelta(hours=2)) as uow:
        first = ask_plan(uow, AskPlan(campaign_id, SEARCH))
    while one_step(town, first, 2):
        pass
    with town.at(planner, now - timedelta(hours=1)) as uow:
        second = ask_plan(uow, AskPlan(campaign_id, SEARCH, adjust(uow, campaign_id)))
    one_step(town, second, 1)
    with town.at(planner, now - timedelta(hours=1)) as uow:
        take_best(uow, campaign_id)
    while one_step(town, second, 1):
        pass


def command_of(town: Town) -> MakeCampaign:
    """Return what the campaign is asked to be."""
    places = [place for place in town.data["premises"] if {one["trade"] for one in place["trades"]} & TRADES]
    day = town.clock.day_of(local_day(town.clock.now))
    return MakeCampaign(
        collaboration_id=town.collaboration,
        name=NAME,
        first_on=town.clock.date_of(FROM_DAY),
        days=DAYS,
        opens=OPENS,
        closes=CLOSES,
        meeting_places=MEETS,
        members=tuple(AskMember(town.authorities[one]) for one in ASKED),
        business_ids=tuple(dict.fromkeys(town.business_at(place["key"], day) for place in places)),
        minutes=45,
    )


def one_step(town: Town, job_id: UUID, hours: int) -> bool:
    """Do what the authority's worker would have done."""
    worker = Viewer(town.authorities[LEAD], None, frozenset({"task", "planner"}))
    opened = partial(town.at, worker, town.clock.now - timedelta(hours=hours))
    made = make_step(opened, job_id, lambda uow: {k: Deficiencies(*n) for k, n in open_deficiencies(uow).items()})
    with opened() as uow:
        return keep_step(uow, job_id, made)


def adjust(uow: UnitOfWork, campaign_id: UUID) -> UUID:
    """Require one place, leave one out, and keep the visit that is planned last; return the plan that was looked at."""
    plan = plans_of(uow, campaign_id)[0]
    items = {str(one.id): one for one in items_of(uow, campaign_id)}
    planned = [items[one["id"]] for one in sorted(plan.plan["visits"], key=lambda one: (one["start"], one["id"]))]
    first, second, *_, last = planned
    want(uow, campaign_id, first, mandatory=True)
    want(uow, campaign_id, second, excluded=True)
    pin_visit(uow, campaign_id, last.id, last.version, plan)
    return plan.id


def want(
    uow: UnitOfWork, campaign_id: UUID, item: ItemLine, *, mandatory: bool = False, excluded: bool = False
) -> None:
    """Say what is wanted of a place; where it is required, what to mind there."""
    note = NOTE if mandatory else None
    why = WHY_LEFT_OUT if excluded else None
    change_item(uow, ChangeItem(campaign_id, item.id, item.minutes, item.version, mandatory, excluded, note, why))
