"""Find when an operation could be, and where it could not, why: as far as its planner may know of others' time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_of
from samsyn.businesses.queries import opening_hours_of
from samsyn.core.errors import NotAllowedError
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.common_times.asking import Asked, Kind, Plan, asked_of, question_of, slack
from samsyn.lifecycle.common_times.wishes import Wish, days_of
from samsyn.operations.queries import (
    OperationCard,
    get_operation,
    is_recused,
    order_of,
    participations,
    parts_of,
    targets_of,
    visits_of,
)
from samsyn.operations.queries.period import goers_of
from samsyn.planning.queries import told_of
from samsyn.planning.red_days import DayKind
from samsyn.planning.slots.blame import Blame, Relaxed, blames, never_meet, relaxations
from samsyn.planning.slots.choosing import Pick, distinct
from samsyn.planning.slots.search import Found, Question, find, possible

SHOWN: Final = 8
STAFF: Final = 5000


@dataclass(frozen=True, slots=True)
class Share:
    """How many of an asked one's people are known to be free at a time, and how many may be besides."""

    key: str
    wanted: int
    sure: int
    perhaps: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A time. ``until``: the latest start that is just as good; ``sure``: everybody is known to be free then.

    ``hours_unknown``: how many places' opening hours are not on record.
    """

    starts_at: datetime
    begins_at: datetime
    ends_at: datetime
    until: datetime
    sure: bool
    day: date
    day_kind: DayKind | None
    shares: tuple[Share, ...]
    hours_unknown: int


@dataclass(frozen=True, slots=True)
class Times:
    """The answer. ``tried``: starts that were looked at; ``possible`` and ``sure``: how many of them are good.

    Where none is: ``blames`` who stops how many, ``never`` the fewest that never meet, ``ways`` what would open some,
    ``later`` how many there are in as many weeks after these. ``slack``: quarters by which it could be shorter.
    ``question``: what was searched, for who wants to see more of it.
    """

    operation: OperationCard
    wish: Wish
    asked: tuple[Asked, ...]
    tried: int
    possible: int
    sure: int
    offers: tuple[Offer, ...]
    question: Question
    blames: tuple[Blame, ...] = ()
    never: tuple[str, ...] = ()
    ways: tuple[Relaxed, ...] = ()
    later: int = 0
    slack: int = 0


def read_plan(uow: UnitOfWork, operation_id: UUID) -> Plan:
    """Read what a common time depends on, for the planner who may set it; a constant number of statements.

    ``NotAllowedError`` for everybody else, and for who declared a conflict of interest: the visit is hidden then.
    """
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me or "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner of the lead authority sets the time")
    if is_recused(uow, operation_id):
        raise NotAllowedError("you declared a conflict of interest in this operation; a colleague has to do it")
    targets, order = targets_of(uow, operation_id), order_of(uow, operation_id)
    lines, parts = participations(uow, operation_id), parts_of(uow, operation_id)
    return Plan(
        operation=operation,
        briefing_at=order.briefing_at if order else None,
        visits=visits_of(uow, operation_id),
        targets=targets,
        parts=parts,
        participations=lines,
        goers=goers_of(uow, {operation_id}),
        staff=staff_of(uow, {line.authority_id for line in lines}, STAFF, able=any(one.competence for one in parts)),
        open=opening_hours_of(uow, {target.business_id for target in targets.values()}),
    )


def common_times(uow: UnitOfWork, plan: Plan, wish: Wish) -> Times:
    """Search; where there is no time, say why and what would help."""
    asked, days = asked_of(plan, wish), days_of(wish.grid)
    question = asked_for(uow, plan, wish, asked, days)
    found, short = find(question), 0 if wish.shorter else slack(plan)
    answer = Times(
        operation=plan.operation,
        wish=wish,
        asked=tuple(asked),
        tried=question.frame.bit_count(),
        possible=found.starts.bit_count(),
        sure=found.sure.bit_count(),
        offers=tuple(offers(plan, wish, question, found, days, asked)),
        question=question,
        slack=short,
    )
    return answer if found.starts else why_not(uow, plan, question, asked, answer)


def asked_for(
    uow: UnitOfWork, plan: Plan, wish: Wish, asked: Sequence[Asked], days: Mapping[date, DayKind]
) -> Question:
    """Read people's time in the weeks of a wish, and put the question."""
    people = {person for one in asked for person in one.people}
    told = told_of(uow, people, wish.grid, (plan.operation.id,))
    return question_of(plan, wish, asked, told, days, uow.now)


def why_not(uow: UnitOfWork, plan: Plan, question: Question, asked: Sequence[Asked], answer: Times) -> Times:
    """Return the answer with why there is no time; two more statements, for the weeks after."""
    wish = replace(answer.wish, week=answer.wish.week.beside(answer.wish.weeks))
    later = asked_for(uow, plan, wish, asked, days_of(wish.grid))
    return replace(
        answer,
        blames=tuple(blames(question)),
        never=never_meet(question),
        ways=tuple(relaxations(question, (answer.slack,) if answer.slack else ())),
        later=possible(later).bit_count(),
    )


def offers(
    plan: Plan, wish: Wish, question: Question, found: Found, days: Mapping[date, DayKind], asked: Sequence[Asked]
) -> list[Offer]:
    """Return the times that are shown: the certain ones on ordinary days first, never two that overlap."""
    grid = wish.grid
    odd = grid.of_days(days)
    perhaps = found.starts & ~found.sure
    ranks = [found.sure & ~odd, found.sure & odd, perhaps & ~odd, perhaps & odd]
    picks = distinct(ranks, question.before + question.lasts, grid.midnights, SHOWN)
    unknown = sum(one.kind is Kind.PLACE and not one.seen for one in asked)
    return [offer(plan, wish, question, pick, days, unknown) for pick in picks if asked]


def offer(plan: Plan, wish: Wish, question: Question, pick: Pick, days: Mapping[date, DayKind], unknown: int) -> Offer:
    """Return one time with its reasons."""
    starts_at, op = wish.grid.moment(pick.start), plan.operation
    ends_at = plan.last_visit_ends_at if wish.shorter else op.ends_at
    day = local_day(starts_at)
    shares = []
    for need in question.needs:
        can = [question.maybe[one] >> pick.start & 1 for one in need.people]
        known = sum(question.sure[one] >> pick.start & 1 for one in need.people)
        shares.append(Share(need.key, need.least, known, sum(can) - known))
    for one in question.named:
        known = question.sure[one.person] >> pick.start & 1
        shares.append(Share(one.key, 1, known, 1 - known))
    return Offer(
        starts_at=starts_at,
        begins_at=starts_at + (plan.begins_at - op.starts_at),
        ends_at=starts_at + (ends_at - op.starts_at),
        until=wish.grid.moment(pick.until),
        sure=pick.rank <= 1,
        day=day,
        day_kind=days.get(day),
        shares=tuple(shares),
        hours_unknown=unknown,
    )
