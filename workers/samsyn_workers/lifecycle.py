"""Tasks of the use cases that cross rooms: each takes the due rows of one authority, one transaction a row."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from samsyn.assistance.rules import TELL_HELP_ANSWERED, TELL_HELP_ASKED
from samsyn.authorities.queries import units_of
from samsyn.calendars.rules import NoticeKind
from samsyn.core.outbox import Leased, anything_due
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.rules import TELL_COMPILED
from samsyn.lifecycle import held, leading, leaving, notices
from samsyn.lifecycle.polls.closing import close_due
from samsyn.lifecycle.polls.joining import ASK_NAMED
from samsyn.lifecycle.polls.joining import ask_named as ask_who_was_named
from samsyn.lifecycle.polls.service import CLOSE_POLL
from samsyn.lifecycle.service import weigh_quorum
from samsyn.operations.rules import TELL_DECLINED, TELL_MESSAGE, TELL_PART_ANSWERED, TELL_PART_ASKED
from samsyn.operations.service.people import WEIGH
from samsyn.outcomes.rules import REMIND_FOLLOW_UP
from samsyn.places.service.remarks import TELL_ANSWERED, TELL_ASKED
from samsyn.planning.service import TELL_UNREAD
from samsyn_workers.app import app
from samsyn_workers.rows import work_off


def each(task: str, acts_for: str, do: Callable[[UnitOfWork, UUID], object]) -> int:
    """Do each due row's subject; return how many were completed."""

    def one(uow: UnitOfWork, row: Leased) -> None:
        do(uow, row.subject_id)

    return work_off(task, UUID(acts_for), one)


@app.task(name=WEIGH)
def weigh(*, acts_for: str) -> int:
    """After an answer: let a confirmed operation that lost its quorum fall back, as its lead."""
    return each(WEIGH, acts_for, weigh_quorum)


@app.task(name=held.CARRY_OUT)
def carry_out(*, acts_for: str) -> int:
    """Do what was held back for its maker to undo, and is due."""
    return each(held.CARRY_OUT, acts_for, held.carry_out)


@app.task(name=CLOSE_POLL)
def close_poll(*, acts_for: str) -> int:
    """Close the time polls whose deadline has come, as their lead."""
    return each(CLOSE_POLL, acts_for, close_due)


@app.task(name=ASK_NAMED)
def ask_named(*, acts_for: str) -> int:
    """Put open polls to who was named meanwhile, as their lead."""
    return each(ASK_NAMED, acts_for, ask_who_was_named)


@app.task(name=leading.LEAD_HANDED)
def lead_handed(*, acts_for: str) -> int:
    """Take over the lead of an operation: tell the own planners, and who is invited by another."""
    return each(leading.LEAD_HANDED, acts_for, leading.take_over)


@app.task(name=leaving.END_WAYS_IN)
def end_ways_in(*, acts_for: str) -> int:
    """End what opened something to a colleague whose last day is over."""
    return each(leaving.END_WAYS_IN, acts_for, leaving.end_what_opens)


@app.task(name=TELL_PART_ASKED)
def tell_part_asked(*, acts_for: str) -> int:
    """Tell an authority's planners that something is asked of it, as the lead."""
    return each(TELL_PART_ASKED, acts_for, notices.tell_part_asked)


@app.task(name=TELL_PART_ANSWERED)
def tell_part_answered(*, acts_for: str) -> int:
    """Tell the lead's planners that an authority has answered, as the lead."""
    return each(TELL_PART_ANSWERED, acts_for, notices.tell_part_answered)


@app.task(name=TELL_DECLINED)
def tell_declined(*, acts_for: str) -> int:
    """Tell the lead's planners that a person said no, as the lead."""
    return each(TELL_DECLINED, acts_for, notices.tell_declined)


@app.task(name=TELL_MESSAGE)
def tell_message(*, acts_for: str) -> int:
    """Tell the planners of all that take part that something was said, as the writer's authority."""
    return each(TELL_MESSAGE, acts_for, notices.tell_message)


@app.task(name=TELL_COMPILED)
def tell_compiled(*, acts_for: str) -> int:
    """Tell the own planners that the dossiers of an operation are built."""
    return each(TELL_COMPILED, acts_for, notices.tell_compiled)


@app.task(name=TELL_UNREAD)
def tell_calendar_unread(*, acts_for: str) -> int:
    """Tell a person that fetching of the own calendar has ended."""
    return each(TELL_UNREAD, acts_for, notices.tell_calendar_unread)


@app.task(name=TELL_HELP_ASKED)
def tell_help_asked(*, acts_for: str) -> int:
    """Tell the police who are out that their help is asked for."""
    return each(TELL_HELP_ASKED, acts_for, lambda uow, key: notices.tell_help(uow, key, NoticeKind.HELP_ASKED))


@app.task(name=TELL_HELP_ANSWERED)
def tell_help_answered(*, acts_for: str) -> int:
    """Tell who asked that the police have answered."""
    return each(TELL_HELP_ANSWERED, acts_for, lambda uow, key: notices.tell_help(uow, key, NoticeKind.HELP_ANSWERED))


@app.task(name=TELL_ASKED)
def tell_remark_asked(*, acts_for: str) -> int:
    """Tell who is asked that something is to be mended."""
    return each(TELL_ASKED, acts_for, notices.tell_remark_asked)


@app.task(name=TELL_ANSWERED)
def tell_remark_answered(*, acts_for: str) -> int:
    """Tell who asked that there is an answer."""
    return each(TELL_ANSWERED, acts_for, notices.tell_remark_answered)


@app.task(name=notices.REMIND_HAND_IN)
def remind_hand_in(*, acts_for: str) -> int:
    """Remind the own people of what is not handed in."""
    return each(notices.REMIND_HAND_IN, acts_for, notices.remind_hand_in)


@app.task(name=notices.REMIND_ANSWERS)
def remind_answers(*, acts_for: str) -> int:
    """Remind who has not answered an invitation, as the lead."""
    return each(notices.REMIND_ANSWERS, acts_for, notices.remind_answers)


@app.task(name=REMIND_FOLLOW_UP)
def remind_follow_up(*, acts_for: str) -> int:
    """Tell the owners of follow-ups that they are due; of every unit, as each keeps its own (R1)."""
    with unit_of_work(Viewer.task_of(UUID(acts_for))) as uow:
        if not anything_due(uow.session, REMIND_FOLLOW_UP):
            return 0
        roles = frozenset(f"unit:{unit.id}" for unit in units_of(uow, {UUID(acts_for)}))

    def one(uow: UnitOfWork, row: Leased) -> None:
        notices.remind_follow_up(uow, row.subject_id)

    return work_off(REMIND_FOLLOW_UP, UUID(acts_for), one, roles=roles)
