"""The visits of a plan in the order of their times, and which of them are one evening: one operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from samsyn.core.home import local_day
from samsyn.operations.queries import HeldTime
from samsyn.planning.campaigns.asking import MEETS
from samsyn.planning.queries.campaigns import CampaignCard, ItemLine

LONGEST: Final = timedelta(hours=12)
PAUSE: Final = timedelta(hours=1)
"""The longest time from the end of a visit until people meet for the next one of the same evening."""
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A visit as it is published: from when people are wanted, when it begins and ends, and who goes.

    ``way``: minutes from the meeting place to it.
    """

    item: ItemLine
    place: str
    way: int
    meets_at: datetime
    starts_at: datetime
    ends_at: datetime
    people: tuple[str, ...]


def steps_of(
    campaign: CampaignCard,
    problem: Mapping[str, Any],
    items: Mapping[str, ItemLine],
    entries: Sequence[Mapping[str, Any]],
) -> list[Step]:
    """Return visits in the order of their times, each with when its people meet and where: the way is theirs too."""
    order = {one["id"]: n for n, one in enumerate(problem["locations"])}
    known = {one["id"]: one for one in problem["visits"]}
    found = []
    for entry in entries:
        visit = known[entry["id"]]
        briefing = visit["briefing"] or {"minutes": 0, "location": f"{MEETS}0"}
        place = briefing["location"]
        way = problem["travel"][order[place]][order[visit["location"]]]
        starts_at = campaign.moment(entry["start"])
        found.append(
            Step(
                items[entry["id"]],
                campaign.meeting_places[int(place.removeprefix(MEETS))].name,
                way,
                starts_at - (briefing["minutes"] + way) * MINUTE,
                starts_at,
                starts_at + visit["duration"] * MINUTE,
                tuple(sorted(entry["inspectors"])),
            )
        )
    return sorted(found, key=lambda one: (one.starts_at, str(one.item.id)))


@dataclass(frozen=True, slots=True)
class Evenings:
    """What is asked to tell which visits of a plan are one evening; ``held``: people's time that is taken by now."""

    campaign: CampaignCard
    problem: Mapping[str, Any]
    planned: Sequence[Mapping[str, Any]]
    held: Sequence[HeldTime]

    def of(self, steps: Iterable[Step]) -> list[list[Step]]:
        """Return the visits that the same people do right after one another, from one meeting place, together."""
        found: list[list[Step]] = []
        for step in steps:
            for evening in found:
                if self.joins(evening, step):
                    evening.append(step)
                    break
            else:
                found.append([step])
        return found

    def joins(self, evening: Sequence[Step], step: Step) -> bool:
        """Say whether a visit is the next of an evening: of the same day, after a short pause that is nobody else's."""
        first, before = evening[0], evening[-1]
        return (
            (before.people, before.place) == (step.people, step.place)
            and local_day(first.starts_at) == local_day(step.starts_at)
            and step.meets_at - before.ends_at <= PAUSE
            and step.ends_at - first.meets_at <= LONGEST
            and all(self.free(one, before.ends_at, step.meets_at) for one in step.people)
            and not any(str(one.person_id) in step.people for one in self.between(before.ends_at, step.starts_at))
            and not self.elsewhere(before, step)
        )

    def free(self, person: str, begins: datetime, ends: datetime) -> bool:
        """Say whether a person was free from one moment until another, within one shift, when the plan was made."""
        first, last = ((moment - self.campaign.grid.begins_at) / MINUTE for moment in (begins, ends))
        who = next(one for one in self.problem["inspectors"] if one["id"] == person)
        within = any(a <= first and last <= b for a, b in who["shifts"])
        return within and not any(a < last and first < b for a, b in who["busy"])

    def between(self, begins: datetime, ends: datetime) -> list[HeldTime]:
        """Return what is held by now between two moments."""
        return [one for one in self.held if one.starts_at < ends and begins < one.ends_at]

    def elsewhere(self, before: Step, step: Step) -> bool:
        """Say whether the plan sends somebody of these people elsewhere between two visits."""
        first, last = ((one.starts_at - self.campaign.grid.begins_at) / MINUTE for one in (before, step))
        return any(
            first < one["start"] < last and not set(step.people).isdisjoint(one["inspectors"]) for one in self.planned
        )
