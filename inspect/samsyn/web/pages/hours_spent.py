"""Time planned and spent for a pledge: each member's sums by quarter, and the own hours of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.queries.activities import activity_of
from samsyn.pledges.queries.minutes import TimeLine, own_time, time_of_year
from samsyn.pledges.rules import MOST_MINUTES
from samsyn.pledges.service.minutes import WriteTime, write_time
from samsyn.web.forms import Form, answer_form, as_it_stands
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.pledges import PledgeQuery, chosen
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("hours_spent")
HOUR: Final = 60
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]


class TimeForm(Body):
    """Minutes that the own authority planned and spent on an activity."""

    planned: Minutes
    spent: Minutes


@dataclass(frozen=True, slots=True)
class Row:
    """A member's time of one kind of work, in hours."""

    authority: str
    of: str
    planned: tuple[float, ...]
    spent: tuple[float, ...]


def hours(minutes: Sequence[int]) -> tuple[float, ...]:
    """Return hours with one decimal: the four quarters and their sum."""
    return tuple(round(n / HOUR, 1) for n in (*minutes, sum(minutes)))


def in_words(number: float) -> str:
    """Return hours as they are written in the reader's language."""
    said = f"{number:.1f}".removesuffix(".0")
    return said.replace(".", ",") if current_language() == "sv" else said


def read_rows(uow: UnitOfWork, query: PledgeQuery) -> list[Row]:
    """Return what the page shows; empty where nothing is promised."""
    _, pledge = chosen(uow, query)
    if pledge is None:
        return []
    lines: list[TimeLine] = time_of_year(uow, pledge.collaboration_id, pledge.year)
    names = authority_names(uow, {one.authority_id for one in lines}) if lines else {}
    rows = [Row(names.get(one.authority_id, ""), one.of, hours(one.planned), hours(one.spent)) for one in lines]
    return sorted(rows, key=lambda row: row.authority)


@blueprint.get("/pledges/time")
@guarded()
@blueprint.input(PledgeQuery, location="query", arg_name="query")
def get_time(query: PledgeQuery) -> str:
    """The members' time in the year of a pledge, as each counted its own."""
    with unit_of_work(current_viewer()) as uow:
        pledges, pledge = chosen(uow, query)
        rows = read_rows(uow, query)
    args = {"pledge": str(pledge.id)} if pledge else {}
    return page("pledges/time.html.j2", pledges=pledges, pledge=pledge, rows=rows, args=args, words=in_words)


def show_own(activity_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the own hours of an activity of the collaboration."""
    with unit_of_work(current_viewer()) as uow:
        one, own = activity_of(uow, activity_id), own_time(uow, activity_id)
    return page(
        "pledges/activity-time.html.j2",
        one=one,
        own=own,
        done="done" in request.args and form is None,
        form=as_it_stands(form, {"planned": own.planned, "spent": own.spent}),
        labels={name: t(f"pledges.time.{name}") for name in ("planned", "spent")},
    )


@blueprint.get("/activities/<uuid:activity_id>/time")
@guarded("planner")
def get_own(activity_id: UUID) -> str:
    """The own hours of an activity."""
    return show_own(activity_id)


@blueprint.post("/activities/<uuid:activity_id>/time")
@guarded("planner")
def post_own(activity_id: UUID) -> Response:
    """Write them."""

    def make(uow: UnitOfWork, asked: TimeForm) -> str:
        write_time(uow, WriteTime(activity_id, asked.planned, asked.spent, seen_version() or 0))
        return f"/activities/{activity_id}/time?done"

    return answer_form(TimeForm, make, lambda form: show_own(activity_id, form))
