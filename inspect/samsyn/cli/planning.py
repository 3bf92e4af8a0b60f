"""Commands that plan."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

import click

from samsyn.cli.acting import acts_as, as_json, house, planner_of, show
from samsyn.core.home import HOME, local_day
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.common_times.queries import Offer, Times, common_times, read_plan
from samsyn.lifecycle.common_times.wishes import (
    USUAL_WEEKS,
    WEEKS,
    Hours,
    Wish,
    first_week,
    least_of,
    usual_hours,
)
from samsyn.planning.iso_week import Week


@click.group()
def plan() -> None:
    """Plan as an authority's first planner."""


@plan.command("common-times")
@acts_as
@click.argument("operation_id", type=click.UUID)
@click.option("--week", default="", help="the first week, as 48 or 2026-W48; else the operation's own or this one")
@click.option("--weeks", type=click.Choice([str(n) for n in WEEKS]), default=str(USUAL_WEEKS), help="how many weeks")
@click.option("--hours", type=click.Choice([str(one) for one in Hours]), default=None, help="else as it stands now")
@click.option("--least", multiple=True, metavar="KEY:N", help="another number of people, 0 for none")
@click.option("--without", multiple=True, metavar="KEY", help="a named person or a place that does not count")
@click.option("--shorter", is_flag=True, help="it may end with its last visit")
@as_json
def common_times_command(
    *,
    authority: str,
    operation_id: UUID,
    week: str,
    weeks: str,
    hours: str | None,
    least: tuple[str, ...],
    without: tuple[str, ...],
    shorter: bool,
    as_json: bool,
) -> None:
    """Find when an operation could be; where it could not, who stands in the way and what would give a time."""
    house()
    with unit_of_work(planner_of(authority)) as uow:
        plan_ = read_plan(uow, operation_id)
        first = first_week(plan_.operation, local_day(datetime.now(UTC)))
        wish = Wish(
            typed(week, first),
            int(weeks),
            Hours(hours) if hours else usual_hours(plan_.operation),
            least_of(least),
            frozenset(without),
            shorter,
        )
        found = common_times(uow, plan_, wish)
    show(told(found), as_json=as_json, words=in_words(found))


def typed(week: str, usual: Week) -> Week:
    """Return the week that was typed, or the usual one; exit 2 for one that does not exist."""
    try:
        return Week.typed(week, usual.monday) if week else usual
    except ValueError as error:
        raise click.UsageError(f"no such week: {week!r}") from error


def told(found: Times) -> dict[str, object]:
    """Return an answer as JSON has it."""
    said = asdict(found)
    del said["operation"], said["wish"]
    return {"operation_id": found.operation.id, "from_on": found.wish.week.monday, "weeks": found.wish.weeks, **said}


def in_words(found: Times) -> str:
    """Return an answer in lines."""
    lines = [line(one) for one in found.offers]
    lines += [f"{one.key} stops {found.tried - one.can} of {found.tried}, {one.only} alone" for one in found.blames]
    lines += [f"never together: {', '.join(found.never)}"] if found.never else []
    lines += [f"{one.way} {one.key}".strip() + f": {one.opens} starts" for one in found.ways]
    lines += [f"{found.later} starts in the weeks after"] if found.later else []
    return "\n".join([*lines, f"{found.possible} of {found.tried} starts, {found.sure} sure"])


def line(offer: Offer) -> str:
    """Return one time in a line, on Sweden's clock."""
    begins, ends, until = (one.astimezone(HOME) for one in (offer.starts_at, offer.ends_at, offer.until))
    kind = f", {offer.day_kind} day" if offer.day_kind else ""
    return f"{begins:%a %Y-%m-%d %H:%M}-{ends:%H:%M}, until {until:%H:%M}: {'sure' if offer.sure else 'perhaps'}{kind}"
