"""What people decide: rules by a decision, holds and their lifting, that a removal is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from samsyn.access.rules import Role
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.retention.models import RecordsHold, RetentionRule, RetentionRun
from samsyn.retention.queries import demand_keeper, preview, rules_of
from samsyn.retention.rules import (
    MOST_REASON,
    MOST_REFERENCE,
    MOST_YEARS,
    WEED,
    DataClass,
    Fault,
    Missing,
    NotTakenError,
    last_year,
)
from samsyn.retention.statement import ALONE


@dataclass(frozen=True, slots=True)
class SetRule:
    """A rule: preserve, or remove after so many whole calendar years by a decision."""

    data_class: DataClass
    preserve: bool
    years: int
    decision_ref: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A hold on a business, an operation, or (with neither) everything that the authority has."""

    reason: str
    business_id: UUID | None = None
    operation_id: UUID | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """The end of a hold."""

    hold_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """That what is due of a class is removed."""

    run_id: UUID
    data_class: DataClass


def set_rule(uow: UnitOfWork, command: SetRule) -> None:
    """Write a new version of a rule; raise ``NotTakenError`` naming a field, ``NotAllowedError`` without the role."""
    demand_decider(uow)
    if not 0 <= command.years <= MOST_YEARS:
        raise NotTakenError("years", Fault.YEARS_NEEDED)
    reference = checked("decision_ref", command.decision_ref, MOST_REFERENCE)
    if not command.preserve and not reference:
        raise NotTakenError("decision_ref", Fault.REFERENCE_NEEDED)
    if command.decided_on is not None and command.decided_on > uow.today:
        raise NotTakenError("decided_on", Fault.FUTURE)
    uow.session.execute(ALONE)
    before = rules_of(uow)[command.data_class]
    made = uuid4()
    uow.session.execute(
        insert(RetentionRule).values(
            id=made,
            authority_id=uow.me,
            data_class=command.data_class,
            version=before.version + 1,
            preserve=command.preserve,
            years=command.years,
            decision_ref=reference,
            decided_on=command.decided_on,
            set_by=uow.person,
            set_at=uow.now,
        )
    )
    record(uow, "retention.rule", made, reason=command.data_class.value)


def place_hold(uow: UnitOfWork, command: Place) -> UUID:
    """Stop removal; what stands now stays until somebody lifts the hold."""
    demand_keeper(uow)
    reason = checked("reason", command.reason, MOST_REASON)
    if not reason:
        raise NotTakenError("reason", Fault.REASON_NEEDED)
    uow.session.execute(ALONE)  # a removal that runs ends first, and the next one sees the hold
    made = uuid4()
    uow.session.execute(
        insert(RecordsHold).values(
            id=made,
            authority_id=uow.me,
            business_id=command.business_id,
            operation_id=command.operation_id,
            request_id=command.request_id,
            reason=reason,
            placed_by=uow.person,
            placed_at=uow.now,
            lifted_by=None,
            lifted_at=None,
            lift_reason="",
        )
    )
    record(uow, "retention.hold", made)
    return made


def lift_hold(uow: UnitOfWork, command: Lift) -> None:
    """End a hold with a reason; ``ConflictError`` for one that was lifted, ``NotFoundError`` for another's."""
    demand_decider(uow)
    reason = checked("reason", command.reason, MOST_REASON)
    if not reason:
        raise NotTakenError("reason", Fault.REASON_NEEDED)
    row = uow.session.get(RecordsHold, command.hold_id)
    if row is None:
        raise NotFoundError("no such hold")
    if row.lifted_at is not None:
        raise ConflictError("the hold was lifted")
    ended = update(RecordsHold).where(RecordsHold.id == command.hold_id)
    uow.session.execute(ended.values(lifted_by=uow.person, lifted_at=uow.now, lift_reason=reason))
    record(uow, "retention.lift", command.hold_id)


def order_run(uow: UnitOfWork, command: Order) -> UUID:
    """Order the removal of what is due; the worker does it. ``GateClosedError`` names what is missing."""
    demand_decider(uow)
    uow.session.execute(ALONE)
    card = next(one for one in preview(uow) if one.rule.data_class is command.data_class)
    open_run = select(RetentionRun.id).where(
        RetentionRun.data_class == command.data_class, RetentionRun.finished_at.is_(None)
    )
    missing = []
    if not card.rule.removes:
        missing.append(Missing.NO_RULE)
    elif card.due == 0:
        missing.append(Missing.NOTHING_DUE)
    if uow.session.scalar(open_run.limit(1)) is not None:
        missing.append(Missing.RUNNING)
    if missing:
        raise GateClosedError("nothing can be removed now", tuple(missing))
    uow.session.execute(
        insert(RetentionRun).values(
            id=command.run_id,
            authority_id=uow.me,
            data_class=command.data_class,
            rule_version=card.rule.version,
            decision_ref=card.rule.decision_ref,
            last_year=last_year(card.rule, uow.today),
            ordered_by=uow.person,
            ordered_at=uow.now,
            removed=0,
            objects=[],
            files=[],
            finished_at=None,
        )
    )
    record(uow, "retention.order", command.run_id, reason=command.data_class.value)
    emit(uow, WEED, command.run_id, acts_for=uow.me)
    return command.run_id


def demand_decider(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for who does not decide for the authority."""
    if Role.DECIDER not in uow.viewer.roles:
        raise NotAllowedError("who decides for the authority decides on retention")


def checked(field: str, text: str, limit: int) -> str:
    """Return a text as it may be kept."""
    text = text.replace("\x00", "").strip()
    if len(text) > limit:
        raise NotTakenError(field, Fault.TOO_LONG)
    if has_personal_number(text):
        raise NotTakenError(field, Fault.PERSONAL_NUMBER)
    return text
