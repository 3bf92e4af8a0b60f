"""The address ``/month``: a month's operations and activities in its weeks and days; on a phone a list of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import request

from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import OperationCard
from samsyn.operations.rules import BEFORE_ONGOING
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.month import Month, MonthRead, read_month
from samsyn.planning.red_days import DayKind, RedDay, red_days
from samsyn.pledges.queries.activities import ActivityAt
from samsyn.web.forms import Form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.localtime import day_of
from samsyn.web.pages.activity_days import ActivityDays, address_of, kind_of, read_activities
from samsyn.web.pages.week.joint import DRAFT, SAID
from samsyn.web.pages.week.words import day_words, full_hours
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("month")
SHOWN: Final = 5
"""What is shown of a day; the week has it all."""
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation on a day, or an activity (``hours`` then says its kind).

    ``look``: draft, joint, own or clash (in danger).
    """

    id: UUID
    hours: str
    title: str
    where: str
    label: str
    look: str
    href: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what begins on it; ``more``: how many are not shown."""

    day: date
    words: str
    inside: bool
    today: bool
    free: bool
    mark: str
    entries: Sequence[Entry]
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the month."""

    week: Week
    days: Sequence[Day]


def asked_for(today: date) -> tuple[Month, str]:
    """Read the address; with a month that is none comes today's, and what is wrong."""
    typed = request.args.get("month", "")[:20].strip()
    try:
        return (Month.named(typed) if typed else Month.of(today)), ""
    except ValueError:
        return Month.of(today), t("week.month.none_such")


@blueprint.get("/month")
@guarded()
def get_month() -> tuple[str, int]:
    """A month of what the viewer may know of, in a constant number of statements."""
    with unit_of_work(current_viewer()) as uow:
        month, fault = asked_for(uow.today)
        read, weeks = read_month(uow, month), month.weeks
        activities = read_activities(uow, weeks[0].days[0], weeks[-1].days[-1])
    return show(read, activities, fault), 422 if fault else 200


def show(read: MonthRead, activities: ActivityDays, fault: str) -> str:
    """Render the page from what was read."""
    month = read.month
    form: Form[Any] = Form(typed={"month": [month.name]})
    if fault:
        form = Form(typed={"month": [request.args.get("month", "")[:20]]}, faults={"month": [fault]})
    return page(
        "week/month.html.j2",
        month=month,
        title=month_words(month),
        before=month.beside(-1),
        after=month.beside(1),
        month_words=month_words,
        rows=rows_of(read, activities),
        heads=[(day_words(day, "EEE"), day_words(day, "EEEE")) for day in month.weeks[0].days],
        count=sum(month == Month.of(day_of(one.starts_at)) for one in read.operations),
        form=form,
        plans="planner" in read.viewer.roles,
    )


def month_words(month: Month) -> str:
    """Return ``december 2026``."""
    return day_words(month.first, "LLLL y")


def rows_of(read: MonthRead, activities: ActivityDays) -> list[Row]:
    """Return the month's weeks."""
    weeks = read.month.weeks
    red = red_days([day for week in weeks for day in week.days], current_language())
    begun: dict[date, list[Entry]] = {}
    for one in read.operations:
        begun.setdefault(day_of(one.starts_at), []).append(entry_of(read, one))
    for activity in activities.lines:
        begun.setdefault(activity.on_date, []).append(entry_of_activity(activities, activity))
    return [Row(week, [day_shown(read, day, red, begun.get(day, ())) for day in week.days]) for week in weeks]


def day_shown(read: MonthRead, day: date, red: Mapping[date, RedDay], entries: Sequence[Entry]) -> Day:
    """Return a day with its operations, then its activities."""
    mark = red.get(day)
    return Day(
        day=day,
        words=day_words(day),
        inside=Month.of(day) == read.month,
        today=day == day_of(read.now),
        free=day.weekday() >= SATURDAY or (mark is not None and mark.kind is DayKind.RED),
        mark=mark.name if mark else "",
        entries=entries[:SHOWN],
        more=max(len(entries) - SHOWN, 0),
    )


def entry_of(read: MonthRead, operation: OperationCard) -> Entry:
    """Return an operation as far as the viewer may know of it: the order's title, a place, or the code word."""
    visits = read.visits.get(operation.id, ())
    place = next((one.name for one in visits if one.name), None)
    title = read.titles.get(operation.id) or place or t("operations.page.name", code_word=operation.code_word)
    joint = len(read.partakers.get(operation.id, frozenset()) | {operation.lead_id}) > 1
    look = "draft" if operation.state in DRAFT else "joint" if joint else "own"
    danger = operation.in_danger and operation.state in BEFORE_ONGOING
    where = t("week.places", n=len(visits)) if visits else ""
    return Entry(
        operation.id,
        full_hours((operation.starts_at, operation.ends_at)),
        title,
        (visits[0].address or "") if len(visits) == 1 else where,
        t(f"operations.state.{operation.state}").lower() if operation.state in DRAFT | SAID else "",
        "clash" if danger else look,
        f"/operations/{operation.id}",
    )


def entry_of_activity(activities: ActivityDays, one: ActivityAt) -> Entry:
    """Return an activity: its kind, its title, and whose it is."""
    return Entry(one.id, kind_of(one), one.title, activities.whose(one), "", "own", address_of(one))
