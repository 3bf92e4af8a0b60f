"""What the town does beside operations: walks, dialogues, patrols; each with the time that it was to take and took."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from samsyn.cli.practice.clock import MINUTES, minutes_of
from samsyn.cli.practice.history import BEFORE
from samsyn.cli.practice.promising import KINDS
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import work_off
from samsyn.core.viewer import Viewer
from samsyn.pledges.rules import ActivityKind, ActivityState
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity
from samsyn.pledges.service.minutes import COUNT_TIME, WriteTime, count_time, write_time

LONGER: Final = (15, 0, 30, -15, 10)
"""By how many minutes for each person it took longer than planned, by turns."""


def act(town: Town) -> None:
    """Write what was done beside operations, and what is planned or was called off."""
    for n, said in enumerate(activities(town)):
        write(town, said)
        spend(town, said, LONGER[n % len(LONGER)])
    for authority in town.members:
        work_off(town, authority, COUNT_TIME, count_time)


def activities(town: Town) -> list[dict[str, Any]]:
    """Return them in order of their days: near ones, and those told by their week that lie far enough back."""
    before = [one | {"day": town.clock.day_in(one)} for one in town.data["activities_before"]]
    found = [*(one for one in before if one["day"] < BEFORE), *town.data["activities"]]
    return sorted(found, key=lambda one: int(one["day"]))


def write(town: Town, said: dict[str, Any]) -> None:
    """Write one on its day, or today where it is to come."""
    day, kind = town.clock.date_of(said["day"]), ActivityKind(KINDS.get(said["kind"], said["kind"]))
    spot = town.hot_spots.get(said["hot_spot"]) if said["hot_spot"] else None
    command = AddActivity(town.collaboration, kind, day, said["title"], None, spot, done=said["day"] < 0)
    with town.at(planner_of(town, said["lead"]), town.clock.at(said["day"], said["to"])) as uow:
        key = town.activities[said["key"]] = add_activity(uow, command)
        if "cancelled" in said:
            change_activity(uow, ChangeActivity(key, ActivityState.CANCELLED, 1, said["cancelled"]["reason"]))


def spend(town: Town, said: dict[str, Any], longer: int) -> None:
    """Let each member write its people's time: as planned, and, where it was done, as it became."""
    lasts = (minutes_of(said["to"]) - minutes_of(said["from"])) % MINUTES
    people = Counter(town.persons[one].authority for one in (said["lead"], *said["people"]))
    for authority in sorted(people.keys() & town.members):
        n = people[authority]
        spent = n * (lasts + longer) if said["day"] < 0 else 0
        with town.at(town.planner(authority), town.clock.at(said["day"], said["to"])) as uow:
            write_time(uow, WriteTime(town.activities[said["key"]], n * lasts, spent, 0))


def planner_of(town: Town, person: str) -> Viewer:
    """Return a person who plans, or a planner of that person's authority."""
    one = town.viewer(person)
    return one if "planner" in one.roles else town.planner(town.persons[person].authority)
