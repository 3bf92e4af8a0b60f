"""Alarms on unusual reading, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Response
from pydantic import StringConstraints

from samsyn.access.queries import staff_names
from samsyn.access.rules import Role
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.reviews.queries import AlarmLine, list_alarms
from samsyn.reviews.rules import Alarm, Handling
from samsyn.reviews.service import HandleAlarm, handle_alarm
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("log_alarms")
Which = Literal["open", "handled"]


class AlarmQuery(PageQuery):
    """Which alarms are listed."""

    which: Which = "open"


class HandleForm(Body):
    """What became of it, and why."""

    handling: Handling
    note: Annotated[Prose, StringConstraints(max_length=2000)]


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm in words. ``own``: it is about the reviewer, who may hand it on and not explain it."""

    line: AlarmLine
    who: str
    what: str
    handled_by: str
    own: bool
    href: str


def words_of(line: AlarmLine) -> str:
    """Say what was unusual, with its numbers."""
    return t(f"log_review.alarm.{line.alarm}", n=line.n, usual=line.usual)


def rows_of(uow: UnitOfWork, lines: Sequence[AlarmLine]) -> list[AlarmRow]:
    """Put names and words to alarms; one statement."""
    people = {line.person_id for line in lines} | {line.handled_by for line in lines if line.handled_by}
    names = {p: name for (p, authority), name in staff_names(uow, people).items() if authority == uow.me}
    return [
        AlarmRow(
            line,
            names.get(line.person_id, t("trail.unnamed")),
            words_of(line),
            names.get(line.handled_by, "") if line.handled_by else "",
            line.person_id == uow.viewer.person_id,
            log_of(line),
        )
        for line in lines
    ]


def log_of(line: AlarmLine) -> str:
    """Return the log's address with the lines that the alarm is about."""
    day = day_of(line.starts_at).isoformat()
    kind = {Alarm.REFUSED: "refused", Alarm.EXPORT: "exports", Alarm.RECUSED: ""}.get(line.alarm, "reads")
    return f"/audit?person={line.person_id}&since={day}&until={day}" + (f"&action={kind}" if kind else "")


def found_alarms(uow: UnitOfWork, which: Which, seek: Seek) -> Page[AlarmRow]:
    """Return what page and files show."""
    found = list_alarms(uow, seek, handled=which == "handled")
    return Page(rows_of(uow, found.items), found.next_cursor)


def show(query: AlarmQuery, form: Form[Any] | None = None, at: UUID | None = None) -> str:
    """Render the alarms; ``form`` is what came back, at the alarm ``at``."""
    with unit_of_work(current_viewer()) as uow:
        found = found_alarms(uow, query.which, query.seek())
    kept = {"which": query.which} if query.which != "open" else {}
    return page(
        "trail/alarms.html.j2",
        rows=found.items,
        cursor=found.next_cursor,
        which=query.which,
        kept=kept,
        form=form or new_form(),
        form_at=at,
    )


@blueprint.get("/audit/alarms")
@guarded(Role.LOG_REVIEWER)
@blueprint.input(AlarmQuery, location="query", arg_name="query")
def get_alarms(query: AlarmQuery) -> str:
    """The alarms on the own people's reading."""
    return show(query)


@blueprint.post("/audit/alarms/<uuid:alarm_id>")
@guarded(Role.LOG_REVIEWER)
def post_alarm(alarm_id: UUID) -> Response:
    """Say what became of one."""

    def make(uow: UnitOfWork, asked: HandleForm) -> str:
        handle_alarm(uow, HandleAlarm(alarm_id, asked.handling, asked.note))
        return f"/audit/alarms?which=handled#alarm-{alarm_id}"

    return answer_form(HandleForm, make, lambda form: show(AlarmQuery(), form, alarm_id))
