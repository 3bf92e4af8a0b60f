"""Teams of an operation: which visits each goes to, and who goes with which."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from pydantic import create_model

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import people_of, targets_of, teams_of, visits_of
from samsyn.operations.service import change_team, dissolve_team, form_team, join_team
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import show_clock
from samsyn.web.pages.operation_page import form_page, led
from samsyn.web.parsing import Body, Line
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("teams")


class TeamForm(Body):
    """A team and the visits that it goes to."""

    name: Line
    visit_ids: tuple[UUID, ...] = ()


Changed = tuple[UUID, Form[Any]]
"""A team and its form as it came back."""


def show_teams(
    operation_id: UUID, form: Form[Any] | None = None, members: Form[Any] | None = None, changed: Changed | None = None
) -> str:
    """Render the teams with a form for each, one for a new team, and one for who goes with which."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        visits, targets = visits_of(uow, operation_id), targets_of(uow, operation_id)
        teams, people = teams_of(uow, operation_id), [one for one in people_of(uow, operation_id) if one.goes]
        names = authority_names(uow, {one.authority_id for one in people})
    options = [
        (str(visit.id), f"{n}. {show_clock(visit.starts_at)} {targets[visit.id].name if visit.id in targets else ''}")
        for n, visit in enumerate(visits, 1)
    ]
    team_of = {place: team.id for team in teams for place in team.assignment_ids}
    stands = new_form({f"team_{one.assignment_id.hex}": team_of.get(one.assignment_id) for one in people})
    labels = {"name": t("operation.teams_form.name"), "visit_ids": t("operation.teams_form.visits")}
    more = {"teams": teams, "people": people, "names": names, "options": options, "members": members or stands}
    filled: dict[UUID, Form[Any]] = {one.id: new_form({"name": one.name, "visit_ids": one.visit_ids}) for one in teams}
    filled |= dict([changed] if changed else [])
    return form_page("teams", operation, form or new_form(), labels, filled=filled, **more)


@blueprint.get("/operations/<uuid:operation_id>/teams")
@guarded("planner")
def get_teams(operation_id: UUID) -> str:
    """The teams."""
    return show_teams(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/teams")
@guarded("planner")
def post_team(operation_id: UUID) -> Response:
    """Form a team."""

    def make(uow: UnitOfWork, asked: TeamForm) -> str:
        form_team(uow, operation_id, asked.name, asked.visit_ids)
        return f"/operations/{operation_id}/teams"

    return answer_form(TeamForm, make, lambda form: show_teams(operation_id, form))


@blueprint.post("/operations/<uuid:operation_id>/teams/<uuid:team_id>")
@guarded("planner")
def post_changed_team(operation_id: UUID, team_id: UUID) -> Response:
    """Give a team another name or other visits."""

    def make(uow: UnitOfWork, asked: TeamForm) -> str:
        change_team(uow, operation_id, team_id, asked.name, asked.visit_ids)
        return f"/operations/{operation_id}/teams#team-{team_id}"

    return answer_form(TeamForm, make, lambda form: show_teams(operation_id, changed=(team_id, form)))


@blueprint.post("/operations/<uuid:operation_id>/teams/<uuid:team_id>/dissolve")
@guarded("planner")
def post_dissolved_team(operation_id: UUID, team_id: UUID) -> Response:
    """Dissolve a team; its people go to every visit again."""

    def make(uow: UnitOfWork, _: Body) -> str:
        dissolve_team(uow, operation_id, team_id)
        return f"/operations/{operation_id}/teams"

    return answer_form(Body, make, lambda form: show_teams(operation_id, form))


@blueprint.post("/operations/<uuid:operation_id>/teams/members")
@guarded("planner")
def post_members(operation_id: UUID) -> Response:
    """Place everybody who goes in a team, or in none."""
    with unit_of_work(current_viewer()) as uow:
        led(uow, operation_id)
        people = [one for one in people_of(uow, operation_id) if one.goes]
        team_of = {place: team.id for team in teams_of(uow, operation_id) for place in team.assignment_ids}
    fields: dict[str, Any] = {f"team_{one.assignment_id.hex}": (UUID | None, None) for one in people}
    model: type[Body] = create_model("MembersForm", __base__=Body, **fields)

    def make(uow: UnitOfWork, asked: Body) -> str:
        for one in people:
            chosen = getattr(asked, f"team_{one.assignment_id.hex}")
            if chosen != team_of.get(one.assignment_id):
                join_team(uow, one.assignment_id, chosen)
        return f"/operations/{operation_id}/teams#members"

    return answer_form(model, make, lambda form: show_teams(operation_id, None, form))
