"""Read how a poll stands: for its lead every authority, for the others their own; other authorities' people never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from samsyn.access.queries import planners_of, viewer_now
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.polls.rules import Row, Stand, ranked, rows_of, side_of
from samsyn.operations.queries import OperationCard, get_operation, participations, recused_people
from samsyn.operations.queries.period import goers_of
from samsyn.planning.queries.polls import AskLine, OptionLine, PollLine, VoteLine, asks_of, polls_of, votes_of
from samsyn.planning.rules import PollAnswer


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as the viewer may see it. ``best``: the proposals that would do, best first, for the lead.

    ``asked`` and ``answered``: how many questions went out and how many have an answer, as far as the viewer may know.
    """

    operation: OperationCard
    poll: PollLine
    rows: tuple[Row, ...]
    best: tuple[OptionLine, ...]
    asked: int
    answered: int
    own: Mapping[UUID, PollAnswer]
    whole: Mapping[UUID, PollAnswer]
    as_person: bool
    as_authority: bool

    def count(self, option: OptionLine, stand: Stand) -> int:
        """Return how many authorities stand so to a proposal."""
        return sum(row.stands[option.id] is stand for row in self.rows)


def newest_poll(uow: UnitOfWork, operation_id: UUID) -> PollView | None:
    """Return an operation's newest poll, or None where there was none; ``NotFoundError`` for a hidden operation."""
    operation = get_operation(uow, operation_id)
    polls = polls_of(uow, operation_id)
    return view_of(uow, operation, polls[0]) if polls else None


def view_of(uow: UnitOfWork, operation: OperationCard, poll: PollLine) -> PollView:
    """Read the rest of a poll; four statements. Who does not go any more, and who takes no part, does not count."""
    going = people_of_it(uow, operation.id)
    asks = [one for one in asks_of(uow, poll.id) if one.for_authority or (one.person_id, one.authority_id) in going]
    votes = [
        one for one in votes_of(uow, poll.id) if one.person_id is None or (one.person_id, one.authority_id) in going
    ]
    everybody = participations(uow, operation.id)
    lines = {one.authority_id: one for one in everybody if not one.withdrawn}
    seen = (lines.keys() | {one.authority_id for one in asks}) - {
        one.authority_id for one in everybody if one.withdrawn
    }
    sides = []
    for authority_id in sorted(seen, key=str):
        line = lines.get(authority_id)
        needed = line is not None and line.required
        sides.append(side_of(authority_id, asks, needed=needed, minimum=line.minimum if line else 0))
    rows = tuple(rows_of(poll.options, sides, votes))
    return PollView(
        operation=operation,
        poll=poll,
        rows=rows,
        best=tuple(ranked(poll.options, rows, uow.now)) if operation.lead_id == uow.me else (),
        asked=len(asks),
        answered=answered(asks, votes),
        own={one.option_id: one.answer for one in votes if uow.viewer.person_id and one.person_id == uow.person},
        whole={one.option_id: one.answer for one in votes if one.authority_id == uow.me and one.person_id is None},
        as_person=(uow.viewer.person_id, uow.me) in going,
        as_authority="planner" in uow.viewer.roles and uow.me in lines,
    )


def people_of_it(uow: UnitOfWork, operation_id: UUID) -> set[tuple[UUID | None, UUID]]:
    """Return person and authority of who goes, or is asked to: whose answers count. Who was let go has no say."""
    return {(one.person_id, one.authority_id) for one in goers_of(uow, {operation_id})}


def may_answer_as_person(uow: UnitOfWork, operation_id: UUID) -> bool:
    """Say whether the viewer goes to the operation, or is asked to."""
    return (uow.viewer.person_id, uow.me) in people_of_it(uow, operation_id)


def answered(asks: Sequence[AskLine], votes: Sequence[VoteLine]) -> int:
    """Count the questions that have an answer: a planner's when the authority has one, whoever gave it."""
    people = {(one.person_id, one.authority_id) for one in votes}
    whole = {one.authority_id for one in votes if one.person_id is None}
    return sum(
        one.authority_id in whole if one.for_authority else (one.person_id, one.authority_id) in people for one in asks
    )


def planner_for(uow: UnitOfWork, poll: PollLine) -> Viewer | None:
    """Return who asked, while that person may set the time, else the first of the lead's planners who may.

    Who declared a conflict of interest may not: the visit is hidden from that person, and would be left where it was.
    """
    recused = recused_people(uow, poll.operation_id)
    for person_id in (poll.opened_by_id, *(person for person, _ in planners_of(uow, {uow.me}))):
        found = viewer_now(uow, person_id)
        if found is not None and "planner" in found.roles and person_id not in recused:
            return found
    return None
