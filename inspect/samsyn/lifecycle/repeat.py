"""A plan begun from an earlier one, or from a template: visits, questions, quorum and order texts, nobody's answers.

Findings, answers and people are never taken over; people are asked when the planner says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of, units_of
from samsyn.businesses.queries import OpenLine, opening_hours_of
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import (
    OperationCard,
    answers_given,
    get_operation,
    order_of,
    participations,
    targets_of,
    visits_of,
)
from samsyn.operations.service import (
    AddVisit,
    AskPart,
    PlanOrder,
    ProposeOperation,
    add_participation,
    add_visit,
    plan_order,
    propose_operation,
)
from samsyn.planning.queries import get_template

DAY: Final = 24 * 60
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class VisitAgain:
    """A visit of the new plan: ``after`` the start of the operation."""

    business_id: UUID
    after: timedelta
    lasts: timedelta
    announced: bool = False
    safety_note: str | None = None
    parts: tuple[AskPart, ...] = ()
    of_visit: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a new operation begins with. ``quorum``: the least number of people by authority, 0 where none is wanted."""

    collaboration_id: UUID
    starts_at: datetime
    lasts: timedelta
    meets_before: timedelta | None = None
    meeting_place: str | None = None
    visits: tuple[VisitAgain, ...] = ()
    quorum: Mapping[UUID, int] = field(default_factory=dict)
    title: str | None = None
    stop_word: str | None = None
    safety_note: str | None = None
    briefing_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RepeatOperation:
    """Repeat an operation at another time, with some of its visits; ``texts``: with the words of its order."""

    operation_id: UUID
    starts_at: datetime
    visit_ids: frozenset[UUID]
    meeting_place: str | None = None
    texts: bool = True
    despite_closed: bool = False


@dataclass(frozen=True, slots=True)
class BeginFromTemplate:
    """Begin an operation from a template, with visits one after another at some businesses."""

    template_id: UUID
    collaboration_id: UUID
    starts_at: datetime
    meeting_place: str | None = None
    business_ids: tuple[UUID, ...] = ()
    announced: bool = False


def next_time(starts_at: datetime, now: datetime) -> datetime:
    """Return the next later time with the same weekday and the same clock in Sweden, whatever summer time does."""
    local = starts_at.astimezone(HOME)
    weeks = max(1, (now - starts_at) // WEEK)
    found = local + weeks * WEEK
    while found <= now:
        found += WEEK
    return found.astimezone(starts_at.tzinfo)


def plan_of(uow: UnitOfWork, operation: OperationCard) -> NewPlan:
    """Return an operation as a plan to repeat, at its own time; only its lead sees all of it."""
    targets, parts = targets_of(uow, operation.id), answers_given(uow, operation.id)
    visits = [
        VisitAgain(
            target.business_id,
            visit.starts_at - operation.starts_at,
            visit.ends_at - visit.starts_at,
            target.announced,
            target.safety_note,
            tuple(AskPart(p.authority_id, p.unit_id, p.people, p.competence) for p in parts if p.visit_id == visit.id),
            visit.id,
        )
        for visit in visits_of(uow, operation.id)
        if (target := targets.get(visit.id)) is not None
    ]
    order = order_of(uow, operation.id)
    lines = [line for line in participations(uow, operation.id) if not line.withdrawn]
    return NewPlan(
        operation.collaboration_id,
        operation.starts_at,
        operation.ends_at - operation.starts_at,
        operation.starts_at - operation.meets_at if operation.meets_at else None,
        operation.meeting_place,
        tuple(visits),
        {line.authority_id: line.minimum if line.required else 0 for line in lines},
        order.title if order else None,
        order.stop_word if order else None,
        order.safety_note if order else None,
        order.briefing_at - operation.starts_at if order and order.briefing_at else None,
    )


def is_open(hours: Sequence[OpenLine], starts_at: datetime, ends_at: datetime) -> bool:
    """Say whether a business is open during some of a time; one without hours on record may be open."""
    if not hours:
        return True
    local, minutes = starts_at.astimezone(HOME), int((ends_at - starts_at).total_seconds() // 60)
    begin = local.hour * 60 + local.minute
    today, before = local.isoweekday(), (local - timedelta(days=1)).isoweekday()
    spans = [(h.opens, h.closes) for h in hours if h.weekday == today]
    spans += [(h.opens - DAY, h.closes - DAY) for h in hours if h.weekday == before]
    return any(opens < begin + minutes and closes > begin for opens, closes in spans)


def closed_then(uow: UnitOfWork, visits: Iterable[VisitAgain], starts_at: datetime) -> frozenset[UUID]:
    """Return the businesses that are closed when the plan, begun at that time, would visit them."""
    wanted = list(visits)
    hours = opening_hours_of(uow, {visit.business_id for visit in wanted})
    return frozenset(
        visit.business_id
        for visit in wanted
        if not is_open(hours.get(visit.business_id, ()), starts_at + visit.after, starts_at + visit.after + visit.lasts)
    )


def write_plan(uow: UnitOfWork, plan: NewPlan) -> UUID:
    """Write a proposed operation with all that the plan holds; authorities that left the collaboration are left out."""
    members = {one.id for one in members_of(uow, plan.collaboration_id)}
    units = {one.id for one in units_of(uow, members)}
    meets_at = None if plan.meets_before is None else plan.starts_at - plan.meets_before
    operation_id = propose_operation(
        uow,
        ProposeOperation(
            plan.collaboration_id, plan.starts_at, plan.starts_at + plan.lasts, meets_at, plan.meeting_place
        ),
    )
    for visit in plan.visits:
        begins = plan.starts_at + visit.after
        asked = tuple(p for p in visit.parts if p.authority_id in members and (p.unit_id is None or p.unit_id in units))
        add_visit(
            uow,
            AddVisit(
                operation_id,
                visit.business_id,
                begins,
                begins + visit.lasts,
                visit.announced,
                safety_note=visit.safety_note,
                parts=asked,
            ),
        )
    for authority_id, minimum in plan.quorum.items():
        if authority_id in members:
            add_participation(uow, operation_id, authority_id, required=minimum > 0, minimum=minimum)
    if plan.title or plan.stop_word or plan.safety_note or plan.briefing_after is not None:
        briefing_at = None if plan.briefing_after is None else plan.starts_at + plan.briefing_after
        plan_order(uow, PlanOrder(operation_id, plan.title, briefing_at, plan.stop_word, plan.safety_note))
    return operation_id


def repeat_operation(uow: UnitOfWork, command: RepeatOperation) -> UUID:
    """Write an operation like an earlier one that the own authority led; every time keeps its distance to the start.

    ``InvalidError`` under ``despite_closed`` where a business is closed then and nobody said that it does not matter.
    """
    operation = get_operation(uow, command.operation_id)
    if operation.lead_id != uow.me:
        raise NotAllowedError("only the lead authority repeats an operation")
    old = plan_of(uow, operation)
    visits = tuple(visit for visit in old.visits if visit.of_visit in command.visit_ids)
    if not command.despite_closed and closed_then(uow, visits, command.starts_at):
        raise InvalidError("closed then", fields={"despite_closed": ["closed then"]})
    texts = command.texts
    operation_id = write_plan(
        uow,
        NewPlan(
            old.collaboration_id,
            command.starts_at,
            old.lasts,
            old.meets_before,
            command.meeting_place,
            visits,
            old.quorum,
            old.title if texts else None,
            old.stop_word if texts else None,
            old.safety_note if texts else None,
            old.briefing_after if texts else None,
        ),
    )
    record(uow, "operation.repeat", operation.id)
    return operation_id


def begin_from_template(uow: UnitOfWork, command: BeginFromTemplate) -> UUID:
    """Write an operation as a template lays it out; it lasts longer where its visits need more time."""
    content = get_template(uow, command.template_id).plan
    each = timedelta(minutes=content.visit_lasts)
    asked = tuple(AskPart(one.authority_id, one.unit_id, one.people, one.competence) for one in content.asked)
    visits = tuple(
        VisitAgain(business_id, n * each, each, command.announced, parts=asked)
        for n, business_id in enumerate(dict.fromkeys(command.business_ids))
    )
    return write_plan(
        uow,
        NewPlan(
            command.collaboration_id,
            command.starts_at,
            max(timedelta(minutes=content.lasts), len(visits) * each),
            None if content.meets_before is None else timedelta(minutes=content.meets_before),
            command.meeting_place,
            visits,
            {one.authority_id: one.minimum for one in content.quorum},
            stop_word=content.stop_word,
            safety_note=content.safety_note,
        ),
    )
