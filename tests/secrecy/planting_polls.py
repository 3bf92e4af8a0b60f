"""What is planted of a time poll: three proposals, everybody's first inspector asked, each answer, one evening held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from samsyn.core.uow import unit_of_work
from samsyn.operations.service.holds import HoldOption, hold_options
from samsyn.planning.rules import PollAnswer
from samsyn.planning.service.polls import OpenPoll, write_asks, write_poll, write_votes

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

START = datetime.now(UTC) + timedelta(days=20)


def plant_poll(p: Planted) -> None:
    """As the police's planner, and then as each of those asked."""
    times = [(START + timedelta(days=n), START + timedelta(days=n, hours=2)) for n in range(3)]
    with unit_of_work(p.town.planner(p.town.police)) as uow:
        poll = write_poll(uow, OpenPoll(p.operation, times, START - timedelta(days=1)))
        write_asks(uow, poll, [(one.inspectors[0], one.id, False) for one in p.silos])
        first = poll.options[0]
        holds = [HoldOption(first.id, one.inspectors[0], one.id, times[0]) for one in p.silos]
        hold_options(uow, holds)
    for office in p.silos:
        with unit_of_work(p.town.inspector(office)) as uow:
            write_votes(uow, poll, uow.person, {one.id: PollAnswer.YES for one in poll.options})
