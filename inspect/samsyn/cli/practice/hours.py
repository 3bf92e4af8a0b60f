"""When people can: shifts from working patterns, what was agreed beside them, leave, and their own calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from samsyn.cli.practice.clock import weekly
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.words import LEAVES
from samsyn.planning.rules import LeaveKind, Span
from samsyn.planning.service import AddLeave, add_leave, add_shifts, record_busy, refresh_unavailable

WEEKS: Final = range(-12, 10)
"""From the first of the past operations to some weeks after the last of the coming ones."""


def keep_hours(town: Town) -> None:
    """Write everybody's hours, each authority's in one piece, and what others may learn of them."""
    horizon = (town.clock.at(7 * WEEKS.start, "00:00"), town.clock.at(7 * WEEKS.stop, "00:00"))
    unreadable = {busy["person"] for busy in town.data["busy_from_own_calendars"] if busy.get("unknown")}
    for authority in town.authorities:
        with town.at(town.admin(authority), town.clock.now) as uow:
            for said in town.data["persons"]:
                person = town.persons[said["key"]]
                if person.authority != authority:
                    continue
                add_shifts(uow, person.id, list(dict.fromkeys(shifts(town, said))))
                for leave in town.data["leave"]:
                    if leave["person"] == person.key:
                        days = (
                            town.clock.at(leave["day"], "00:00"),
                            town.clock.at(leave["day"] + leave["days"], "00:00"),
                        )
                        add_leave(uow, AddLeave(person.id, days, LEAVES.get(leave["kind"], LeaveKind.OTHER)))
                record_busy(uow, person.id, list(busy_times(town, person.key)))
                refresh_unavailable(uow, person.id, horizon, readable=person.key not in unreadable)


def shifts(town: Town, said: dict[str, Any]) -> Iterator[Span]:
    """Give a person's shifts; who left has none after the last day."""
    weeks = next(p["weeks"] for p in town.data["working_patterns"] if p["key"] == said["pattern"])
    until = town.persons[said["key"]].until_day
    for week in WEEKS:
        for weekday, start, end in weekly(weeks[week % len(weeks)]):
            if until is None or 7 * week + weekday <= until:
                yield town.clock.span(7 * week + weekday, start, end)
    for extra in said.get("extra_shifts", ()):
        yield town.clock.span(extra["day"], extra["from"], extra["to"])
    # On the spot now: whoever is there is at work, whatever the hour at which the town is loaded.
    for operation in town.data["operations"]:
        if operation["when"].get("now") and said["key"] in people_now(operation):
            around = timedelta(minutes=90)
            yield town.clock.now - around, town.clock.now + around


def people_now(operation: dict[str, Any]) -> set[str]:
    """Return who takes part in an operation that goes on while the town is loaded."""
    return {person for visit in operation["visits"] for part in visit["parts"] for person in part["people"]}


def busy_times(town: Town, person: str) -> Iterator[Span]:
    """Give what a person's own calendar says is taken."""
    for busy in town.data["busy_from_own_calendars"]:
        if busy["person"] == person and not busy.get("unknown"):
            yield town.clock.span(busy["day"], busy["from"], busy["to"])
