"""What is held back for ten seconds: how pages ask for it, and the button that takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from flask import Response

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.held import Command, Outcome, hold
from samsyn.operations.queries.held_actions import my_held
from samsyn.operations.service.held_actions import withdraw_action
from samsyn.texts import has
from samsyn.web.forms import answer_form
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.identity import current_viewer
from samsyn.web.pages.operation_page import Nothing, show_operation
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("held")
FOLLOWED: Final = timedelta(minutes=1)


def hold_here(uow: UnitOfWork, command: Command) -> Outcome:
    """Do a command of a page, or hold it for as long as the installation says; refusals come at once."""
    return hold(uow, command, house().settings.undo_seconds)


@blueprint.app_template_global()
def seconds_left(due_at: datetime) -> int:
    """Return the whole seconds until something leaves the house, never below 0."""
    return max(0, ceil((due_at - datetime.now(UTC)).total_seconds()))


@blueprint.app_template_global()
def followed(due_at: datetime) -> bool:
    """Say whether the page still asks how it ended: a minute at most, or a stopped worker would be asked for ever."""
    return datetime.now(UTC) - due_at < FOLLOWED


@blueprint.app_template_global()
def why_refused(code: str) -> str:
    """Return in words why a held action could not be done."""
    key = f"held.why.{code}"
    return t(key if has(key) else "held.why.other")


@blueprint.post("/held/<uuid:held_id>/undo")
@guarded()
def post_undo(held_id: UUID) -> Response:
    """Take back what the viewer has waiting; too late, the operation's page says what happened instead."""
    with unit_of_work(current_viewer()) as uow:
        operation_id = my_held(uow, held_id)

    def make(uow: UnitOfWork, _: Nothing) -> str:
        withdraw_action(uow, held_id)
        return f"/operations/{operation_id}"

    return answer_form(Nothing, make, lambda form: show_operation(operation_id, form))
