"""What the tests of polls begin from: three evenings asked, what is held, the deadline passed, the worker run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.polls.queries import newest_poll
from samsyn.lifecycle.polls.rules import Stand
from samsyn.lifecycle.polls.service import CLOSE_POLL, answer_poll, open_poll
from samsyn.planning.queries.polls import PollLine, get_poll
from samsyn.planning.rules import PollAnswer, Span
from samsyn.planning.service.polls import OpenPoll
from samsyn_workers.lifecycle import close_poll
from tests.factories import Office, Town
from tests.planning.scene import MONDAY, span

YES, PERHAPS, NO = PollAnswer.YES, PollAnswer.IF_NEEDED, PollAnswer.NO
TIMES = [span(MONDAY + timedelta(days=n), "10:00", "12:00") for n in (0, 1, 2)]


def ask(town: Town, operation: UUID, times: list[Span] | None = None, viewer: Viewer | None = None) -> PollLine:
    """The police ask for three times; the deadline is in an hour."""
    with unit_of_work(viewer or town.planner(town.police)) as uow:
        return open_poll(uow, OpenPoll(operation, times or TIMES, uow.now + timedelta(hours=1)))


def say(poll: PollLine, viewer: Viewer, *answers: PollAnswer, whole: bool = False) -> None:
    with unit_of_work(viewer) as uow:
        answer_poll(uow, poll.id, dict(zip((one.id for one in poll.options), answers, strict=False)), whole=whole)


def stands(town: Town, operation: UUID, office: Office) -> list[Stand]:
    """How an authority stands to each time of the newest poll, as its lead reads it."""
    with unit_of_work(town.planner(town.police)) as uow:
        view = newest_poll(uow, operation)
        assert view is not None
        row = next(one for one in view.rows if one.side.authority_id == office.id)
        return [row.stands[option.id] for option in view.poll.options]


def held(office: Office, n: int = 0) -> list[Span]:
    """What is held for proposals of an inspector, as the own authority sees it."""
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        rows = uow.session.execute(
            text(
                "SELECT lower(during), upper(during) FROM booking WHERE person_id = :p AND poll_option_id IS NOT NULL"
                " AND state IN ('asked', 'accepted') ORDER BY 1"
            ),
            {"p": office.inspectors[n]},
        )
        return [(row[0].astimezone(UTC), row[1].astimezone(UTC)) for row in rows]


def pass_deadline(town: Town, poll: PollLine) -> None:
    """The hour is over: the deadline lies behind, and the queue's row is due."""
    with unit_of_work(town.planner(town.police)) as uow:
        past = {"at": datetime.now(UTC) - timedelta(seconds=1), "id": poll.id}
        uow.session.execute(text("UPDATE poll SET deadline_at = :at WHERE id = :id"), past)
    due(town.police)


def due(office: Office) -> None:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t"), {"t": CLOSE_POLL})


def close(office: Office) -> int:
    done: int = close_poll(acts_for=str(office.id))
    return done


def now_of(town: Town, poll: PollLine) -> PollLine:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_poll(uow, poll.id)
