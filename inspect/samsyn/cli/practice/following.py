"""What each authority follows up after its evenings: an owner, a day, and how it went until now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from samsyn.cli.practice.case import Case, Part
from samsyn.cli.practice.evening import writer_of
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import findings_of_visit
from samsyn.operations.queries import get_part
from samsyn.outcomes.rules import WRITERS, FollowUpState
from samsyn.outcomes.service import WriteFollowUp, write_follow_up

AFTER: Final = 2
"""Days after the visit on which it was written down."""
ENDED: Final = {"closed": FollowUpState.DONE, "revisited": FollowUpState.DONE}


def follow_up(cases: Sequence[Case]) -> None:
    """Write every follow-up of the data whose visit has been; one that was carried over is one with a later day."""
    if not cases:
        return
    told = {one["key"]: one for one in cases[0].town.data["follow_ups"]}
    later = {one["carried_to"] for one in told.values() if "carried_to" in one}
    parts = dict(parts_of(cases))
    for key, said in told.items():
        if key not in later and (found := parts.get((said["visit"], said["unit"]))) is not None:
            keep(*found, said, told.get(said.get("carried_to", "")))


def parts_of(cases: Sequence[Case]) -> Iterator[tuple[tuple[str, str], tuple[Case, Part]]]:
    """Yield the parts of operations that have begun, by visit and unit."""
    for case in cases:
        if case.past("ongoing") and case.state != "cancelled":
            yield from (
                ((stop.said["key"], part.unit), (case, part)) for stop, part in case.parts if "key" in stop.said
            )


def keep(case: Case, part: Part, said: dict[str, Any], after: dict[str, Any] | None) -> None:
    """Write one, and how it went: done on its day, or carried over to a later one."""
    town, owner = case.town, case.town.persons[said["owner"]]
    able = owner.account and owner.authority == part.authority and owner.roles & WRITERS
    viewer = town.viewer(owner.key) if able else writer_of(case, part)
    day = town.clock.day_of(case.last_span[0].date())
    with town.at(viewer, town.clock.at(min(day + AFTER, -1), "11:00")) as uow:
        first = written(uow, case, part, said)
        if first is None:
            return
        write_follow_up(uow, first)
    state = FollowUpState.CARRIED if after is not None else ENDED.get(said["status"])
    if state is None:
        return
    due = (after or said)["due_day"]
    note = (after or {}).get("note") or first.text
    changed = replace(first, base_version=1, state=state, due_on=town.clock.date_of(due), text=note)
    on = said.get("closed_day", said["due_day"])
    with town.at(viewer, town.clock.at(min(on, -1), "14:00")) as uow:
        write_follow_up(uow, replace(changed, reason=said.get("note", "")))


def written(uow: UnitOfWork, case: Case, part: Part, said: dict[str, Any]) -> WriteFollowUp | None:
    """Return it of the first of its points that was found; nothing where none was."""
    visit_id = get_part(uow, part.id).visit_id
    found = {one.check_point: one for one in findings_of_visit(uow, visit_id) if one.part_id == part.id}
    finding = next((found[point] for point in said["points"] if point in found), None)
    if finding is None:
        return None
    owner = case.town.persons[said["owner"]].id
    due_on = case.town.clock.date_of(said["due_day"])
    return WriteFollowUp(uuid4(), 0, part.id, owner, due_on, finding.finding_id, text=said.get("note", ""))
