"""Each own person's days in a campaign's plan: the order, where one meets, the way, what to mind; to print and file."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries.campaigns import get_campaign, items_of, plans_of
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.campaign_compare import asked_of
from samsyn.web.pages.campaign_view import PersonDay, view_of
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("campaign_people")


def days_of(uow: UnitOfWork, campaign_id: UUID, plan_id: UUID | None) -> list[PersonDay]:
    """Return the own people's days in a plan, the newest where none is named; nothing where there is none."""
    campaign = get_campaign(uow, campaign_id)
    plan = next((one for one in plans_of(uow, campaign_id) if plan_id in {None, one.id}), None)
    return view_of(uow, campaign, items_of(uow, campaign_id), plan).people if plan else []


@blueprint.get("/campaigns/<uuid:campaign_id>/people")
@guarded("planner")
def get_people(campaign_id: UUID) -> str:
    """The days, by name; ``plan`` names one of the campaign's plans."""
    with unit_of_work(current_viewer()) as uow:
        campaign, plans = get_campaign(uow, campaign_id), plans_of(uow, campaign_id)
        plan = asked_of(plans, "plan", next(iter(plans), None))
        days = days_of(uow, campaign_id, plan.id) if plan else []
    names = list(dict.fromkeys(one.name for one in days))
    return page(
        "campaigns/people.html.j2",
        campaign=campaign,
        plan=plan,
        people=[(name, [one for one in days if one.name == name]) for name in names],
    )
