"""How a time poll is shown: its proposals, and how each authority stands to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.lifecycle.polls.queries import PollView
from samsyn.lifecycle.polls.rules import Stand
from samsyn.planning.rules import PollAnswer, PollState
from samsyn.web.parsing import Shown


class ProposalOut(Shown):
    """A proposal: when the operation would be."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


class StandOut(Shown):
    """How an authority stands to a proposal; ``needed``: without it the proposal will not do."""

    authority_id: UUID
    needed: bool
    option_id: UUID
    stand: Stand


class OwnAnswerOut(Shown):
    """What the viewer answered; ``whole``: for the authority."""

    option_id: UUID
    answer: PollAnswer
    whole: bool


class PollOut(Shown):
    """A time poll. For its lead all authorities stand in it, and what would be chosen now; for others their own."""

    id: UUID
    operation_id: UUID
    state: PollState
    deadline_at: datetime
    chosen_option_id: UUID | None
    best_option_id: UUID | None
    asked: int
    answered: int
    options: list[ProposalOut]
    stands: list[StandOut]
    own: list[OwnAnswerOut]

    @classmethod
    def of(cls, view: PollView) -> PollOut:
        """Return a poll as it is shown."""
        given = [(view.own, False), (view.whole, True)]
        return cls(
            id=view.poll.id,
            operation_id=view.operation.id,
            state=view.poll.state,
            deadline_at=view.poll.deadline_at,
            chosen_option_id=view.poll.chosen_option_id,
            best_option_id=view.best[0].id if view.best else None,
            asked=view.asked,
            answered=view.answered,
            options=[ProposalOut.model_validate(one) for one in view.poll.options],
            stands=[
                StandOut(authority_id=row.side.authority_id, needed=row.side.needed, option_id=key, stand=stand)
                for row in view.rows
                for key, stand in row.stands.items()
            ],
            own=[
                OwnAnswerOut(option_id=key, answer=answer, whole=whole)
                for answers, whole in given
                for key, answer in answers.items()
            ],
        )
