"""Read time polls: the proposals, who is asked, what is answered; the database lets each read its own, the lead all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.core.database import one_of
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Poll, PollAsk, PollOption, PollVote
from samsyn.planning.rules import PollAnswer, PollState

MOST: Final = 2000
KEPT: Final = 20
"""Polls of one operation that are listed."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A proposal: when the operation would be."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PollLine:
    """A poll with its proposals by time."""

    id: UUID
    operation_id: UUID
    lead_id: UUID
    opened_by_id: UUID
    opened_at: datetime
    deadline_at: datetime
    state: PollState
    chosen_option_id: UUID | None
    ended_at: datetime | None
    options: tuple[OptionLine, ...]

    @property
    def chosen(self) -> OptionLine | None:
        """The proposal that was chosen."""
        return next((one for one in self.options if one.id == self.chosen_option_id), None)

    def takes_answers(self, now: datetime) -> bool:
        """Say whether an answer still counts."""
        return self.state is PollState.OPEN and now < self.deadline_at


@dataclass(frozen=True, slots=True)
class AskLine:
    """That a person was asked; ``for_authority``: as a planner."""

    id: UUID
    poll_id: UUID
    authority_id: UUID
    person_id: UUID
    for_authority: bool


@dataclass(frozen=True, slots=True)
class VoteLine:
    """The newest answer to a proposal, of a person or (``person_id`` None) of an authority."""

    option_id: UUID
    authority_id: UUID
    person_id: UUID | None
    answer: PollAnswer
    at: datetime


def polls_of(uow: UnitOfWork, operation_id: UUID) -> list[PollLine]:
    """Return the polls of an operation, newest first; two statements."""
    return read(uow, select(Poll).where(Poll.operation_id == operation_id))


def open_poll_of(uow: UnitOfWork, operation_id: UUID) -> PollLine | None:
    """Return the poll of an operation that is open, or None."""
    found = read(uow, select(Poll).where(Poll.operation_id == operation_id, Poll.state == PollState.OPEN))
    return found[0] if found else None


def get_poll(uow: UnitOfWork, poll_id: UUID) -> PollLine:
    """Return a poll; ``NotFoundError`` where it is hidden or absent."""
    found = read(uow, select(Poll).where(Poll.id == poll_id))
    if not found:
        raise NotFoundError("no such poll")
    return found[0]


def polls_asked(uow: UnitOfWork, ask_ids: Collection[UUID]) -> dict[UUID, PollLine]:
    """Return the poll of each question that may still be answered, by the question's id; three statements."""
    rows = select(PollAsk.id, PollAsk.poll_id).where(PollAsk.id.in_(list(ask_ids)))
    poll_of = {row.id: row.poll_id for row in uow.session.execute(rows)}
    polls = {one.id: one for one in read(uow, select(Poll).where(Poll.id.in_(poll_of.values())), len(poll_of))}
    found = {ask_id: polls[poll_id] for ask_id, poll_id in poll_of.items() if poll_id in polls}
    return {ask_id: poll for ask_id, poll in found.items() if poll.takes_answers(uow.now)}


def read(uow: UnitOfWork, rows: Select[Poll], most: int = KEPT) -> list[PollLine]:
    """Read polls with their proposals, as they stand now: another transaction may have ended one meanwhile."""
    ordered = rows.order_by(Poll.opened_at.desc(), Poll.id).limit(most).execution_options(populate_existing=True)
    polls = list(uow.session.scalars(ordered))
    o = PollOption
    lines: dict[UUID, list[OptionLine]] = {}
    if polls:
        spans = (
            select(o.poll_id, o.id, func.lower(o.during), func.upper(o.during))
            .where(o.poll_id.in_([poll.id for poll in polls]))
            .order_by(func.lower(o.during), o.id)
        )
        for poll_id, option_id, starts_at, ends_at in uow.session.execute(spans):
            lines.setdefault(poll_id, []).append(OptionLine(option_id, starts_at, ends_at))
    return [
        PollLine(
            poll.id,
            poll.operation_id,
            poll.lead_id,
            poll.opened_by_id,
            poll.opened_at,
            poll.deadline_at,
            poll.state,
            poll.chosen_option_id,
            poll.ended_at,
            tuple(lines.get(poll.id, ())),
        )
        for poll in polls
    ]


def options_of(operations: Collection[UUID]) -> Select[UUID]:
    """Return the question for the proposals of some operations, to be put inside another."""
    return select(PollOption.id).where(one_of(PollOption.operation_id, operations))


def asks_of(uow: UnitOfWork, poll_id: UUID) -> list[AskLine]:
    """Return who was asked: for the lead everybody, else those of the own authority."""
    a = PollAsk
    rows = (
        select(a.id, a.poll_id, a.authority_id, a.person_id, a.for_authority)
        .where(a.poll_id == poll_id)
        .order_by(a.authority_id, a.id)
        .limit(MOST)
    )
    return [AskLine(*row) for row in uow.session.execute(rows)]


def get_ask(uow: UnitOfWork, ask_id: UUID) -> AskLine:
    """Return one question to one person; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(PollAsk, ask_id)
    if row is None:
        raise NotFoundError("no such question")
    return AskLine(row.id, row.poll_id, row.authority_id, row.person_id, row.for_authority)


def asks_unanswered(uow: UnitOfWork) -> list[tuple[UUID, datetime, bool]]:
    """Return the operations whose open poll waits for the viewer's answer or (True) the authority's; until when."""
    a, v = PollAsk, PollVote
    given = exists().where(
        v.poll_id == a.poll_id,
        v.authority_id == a.authority_id,
        or_(v.person_id == a.person_id, and_(a.for_authority, v.person_id.is_(None))),
    )
    rows = (
        select(Poll.operation_id, Poll.deadline_at, a.for_authority)
        .join(a, a.poll_id == Poll.id)
        .where(a.person_id == uow.person, a.authority_id == uow.me, ~given)
        .where(Poll.state == PollState.OPEN, Poll.deadline_at > uow.now)
        .order_by(Poll.deadline_at, Poll.id)
        .limit(MOST)
    )
    return [(row.operation_id, row.deadline_at, row.for_authority) for row in uow.session.execute(rows)]


def votes_of(uow: UnitOfWork, poll_id: UUID) -> list[VoteLine]:
    """Return the newest answer of everybody to each proposal: for the lead all, else those of the own authority."""
    v = PollVote
    rows = (
        select(v.option_id, v.authority_id, v.person_id, v.answer, v.at)
        .where(v.poll_id == poll_id)
        .ext(distinct_on(v.option_id, v.authority_id, v.person_id))
        .order_by(v.option_id, v.authority_id, v.person_id, v.at.desc(), v.id.desc())
        .limit(MOST)
    )
    return [VoteLine(*row) for row in uow.session.execute(rows)]
