"""The operation's page, and what the forms that belong to it have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from samsyn.access.queries import deputies_today
from samsyn.calendars.rules import Method
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import OperationCard, get_operation
from samsyn.operations.rules import BEFORE_ONGOING, OperationState, VisitState
from samsyn.outcomes.queries import open_of_operation
from samsyn.planning.queries.polls import open_poll_of
from samsyn.texts import has
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import day_of
from samsyn.web.pages.burden import burdens_of
from samsyn.web.pages.history import history_of
from samsyn.web.pages.in_danger import ways_out
from samsyn.web.pages.missing import competence, missing_lines
from samsyn.web.pages.operation_view import OperationView, read_view
from samsyn.web.pages.part_cards import authority_cards
from samsyn.web.pages.settled import settled_lines
from samsyn.web.parsing import Body
from samsyn.web.shell import page, t

STEPS: Final = tuple(state for state in OperationState if state not in {"cancelled", "aborted"})
"""The ten states in their order."""
ROLES: Final = ("inspector", "police", "team_lead", "lead", "observer")


class Nothing(Body):
    """A form of one button."""


def role_word(role: str) -> str:
    """Return a role's word; a role that somebody typed is shown as it is."""
    key = f"lifecycle.role.{role}"
    return t(key) if has(key) else role


def show_operation(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the operation; ``form`` is a button or a message that was refused, whose reason stands on top."""
    with unit_of_work(current_viewer()) as uow:
        view = read_view(uow, operation_id)
        deputy, now = deputy_of(uow, view.seen.operation), uow.now
        danger = ways_out(uow, view)
        burdens = burdens_of(uow, view.seen.visits, view.seen.targets)
        closes = view.may.close(view.status.closed)
        own_open = len(open_of_operation(uow, operation_id)) if closes else 0
        poll = open_poll_of(uow, operation_id) if view.seen.operation.state in BEFORE_ONGOING else None
    codes = dict.fromkeys((*view.seen.missing, *(form.missing if form else ())))
    return page(
        "operations/show.html.j2",
        view=view,
        op=view.seen.operation,
        may=view.may,
        form=form or new_form(),
        receipt=receipt(),
        deputy=deputy,
        poll=poll,
        own_open=own_open,
        danger=danger,
        to_answer=[one for one in view.seen.parts if one.accepted is None and view.may.answer(one)],
        steps=STEPS,
        reached=STEPS.index(view.seen.operation.state) if view.seen.operation.state in STEPS else -1,
        dates=dates_known(view),
        missing=missing_lines(view, tuple(codes)),
        settled=settled_lines(view),
        cards=authority_cards(view),
        openings=openings(view, now),
        now=now,
        burdens=burdens,
        history=history_of(view),
        week_of=week_name,
        role_word=role_word,
        competence=competence,
    )


def deputy_of(uow: UnitOfWork, operation: OperationCard) -> str:
    """Return who stands in today for the lead person, to the lead's own people: others read no deputies."""
    if operation.lead_id != uow.me or operation.lead_person_id is None:
        return ""
    return deputies_today(uow, {operation.lead_person_id}).get(operation.lead_person_id, (None, ""))[1]


def receipt() -> str:
    """Return in words what was just done, as the address says it; nothing for a word that is none of ours."""
    key = f"operations.receipt.{request.args.get('done', '')}"
    return t(key) if has(key) else ""


def week_name(when: date | datetime) -> str:
    """Return a week as the address carries it: ``2026-W48``."""
    year, week, _ = day_of(when).isocalendar()
    return f"{year}-W{week:02}"


def dates_known(view: OperationView) -> dict[str, datetime]:
    """Return when the states were reached; of operations that noted none: the last invitation, the last visit's end."""
    invited = [line.at for line in view.seen.sent if line.method is Method.REQUEST]
    ended = [visit.ended_at for visit in view.seen.visits if visit.ended_at]
    found = {"invited": max(invited, default=None), "done": max(ended, default=None)}
    known = {state: at for state, at in found.items() if at is not None}
    return known | {state.value: at for state, at in view.seen.reached.items()}


def openings(view: OperationView, now: datetime) -> list[tuple[datetime, list[int]]]:
    """Return when unannounced targets will open to those who go, each time once, with its visits."""
    found: dict[datetime, list[int]] = {}
    for n, visit in enumerate(view.seen.visits, 1):
        target = view.seen.targets.get(visit.id)
        if target is not None and not target.announced and target.open_at > now and visit.state is VisitState.PLANNED:
            found.setdefault(target.open_at, []).append(n)
    return sorted(found.items())


def press(operation_id: UUID, make: Callable[[UnitOfWork], None], anchor: str) -> Response:
    """Answer a button of the operation's page: do it once and go back to where it was pressed."""

    def made(uow: UnitOfWork, _: Nothing) -> str:
        make(uow)
        return f"/operations/{operation_id}#{anchor}"

    return answer_form(Nothing, made, lambda form: show_operation(operation_id, form))


def led(uow: UnitOfWork, operation_id: UUID) -> OperationCard:
    """Return an operation that the viewer's authority leads, else refuse: the form is not for others."""
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me:
        raise NotAllowedError("only the lead authority may do that")
    return operation


def form_page(template: str, operation: OperationCard, form: Form[Any], labels: Mapping[str, str], **more: Any) -> str:
    """Render a form that belongs to an operation."""
    return page(f"operations/{template}.html.j2", op=operation, form=form, labels=labels, **more)
