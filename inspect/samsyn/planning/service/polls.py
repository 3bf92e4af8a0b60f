"""Write time polls: open one, answer, end it once. One transaction after the other: each holds the poll's own lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import Range

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Poll, PollAsk, PollOption, PollVote
from samsyn.planning.queries.polls import AskLine, OptionLine, PollLine
from samsyn.planning.rules import PollAnswer, PollState, Span

_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('poll ' || CAST(:id AS text), 0))")


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """Ask for an operation's time: from three to five proposals, until a deadline."""

    operation_id: UUID
    spans: Sequence[Span]
    deadline_at: datetime


def stand_alone(uow: UnitOfWork, poll_id: UUID) -> None:
    """Wait until nobody else answers or ends the poll, and keep them waiting until this transaction ends.

    So no answer holds time after the poll has ended. Whoever asks may not be who may lock its row.
    """
    uow.session.execute(_ALONE, {"id": poll_id})


def write_poll(uow: UnitOfWork, command: OpenPoll) -> PollLine:
    """Write a poll of the viewer with its proposals."""
    poll_id, of_it = uuid4(), {"operation_id": command.operation_id, "lead_id": uow.me}
    head = {"opened_by_id": uow.person, "opened_at": uow.now, "deadline_at": command.deadline_at}
    uow.session.execute(insert(Poll).values(id=poll_id, state=PollState.OPEN, **head, **of_it))
    options = tuple(OptionLine(uuid4(), *span) for span in sorted(command.spans))
    uow.session.execute(
        insert(PollOption),
        [{"id": one.id, "poll_id": poll_id, "during": Range(one.starts_at, one.ends_at), **of_it} for one in options],
    )
    record(uow, "poll.open", poll_id)
    return PollLine(
        poll_id,
        command.operation_id,
        uow.me,
        uow.person,
        uow.now,
        command.deadline_at,
        PollState.OPEN,
        None,
        None,
        options,
    )


def write_asks(uow: UnitOfWork, poll: PollLine, asked: Sequence[tuple[UUID, UUID, bool]]) -> list[AskLine]:
    """Write who is asked: person, authority, and whether for the authority."""
    lines = [AskLine(uuid4(), poll.id, authority, person, whole) for person, authority, whole in asked]
    of_it = {"poll_id": poll.id, "operation_id": poll.operation_id, "lead_id": uow.me}
    values = [
        {
            "id": one.id,
            "authority_id": one.authority_id,
            "person_id": one.person_id,
            "for_authority": one.for_authority,
            **of_it,
        }
        for one in lines
    ]
    if values:
        uow.session.execute(insert(PollAsk), values)
    for one in lines:
        record(uow, "poll.ask", one.id, owner=one.authority_id)
    return lines


def write_votes(uow: UnitOfWork, poll: PollLine, person_id: UUID | None, answers: Mapping[UUID, PollAnswer]) -> None:
    """Write answers to proposals, of a person or (None) of the viewer's authority; earlier ones stay as history."""
    of_it = {"poll_id": poll.id, "operation_id": poll.operation_id, "lead_id": poll.lead_id}
    uow.session.execute(
        insert(PollVote),
        [
            {
                "id": uuid4(),
                "option_id": option_id,
                "authority_id": uow.me,
                "person_id": person_id,
                "answer": answer,
                "written_by_id": uow.person,
                "at": uow.now,
                **of_it,
            }
            for option_id, answer in answers.items()
        ],
    )
    record(uow, "poll.answer", poll.id, owner=uow.me)


def end_poll(uow: UnitOfWork, poll: PollLine, state: PollState, chosen: UUID | None = None) -> bool:
    """End a poll that is open; False, and nothing changed, where it ended meanwhile or is not the viewer's to end."""
    ended = update(Poll).where(Poll.id == poll.id, Poll.state == PollState.OPEN)
    values = {"state": state, "chosen_option_id": chosen, "ended_at": uow.now}
    if uow.session.scalar(ended.values(**values).returning(Poll.id)) is None:
        return False
    record(uow, f"poll.{state.value}", poll.id)
    return True
