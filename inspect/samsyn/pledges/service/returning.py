"""Hand in return visits: what was due and made in quarters that are over; what was found where stays in its silo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from samsyn.core.home import HOME
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Commitment, FocusArea, Pledge
from samsyn.pledges.returns import FEWEST, Wanted, measured, own_returns, quarters_over
from samsyn.pledges.rules import QUARTERS, PledgeState, quarter_days
from samsyn.pledges.service.alone import count_alone

COUNT_RETURNS: Final = "samsyn.pledges.count_returns"

# As every tally: a frozen row is left alone. A quarter that is told no more says none, and one that never was, nothing.
_TELL: Final = text("""
  INSERT INTO tally (authority_id, collaboration_id, quarter, measure, dimension, n)
  SELECT (SELECT me()), x.collaboration_id, x.quarter, x.measure, x.dimension, CAST(:n AS integer)
    FROM (VALUES (CAST(:collaboration_id AS uuid), CAST(:quarter AS text), CAST(:measure AS text),
                  CAST(:dimension AS text))) x (collaboration_id, quarter, measure, dimension)
   WHERE (CAST(:told AS boolean) OR EXISTS (
           SELECT FROM tally t
            WHERE t.authority_id = (SELECT me()) AND t.collaboration_id = x.collaboration_id
              AND t.quarter = x.quarter AND t.measure = x.measure AND t.dimension = x.dimension))
     AND NOT EXISTS (
           SELECT FROM tally f
            WHERE f.authority_id = (SELECT me()) AND f.frozen_at IS NOT NULL
              AND f.collaboration_id = x.collaboration_id AND f.quarter = x.quarter)
      ON CONFLICT (authority_id, collaboration_id, quarter, measure, dimension) DO UPDATE SET n = excluded.n
   WHERE tally.n <> excluded.n""")


def count_returns(uow: UnitOfWork, pledge_id: UUID) -> None:
    """Hand in the own returns of the quarters of a pledge's year that are over, of one promise of returns.

    A number says what was found where it is of few, of all, or beside a like number: a quarter is told where at least
    ``FEWEST`` returns were due and as many visits had none due, and of a pledge that promises returns in two ways the
    longest alone. Always a recount; a frozen quarter is left alone. Nothing where the own authority is no party or
    reads the pledge no more.
    """
    pledge = uow.session.get(Pledge, pledge_id)
    if pledge is None or uow.me not in pledge.parties or pledge.state is PledgeState.DRAFT:
        return
    count_alone(uow, pledge.collaboration_id)
    over = quarters_over(pledge.year, uow.today)
    for n, wanted in enumerate(sorted(wanted_of(uow, pledge_id), key=lambda one: (-one.days, one.serious))):
        for number in over:
            name = f"{pledge.year:04}-Q{number}"
            lines, visits = own_returns(uow, pledge.collaboration_id, wanted, quarter_days(name), uow.today)
            told = n == 0 and len(lines) >= FEWEST and visits - len(lines) >= FEWEST
            for measure, n_of in measured(lines if told else ()).items():
                values = {"quarter": name, "measure": measure, "dimension": wanted.dimension, "n": n_of, "told": told}
                uow.session.execute(_TELL, {"collaboration_id": pledge.collaboration_id, **values})


def wanted_of(uow: UnitOfWork, pledge_id: UUID, *, but: UUID | None = None) -> set[Wanted]:
    """Return the returns that a pledge promises, but for one promise; what was taken out of it promises nothing."""
    c, a = Commitment, FocusArea
    of_pledge = select(a.id).where(a.pledge_id == pledge_id, a.removed_at.is_(None))
    rows = uow.session.execute(
        select(c.within_days, c.serious).where(
            c.within_days.is_not(None),
            c.removed_at.is_(None),
            c.focus_area_id.in_(of_pledge),
            c.id.is_distinct_from(but),
        )
    )
    return {Wanted(days, serious) for days, serious in rows if days is not None}


def tell_when_over(uow: UnitOfWork, pledge: Pledge) -> None:
    """Let each party hand in its returns when a quarter of the pledge's year or the next is over, and for what is over.

    At no other time: a number that changed when a visit ended, or a finding was written, would say what was found
    there. What came late, or was put right, is counted when the next quarter is over.
    """
    if not wanted_of(uow, pledge.id):
        return
    names = [f"{year:04}-Q{n}" for year in (pledge.year, pledge.year + 1) for n in QUARTERS]
    starts = [datetime(*quarter_days(name)[1].timetuple()[:3], tzinfo=HOME) for name in names]
    waits = {max(start - uow.now, timedelta()) for start in starts}
    for party in pledge.parties:
        for wait in waits:
            emit(uow, COUNT_RETURNS, pledge.id, acts_for=party, after=wait)
