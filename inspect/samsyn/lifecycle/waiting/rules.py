"""What waits for whom, and how urgent it is: facts in, items out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from samsyn.core.home import HOME
from samsyn.lifecycle.deadlines import hand_in_day
from samsyn.lifecycle.rules import GATES, GateFacts, missing_of_part, next_step
from samsyn.operations.queries import OperationCard, PartCard
from samsyn.operations.rules import BEFORE_ONGOING, OperationState

SOON: Final = timedelta(days=3)
TODAY: Final = timedelta(hours=12)


class Waits(StrEnum):
    """What is waited for; the words and the button belong to the page."""

    INVITATION = "invitation"
    HELP = "help"
    POLL = "poll"
    CHECKLIST = "checklist"
    HAND_IN = "hand_in"
    DANGER = "danger"
    INFORMATION = "information"
    TELL_TRADER = "tell_trader"
    FOLLOW_UP = "follow_up"
    QUARANTINE = "quarantine"
    ANSWER = "answer"
    REPLY = "reply"
    STAFF = "staff"
    UNANSWERED = "unanswered"
    GATE = "gate"
    READY = "ready"
    COMMON = "common"
    CLOSE = "close"


class Urgency(StrEnum):
    """How much it hurries; the most urgent first."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for the viewer. ``due_at``: until when, where there is such a time.

    ``subject``: the part or the person's place that it is about; ``what``: names of what is missing.
    """

    waits: Waits
    operation: OperationCard
    due_at: datetime | None
    subject: UUID | None = None
    count: int = 1
    what: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def urgency(self, now: datetime) -> Urgency:
        """Return how much it hurries; what is in danger is never for later."""
        if self.due_at is not None and self.due_at < now:
            return Urgency.OVERDUE
        near = self.due_at is not None and self.due_at - now <= SOON
        return Urgency.SOON if near or self.waits is Waits.DANGER else Urgency.LATER


def in_order(items: list[Item], now: datetime) -> list[Item]:
    """Return the items with the most urgent first, then by the time until which they wait; the oldest of the rest."""
    ranks, kinds = list(Urgency), list(Waits)
    far = now + timedelta(days=10_000)

    def place(item: Item) -> tuple[int, datetime, int, datetime, UUID]:
        operation = item.operation
        rank, kind = ranks.index(item.urgency(now)), kinds.index(item.waits)
        return rank, item.due_at or far, kind, operation.starts_at, operation.id

    return sorted(items, key=place)


def hand_in_by(ended_at: datetime) -> datetime:
    """Return the end of the day on which an authority has handed in: five working days after the last visit."""
    return datetime.combine(hand_in_day(ended_at), time(23, 59), HOME)


def told_by(on_date: date) -> datetime:
    """Return the end of the day by which a trader has been told of a test purchase: the day after it."""
    return datetime.combine(on_date + timedelta(days=1), time(23, 59), HOME)


def unanswered_parts(facts: GateFacts, answers_for: frozenset[UUID]) -> list[tuple[PartCard, list[str]]]:
    """Return the parts of some authorities that lack something, with what they lack, in the order of the visits."""
    if facts.operation.state not in BEFORE_ONGOING:
        return []
    order = {visit.id: n for n, visit in enumerate(facts.visits)}
    found = [
        (part, missing_of_part(part))
        for part in facts.parts
        if part.authority_id in answers_for and part.accepted is not False
    ]
    return sorted((one for one in found if one[1]), key=lambda one: order.get(one[0].visit_id, len(order)))


def not_handed_in(facts: GateFacts, me: UUID, now: datetime) -> list[PartCard]:
    """Return the own parts of visits that have begun that are not handed in."""
    if facts.operation.state not in {OperationState.ONGOING, OperationState.DONE}:
        return []
    begun = {visit.id for visit in facts.visits if visit.starts_at <= now}
    return [
        part
        for part in facts.parts
        if part.authority_id == me
        and part.accepted is not False
        and not part.handed_in
        and (part.visit_id in begun or facts.operation.state is OperationState.DONE)
    ]


def last_end(facts: GateFacts) -> datetime:
    """Return when the last visit ended, or when the operation is to end."""
    return max((visit.ended_at for visit in facts.visits if visit.ended_at), default=facts.operation.ends_at)


def own_missing(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the lead itself can mend in the plan, by name; its part, its people and its words have own items."""
    names = dict.fromkeys(code if ":" not in code else visit_code(code) for code in codes)
    return tuple(name for name in names if name and name != "common_part")


def visit_code(code: str) -> str:
    """Return ``visit_parts`` for ``visit:<id>:parts``; nothing for what is not of a visit."""
    kind, _, rest = code.partition(":")
    return f"visit_{rest.partition(':')[2]}" if kind == "visit" else ""


def waited_for(codes: tuple[str, ...], facts: GateFacts, me: UUID) -> frozenset[UUID]:
    """Return the other authorities that keep a gate closed."""
    of = {str(part.id): part.authority_id for part in facts.parts}
    found: set[UUID] = set()
    for code in codes:
        kind, _, rest = code.partition(":")
        subject = rest.partition(":")[0]
        if kind == "part" and subject in of:
            found.add(of[subject])
        elif kind in {"quorum", "competence", "follow_ups"}:
            found.add(UUID(subject))
    return frozenset(found - {me})


def of_gate(facts: GateFacts, now: datetime) -> tuple[tuple[str, ...], OperationState | None]:
    """Return what the next gate of an operation misses, and the step; no step where none is due yet."""
    operation = facts.operation
    to = next_step(operation.state)
    if to is None or (to is OperationState.ONGOING and operation.begins_at - now > TODAY):
        return (), None
    return GATES[operation.state, to](facts), to


def of_lead(facts: GateFacts, now: datetime) -> Iterator[Item]:
    """Yield what an operation that the viewer's authority leads waits for."""
    operation = facts.operation
    due = operation.begins_at if operation.state in BEFORE_ONGOING else None
    if operation.in_danger and operation.state in BEFORE_ONGOING:
        yield Item(Waits.DANGER, operation, due)
    missing, to = of_gate(facts, now)
    if to is None:
        return
    if own := own_missing(missing):
        yield Item(Waits.GATE, operation, due or operation.ends_at, what=own)
    elif not missing:
        yield Item(Waits.READY, operation, due, what=(to.value,))


def of_approval(facts: GateFacts, me: UUID) -> Iterator[Item]:
    """Yield the common part to approve and the follow-ups to close, for planners and deciders."""
    operation = facts.operation
    leads = operation.lead_id == me
    if leads and operation.state in {OperationState.DONE, OperationState.REPORTED} and not facts.common_approved:
        yield Item(Waits.COMMON, operation, None)
    if operation.state is OperationState.COMPILED and me in facts.built | {me} and me not in facts.closed:
        yield Item(Waits.CLOSE, operation, None)


def of_part(facts: GateFacts, answers_for: frozenset[UUID]) -> Iterator[Item]:
    """Yield the question that the authority has not answered, once per operation and authority."""
    lacking = unanswered_parts(facts, answers_for)
    for authority_id in sorted({part.authority_id for part, _ in lacking}, key=str):
        mine = [(part, what) for part, what in lacking if part.authority_id == authority_id]
        what = tuple(dict.fromkeys(name for _, names in mine for name in names))
        yield Item(Waits.ANSWER, facts.operation, facts.operation.begins_at, mine[0][0].id, len(mine), what)
