"""Notices on the page: the list, what was seen, how a person wants each kind, and the buttons that remind people."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import create_model

from samsyn.access.service import KeepSettings, keep_settings
from samsyn.calendars.queries import NoticeLine, choices_of, list_notices, refusal_codes
from samsyn.calendars.rules import AT_ONCE, SETTING_OF, Choice, NoticeKind
from samsyn.calendars.service import mark_all_read, mark_read
from samsyn.core.paging import Page
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.notices import remind_all, remind_person
from samsyn.operations.queries.held_actions import refusals_of
from samsyn.texts import has
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.held import why_refused
from samsyn.web.pages.operation_page import press
from samsyn.web.pages.settings import SAVED, SECTIONS, Section
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("notices")
WIDTH: Final = 3
"""Of the list's cursor: seen or not, when, which."""
ChoicesForm = create_model("ChoicesForm", __base__=Body, **{kind.value: (Choice, ...) for kind in NoticeKind})  # type: ignore[call-overload]


@blueprint.get("/notices")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
def get_notices(query: PageQuery) -> str:
    """The viewer's notices, those not seen first."""
    with unit_of_work(current_viewer()) as uow:
        found = list_notices(uow, query.seek(WIDTH))
        reasons = reasons_of(uow, found)
    return page("notices/list.html.j2", lines=found.items, cursor=found.next_cursor, reasons=reasons)


def reasons_of(uow: UnitOfWork, found: Page[NoticeLine]) -> dict[UUID, str]:
    """Return why mails were refused and actions not carried out, in words, by what they are about."""

    def of(kind: NoticeKind) -> list[UUID]:
        return [one.subject_id for one in found.items if one.kind is kind]

    mails = refusal_codes(uow, of(NoticeKind.DELIVERY_REFUSED))
    said = {subject: server_words(code) for subject, code in mails.items()}
    return said | {s: why_refused(code) for s, code in refusals_of(uow, of(NoticeKind.HELD_REFUSED)).items()}


def server_words(code: str) -> str:
    """Return a reason in words; a code of the mail server's as it is."""
    key = f"operations.why.{code}"
    return t(key) if has(key) else t("notices.server", code=code)


@blueprint.post("/notices/<uuid:notice_id>/read")
@guarded()
def post_read(notice_id: UUID) -> Response:
    """Say that one was seen."""

    def make(uow: UnitOfWork) -> str:
        mark_read(uow, notice_id)
        return "/notices"

    return once_then_go(make)


@blueprint.post("/notices/read")
@guarded()
def post_read_all() -> Response:
    """Say that all were seen."""

    def make(uow: UnitOfWork) -> str:
        mark_all_read(uow)
        return "/notices"

    return once_then_go(make)


def section(uow: UnitOfWork, form: Form[Any] | None = None) -> dict[str, Any]:
    """Return what the form of the choices shows: as they stand, or as they were typed."""
    stand = {kind.value: choice.value for kind, choice in choices_of(uow).items()}
    options = [(choice.value, t(f"notices.choice.{choice.value}")) for choice in Choice]
    return {
        "form": form or new_form(stand),
        "labels": {kind.value: t(f"notices.name.{kind.value}") for kind in NoticeKind},
        "options": options,
        "once": {kind.value for kind in AT_ONCE},
        "at_once": [one for one in options if one[0] != Choice.DAILY.value],
    }


SECTIONS.append(Section("notices/_choices.html.j2", section))


def show_choices(form: Form[Any] | None = None) -> str:
    """Render the choices on a page of their own: where a mail leads, and where a fault is shown."""
    with unit_of_work(current_viewer()) as uow:
        more = section(uow, form)
    return page("notices/choices.html.j2", more=more, saved=SAVED in request.args)


@blueprint.get("/settings/notices")
@guarded()
def get_choices() -> str:
    """How the viewer wants each kind of notice."""
    return show_choices()


@blueprint.post("/settings/notices")
@guarded()
def post_choices() -> Response:
    """Keep the choices."""

    def make(uow: UnitOfWork, asked: Any) -> str:
        values = {f"{SETTING_OF}{kind.value}": getattr(asked, kind.value).value for kind in NoticeKind}
        keep_settings(uow, KeepSettings(values))
        return f"/settings/notices?{SAVED}=1"

    return answer_form(ChoicesForm, make, show_choices)


@blueprint.post("/operations/<uuid:operation_id>/people/<uuid:assignment_id>/remind")
@guarded("planner")
def post_remind(operation_id: UUID, assignment_id: UUID) -> Response:
    """Remind one person of the answer."""
    return press(operation_id, lambda uow: remind_person(uow, operation_id, assignment_id), f"person-{assignment_id}")


@blueprint.post("/operations/<uuid:operation_id>/remind")
@guarded("planner")
def post_remind_all(operation_id: UUID) -> Response:
    """Remind everybody who has not answered."""

    def make(uow: UnitOfWork) -> None:
        remind_all(uow, operation_id)

    return press(operation_id, make, "people")
