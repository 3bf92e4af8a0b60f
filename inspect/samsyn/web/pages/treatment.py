"""Equal treatment: the places of one trade, and how often each was visited in a pledge's year."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.treatment import MOST, places_of
from samsyn.pledges.queries import get_pledge
from samsyn.texts import has
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("treatment")


class TradeQuery(PageQuery):
    """Which trade."""

    trade: str = ""


@blueprint.get("/pledges/<uuid:pledge_id>/treatment")
@guarded()
@blueprint.input(TradeQuery, location="query", arg_name="query")
def get_treatment(pledge_id: UUID, query: TradeQuery) -> str:
    """The places of a trade by name, as the register and the traces show them to the viewer now."""
    with unit_of_work(current_viewer()) as uow:
        pledge = get_pledge(uow, pledge_id)
        places = places_of(uow, pledge, date(pledge.year + 1, 1, 1), query.trade)
    key = f"businesses.trade.{query.trade}"
    name = t(key) if has(key) else ""
    return page("pledges/treatment.html.j2", pledge=pledge, places=places, trade=name, most=MOST)
