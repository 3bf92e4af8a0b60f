"""Find in the own silo what falls under a request or belongs in a package, each as fields that can be given out.

Everything is read as the viewer may read it: the policies keep others' findings, jäv and other units out. The words
are Swedish, as the records are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import authority_names, units_of
from samsyn.core.errors import GateClosedError, TooMuchError
from samsyn.core.home import HOME, local_day
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import (
    MOST_VISITS,
    OperationCard,
    PartCard,
    TargetLine,
    VisitLine,
    kept_from,
    operations_by_id,
    parts_of_many,
    targets_of_many,
    titles_of,
    visits_concerned,
)
from samsyn.records.rules import Content, ItemKind, digest_of
from samsyn.texts import say

LANGUAGE: Final = "sv"


@dataclass(frozen=True, slots=True)
class About:
    """What is looked for: a business, an operation, a time (both days included); what is None is not asked."""

    business_id: UUID | None = None
    operation_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Return from the beginning of the first day to the end of the last one, in Sweden."""
        last = self.until + timedelta(days=1) if self.until else None
        return (
            datetime.combine(self.since, time(), HOME) if self.since else None,
            datetime.combine(last, time(), HOME) if last else None,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One thing of the own silo. ``at``: when it came about."""

    kind: ItemKind
    subject_id: UUID
    operation_id: UUID
    visit_id: UUID | None
    at: datetime
    heading: str
    content: Content
    unit_id: UUID | None = None
    unit_only: bool = False

    @property
    def digest(self) -> str:
        """Return the checksum of what it says."""
        return digest_of([self.heading, self.content])


@dataclass(frozen=True, slots=True)
class Ground:
    """What every kind of thing is told with: visits, where they went, names."""

    visits: Mapping[UUID, VisitLine]
    operations: Mapping[UUID, OperationCard]
    targets: Mapping[UUID, TargetLine]
    parts: Sequence[PartCard]
    names: Mapping[UUID, str]
    units: Mapping[UUID, str]

    def where(self, visit_id: UUID) -> str:
        """Return a visit in words: the place, if the viewer may know it, and the day."""
        visit = self.visits[visit_id]
        target = self.targets.get(visit_id)
        said = target.name if target else say(LANGUAGE, "records.thing.hidden_place")
        return f"{said}, {day(visit.starts_at)}"

    def name(self, authority_id: UUID | None) -> str:
        """Return an authority's name; nobody is everybody."""
        return self.names.get(authority_id, "") if authority_id else say(LANGUAGE, "disclosure.everybody")


def demand_whole(uow: UnitOfWork, about: About) -> None:
    """Raise ``GateClosedError`` for a person to whom a visit that is concerned is closed (jäv).

    What such a person finds would lack it without a sign, and be taken for all there is.
    """
    if kept_from(uow, about.business_id, about.operation_id, about.span()):
        raise GateClosedError("what a person with a conflict of interest finds is not all", ("recused",))


def ground_of(uow: UnitOfWork, about: About) -> Ground:
    """Read visits, operations, targets and parts; a constant number of statements."""
    visits = visits_concerned(uow, about.business_id, about.operation_id, about.span())
    if len(visits) > MOST_VISITS:
        raise TooMuchError("more than can be examined at once: narrow it")
    ids = {visit.operation_id for visit in visits} | ({about.operation_id} if about.operation_id else set())
    operations = operations_by_id(uow, ids)
    here = {visit.id for visit in visits}
    targets = {v: t for one in targets_of_many(uow, ids).values() for v, t in one.items() if v in here}
    parts = [part for some in parts_of_many(uow, ids).values() for part in some if part.visit_id in here]
    authorities = {p.authority_id for p in parts} | {o.lead_id for o in operations.values()} | {uow.me}
    return Ground(
        {visit.id: visit for visit in visits},
        operations,
        targets,
        sorted(parts, key=lambda p: str(p.id)),
        authority_names(uow, authorities),
        {unit.id: unit.name for unit in units_of(uow, authorities)},
    )


def plan_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield operations, visits and parts: the plan as the authority reads it."""
    titles = titles_of(uow, set(ground.operations))
    for one in ground.operations.values():
        words: Content = {
            "code_word": one.code_word,
            "title": titles.get(one.id, ""),
            "lead": ground.name(one.lead_id),
            "period": span(one.starts_at, one.ends_at),
            "meeting_place": one.meeting_place or "",
            "state": say(LANGUAGE, f"operations.state.{one.state}"),
        }
        heading = say(LANGUAGE, "records.thing.operation", code_word=one.code_word)
        yield Found(ItemKind.OPERATION, one.id, one.id, None, one.starts_at, heading, filled(words))
    for visit in ground.visits.values():
        target = ground.targets.get(visit.id)
        words = {
            "place": target.name if target else "",
            "address": target.address if target else "",
            "visited": span(visit.starts_at, visit.ends_at),
            "announced": yes_no(target.announced if target else None),
            "ended": moment(visit.ended_at),
            "state": say(LANGUAGE, f"operations.visit_state.{visit.state}"),
            "safety_note": (target.safety_note if target else None) or "",
        }
        heading = say(LANGUAGE, "records.thing.visit", where=ground.where(visit.id))
        yield Found(ItemKind.VISIT, visit.id, visit.operation_id, visit.id, visit.starts_at, heading, filled(words))
    for part in ground.parts:
        yield part_of(ground, part)


def part_of(ground: Ground, part: PartCard) -> Found:
    """Return a part as every participant reads it (R2)."""
    words: Content = {
        "authority": ground.name(part.authority_id),
        "unit": ground.units.get(part.unit_id, "") if part.unit_id else "",
        "accepted": yes_no(part.accepted),
        "legal_basis": part.legal_basis or "",
        "police_role": say(LANGUAGE, f"operations.police_role.{part.police_role}") if part.police_role else "",
        "announced": yes_no(part.announced),
        "no_notice_reason": part.no_notice_reason or "",
        "handed_in": moment(part.handed_in_at),
        "summary": say(LANGUAGE, f"operations.summary.{part.summary}") if part.handed_in else "",
    }
    heading = say(
        LANGUAGE, "records.thing.part", authority=ground.name(part.authority_id), where=ground.where(part.visit_id)
    )
    at = ground.visits[part.visit_id].starts_at
    return Found(ItemKind.PART, part.id, part.operation_id, part.visit_id, at, heading, filled(words))


def people_of(uow: UnitOfWork, people: set[UUID]) -> dict[UUID, str]:
    """Return the own people's shown names (a service number where that is chosen, R18)."""
    return {person: name for (person, owner), name in staff_names(uow, people).items() if owner == uow.me}


def filled(words: Content) -> Content:
    """Return the fields that say something."""
    return {name: value for name, value in words.items() if value}


def day(at: datetime) -> str:
    """Return the day in Sweden."""
    return local_day(at).isoformat()


def moment(at: datetime | None) -> str:
    """Return day and time in Sweden; nothing for nothing."""
    return at.astimezone(HOME).strftime("%Y-%m-%d %H:%M") if at else ""


def span(starts: datetime, ends: datetime) -> str:
    """Return from when to when, in Sweden."""
    same = day(starts) == day(ends)
    return f"{moment(starts)}–{ends.astimezone(HOME).strftime('%H:%M') if same else moment(ends)}"


def yes_no(said: bool | None) -> str:
    """Return yes or no in words; nothing where nothing was said."""
    return "" if said is None else say(LANGUAGE, "records.yes" if said else "records.no")
