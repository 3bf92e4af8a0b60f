"""Read what waits for the viewer: a constant number of statements, whatever the number of operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import list_staff
from samsyn.approvals.queries import to_decide
from samsyn.approvals.rules import ApprovalKind
from samsyn.authorities.queries import stewarded_by
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import open_requests
from samsyn.lifecycle.facts import facts_of_many
from samsyn.lifecycle.reply_queue import queue_of
from samsyn.lifecycle.rules import GateFacts
from samsyn.lifecycle.staffing.queries import COLLEAGUES, Own, Staffing, places
from samsyn.lifecycle.waiting.evening import of_help, of_quarantine
from samsyn.lifecycle.waiting.follow_ups import of_follow_ups
from samsyn.lifecycle.waiting.rules import (
    Item,
    Waits,
    hand_in_by,
    in_order,
    last_end,
    not_handed_in,
    of_approval,
    of_gate,
    of_lead,
    of_part,
    told_by,
    waited_for,
)
from samsyn.operations.queries import (
    OperationCard,
    PersonLine,
    my_assignments,
    open_operations,
    operations_by_id,
    operations_of_visits,
)
from samsyn.operations.queries.period import goers_of
from samsyn.operations.rules import BEFORE_ONGOING, AssignmentState, OperationState
from samsyn.planning.queries.polls import asks_unanswered
from samsyn.pledges.evaluation.queries.waits import PromisedWait, waits_of_party
from samsyn.purchases.queries import Untold, untold
from samsyn.reviews.queries import NOTHING, ToReview, to_review

SHOWN: Final = 60
OTHERS: Final = 8
COMING: Final = 6
BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=400)
OPEN: Final = BEFORE_ONGOING | {OperationState.ONGOING}
Going = tuple[PersonLine, OperationCard]


@dataclass(frozen=True, slots=True)
class ForOthers:
    """An operation of the own authority that others keep waiting."""

    operation: OperationCard
    authorities: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The page: items with the most urgent first (``total`` says of how many), invitations, where the viewer goes."""

    items: tuple[Item, ...] = ()
    total: int = 0
    others: tuple[ForOthers, ...] = ()
    invitations: tuple[Going, ...] = ()
    tonight: OperationCard | None = None
    coming: tuple[Going, ...] = ()
    review: ToReview = NOTHING
    approvals: Mapping[ApprovalKind, int] = field(default_factory=dict)
    promised: tuple[PromisedWait, ...] = ()


def waiting_for(uow: UnitOfWork) -> Waiting:
    """Return what waits for the viewer, by the viewer's roles; empty for roles that nothing waits for."""
    mine = my_assignments(uow, uow.now - BACK, uow.now + AHEAD) if uow.viewer.person_id else []
    asked = [one for one in mine if is_asked(uow, one)]
    goes = [(place, op) for place, op in mine if place.state is AssignmentState.ACCEPTED]
    coming = [(place, op) for place, op in goes if op.state in OPEN and place.ends_at > uow.now]
    today = uow.today
    tonight = next(
        (op for _, op in coming if op.state is OperationState.ONGOING or local_day(op.begins_at) == today), None
    )
    items = [Item(Waits.INVITATION, op, place.starts_at, place.assignment_id) for place, op in asked]
    items += of_polls(uow)
    others: list[ForOthers] = []
    operations = open_operations(uow) if uow.viewer.roles & {"planner", "decider"} else own_field(goes)
    if operations:
        facts = facts_of_many(uow, operations)
        items += of_work(uow, facts, frozenset(op.id for _, op in goes))
        if "planner" in uow.viewer.roles:
            items += of_people(uow, facts)
            items += of_replies(uow)
            others = for_others(uow, facts)
    if "decider" in uow.viewer.roles:
        items += of_requests(uow)
    items += of_purchases(uow)
    items += of_follow_ups(uow)
    items += of_help(uow)
    items += of_quarantine(uow)
    ordered, review, approvals = in_order(items, uow.now), to_review(uow), Counter(one.kind for one in to_decide(uow))
    promised = waits_of_party(uow)
    return Waiting(
        tuple(ordered[:SHOWN]),
        len(ordered) + review.total + approvals.total() + len(promised),
        tuple(others[:OTHERS]),
        tuple(asked),
        tonight,
        tuple(coming[:COMING]),
        review,
        approvals,
        tuple(promised),
    )


def of_requests(uow: UnitOfWork) -> list[Item]:
    """Return what others ask the own authority for, at visits that it took part in."""
    asked = open_requests(uow)
    operations = operations_of_visits(uow, {one.visit_id for one in asked}) if asked else {}
    return [
        Item(Waits.INFORMATION, operations[one.visit_id], None, one.id) for one in asked if one.visit_id in operations
    ]


def of_polls(uow: UnitOfWork) -> list[Item]:
    """Return the time polls that the viewer was asked in and nobody has answered yet; due at their deadlines.

    Who was let go since is not waited for.
    """
    asked = asks_unanswered(uow) if uow.viewer.person_id else []
    own, mine = {key for key, _, whole in asked if not whole}, (uow.viewer.person_id, uow.me)
    goers = goers_of(uow, own) if own else []
    goes = {one.operation_id for one in goers if (one.person_id, one.authority_id) == mine}
    waits = {key: deadline for key, deadline, whole in asked if whole or key in goes}
    operations = operations_by_id(uow, set(waits)) if waits else {}
    return [Item(Waits.POLL, operations[key], deadline) for key, deadline in waits.items() if key in operations]


def of_replies(uow: UnitOfWork) -> list[Item]:
    """Return the answers that a planner has to look at, one line for each."""
    return [Item(Waits.REPLY, one.operation, one.operation.begins_at, one.reply.id) for one in queue_of(uow)]


def of_purchases(uow: UnitOfWork) -> list[Item]:
    """Return the test purchases whose trader is to be told (LTLP 7:22), one line for each part; due the day after."""
    waits = untold(uow)
    operations = operations_of_visits(uow, {one.visit_id for one in waits}) if waits else {}
    by_part: dict[UUID, list[Untold]] = {}
    for one in waits:
        by_part.setdefault(one.part_id, []).append(one)
    return [
        Item(Waits.TELL_TRADER, operations[ones[0].visit_id], told_by(ones[0].on_date), part_id, len(ones))
        for part_id, ones in by_part.items()
        if ones[0].visit_id in operations
    ]


def is_asked(uow: UnitOfWork, going: Going) -> bool:
    """Say whether a person's own yes or no is waited for."""
    place, operation = going
    return place.state is AssignmentState.ASKED and operation.state in OPEN and place.ends_at > uow.now


def own_field(goes: list[Going]) -> list[OperationCard]:
    """Return the operations in which a person who only inspects may have something to hand in."""
    return [op for _, op in goes if op.state in {OperationState.ONGOING, OperationState.DONE}]


def of_work(uow: UnitOfWork, facts: Mapping[UUID, GateFacts], goes: frozenset[UUID]) -> list[Item]:
    """Return what the viewer's roles have to write: answers, checklists, hand-ins, approvals, steps."""
    roles = uow.viewer.roles
    answers_for = frozenset({uow.me} | stewarded_by(uow, uow.me)) if roles & {"planner", "decider"} else frozenset()
    items: list[Item] = []
    for one in facts.values():
        items += of_part(one, answers_for)
        items += to_hand_in(uow, one, goes)
        if roles & {"planner", "decider"}:
            items += of_approval(one, uow.me)
        if "planner" in roles and one.operation.lead_id == uow.me:
            items += of_lead(one, uow.now)
    return items


def to_hand_in(uow: UnitOfWork, facts: GateFacts, goes: frozenset[UUID]) -> list[Item]:
    """Return the own parts to hand in: a checklist for who went, else what the planner has to see to."""
    parts = not_handed_in(facts, uow.me, uow.now)
    went = facts.operation.id in goes
    if not parts or not (went or "planner" in uow.viewer.roles):
        return []
    waits = Waits.CHECKLIST if went else Waits.HAND_IN
    return [Item(waits, facts.operation, hand_in_by(last_end(facts)), parts[0].id, len(parts))]


def of_people(uow: UnitOfWork, facts: Mapping[UUID, GateFacts]) -> list[Item]:
    """Return the own places that nobody holds, and the own people who have not answered."""
    coming = [f.operation for f in facts.values() if f.operation.state in OPEN and f.operation.ends_at > uow.now]
    own = Own(
        {key: one.parts for key, one in facts.items()},
        {key: one.participations for key, one in facts.items()},
        {key: [place for place in one.people if place.authority_id == uow.me] for key, one in facts.items()},
        list_staff(uow, uow.me, COLLEAGUES),
    )
    items: list[Item] = []
    for row in places(uow.me, coming, own):
        items += of_places(uow, row)
    return items


def of_places(uow: UnitOfWork, row: Staffing) -> list[Item]:
    """Return what one operation's own places wait for."""
    items = []
    if row.open:
        what = tuple(dict.fromkeys(slot.need.competence for slot in row.slots if slot.open and slot.need.competence))
        items.append(Item(Waits.STAFF, row.operation, row.span.starts_at, count=row.open, what=what))
    silent = [p for p in row.unanswered if p.person_id != uow.viewer.person_id]
    if silent:
        names = tuple(p.shown_name for p in silent)
        items.append(
            Item(Waits.UNANSWERED, row.operation, row.span.starts_at, silent[0].assignment_id, len(silent), names=names)
        )
    return items


def for_others(uow: UnitOfWork, facts: Mapping[UUID, GateFacts]) -> list[ForOthers]:
    """Return the led operations whose next gate others keep closed, the next one first."""
    found = []
    for one in facts.values():
        if one.operation.lead_id == uow.me:
            missing, _ = of_gate(one, uow.now)
            authorities = waited_for(missing, one, uow.me)
            if authorities:
                found.append(ForOthers(one.operation, authorities))
    return sorted(found, key=lambda one: (one.operation.ends_at < uow.now, one.operation.starts_at))
