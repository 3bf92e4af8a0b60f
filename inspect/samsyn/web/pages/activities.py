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
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity
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


class ChangeForm(Body):
    """How it went; what was called off says why."""

    state: ActivityState
    reason: Note = ""


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new activity."""
    with unit_of_work(current_viewer()) as uow:
        homes = [(one.id, one.name) for one in my_collaborations(uow)]
        home = home_of(homes, form)
        year = {one.id: one.year for one in list_pledges(uow) if one.collaboration_id == home}
        areas = areas_of(uow, *year) if year else []
        spots = [(one.id, one.name) for one in list_hot_spots(uow, home)] if home else []
        today = uow.today
    return page(
        "pledges/activity.html.j2",
        form=form or new_form({"on_date": today.isoformat()}),
        labels={name: t(f"pledges.field.{name}") for name in SHOWN},
        homes=homes,
        home=home,
        areas=[(area.id, f"{area.name} ({year[area.pledge_id]})") for area in areas],
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


def show_one(activity_id: UUID, form: Form[Any] | None = None) -> str:
    """Render an activity as every member reads it; to the own authority's planners also how it went, to be said."""
    with unit_of_work(current_viewer()) as uow:
        one = activity_of(uow, activity_id)
        whose = authority_names(uow, {one.authority_id}).get(one.authority_id, "")
        own, plans = one.authority_id == uow.me, "planner" in uow.viewer.roles
    states = [(state.value, t(f"pledges.states.{state}")) for state in ActivityState]
    return page(
        "pledges/activity-show.html.j2",
        one=one,
        whose=whose,
        own=own,
        plans=plans,
        states=states,
        form=as_it_stands(form, {"state": one.state, "reason": one.reason}),
        labels={name: t(f"pledges.field.{name}") for name in ("state", "reason")},
    )


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
