"""A unit's row: its operations, other time that its people gave away, and who is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import UnitLine
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import BookedLine
from samsyn.planning.clashes import Clash
from samsyn.planning.free_time import covered, on_duty, overlaps
from samsyn.planning.iso_week import is_workday, working
from samsyn.planning.queries import WeekRead
from samsyn.planning.red_days import DayKind, RedDay
from samsyn.planning.rules import Span
from samsyn.web.pages.week.cells import Entry, Row
from samsyn.web.pages.week.joint import DRAFT, is_joint
from samsyn.web.pages.week.naming import Names
from samsyn.web.pages.week.words import hours
from samsyn.web.shell import t

MOST: Final = 40
"""Rows: a collaboration has about ten units."""
Red = Mapping[date, RedDay]
Clashes = Mapping[UUID, Sequence[Clash]]


def workdays(read: WeekRead, red: Red) -> list[date]:
    """Return the days on which people work."""
    return [day for day in read.week.days if is_workday(day) and (day not in red or red[day].kind is not DayKind.RED)]


def rows_of(read: WeekRead, names: Names, red: Red, clashes: Clashes) -> list[Row]:
    """Return a row for each unit, the own authority's first."""
    by_unit: dict[UUID, list[Entry]] = {one.id: [] for one in read.units}
    for operation in read.operations:
        for unit_id, entry in entries_of(read, names, operation, clashes.get(operation.id, ())):
            by_unit[unit_id].append(entry)
    for unit_id, entry in other_time(read, names):
        by_unit[unit_id].append(entry)
    days = workdays(read, red)
    return [row_of(read, names, unit, by_unit[unit.id], days) for unit in read.units[:MOST]]


def row_of(read: WeekRead, names: Names, unit: UnitLine, entries: Sequence[Entry], days: Sequence[date]) -> Row:
    """Return one unit's row."""
    cells: dict[date, list[Entry]] = {day: [] for day in read.week.days}
    for entry in [*entries, *absences(read, names, unit, days)]:
        cells[read.week.day_of(entry.span[0])].append(entry)
    return Row(
        unit_id=unit.id,
        field=unit.field,
        name=unit.name,
        authority=names.authorities.get(unit.authority_id, "") if unit.name in names.twice else "",
        duty=duty(read, unit, days),
        cells=[sorted(cells[day], key=lambda one: (one.span[0], one.text)) for day in read.week.days],
    )


def duty(read: WeekRead, unit: UnitLine, days: Sequence[date]) -> str:
    """Return how many of the unit's people can be had this week, or how many there are where that is not known."""
    people = [one.person_id for one in read.people.get(unit.id, ())]
    if not people:
        return t("week.duty.none")
    if not read.sees_time_of(unit.authority_id):
        return t("week.duty.one") if len(people) == 1 else t("week.duty.people", n=len(people))
    n = on_duty(people, read.taken, days)
    return t("week.duty.some", n=n, of=len(people)) if n < len(people) else t("week.duty.all", n=n)


def entries_of(
    read: WeekRead, names: Names, operation: OperationCard, clashes: Sequence[Clash]
) -> Iterator[tuple[UUID, Entry]]:
    """Yield an operation under each unit that is asked or whose people go."""
    going: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for goer in read.goers.get(operation.id, ()):
        whom = (goer.person_id, goer.authority_id)
        if (place := read.place_of.get(whom)) is not None:
            going.setdefault(place.unit_id, []).append(whom)
    units: dict[UUID, None] = dict.fromkeys(going)
    for asked in read.asked.get(operation.id, ()):
        if asked.refused:
            continue
        of_authority = [one.id for one in names.units_of.get(asked.authority_id, ())]
        several = [one for one in of_authority if one in going] or of_authority
        units.update(dict.fromkeys([asked.unit_id] if asked.unit_id else several))
    look = "draft" if operation.state in DRAFT else "joint" if is_joint(read, operation) else "own"
    title, span = names.title(operation), (operation.starts_at, operation.ends_at)
    for unit_id in units:
        if unit_id in names.units:
            hit = any(concerns(read, one, unit_id, names) for one in clashes)
            yield (
                unit_id,
                Entry(
                    "clash" if hit else look,
                    span,
                    hours(span),
                    title,
                    names.people(going.get(unit_id, ())),
                    f"/operations/{operation.id}",
                ),
            )


def concerns(read: WeekRead, clash: Clash, unit_id: UUID, names: Names) -> bool:
    """Say whether a clash is a unit's to solve: its person's or its own; what is everybody's stands in the lane."""
    if clash.person_id and clash.authority_id:
        place = read.place_of.get((clash.person_id, clash.authority_id))
        return place is not None and place.unit_id == unit_id
    if clash.unit_id:
        return clash.unit_id == unit_id
    return clash.authority_id is not None and names.units[unit_id].authority_id == clash.authority_id


def other_time(read: WeekRead, names: Names) -> Iterator[tuple[UUID, Entry]]:
    """Yield held time that belongs to nothing the viewer takes part in: that it is taken, and whose.

    Of the own people also that it is held for a time poll; of others' that would be more than that it is taken.
    """
    known = {(goer.person_id, goer.starts_at) for goers in read.goers.values() for goer in goers}
    by_unit: dict[tuple[UUID, Span, bool], list[BookedLine]] = {}
    for one in read.booked:
        place = read.place_of.get((one.person_id, one.authority_id))
        if (one.person_id, one.starts_at) not in known and place is not None:
            polled = one.polled and one.authority_id == read.viewer.authority_id
            by_unit.setdefault((place.unit_id, (one.starts_at, one.ends_at), polled), []).append(one)
    for (unit_id, span, polled), lines in by_unit.items():
        whom = [(one.person_id, one.authority_id) for one in lines]
        if unit_id in names.units:
            yield (
                unit_id,
                Entry("own", span, hours(span), t("week.polled" if polled else "week.busy"), names.people(whom)),
            )


def absences(read: WeekRead, names: Names, unit: UnitLine, days: Sequence[date]) -> Iterator[Entry]:
    """Yield who is away: of the own authority with the kind of leave, of others only that nobody is there."""
    own = unit.authority_id == read.viewer.authority_id
    mine = {one.person_id for one in read.people.get(unit.id, ())} if own else set()
    for day in days:
        whole = working(day)
        said: dict[tuple[Span, str], list[UUID]] = {}
        for leave in read.leave:
            if leave.person_id in mine and overlaps(leave.span, whole):
                span = (max(leave.span[0], whole[0]), min(leave.span[1], whole[1]))
                said.setdefault((span, t(f"week.leave.{leave.kind}")), []).append(leave.person_id)
        for (span, kind), people in said.items():
            length = t("week.all_day") if span == whole else hours(span)
            yield Entry("off", span, length, kind, names.people((one, unit.authority_id) for one in people))
        if not said and nobody(read, unit, whole):
            yield Entry("off", whole, t("week.all_day"), t("week.nobody_here"))


def nobody(read: WeekRead, unit: UnitLine, whole: Span) -> bool:
    """Say whether nobody of a unit can be had for any of the working hours."""
    people = read.people.get(unit.id, ())
    return (
        bool(people)
        and read.sees_time_of(unit.authority_id)
        and all(covered(whole, read.taken.get(one.person_id, ())) for one in people)
    )
