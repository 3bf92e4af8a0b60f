"""What stands in the way of a week's operations: people who cannot, too few people, closed doors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from samsyn.businesses.queries import OpenLine
from samsyn.core.home import HOME
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import AskedLine, GoerLine, PlaceLine
from samsyn.operations.rules import BEFORE_ONGOING, AssignmentState, OperationState
from samsyn.planning.free_time import overlaps
from samsyn.planning.queries.week import WeekRead
from samsyn.planning.rules import LeaveKind, Span

OPEN: Final = BEFORE_ONGOING | {OperationState.ONGOING}
DAY: Final = 24 * 60
WEEKDAYS: Final = 7


class ClashKind(StrEnum):
    """What is wrong."""

    DANGER = "danger"  # too few said yes, after there were enough
    LEAVE = "leave"  # a colleague of one's own is away, and why
    SHIFT_ENDS = "shift_ends"  # a colleague's working hours end before the operation does
    BUSY = "busy"  # a person cannot; why is not for others
    TOO_FEW = "too_few"  # more people are asked of a unit than it has left at that time
    DECLINED = "declined"  # an authority said no
    CLOSED = "closed"  # nobody opens at the time of the visit


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that stands in the way, with what leads to its remedy."""

    kind: ClashKind
    operation_id: UUID
    authority_id: UUID | None = None
    unit_id: UUID | None = None
    person_id: UUID | None = None
    assignment_id: UUID | None = None
    span: Span | None = None
    leave: LeaveKind | None = None
    place: str = ""
    have: int = 0
    wanted: int = 0


def clashes_of(read: WeekRead, operation: OperationCard) -> list[Clash]:
    """Return what stands in the way of one operation; nothing of one that is over."""
    if operation.state not in OPEN or operation.ends_at <= read.now:
        return []
    found = [Clash(ClashKind.DANGER, operation.id)] if operation.in_danger else []
    for goer in read.goers.get(operation.id, ()):
        found += of_person(read, goer)
    return [*found, *of_answers(read, operation), *of_numbers(read, operation), *of_doors(read, operation)]


def of_person(read: WeekRead, goer: GoerLine) -> Iterator[Clash]:
    """Yield the first thing that a person who is asked or goes cannot come for."""
    going = (goer.starts_at, goer.ends_at)
    off = [span for span in read.taken.get(goer.person_id, ()) if overlaps(span, going)]
    if goer.state is AssignmentState.ACCEPTED:
        off = [span for span in off if span != going]  # the person's own calendar holds what was accepted here
    if not off:
        return
    base = {
        "operation_id": goer.operation_id,
        "authority_id": goer.authority_id,
        "person_id": goer.person_id,
        "assignment_id": goer.assignment_id,
    }
    leave = [a for a in read.leave if a.person_id == goer.person_id and overlaps(a.span, going)]
    ends = [
        s for s in read.shifts.get(goer.person_id, ()) if overlaps(s, going) and s[1] < going[1] and s[0] <= going[0]
    ]
    if leave:
        yield Clash(ClashKind.LEAVE, span=leave[0].span, leave=leave[0].kind, **base)  # type: ignore[arg-type]
    elif ends:
        yield Clash(ClashKind.SHIFT_ENDS, span=ends[-1], **base)  # type: ignore[arg-type]
    else:
        yield Clash(ClashKind.BUSY, span=off[0], **base)  # type: ignore[arg-type]


def of_answers(read: WeekRead, operation: OperationCard) -> Iterator[Clash]:
    """Yield each authority, or unit, that said no."""
    for asked in read.asked.get(operation.id, ()):
        if asked.said_no:
            yield Clash(ClashKind.DECLINED, operation.id, asked.authority_id, asked.unit_id)


def of_numbers(read: WeekRead, operation: OperationCard) -> Iterator[Clash]:
    """Yield each unit that cannot send as many as are asked of it: the database would refuse the last of them."""
    when = (operation.starts_at, operation.ends_at)
    for asked in read.asked.get(operation.id, ()):
        goers = goers_of(read, asked)
        wanted = asked.people - len(goers)  # a person goes once
        if wanted <= 0 or not read.sees_time_of(asked.authority_id):
            continue
        going = {one.person_id for one in goers}
        units = [asked.unit_id] if asked.unit_id else [u.id for u in read.units if u.authority_id == asked.authority_id]
        people = [one for unit in units for one in read.people.get(unit, ())]
        left = sum(
            one.person_id not in going
            and asked.competences <= set(one.competences)
            and not any(overlaps(span, when) for span in read.busy(one.person_id))
            for one in people
        )
        if people and left < wanted:
            yield Clash(ClashKind.TOO_FEW, operation.id, asked.authority_id, asked.unit_id, have=left, wanted=wanted)


def goers_of(read: WeekRead, asked: AskedLine) -> list[GoerLine]:
    """Return the people of an authority, or of the one unit that is asked, who are asked or go."""
    everybody = read.sent_by.get((asked.operation_id, asked.authority_id), [])
    if asked.unit_id is None:
        return [one for _, one in everybody]
    return [one for unit, one in everybody if unit is None or unit == asked.unit_id]


def of_doors(read: WeekRead, operation: OperationCard) -> Iterator[Clash]:
    """Yield each visit that begins while the premises are closed, as far as hours are on record and the place known."""
    for visit in read.visits.get(operation.id, ()):
        lines = read.open.get(visit.business_id, ()) if visit.business_id else ()
        if lines and not is_open(lines, visit.starts_at):
            yield closed(visit)


def closed(visit: PlaceLine) -> Clash:
    """Return that a visit begins before closed doors."""
    when = (visit.starts_at, visit.ends_at)
    return Clash(ClashKind.CLOSED, visit.operation_id, span=when, place=visit.name or "")


def is_open(lines: Sequence[OpenLine], moment: datetime) -> bool:
    """Say whether a business is open at a moment on Sweden's clock, also past midnight of the evening before."""
    local = moment.astimezone(HOME)
    minute, today = local.hour * 60 + local.minute, local.isoweekday()
    yesterday = (today - 2) % WEEKDAYS + 1
    return any(
        (line.weekday == today and line.opens <= minute < line.closes)
        or (line.weekday == yesterday and line.opens <= minute + DAY < line.closes)
        for line in lines
    )
