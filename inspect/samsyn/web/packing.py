"""Pack an evening for a phone: what its pages show to the same person, under the same rules, in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.access.rules import LIFE
from samsyn.assistance.queries import HelpLine, RefusalLine, help_at, refusals_at
from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import closed_because
from samsyn.findings.queries import (
    FindingLine,
    PointLine,
    checklist_of_part,
    facts_of_visit,
    rivals_of,
    versions_of_part,
)
from samsyn.findings.rules import READERS, WRITERS
from samsyn.operations.queries import ContactLine, OperationCard, PartCard, PersonLine, PresenceLine, presence_at
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.web.evening import Evening, Stop, dialled, read_evening
from samsyn.web.first_answers import first_answers
from samsyn.web.identity import current_language, identified
from samsyn.web.shell import look
from samsyn.web.shown.assistance import HelpOut, RefusalOut, laws_out
from samsyn.web.shown.evenings import (
    EveningChecklistOut,
    EveningOut,
    EveningPartOut,
    EveningPointOut,
    EveningVisitOut,
    GoerOut,
    OfficeOut,
    OrderOut,
)
from samsyn.web.shown.findings import FactOut, FindingOut, PartChecklistOut, PointOut
from samsyn.web.shown.operations import OperationOut, PartOut, VisitOut
from samsyn.web.shown.presence import PresenceOut

KEPT: Final = timedelta(hours=8)
"""How long a phone may read what it packed without asking us again."""


def pack_evening(uow: UnitOfWork, operation: OperationCard) -> EveningOut:
    """Return the evening; what stands in it of findings is in the trail as read. Statements grow with the visits."""
    evening = read_evening(uow, operation)
    presence = presence_at(uow, [stop.visit.id for stop in evening.stops])
    refused, asked = entry_of(uow, [stop.visit.id for stop in evening.stops])
    visits = [
        visit_out(
            uow, stop, presence.get(stop.visit.id, ()), refused.get(stop.visit.id, ()), asked.get(stop.visit.id, ())
        )
        for stop in evening.stops
    ]
    offices = {fact.authority_id for visit in visits for fact in visit.facts}
    offices |= {line.authority_id for visit in visits for line in visit.presence}
    offices |= {one for visit in visits for line in visit.help for one in (line.authority_id, line.answers_id)}
    return EveningOut(
        operation=OperationOut.model_validate(operation),
        person_id=uow.person,
        authority_id=uow.me,
        order=OrderOut.model_validate(evening.order) if evening.order else None,
        people=[goer(person, evening.contacts, operation) for person in evening.people],
        names={**authority_names(uow, {uow.me, *offices}), **evening.names},
        writers=writers_of(uow, visits),
        visits=visits,
        leads=leads(uow, operation, evening),
        language=current_language(),
        fetched_at=uow.now,
        keep_until=keep_until(uow.now),
    )


def leads(uow: UnitOfWork, operation: OperationCard, evening: Evening) -> bool:
    """Say whether the viewer may end the visits now."""
    return bool(evening.stops) and operation.state is OperationState.ONGOING and operation.lead_id == uow.me


def keep_until(now: datetime) -> datetime:
    """Return when the phone must wipe it: after eight hours, or with the session that fetched it."""
    who = identified()
    life = LIFE.get(who.credential.purpose) if who is not None else None
    return now + KEPT if who is None or life is None else min(now + KEPT, who.credential.created_at + life)


def goer(person: PersonLine, contacts: Mapping[UUID, ContactLine], operation: OperationCard) -> GoerOut:
    """Return one of those who go, with the number to tap."""
    card = contacts.get(person.person_id)
    return GoerOut(
        person_id=person.person_id,
        authority_id=person.authority_id,
        shown_name=person.shown_name,
        accepted=person.state is AssignmentState.ACCEPTED,
        lead=person.person_id == operation.lead_person_id,
        phone=card.phone if card else None,
        dialled=dialled(card.phone) if card else None,
    )


def entry_of(
    uow: UnitOfWork, visits: Sequence[UUID]
) -> tuple[Mapping[UUID, Sequence[RefusalLine]], Mapping[UUID, Sequence[HelpLine]]]:
    """Return the own refused entries, and the requests for help of which the own authority is a side; both logged."""
    if not uow.viewer.roles & READERS:
        return {}, {}
    return refusals_at(uow, visits), help_at(uow, visits)


def visit_out(
    uow: UnitOfWork,
    stop: Stop,
    presence: Sequence[PresenceLine],
    refused: Sequence[RefusalLine],
    asked: Sequence[HelpLine],
) -> EveningVisitOut:
    """Return a visit with the own parts in it."""
    shown = VisitOut.of(stop.visit, stop.target)
    squares = [(part.authority_id, *look(part.field)) for part in stop.present]
    return EveningVisitOut(
        **dict(shown),
        opens_at=stop.opens_at,
        now=stop.now,
        present=[OfficeOut(authority_id=who, letter=letter, colour=colour) for who, letter, colour in squares],
        mine=[part_out(uow, part) for part in stop.parts],
        facts=[FactOut.model_validate(fact) for fact in facts_of_visit(uow, stop.visit.id)],
        presence=[PresenceOut.model_validate(line) for line in presence],
        refusals=[RefusalOut.model_validate(line) for line in refused],
        help=[HelpOut.model_validate(line) for line in asked],
    )


def part_out(uow: UnitOfWork, part: PartCard) -> EveningPartOut:
    """Return an own part; its questions only for who reads findings."""
    letter, colour = look(part.field)
    return EveningPartOut(
        **dict(PartOut.of(part)),
        of_police=part.of_police,
        letter=letter,
        colour=colour,
        laws=laws_out(part.fields),
        closed=list(closed_because(uow, part.id)) if uow.viewer.roles & WRITERS else [],
        checklist=checklist_out(uow, part.id) if uow.viewer.roles & READERS else None,
    )


def checklist_out(uow: UnitOfWork, part_id: UUID) -> EveningChecklistOut:
    """Return a part's questions with the keys of their next answers."""
    language = current_language()
    card, versions = checklist_of_part(uow, part_id, language), versions_of_part(uow, part_id, language)
    first = first_answers(uow, card)
    shown: dict[str, Any] = dict(PartChecklistOut.of(card))
    shown["points"] = [point_out(point, versions, first[point.code]) for point in card.points]
    free = {line.finding_id: rivals_of(line, (), versions) for line in card.free}
    return EveningChecklistOut(**shown, free_rivals={key: lines_out(rivals) for key, rivals in free.items() if rivals})


def point_out(point: PointLine, versions: Mapping[UUID, Sequence[FindingLine]], first: UUID) -> EveningPointOut:
    """Return a question with its newest answer, or with the key that its first one will have."""
    return EveningPointOut(
        **dict(PointOut.of(point)),
        key=point.answer.finding_id if point.answer else first,
        rivals=lines_out(rivals_of(point.answer, point.others, versions)),
    )


def lines_out(lines: Iterable[FindingLine]) -> list[FindingOut]:
    """Return versions of findings as they are shown."""
    return [FindingOut.model_validate(line) for line in lines]


def writers_of(uow: UnitOfWork, visits: Iterable[EveningVisitOut]) -> dict[UUID, str]:
    """Return the names of the own people who wrote what stands in the checklists."""
    lists = [part.checklist for visit in visits for part in visit.mine if part.checklist is not None]
    lines = [line for one in lists for point in one.points for line in (point.answer, *point.rivals) if line]
    lines += [line for one in lists for line in (*one.free, *(r for found in one.free_rivals.values() for r in found))]
    return {
        person: name
        for (person, authority), name in staff_names(uow, {line.written_by for line in lines}).items()
        if authority == uow.me
    }
