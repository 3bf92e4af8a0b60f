"""Common times of an operation; an address of the operations' own group, so that their scope covers it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from flask import request
from pydantic import Field, StringConstraints

from samsyn.core.errors import InvalidError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.common_times.queries import common_times, read_plan
from samsyn.lifecycle.common_times.wishes import USUAL_WEEKS, WEEKS, Hours, Wish, first_week, least_of, usual_hours
from samsyn.planning.iso_week import Week
from samsyn.web.api.operations import blueprint
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body
from samsyn.web.shown.times import CommonTimesOut

__all__ = ["blueprint"]
MOST = 100


class TimesQuery(Body):
    """Which weeks and hours. ``least`` (``<key>:<number>``, 0 for not at all) and ``without`` (a key) may come often.

    Without ``week``, the operation's own or this one; without ``hours``, those at which it stands now.
    """

    saved: ClassVar[bool] = False
    week: Annotated[str, StringConstraints(max_length=20)] = ""
    weeks: int = Field(default=USUAL_WEEKS)
    hours: Hours | None = None
    shorter: bool = False
    least: Annotated[str, StringConstraints(max_length=200)] = ""
    without: Annotated[str, StringConstraints(max_length=200)] = ""
    lang: Literal["sv", "en"] | None = None


@blueprint.get("/operations/<uuid:operation_id>/common-times")
@guarded("planner")
@blueprint.input(TimesQuery, location="query", arg_name="query")
@blueprint.output(CommonTimesOut)
def get_common_times(operation_id: UUID, query: TimesQuery) -> CommonTimesOut:
    """Times that suit everybody whom the operation needs, for the lead's planner; others' people are free or busy."""
    if query.weeks not in WEEKS:
        raise InvalidError("so many weeks", fields={"weeks": [f"one of {', '.join(map(str, WEEKS))}"]})
    with unit_of_work(current_viewer()) as uow:
        plan = read_plan(uow, operation_id)
        today = uow.today
        try:
            week = Week.typed(query.week, today) if query.week.strip() else first_week(plan.operation, today)
        except ValueError as error:
            raise InvalidError("no such week", fields={"week": ["unknown"]}) from error
        wish = Wish(
            week,
            query.weeks,
            query.hours or usual_hours(plan.operation),
            least_of(request.args.getlist("least")[:MOST]),
            frozenset(request.args.getlist("without")[:MOST]),
            query.shorter,
        )
        return CommonTimesOut.of(common_times(uow, plan, wish))
