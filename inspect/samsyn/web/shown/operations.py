"""How operations, visits, parts and people are shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.calendars.rules import Decision, Happened, Method, Said, Via
from samsyn.lifecycle.overview import Overview
from samsyn.operations.queries import PartCard, PersonLine, TargetLine, VisitLine
from samsyn.operations.rules import AssignmentState, OperationState, PoliceRole, Summary, VisitState
from samsyn.web.parsing import Shown


class OperationOut(Shown):
    """An operation as every participant may see it: nothing that tells where it goes."""

    id: UUID
    lead_id: UUID
    collaboration_id: UUID
    code_word: str
    state: OperationState
    ad_hoc: bool
    in_danger: bool
    starts_at: datetime
    ends_at: datetime
    meets_at: datetime | None
    meeting_place: str | None
    lead_person_id: UUID | None
    version: int


class OperationPage(Shown):
    """Some operations."""

    items: list[OperationOut]
    next_cursor: str | None


class TargetOut(Shown):
    """Where a visit goes; null in the visit for who needs not know yet."""

    business_id: UUID
    premises_id: UUID
    name: str
    address: str
    announced: bool
    open_at: datetime
    safety_note: str | None


class VisitOut(Shown):
    """A visit and, where the viewer may know it, its target."""

    id: UUID
    operation_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: VisitState
    ended_at: datetime | None
    version: int
    target: TargetOut | None

    @classmethod
    def of(cls, visit: VisitLine, target: TargetLine | None) -> VisitOut:
        """Join a visit and its target."""
        shown = None if target is None else TargetOut.model_validate(target)
        return cls(
            id=visit.id,
            operation_id=visit.operation_id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            state=visit.state,
            ended_at=visit.ended_at,
            version=visit.version,
            target=shown,
        )


class PartOut(Shown):
    """What is asked of an authority at a visit, and what it answered."""

    id: UUID
    visit_id: UUID
    operation_id: UUID
    authority_id: UUID
    unit_id: UUID | None
    field: Field | None
    people: int
    competence: str | None
    withdrawn: bool
    accepted: bool | None
    legal_basis: str | None
    police_role: PoliceRole | None
    announced: bool | None
    no_notice_reason: str | None
    handed_in: bool
    nothing_to_report: bool
    summary: Summary
    version: int

    @classmethod
    def of(cls, part: PartCard) -> PartOut:
        """Show a part."""
        return cls.model_validate(part)


class BookingOut(Shown):
    """A person asked for an operation; the id is that of the person's place in it."""

    id: UUID
    operation_id: UUID
    authority_id: UUID
    person_id: UUID
    shown_name: str
    role: str
    state: AssignmentState
    starts_at: datetime
    ends_at: datetime
    version: int

    @classmethod
    def of(cls, person: PersonLine) -> BookingOut:
        """Show a person's place."""
        return cls(
            id=person.assignment_id,
            operation_id=person.operation_id,
            authority_id=person.authority_id,
            person_id=person.person_id,
            shown_name=person.shown_name,
            role=person.role,
            state=person.state,
            starts_at=person.starts_at,
            ends_at=person.ends_at,
            version=person.version,
        )


class ParticipationOut(Shown):
    """An authority that takes part."""

    authority_id: UUID
    required: bool
    minimum: int
    withdrawn: bool


class SendingOut(Shown):
    """How the newest message to a person fares; never an address."""

    person_id: UUID
    method: Method
    sequence: int
    happened: Happened | None
    reason: str | None
    at: datetime


class ReplyOut(Shown):
    """An answer that came."""

    person_id: UUID
    said: Said
    via: Via
    verified: bool
    decision: Decision
    at: datetime
    comment: str | None


class GateOut(Shown):
    """The ordinary next state and what it still wants."""

    to: OperationState | None
    missing: list[str]


class OperationDetailOut(OperationOut):
    """An operation with all that belongs to it, as far as the viewer may see it."""

    visits: list[VisitOut]
    parts: list[PartOut]
    people: list[BookingOut]
    participations: list[ParticipationOut]
    sendings: list[SendingOut]
    replies: list[ReplyOut]
    gate: GateOut

    @classmethod
    def of(cls, found: Overview) -> OperationDetailOut:
        """Show the whole of an operation."""
        card = OperationOut.model_validate(found.operation)
        return cls(
            **card.model_dump(),
            visits=[VisitOut.of(v, found.targets.get(v.id)) for v in found.visits],
            parts=[PartOut.of(p) for p in found.parts],
            people=[BookingOut.of(p) for p in found.people],
            participations=[ParticipationOut.model_validate(p) for p in found.participations],
            sendings=[SendingOut.model_validate(s) for s in found.sendings],
            replies=[ReplyOut.model_validate(r) for r in found.replies],
            gate=GateOut(to=found.next_state, missing=list(found.missing)),
        )
