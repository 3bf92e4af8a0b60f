"""The rows that a compilation is counted from, as their common digest.

Of a promise it holds what a compilation says of it. What was frozen earlier bears the digest with each promise's
version instead, without ``NOW`` before it, and is compared by that one still: no compilation turns stale because what
is looked at became another.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.rules import end_of
from samsyn.pledges.queries import PledgeLine

# Ids and numbers alone, and the same for every member: whoever looks can tell whether the rows are other ones now. A
# trace tells where an authority was, so that only their common digest is read.
_ROWS: Final = """
  SELECT encode(sha256(convert_to(concat_ws('|',
    (SELECT string_agg(concat_ws(',', a.id, a.authority_id, a.focus_area_id, a.activity_kind, a.state, a.on_date,
                                 a.hot_spot_id, a.authorities, a.fields, a.guests, a.guest_led, a.visits), ';'
                       ORDER BY a.id)
       FROM activity a WHERE a.collaboration_id = :collaboration_id AND a.on_date >= :first AND a.on_date < :after
        AND a.state <> 'planned'),
    (SELECT string_agg(concat_ws(',', t.authority_id, t.quarter, t.measure, t.dimension, t.n), ';'
                       ORDER BY t.authority_id, t.quarter, t.measure, t.dimension)
       FROM tally t WHERE t.collaboration_id = :collaboration_id AND t.quarter >= :first_quarter
        AND t.quarter <= :last_quarter
        AND t.measure IN ('visits', 'joint_visits', 'returns_due', 'returns_kept', 'returns_late')),
    (SELECT string_agg(concat_ws(',', v.authority_id, v.visit_id, v.premises_id, v.on_date, v.fields), ';'
                       ORDER BY v.authority_id, v.visit_id)
       FROM visit_trace v WHERE v.collaboration_id = :collaboration_id AND v.done
        AND v.on_date >= :first AND v.on_date < :after),
    (SELECT string_agg(concat_ws(',', b.premises_id, b.trades, p.permit_kind), ';' ORDER BY b.id, p.permit_kind)
       FROM business b
       LEFT JOIN permit p ON p.business_id = b.id
            AND (p.valid_from IS NULL OR p.valid_from < :after) AND (p.valid_until IS NULL OR p.valid_until >= :first)
            AND p.permit_kind IN (SELECT c.permit_kind FROM commitment c JOIN focus_area f ON f.id = c.focus_area_id
                                   WHERE f.pledge_id = :pledge_id)
      WHERE b.collaboration_id = :collaboration_id AND b.during && daterange(:first, :after)),
    (SELECT string_agg({promise}, ';' ORDER BY c.id)
       FROM commitment c JOIN focus_area f ON f.id = c.focus_area_id WHERE f.pledge_id = :pledge_id)
  ), 'UTF8')), 'hex')"""
_SAID: Final = """CAST(jsonb_build_array(c.id, c.focus_area_id, c.form, c.text, c.target, c.counts, c.fields, c.least,
         c.not_led_by, c.permit_kind, c.hot_spot_id, c.whole, c.within_days, c.serious, c.by_on, c.done_on,
         c.not_done_reason, c.removed_at) AS text)"""
NOW: Final = "2:"
_BASIS: Final = text(_ROWS.format(promise=_SAID))
_BEFORE: Final = text(_ROWS.format(promise="concat_ws(',', c.id, c.version)"))


def basis_now(uow: UnitOfWork, pledge: PledgeLine, period: str, like: str | None = None) -> str:
    """Return the digest of the rows that a period would be counted from now; the same for every member.

    ``like``: another one that it is to be compared with.
    """
    last = period if "-" in period else f"{period}-Q4"
    values = {
        "collaboration_id": pledge.collaboration_id,
        "pledge_id": pledge.id,
        "first": date(pledge.year, 1, 1),
        "after": end_of(period),
        "first_quarter": f"{pledge.year}-Q1",
        "last_quarter": last,
    }
    if like is not None and not like.startswith(NOW):
        return str(uow.session.scalar(_BEFORE, values))
    return f"{NOW}{uow.session.scalar(_BASIS, values)}"
