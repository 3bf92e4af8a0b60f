"""The month's sample: drawn once, each line ticked off by a log reviewer, how far one has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import StringConstraints

from samsyn.access.queries import staff_names
from samsyn.access.rules import Role
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.reviews.queries import MonthLine, SampleLine, get_month, month_of, months, sample_of
from samsyn.reviews.rules import SAMPLING, Verdict
from samsyn.reviews.service import TickOff, draw_month, tick_off
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.trail import LogRow, rows_of
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("log_sample")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Month = Annotated[str, StringConstraints(pattern=MONTH)]


class MonthForm(Body):
    """A month that is over, as 2026-10."""

    month: Month


class TickForm(Body):
    """What a reviewer says of a line."""

    verdict: Verdict
    note: Prose | None = None


class SampleQuery(PageQuery):
    """Whose lines are listed: a month's, as 2026-10."""

    month: Annotated[str, StringConstraints(max_length=7)] = ""

    def day(self) -> date:
        """Return the month's first day; ``NotFoundError`` for what is no month."""
        try:
            return date.fromisoformat(f"{self.month}-01")
        except ValueError:
            raise NotFoundError("no such month") from None


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A drawn line in words; ``log`` None: it is gone from the trail. ``own``: the reviewer's own act."""

    line: SampleLine
    log: LogRow | None
    ticked_by: str
    own: bool

    @property
    def at(self) -> datetime | None:
        """Return when it was done."""
        return self.log.line.at if self.log else None


def found_sample(uow: UnitOfWork, month: date) -> list[SampleRow]:
    """Return what page and files show: in the order in which it was drawn."""
    lines = sample_of(uow, month)
    logs = {row.line.id: row for row in rows_of(uow, [one.act for one in lines if one.act])}
    names = staff_names(uow, {one.ticked_by for one in lines if one.ticked_by})
    by = {person: name for (person, authority), name in names.items() if authority == uow.me}
    return [
        SampleRow(
            one,
            logs.get(one.audit_id),
            by.get(one.ticked_by, "") if one.ticked_by else "",
            one.act is not None and one.act.actor_person_id == uow.viewer.person_id,
        )
        for one in lines
    ]


def month_words(month: date) -> str:
    """Return a month as addresses and files write it."""
    return f"{month:%Y-%m}"


def show_months(form: Form[Any] | None = None) -> str:
    """Render the months that are over and how far each is reviewed."""
    with unit_of_work(current_viewer()) as uow:
        found = months(uow)
    return page("trail/months.html.j2", months=found, form=form or new_form(), sampling=SAMPLING, words=month_words)


def show_sample(month: date, form: Form[Any] | None = None, at: UUID | None = None) -> str:
    """Render a month's lines; ``form`` is what came back, at the line ``at``."""
    with unit_of_work(current_viewer()) as uow:
        stands: MonthLine = get_month(uow, month)
        rows = found_sample(uow, month)
    name = month_words(month)
    return page("trail/sample.html.j2", month=stands, name=name, rows=rows, form=form or new_form(), form_at=at)


@blueprint.get("/audit/sample")
@guarded(Role.LOG_REVIEWER)
@blueprint.input(SampleQuery, location="query", arg_name="query")
def get_sample(query: SampleQuery) -> str:
    """The months, or one month's lines."""
    return show_sample(query.day()) if query.month else show_months()


@blueprint.post("/audit/sample")
@guarded(Role.LOG_REVIEWER)
def post_sample() -> Response:
    """Draw a month's sample; again, it is the same."""

    def make(uow: UnitOfWork, asked: MonthForm) -> str:
        draw_month(uow, date.fromisoformat(f"{asked.month}-01"))
        return f"/audit/sample?month={asked.month}#lines"

    return answer_form(MonthForm, make, show_months)


@blueprint.post("/audit/sample/<uuid:line_id>")
@guarded(Role.LOG_REVIEWER)
def post_tick(line_id: UUID) -> Response:
    """Tick a line off."""
    with unit_of_work(current_viewer()) as uow:
        month = month_of(uow, line_id)

    def make(uow: UnitOfWork, asked: TickForm) -> str:
        tick_off(uow, TickOff(line_id, asked.verdict, asked.note or ""))
        return f"/audit/sample?month={month_words(month)}#line-{line_id}"

    return answer_form(TickForm, make, lambda form: show_sample(month, form, line_id))
