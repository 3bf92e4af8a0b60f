"""Find a common time for an operation, choose one, or learn why there is none and what would give one."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, request

from samsyn.authorities.queries import names_with_units
from samsyn.calendars.queries import invited_people
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.common_times.asking import Plan
from samsyn.lifecycle.common_times.queries import common_times, read_plan
from samsyn.lifecycle.common_times.wishes import USUAL_WEEKS, WEEKS, Hours, Wish, first_week, least_of, usual_hours
from samsyn.lifecycle.service import Reschedule
from samsyn.operations.queries import OperationCard
from samsyn.operations.rules import BEFORE_ONGOING
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.polls import open_poll_of
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.burden import moved_lines, places_of
from samsyn.web.pages.consequences import Affected, says_of_move
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.poll_view import usual_deadline
from samsyn.web.pages.times_view import TimesView
from samsyn.web.parsing import Body, Moment
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("times")
MOST: Final = 100


class TimeForm(Body):
    """A time that was offered; ``ends_at`` where the operation becomes shorter by it."""

    starts_at: Moment
    ends_at: Moment | None = None


def wish_of(operation: OperationCard, today: date) -> tuple[Wish, str]:
    """Return what the address wishes, and what is wrong with its week; what it does not say is as usual."""
    said = request.args
    week, fault = first_week(operation, today), ""
    if typed := said.get("week", "")[:20].strip():
        try:
            week = Week.typed(typed, today)
        except ValueError:
            fault = t("operations.list.no_week")
    weeks = next((n for n in WEEKS if said.get("weeks", "") == str(n)), USUAL_WEEKS)
    hours = next((one for one in Hours if said.get("hours", "") == one), usual_hours(operation))
    without = frozenset(said.getlist("without")[:MOST])
    return Wish(week, weeks, hours, least_of(said.getlist("least")[:MOST]), without, said.get("short") == "1"), fault


def show_times(operation_id: UUID, form: Form[Any] | None = None) -> tuple[str, int]:
    """Render the times, or why there are none; ``form`` is a time that could not be taken."""
    with unit_of_work(current_viewer()) as uow:
        plan = read_plan(uow, operation_id)
        wish, fault = wish_of(plan.operation, uow.today)
        found = common_times(uow, plan, wish)
        places = places_of(uow, {one.premises_id for one in plan.targets.values()} if found.offers else ())
        ids = {one.authority_id for one in found.asked if one.authority_id}
        view = TimesView(
            found,
            plan,
            *names_with_units(uow, ids),
            {(one.person_id, one.authority_id): one.shown_name for one in plan.staff},
            moved_lines(places, plan.visits, plan.targets),
        )
        says = says_of_move(plan.operation, reached(uow, plan)) if found.offers else []
        poll, deadline = open_poll_of(uow, operation_id), {"deadline_at": usual_deadline(uow.now)}
    text = page(
        "operations/times.html.j2",
        op=plan.operation,
        form=form or new_form(),
        asking=form if form and "deadline_at_date" in form.typed else new_form(deadline),
        poll=poll,
        filters=filters(wish, fault),
        found=found,
        view=view,
        says=says,
        arranges=plan.operation.state in BEFORE_ONGOING,
        weeks=[(str(n), view.weeks(n)) for n in WEEKS],
        hours=[(one.value, t(f"times.hours.{one}")) for one in Hours],
    )
    return text, 422 if fault else 200


def reached(uow: UnitOfWork, plan: Plan) -> Affected:
    """Count whom and what a move reaches, from what is read already."""
    hold = invited_people(uow, plan.operation.id)
    going = sum(one.person_id in hold for one in plan.goers)
    return Affected(len(hold), going, len(plan.goers), len(plan.visits))


def filters(wish: Wish, fault: str) -> Form[Any]:
    """Return the form of what is required, as it was searched for, or with the week as it was typed and its fault."""
    typed = {"weeks": wish.weeks, "hours": wish.hours, "without": sorted(wish.without)}
    if wish.shorter:
        typed["short"] = "1"
    if fault:
        form = new_form({**typed, "week": request.args.get("week", "")[:20]})
        return Form(typed=form.typed, faults={"week": [fault]})
    return new_form({**typed, "week": wish.week.name})


@blueprint.get("/operations/<uuid:operation_id>/times")
@guarded("planner")
def get_times(operation_id: UUID) -> Response:
    """Times that suit everybody whom the operation needs, the surest first; the address says what is required."""
    return make_response(*show_times(operation_id))


@blueprint.post("/operations/<uuid:operation_id>/times")
@guarded("planner")
def post_time(operation_id: UUID) -> Response:
    """Take one of them: the operation moves there with its meeting, visits and people, or nothing of it."""

    def make(uow: UnitOfWork, asked: TimeForm) -> str:
        hold_here(uow, Reschedule(operation_id, asked.starts_at, seen_version(), asked.ends_at))
        return f"/operations/{operation_id}"

    return answer_form(TimeForm, make, lambda form: show_times(operation_id, form)[0])
