"""Equal treatment: the places of one trade, and how often each was visited in a pledge's year."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.treatment import MOST, places_of, treatment_of
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


def called(trade: str) -> str:
    """Return a trade in the reader's words, or its code where there are none."""
    key = f"businesses.trade.{trade}"
    return t(key) if has(key) else trade


@blueprint.get("/pledges/<uuid:pledge_id>/treatment")
@guarded()
@blueprint.input(TradeQuery, location="query", arg_name="query")
def get_treatment(pledge_id: UUID, query: TradeQuery) -> str:
    """The places of a trade by name, as the register and the traces show them to the viewer now; without a trade, the
    trades to choose from.
    """
    with unit_of_work(current_viewer()) as uow:
        pledge = get_pledge(uow, pledge_id)
        after = date(pledge.year + 1, 1, 1)
        places = places_of(uow, pledge, after, query.trade) if query.trade else []
        trades = [] if query.trade else treatment_of(uow, pledge, after)
    if not query.trade:
        return page("pledges/trades.html.j2", pledge=pledge, trades=[(called(one["trade"]), one) for one in trades])
    return page("pledges/treatment.html.j2", pledge=pledge, places=places, trade=called(query.trade), most=MOST)
