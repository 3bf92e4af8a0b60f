"""The list of operations by ISO week, with its filters; the same rows as in its files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    PersonLine,
    list_operations,
    parts_of_many,
    people_of_many,
    titles_of,
    visits_of_many,
)
from samsyn.operations.rules import ENDED, AssignmentState, OperationState
from samsyn.web.forms import Form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of, from_local
from samsyn.web.pages.operation_page import week_name
from samsyn.web.pages.operation_view import Square
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("operation_list")
WEEK: Final = re.compile(r"(?:(20\d\d)[- ]*)?(?:[wv]\.?)? ?(\d{1,2})", re.IGNORECASE)
AHEAD: Final = timedelta(days=3 * 366)
OPEN: Final = frozenset(OperationState) - ENDED


class ListQuery(PageQuery):
    """From which week on: "48", "v. 48" or "2026-W48" (ISO 8601 weeks); the current one when empty.

    ``state``: one of the twelve, or "open" for those that have not ended. ``led``: by the own authority or by others.
    ``text``: part of a code word, or of a title that the viewer may read.
    """

    week: str = Field(default="", max_length=20)
    state: OperationState | Literal["", "open"] = ""
    led: Literal["", "us", "others"] = ""
    text: str = Field(default="", max_length=60)

    @property
    def kept(self) -> dict[str, str]:
        """The filters that are set, for the addresses that lead on from the list."""
        return {name: str(value) for name in ("week", "state", "led", "text") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation of the list, with what a planner looks for first."""

    card: OperationCard
    title: str
    lead: str
    mine: bool
    squares: tuple[Square, ...]
    visits: int
    accepted: int
    asked: int


def monday(week: str, today: date) -> date:
    """Return the first day of the ISO week that was typed; raise ``ValueError`` for one that does not exist."""
    if not week.strip():
        return today - timedelta(days=today.weekday())
    match = WEEK.fullmatch(week.strip())
    if match is None:
        raise ValueError("no week")
    return date.fromisocalendar(int(match[1] or today.isocalendar().year), int(match[2]), 1)


def found_operations(uow: UnitOfWork, query: ListQuery, first: date, seek: Seek) -> Page[OperationCard]:
    """Return the operations from a week on that the filters keep."""
    start = from_local(first, time(0))
    states = OPEN if query.state == "open" else frozenset({query.state}) if query.state else frozenset()
    lead = {"us": True, "others": False}.get(query.led)
    return list_operations(
        uow, seek, between=(start, start + AHEAD), states=states, led_by_me=lead, text=query.text.strip()
    )


def rows_of(uow: UnitOfWork, cards: Sequence[OperationCard]) -> list[OperationRow]:
    """Return the rows of some operations: as many statements for a hundred as for one."""
    ids = {one.id for one in cards}
    parts, people, visits = parts_of_many(uow, ids), people_of_many(uow, ids), visits_of_many(uow, ids)
    titles = titles_of(uow, ids)
    names = authority_names(
        uow, {one.lead_id for one in cards} | {p.authority_id for some in parts.values() for p in some}
    )
    return [
        OperationRow(
            card=one,
            title=titles.get(one.id, ""),
            lead=names.get(one.lead_id, ""),
            mine=one.lead_id == uow.me,
            squares=squares_of(parts.get(one.id, ()), names),
            visits=len(visits.get(one.id, ())),
            accepted=count(people.get(one.id, ()), AssignmentState.ACCEPTED),
            asked=count(people.get(one.id, ()), AssignmentState.ACCEPTED, AssignmentState.ASKED),
        )
        for one in cards
    ]


def count(people: Sequence[PersonLine], *states: AssignmentState) -> int:
    """Count people in some states."""
    return sum(person.state in states for person in people)


def squares_of(parts: Sequence[PartCard], names: Mapping[UUID, str]) -> tuple[Square, ...]:
    """Return the units that are asked, dashed where one has not said yes everywhere."""
    found: dict[tuple[UUID, object], Square] = {}
    for part in sorted(parts, key=lambda one: names.get(one.authority_id, "")):
        key = (part.authority_id, part.field)
        before = found.get(key)
        found[key] = (
            part.field,
            names.get(part.authority_id, ""),
            (before[2] if before else False) or not part.accepted,
        )
    return tuple(found.values())


def by_week(rows: Sequence[OperationRow]) -> list[tuple[datetime, list[OperationRow]]]:
    """Return the rows under the first start of their week; they come in the order of their start."""
    weeks = groupby(rows, key=lambda one: day_of(one.card.starts_at).isocalendar()[:2])
    return [(some[0].card.starts_at, some) for some in (list(some) for _, some in weeks)]


@blueprint.get("/operations")
@guarded()
@blueprint.input(ListQuery, location="query", arg_name="query")
def get_operations(query: ListQuery) -> tuple[str, int]:
    """Operations that the own authority takes part in, week by week."""
    form = new_form(query.kept)
    with unit_of_work(current_viewer()) as uow:
        today = uow.today
        try:
            first = monday(query.week, today)
        except ValueError:
            first = monday("", today)
            form = Form(typed=form.typed, faults={"week": [t("operations.list.no_week")]})
        found = found_operations(uow, query, first, query.seek())
        weeks = by_week(rows_of(uow, found.items))
    around = {"before": week_name(first - timedelta(days=7)), "after": week_name(first + timedelta(days=7))}
    return page(
        "operations/list.html.j2",
        form=form,
        weeks=weeks,
        first=first,
        around=around,
        cursor=found.next_cursor,
        kept=query.kept,
        states=[(state.value, t(f"operations.state.{state}")) for state in OperationState],
    ), 422 if form.faults else 200
