"""What may be handed over of a visit, and a finding turned into a copy that stands by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import AuthorityLine, UnitLine, list_authorities, partners, spanning_among, units_of
from samsyn.authorities.rules import Field
from samsyn.core.errors import NotFoundError
from samsyn.core.home import local_day
from samsyn.core.personal_numbers import mask_personal_numbers
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.grounds import Body, Situation, bodies_of, marking_of
from samsyn.disclosures.rules import Copy
from samsyn.findings.queries import EvidenceLine, FindingLine, evidence_of_visit, findings_in_both
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    TargetLine,
    VisitLine,
    get_operation,
    get_target,
    get_visit,
    parts_of,
    worked_with,
)
from samsyn.operations.rules import AFTERWARDS, OperationState, VisitState


@dataclass(frozen=True, slots=True)
class Offered:
    """A finding of the own authority that may be chosen, with its English question and its pictures."""

    line: FindingLine
    english: str
    by: str
    pictures: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """An authority that may be given something; ``part``: it took part in the visit.

    ``units``: of one that has many, one of which gets it (R1); empty for every other. ``there``: those that took part.
    """

    authority: AuthorityLine
    bodies: frozenset[Body]
    fields: frozenset[Field]
    part: bool
    units: tuple[UnitLine, ...] = ()
    there: frozenset[UUID] = frozenset()

    def unit(self, chosen: UUID | None, asking: UUID | None = None) -> UUID | None:
        """Return the unit that gets it: the one chosen, else the one that asked, the only one, the only one there."""
        if not self.units:
            return None
        only = [one.id for one in self.units]
        usual = [asking] if asking else only if len(only) == 1 else sorted(self.there)
        found = chosen or (usual[0] if len(usual) == 1 else None)
        return found if found in only else None


@dataclass(frozen=True, slots=True)
class Scene:
    """A visit as its giver sees it when something of it is to be handed over."""

    visit: VisitLine
    operation: OperationCard
    target: TargetLine
    giver: AuthorityLine
    parts: tuple[PartCard, ...]
    bodies: frozenset[Body]
    fields: frozenset[Field]
    offered: tuple[Offered, ...]
    receivers: tuple[Receiver, ...]

    @property
    def over(self) -> bool:
        """Say whether the visit has been: before that nothing of it is handed over."""
        return self.visit.state is not VisitState.PLANNED

    @property
    def done(self) -> bool:
        """Say whether the operation is over, so that where it went is no secret any more (OSL 17:1)."""
        return self.operation.state in AFTERWARDS or self.operation.state is OperationState.ABORTED

    def receiver(self, authority_id: UUID | None) -> Receiver | None:
        """Return one of the receivers."""
        return next((one for one in self.receivers if one.authority.id == authority_id), None)

    def situation(self, uow: UnitOfWork, receiver: Receiver | None, *, requested: bool) -> Situation:
        """Return what the legal bases judge; no receiver is everybody."""
        bodies = receiver.bodies if receiver else None
        return Situation(self.bodies, bodies, self.fields, uow.today, requested, self.done)

    @property
    def marking(self) -> str:
        """Return the section that may make the giver's findings secret."""
        return marking_of(self.bodies, self.fields)


def scene_of(uow: UnitOfWork, visit_id: UUID) -> Scene:
    """Return a visit of the own authority with its findings (audited); ``NotFoundError`` for one without an own part.

    A constant number of statements.
    """
    visit = get_visit(uow, visit_id)
    target = get_target(uow, visit_id)
    parts = tuple(p for p in parts_of(uow, visit.operation_id) if p.visit_id == visit_id)
    mine = [part for part in parts if part.authority_id == uow.me]
    if target is None or not mine:
        raise NotFoundError("no such visit of yours")
    there = {p.authority_id for p in parts if p.accepted and not p.withdrawn}
    partners_ = {one.id: one for one in partners(uow)}
    guests = worked_with(uow) | there | {uow.me}
    known = partners_ | {one.id: one for one in list_authorities(uow) if one.id in guests}
    fields: dict[UUID, set[Field]] = {}
    units = units_of(uow, set(known))
    for unit in units:
        fields.setdefault(unit.authority_id, set()).add(unit.field)
    spanning = spanning_among(uow, set(known))
    took_part = frozenset(p.unit_id for p in parts if p.unit_id and p.accepted and not p.withdrawn)
    receivers = [
        Receiver(
            one,
            bodies_of(one.kind, fields.get(one.id, ())),
            frozenset(fields.get(one.id, ())),
            one.id in there,
            tuple(u for u in units if u.authority_id == one.id) if one.id in spanning else (),
            took_part & {u.id for u in units if u.authority_id == one.id},
        )
        for one in known.values()
        if one.id != uow.me
    ]
    giver = known[uow.me]
    own_fields = frozenset(f for part in mine for f in part.fields)
    return Scene(
        visit,
        get_operation(uow, visit.operation_id),
        target,
        giver,
        parts,
        bodies_of(giver.kind, fields.get(uow.me, ())),
        own_fields,
        offered_of(uow, visit_id),
        tuple(sorted(receivers, key=lambda one: (not one.part, one.authority.name))),
    )


def offered_of(uow: UnitOfWork, visit_id: UUID) -> tuple[Offered, ...]:
    """Return the own findings of a visit in reading order, each with who wrote it as others may see that person."""
    found = findings_in_both(uow, visit_id)
    pictures = evidence_of_visit(uow, visit_id)
    names = staff_names(uow, {line.written_by for line, _ in found})
    return tuple(
        Offered(line, english, names.get((line.written_by, uow.me), ""), tuple(pictures.get(line.finding_id, ())))
        for line, english in found
    )


def chosen_of(scene: Scene, findings: Collection[UUID], *, pictures: bool) -> tuple[Offered, ...]:
    """Return what was chosen, in reading order; ``NotFoundError`` for a finding that is none of the visit's."""
    chosen = tuple(one for one in scene.offered if one.line.finding_id in set(findings))
    if len(chosen) < len(set(findings)):
        raise NotFoundError("no such finding at this visit")
    return chosen if pictures else tuple(replace(one, pictures=()) for one in chosen)


def freeze(scene: Scene, chosen: Sequence[Offered], digests: Mapping[UUID, str], *, public: bool) -> list[Copy]:
    """Return the copies, in their order; ``digests`` has the SHA-256 of each picture. The same always gives the same.

    Personal numbers are masked, whatever was let through before (R5); what is public carries no marking.
    """
    marking = "" if public else scene.marking
    return [
        {
            "giver": scene.giver.name,
            "place": scene.target.name,
            "address": scene.target.address,
            "visited_on": local_day(scene.visit.starts_at).isoformat(),
            "point": one.line.check_point,
            "point_sv": one.line.question or None,
            "point_en": one.english or None,
            "law": one.line.law or None,
            "answer": one.line.answer.value,
            "serious": one.line.serious,
            "text": mask_personal_numbers(one.line.text),
            "observed_at": one.line.observed_at.astimezone(UTC).isoformat(),
            "by": one.by,
            "marking": "" if public else (one.line.marking or marking),
            "pictures": [digests[picture.id] for picture in one.pictures],
        }
        for one in chosen
    ]
