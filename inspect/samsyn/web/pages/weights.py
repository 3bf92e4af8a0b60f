"""How much each fact speaks for a visit: what the collaboration agreed, and what a change would do if it were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, make_response, redirect, request
from pydantic import Field, create_model

from samsyn.authorities.queries import authority_names, my_collaborations
from samsyn.core.errors import NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries import Candidate
from samsyn.planning.queries.weights import WeightsLine, weights_in
from samsyn.planning.reasons import CandidateOrder
from samsyn.planning.scores import MOST_POINTS, Fact, score
from samsyn.planning.service.weights import write_weights
from samsyn.web.exports.listing import MOST_ROWS
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.candidates import CandidateQuery, read_candidates
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("weights")
SHOWN: Final = 25
_POINTS: Final = {fact.value: (int, Field(ge=-MOST_POINTS, le=MOST_POINTS)) for fact in Fact}


class OfCollaboration(Body):
    """Whose weights they are, and whether they are to be kept or only tried."""

    collaboration_id: UUID
    what: Literal["keep", "try"] = "keep"


WeightsForm: type[OfCollaboration] = create_model("WeightsForm", __base__=OfCollaboration, **_POINTS)  # type: ignore[call-overload]


def said(form: OfCollaboration) -> dict[Fact, int]:
    """Return the weights that were typed."""
    return {fact: getattr(form, fact.value) for fact in Fact}


def by_name(weights: Mapping[Fact, int]) -> dict[str, object]:
    """Return weights as the form's fields."""
    return {fact.value: points for fact, points in weights.items()}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place and score as they are, and as they would be."""

    candidate: Candidate
    place: int
    was: int
    total: int
    before: int


def typed_weights(line: WeightsLine) -> dict[Fact, int]:
    """Return the weights of the address, those that hold where it says none or no number."""
    found = dict(line.weights)
    for fact in Fact:
        typed = request.args.get(fact.value, "")[:4]
        if typed.removeprefix("-").isdigit() and abs(int(typed)) <= MOST_POINTS:
            found[fact] = int(typed)
    return found


def ranked(uow: UnitOfWork, weights: dict[Fact, int], collaboration_id: UUID) -> list[Ranked]:
    """Return the candidates of a collaboration in the order that some weights would give, with the order now."""
    found = read_candidates(uow, CandidateQuery(order=CandidateOrder.SCORE), Seek(MOST_ROWS)).page.items
    mine = [one for one in found if one.facts.collaboration_id == collaboration_id]
    today = uow.today
    new = [(score(one.facts, one.own, weights, today).total, n, one) for n, one in enumerate(mine, 1)]
    new.sort(key=lambda row: (-row[0], row[1]))
    return [Ranked(one, place, was, total, one.score.total) for place, (total, was, one) in enumerate(new, 1)]


def show_weights(form: Form[Any] | None = None) -> str:
    """Render the weights of a collaboration, and what those of the address would change."""
    with unit_of_work(current_viewer()) as uow:
        collaborations = my_collaborations(uow)
        asked = request.form.get("collaboration_id") or request.args.get("collaboration_id", "")
        home = next((one for one in collaborations if str(one.id) == asked), None)
        if asked and home is None:
            raise NotFoundError("no such collaboration")
        home = home or next(iter(collaborations), None)
        if home is None:
            return page("campaigns/weights.html.j2", home=None)
        line = weights_in(uow, home.id)
        weights = typed_weights(line)
        rows = ranked(uow, weights, home.id)[:SHOWN]
        names = authority_names(uow, {line.authority_id} if line.authority_id else set())
    return page(
        "campaigns/weights.html.j2",
        home=home,
        line=line,
        names=names,
        facts=[(fact.value, t(f"candidates.fact.{fact}")) for fact in Fact],
        rows=rows,
        changed=weights != line.weights,
        form=new_form(by_name(weights)) if form is None else as_it_stands(form, by_name(line.weights)),
        collaborations=collaborations,
        most=MOST_POINTS,
    )


@blueprint.get("/candidates/weights")
@guarded("planner")
def get_weights() -> str:
    """The weights that hold; those of the address are tried on the candidates, and nothing is kept."""
    return show_weights()


@blueprint.post("/candidates/weights")
@guarded("planner")
def post_weights() -> Response:
    """Keep a new version of the weights, or go to the page that tries them."""

    def make(uow: UnitOfWork, asked: OfCollaboration) -> str:
        write_weights(uow, asked.collaboration_id, said(asked), seen_version())
        return f"/candidates/weights?collaboration_id={asked.collaboration_id}#content"

    form = read_form(WeightsForm)
    if form.value is not None and form.value.what == "try":
        tried = urlencode(form.value.model_dump(mode="json", exclude={"what"}))
        return make_response(redirect(f"/candidates/weights?{tried}#content", 303))
    return answer_form(WeightsForm, make, show_weights)
