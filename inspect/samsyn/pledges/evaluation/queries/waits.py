"""What waits for a party's planners: activities whose day is over, years and quarters, operations of another year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.models import Evaluation, EvaluationApproval, EvaluationText
from samsyn.pledges.evaluation.queries import LINE, EvaluationLine, looked_at_of
from samsyn.pledges.evaluation.rules import end_of, is_year, periods_of
from samsyn.pledges.queries import PledgeLine, list_pledges
from samsyn.pledges.queries.activities import activities_unsaid
from samsyn.pledges.queries.elsewhere import operations_elsewhere
from samsyn.pledges.rules import PledgeState

BACK: Final = timedelta(days=400)
"""How long ago an operation of another year's promise began at most that somebody is reminded of."""


class Promised(StrEnum):
    """What is waited for; the words and the button belong to the page."""

    ACTIVITY = "activity"
    APPROVE = "approve"
    COMPILE = "compile"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class PromisedWait:
    """One thing: ``subject`` is the activity, compilation, pledge or operation; ``name`` its title, period or word."""

    waits: Promised
    subject: UUID
    name: str
    year: int


def waits_of_party(uow: UnitOfWork) -> list[PromisedWait]:
    """Return what the own authority's planners are to do for its pledges; the same six statements at most."""
    if "planner" not in uow.viewer.roles:
        return []
    unsaid = activities_unsaid(uow, authority_id=uow.me)
    elsewhere = [one for one in operations_elsewhere(uow, uow.now - BACK) if one.lead_id == uow.me]
    years = {uow.today.year - 1, uow.today.year}
    pledges = [one for one in list_pledges(uow) if one.year in years and uow.me in one.parties
               and one.state is not PledgeState.DRAFT]  # fmt: skip
    return [
        *(PromisedWait(Promised.ACTIVITY, one.id, one.title, one.on_date.year) for one in unsaid),
        *(PromisedWait(Promised.ELSEWHERE, one.operation_id, one.code_word, one.year) for one in elsewhere),
        *(of_periods(uow, pledges) if pledges else ()),
    ]


def of_periods(uow: UnitOfWork, pledges: Sequence[PledgeLine]) -> Iterator[PromisedWait]:
    """Yield the newest compilations that the own authority has not approved, then the periods that nobody compiled."""
    newest = newest_of_each(uow, pledges)
    done = approved_by_me(uow, list(newest.values()))
    for one in newest.values():
        if one.id not in done:
            yield PromisedWait(Promised.APPROVE, one.id, one.period, int(one.period[:4]))
    for pledge in (one for one in pledges if one.state is PledgeState.IN_FORCE):
        for period in to_compile(pledge, {period for key, period in newest if key == pledge.id}, uow):
            yield PromisedWait(Promised.COMPILE, pledge.id, period, pledge.year)


def to_compile(pledge: PledgeLine, has: set[str], uow: UnitOfWork) -> list[str]:
    """Return the periods of a pledge that are over and that nobody compiled; of a year that is over itself."""
    over = [period for period in periods_of(pledge.year) if end_of(period) <= uow.today]
    return [period for period in [one for one in over if is_year(one)] or over if period not in has]


def newest_of_each(uow: UnitOfWork, pledges: Sequence[PledgeLine]) -> dict[tuple[UUID, str], EvaluationLine]:
    """Return the newest compilation of each period of some pledges, in the order of the periods."""
    e = Evaluation
    rows = select(*LINE).where(one_of(e.pledge_id, {one.id for one in pledges}), e.digest.is_not(None))
    lines = [EvaluationLine(*row) for row in uow.session.execute(rows.order_by(e.period, e.version, e.id))]
    return {(one.pledge_id, one.period): one for one in lines}


def approved_by_me(uow: UnitOfWork, lines: Sequence[EvaluationLine]) -> set[UUID]:
    """Return which of the compilations the own authority approved with just the texts that they have now."""
    a, x = EvaluationApproval, EvaluationText
    mine = (a.authority_id == uow.me, one_of(a.evaluation_id, {one.id for one in lines}))
    approved = {(row[0], row[1]) for row in uow.session.execute(select(a.evaluation_id, a.digest).where(*mine))}
    said = select(x.pledge_id, x.period, x.subject_id, x.evaluation_version, x.version, x.text).order_by(x.version)
    rows = uow.session.execute(said.where(one_of(x.pledge_id, {one.pledge_id for one in lines}))).all()
    found = set[UUID]()
    for one in lines:
        beside = (row for row in rows if (row.pledge_id, row.period) == (one.pledge_id, one.period))
        texts = {row.subject_id: (row.version, row.text) for row in beside if row.evaluation_version <= one.version}
        if (one.id, looked_at_of(one.digest or "", texts)) in approved:
            found.add(one.id)
    return found
