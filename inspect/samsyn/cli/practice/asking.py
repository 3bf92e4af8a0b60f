"""A time poll that is open: an evening of the Christmas campaign, with one authority's answer, and others silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from samsyn.cli.practice.case import Case
from samsyn.cli.practice.town import Town
from samsyn.lifecycle.polls.service import answer_poll, open_poll
from samsyn.operations.queries import get_operation
from samsyn.planning.rules import PollAnswer
from samsyn.planning.service.polls import OpenPoll

OPERATION: Final = "jul2"
LATER: Final = (0, 1, 7)
"""Days after the evening as it stands now that are asked for."""
ANSWERS: Final = (PollAnswer.NO, PollAnswer.YES, PollAnswer.IF_NEEDED)
BEFORE: Final = timedelta(days=1)


def ask_for_an_evening(town: Town, cases: Sequence[Case]) -> None:
    """Ask for three evenings until the day before the first; the first authority asked answers."""
    case = next(one for one in cases if one.said["key"] == OPERATION)
    with town.at(case.planner, town.clock.now) as uow:
        operation = get_operation(uow, case.id)
        evenings = [(operation.starts_at + timedelta(days=n), operation.ends_at + timedelta(days=n)) for n in LATER]
        poll = open_poll(uow, OpenPoll(case.id, evenings, operation.begins_at - BEFORE))
    other = next(part.authority for _, part in case.parts if part.authority != case.lead)
    with town.at(town.planner(other), town.clock.now) as uow:
        given = dict(zip((one.id for one in poll.options), ANSWERS, strict=True))
        answer_poll(uow, poll.id, given, whole=True)
