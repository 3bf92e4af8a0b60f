"""What is done for a pledge beside operations: a new activity, and how a planned one went."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Response

from samsyn.authorities.queries import authority_names, my_collaborations
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import list_hot_spots
from samsyn.pledges.queries import areas_of, list_pledges
from samsyn.pledges.queries.activities import activity_of
from samsyn.pledges.rules import TYPED, ActivityKind, ActivityState
from samsyn.pledges.service import (
    AddActivity,
    ChangeActivity,
    MoveActivity,
    add_activity,
    change_activity,
    move_activity,
)
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.pledge_writing import home_of
from samsyn.web.parsing import Body
from samsyn.web.promised import Note, Words
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("activities")
SHOWN: Final = ("collaboration_id", "kind", "on_date", "title", "focus_area_id", "hot_spot_id", "done")


class ActivityForm(Body):
    """A new activity; done already, or to be done."""

    collaboration_id: UUID
    kind: ActivityKind
    on_date: date
    title: Words
    focus_area_id: UUID | None = None
    hot_spot_id: UUID | None = None
    done: bool = False


class MoveForm(Body):
    """Another day, name or focus area."""

    on_date: date
    title: Words
    focus_area_id: UUID | None = None


class ChangeForm(Body):
    """How it went; what was called off says why."""

    state: ActivityState
    reason: Note = ""


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new activity; the areas are those of its day's year."""
    with unit_of_work(current_viewer()) as uow:
        homes = [(one.id, one.name) for one in my_collaborations(uow)]
        home, today = home_of(homes, form), uow.today
        areas = offered(uow, home, year_in(form) or today.year) if home else []
        spots = [(one.id, one.name) for one in list_hot_spots(uow, home)] if home else []
    return page(
        "pledges/activity.html.j2",
        form=form or new_form({"on_date": today.isoformat()}),
        labels={name: t(f"pledges.field.{name}") for name in SHOWN},
        homes=homes,
        home=home,
        areas=areas,
        spots=spots,
        kinds=[(one.value, t(f"pledges.kinds.{one}")) for one in TYPED],
    )


@blueprint.get("/activities/new")
@guarded("planner")
def get_new() -> str:
    """A new activity."""
    return show_new()


@blueprint.post("/activities/new")
@guarded("planner")
def post_new() -> Response:
    """Write it down."""

    def make(uow: UnitOfWork, asked: ActivityForm) -> str:
        add_activity(uow, AddActivity(**asked.model_dump()))
        return "/pledges#activities"

    return answer_form(ActivityForm, make, show_new)


def show_one(activity_id: UUID, form: Form[Any] | None = None, moved: Form[Any] | None = None) -> str:
    """Render an activity as every member reads it; to the own authority's planners also how it went, to be said.

    ``form`` or ``moved`` is what was refused of one of its two forms; the other shows how it stands.
    """
    with unit_of_work(current_viewer()) as uow:
        one = activity_of(uow, activity_id)
        whose = authority_names(uow, {one.authority_id}).get(one.authority_id, "")
        own, plans = one.authority_id == uow.me, "planner" in uow.viewer.roles
        areas = offered(uow, one.collaboration_id, year_in(moved) or one.on_date.year) if own and plans else []
    states = [(state.value, t(f"pledges.states.{state}")) for state in ActivityState]
    plan = {"on_date": one.on_date.isoformat(), "title": one.title, "focus_area_id": one.focus_area_id}
    return page(
        "pledges/activity-show.html.j2",
        one=one,
        whose=whose,
        own=own,
        plans=plans,
        states=states,
        areas=areas,
        form=as_it_stands(form, {"state": one.state, "reason": one.reason}),
        moved=as_it_stands(moved, plan),
        labels={name: t(f"pledges.field.{name}") for name in ("state", "reason", *plan)},
    )


def year_in(form: Form[Any] | None) -> int | None:
    """Return the year of the day that was typed in a form, where it is one."""
    typed = form.text("on_date") if form else ""
    return int(typed[:4]) if typed[:4].isdecimal() else None


def offered(uow: UnitOfWork, collaboration_id: UUID, year: int) -> list[tuple[UUID, str]]:
    """Return the focus areas of a collaboration's pledge of a year, to choose from."""
    pledges = {one.id for one in list_pledges(uow) if one.collaboration_id == collaboration_id and one.year == year}
    return [(area.id, f"{area.name} ({year})") for area in areas_of(uow, *pledges)] if pledges else []


@blueprint.get("/activities/<uuid:activity_id>")
@guarded()
def get_one(activity_id: UUID) -> str:
    """An activity of a member of the own collaborations."""
    return show_one(activity_id)


@blueprint.post("/activities/<uuid:activity_id>")
@guarded("planner")
def post_change(activity_id: UUID) -> Response:
    """Say how it went."""

    def make(uow: UnitOfWork, asked: ChangeForm) -> str:
        change_activity(uow, ChangeActivity(activity_id, asked.state, seen_version() or 0, asked.reason or None))
        return "/pledges#activities"

    return answer_form(ChangeForm, make, lambda form: show_one(activity_id, form))


@blueprint.post("/activities/<uuid:activity_id>/move")
@guarded("planner")
def post_move(activity_id: UUID) -> Response:
    """Move it to another day, or call it otherwise."""

    def make(uow: UnitOfWork, asked: MoveForm) -> str:
        move_activity(uow, MoveActivity(activity_id, **asked.model_dump(), seen_version=seen_version() or 0))
        return f"/activities/{activity_id}"

    return answer_form(MoveForm, make, lambda form: show_one(activity_id, moved=form))
