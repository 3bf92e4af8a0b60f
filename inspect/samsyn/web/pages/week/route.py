"""The address ``/week``: which week, which units are to be free at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from pydantic import BaseModel

from samsyn.calendars.queries import SentLine, sent_of
from samsyn.core.uow import unit_of_work
from samsyn.planning.free_time import common_times
from samsyn.planning.iso_week import Week, at
from samsyn.planning.queries import WeekRead, read_week
from samsyn.planning.red_days import DayKind, RedDay
from samsyn.pledges.queries.activities import ActivityAt
from samsyn.web.forms import Form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import day_of, to_local
from samsyn.web.pages.activity_days import ActivityDays, address_of, kind_of, read_activities
from samsyn.web.pages.week.board import board_of
from samsyn.web.pages.week.cells import Entry, Head, Joint, Slot
from samsyn.web.pages.week.rows import workdays
from samsyn.web.pages.week.tasks import clash_tasks, sendings, waited_for, waiting_tasks
from samsyn.web.pages.week.words import dates_of, day_words, full_hours
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("week")
CHOSEN: Final = 40
SHOWN: Final = 6
"""Entries of a list beside the table; the number of all of them stands above it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says. ``fault``: the week that was typed does not exist, and this one is shown."""

    week: Week
    units: frozenset[UUID]
    typed: str
    fault: str = ""

    def at(self, week: Week) -> str:
        """Return the address of a week with the same units chosen."""
        return "/week?" + urlencode([("week", week.name), *(("unit", str(one)) for one in sorted(self.units, key=str))])


def asked_for(today: date) -> Asked:
    """Read the address; unknown units are left out when the week is read."""
    typed, units = request.args.get("week", "")[:20], set()
    for said in request.args.getlist("unit")[:CHOSEN]:
        try:
            units.add(UUID(said))
        except ValueError:
            continue
    try:
        return Asked(Week.typed(typed, today), frozenset(units), typed)
    except ValueError:
        return Asked(Week.of(today), frozenset(units), typed, t("operations.list.no_week"))


@blueprint.get("/week")
@guarded()
def get_week() -> tuple[str, int]:
    """A week of the own authority and those that it works with, in a constant number of statements."""
    with unit_of_work(current_viewer()) as uow:
        asked = asked_for(uow.today)
        read = read_week(uow, asked.week)
        sent = sent_of(uow, {one.id for one in read.operations})
        activities = read_activities(uow, asked.week.days[0], asked.week.days[-1])
    return show(asked, read, sent, activities), 422 if asked.fault else 200


def show(asked: Asked, read: WeekRead, sent: Sequence[SentLine], activities: ActivityDays) -> str:
    """Render the page from what was read."""
    board = board_of(read)
    names, red, lane = board.names, board.red, board.lane
    waited = waited_for(read)
    chosen = chosen_units(asked, read)
    slots = slots_of(read, red, chosen)
    return page(
        "week/show.html.j2",
        asked=asked,
        week=asked.week,
        week_dates=dates_of(asked.week),
        form=form_of(asked, day_of(read.now)),
        heads=[head(day, day_of(read.now), red.get(day)) for day in asked.week.days],
        lane=by_day(asked.week, lane),
        joint_count=len(lane),
        rows=board.rows,
        activities=[[entry_of(activities, one) for one in activities.on(day)] for day in asked.week.days],
        clash_tasks=clash_tasks(read, names, board.clashes, SHOWN),
        clashing=len(board.clashes),
        clash_count=sum(map(len, board.clashes.values())),
        warnings=warnings(lane, red),
        waits=waiting_tasks(read, names, waited[:SHOWN], sent),
        wait_count=len(waited),
        most=SHOWN,
        sent=sendings(names, sent),
        slots=by_day(asked.week, slots),
        slot_count=len(slots),
        units=[(one, one.id in chosen) for one in read.units],
        fields=list(dict.fromkeys(one.field for one in read.units)),
        empty=not read.operations and not activities.lines,
        plans=read.plans,
    )


def entry_of(activities: ActivityDays, one: ActivityAt) -> Entry:
    """Return an activity, which has a day and no hours: its kind stands in their place."""
    midnight = at(one.on_date, time(0))
    return Entry("own", (midnight, midnight), kind_of(one), one.title, activities.whose(one), address_of(one))


def form_of(asked: Asked, today: date) -> Form[BaseModel]:
    """Return the box with the week's number in it, its year where that is another, or what was typed and its fault."""
    if asked.fault:
        return Form(typed={"week": [asked.typed]}, faults={"week": [asked.fault]})
    same = asked.week.year == Week.of(today).year
    return new_form({"week": asked.week.number if same else asked.week.name})


def head(day: date, today: date, red: RedDay | None) -> Head:
    """Return a day's head."""
    return Head(
        day=day,
        short=day_words(day, "EEE"),
        words=day_words(day),
        today=day == today,
        weekend=day.weekday() >= 5,  # noqa: PLR2004 - Saturday
        free=day.weekday() >= 5 or (red is not None and red.kind is DayKind.RED),  # noqa: PLR2004
        mark=red.name if red else "",
    )


def by_day(week: Week, things: Sequence[Joint] | Sequence[Slot]) -> list[list[Joint | Slot]]:
    """Return the things under the day that they begin on."""
    found: dict[date, list[Joint | Slot]] = {day: [] for day in week.days}
    for one in things:
        found[one.day if isinstance(one, Joint) else day_of(one.span[0])].append(one)
    return list(found.values())


def warnings(lane: Sequence[Joint], red: Mapping[date, RedDay]) -> list[str]:
    """Return which operations stand on a day that is not an ordinary one: no clash, but good to know."""
    return [
        t(f"week.warning.{red[day].kind}", day=day_words(day), name=red[day].name, n=n)
        for day in red
        if (n := sum(one.day == day for one in lane))
    ]


def chosen_units(asked: Asked, read: WeekRead) -> frozenset[UUID]:
    """Return the units that are to be free together: those that were ticked, else every one that has people."""
    known = {one.id for one in read.units if one.id in read.people}
    return frozenset(asked.units & known or known)


def slots_of(read: WeekRead, red: Mapping[date, RedDay], chosen: frozenset[UUID]) -> list[Slot]:
    """Return when every chosen unit has somebody free; only a planner sees the others' time, and may plan."""
    if not read.plans:
        return []
    groups = [[one.person_id for one in read.people[unit]] for unit in sorted(chosen, key=str)]
    taken = {one.person_id: read.busy(one.person_id) for one in read.staff}
    found = common_times(groups, taken, workdays(read, red), read.now)
    return [Slot(full_hours(span), f"/operations/new?{urlencode(filled(*span))}", span) for span in found]


def filled(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """Return the fields of the address that fill in the form of a new operation, on Sweden's clock."""
    return {name: f"{to_local(moment):%Y-%m-%dT%H:%M}" for name, moment in (("starts", starts_at), ("ends", ends_at))}
