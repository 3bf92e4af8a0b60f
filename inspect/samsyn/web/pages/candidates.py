"""Which businesses might be visited: a list of reasons to choose from, and no score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal
from uuid import UUID

from flask import request
from pydantic import StringConstraints

from samsyn.businesses.rules import Trade
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.queries import open_deficiencies
from samsyn.places.queries import list_hot_spots
from samsyn.planning.queries import Candidates, Wanted, list_candidates
from samsyn.planning.reasons import CandidateOrder, Deficiencies, Reason, ReasonKind
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.businesses import in_words, word
from samsyn.web.pages.squares import squares_of
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("candidates")
MOST_CHOSEN: Final = 50
Words = Annotated[str, StringConstraints(max_length=200)]
COLOURS: Final = {
    ReasonKind.SERIOUS: "danger",
    ReasonKind.OPEN: "danger",
    ReasonKind.EXPIRED: "warning",
    ReasonKind.MISSING: "warning",
    ReasonKind.NEW_OPERATOR: "warning",
    ReasonKind.HOT_SPOT: "info",
    ReasonKind.PLANNED: "info",
}


class CandidateQuery(PageQuery):
    """What is looked for; ``business`` comes once for each that is chosen."""

    begins_with: Words = ""
    trade: Trade | Literal[""] = ""
    hot_spot: Words = ""
    last: Literal["", "never", "long_ago"] = ""
    order: CandidateOrder = CandidateOrder.SCORE
    business: Words = ""


def read_candidates(uow: UnitOfWork, query: CandidateQuery, seek: Seek, picked: Sequence[UUID] = ()) -> Candidates:
    """Return the candidates that a query looks for."""
    wanted = Wanted(query.begins_with, query.trade, query.hot_spot, query.last, query.order)
    own = {one: Deficiencies(*counts) for one, counts in open_deficiencies(uow).items()}
    return list_candidates(uow, wanted, seek, own, picked)


@blueprint.get("/candidates")
@guarded("planner")
@blueprint.input(CandidateQuery, location="query", arg_name="query")
def get_candidates(query: CandidateQuery) -> str:
    """Businesses with the facts that speak for a visit, in the order that was asked for."""
    with unit_of_work(current_viewer()) as uow:
        found = read_candidates(uow, query, query.seek(1), chosen())
        squares = squares_of(uow, {a for one in found.page.items for a in one.facts.last_by})
        spots = [(one.name, one.name) for one in list_hot_spots(uow) if one.state == "followed"]
    ids = [one.facts.id for one in found.chosen]
    filters = {name: getattr(query, name) for name in ("begins_with", "trade", "hot_spot", "last")}
    return page(
        "candidates.html.j2",
        found=found,
        squares_in=lambda who: [squares[one] for one in who if one in squares],
        form=new_form({**filters, "order": query.order}),
        filtered=any(filters.values()),
        chosen=ids,
        dropped=len(set(request.args.getlist("business")[MOST_CHOSEN:]) - {str(one) for one in ids}),
        most_chosen=MOST_CHOSEN,
        elsewhere=[one for one in found.chosen if one.facts.id not in {c.facts.id for c in found.page.items}],
        asked={k: str(v) for k, v in {**filters, "order": query.order}.items() if v},
        trades=in_words("trade", Trade),
        spots=spots,
        lasts=[(one, t(f"candidates.last.{one}")) for one in ("never", "long_ago")],
        orders=[(one.value, t(f"candidates.order.{one}")) for one in CandidateOrder],
        words_of=words_of,
        colour=lambda reason: COLOURS.get(reason.kind, "neutral"),
        word=word,
    )


def chosen() -> list[UUID]:
    """Return the businesses that the address names, in its order and each once; what is no key is left out."""
    found: dict[UUID, None] = {}
    for typed in request.args.getlist("business")[:MOST_CHOSEN]:
        try:
            found[UUID(typed)] = None
        except ValueError:
            continue
    return list(found)


def words_of(reason: Reason) -> str:
    """Return a reason in the reader's words."""
    key = f"candidates.reason.{reason.kind}"
    what = word("permit", reason.what) if reason.kind in {ReasonKind.EXPIRED, ReasonKind.MISSING} else reason.what
    if reason.kind is ReasonKind.ALIKE:
        return t(key, n=reason.n, of=reason.of, what=word("trade", reason.what).lower())
    day = reason.day.isoformat() if reason.day else ""
    return t(
        f"{key}_one" if reason.n == 1 and reason.kind is not ReasonKind.NEVER else key, n=reason.n, what=what, day=day
    )
