"""Empty, some time after a campaign's last day, what was needed only to plan it; what was planned and why stays (R19).

Gone are people's free times as they were asked, the best on the way to a plan, safety notes (published ones went along
to the visit, which has a rule of its own) and what a change could be taken back to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, text

from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK

AFTER: Final = timedelta(days=90)
"""From a campaign's last day; ``config/retention.yaml`` is held against it."""
CLEARED: Final = {
    "plan_job": ("problem", "best"),
    "campaign_item": ("safety_note", "before"),
    "campaign": ("before",),
    "campaign_member": ("before",),
}
"""What is emptied; of the problem people's times alone."""
MOST: Final = 200
"""Rows of one kind per run."""
_OVER: Final = "SELECT c.id FROM campaign c WHERE c.lead_id = (SELECT me()) AND c.first_on + c.days <= :before"
_TIMES: Final = " OR ".join(f"jsonb_path_exists(j.problem, '$.inspectors[*].{one}[*]')" for one in ("shifts", "busy"))
_CLEAR: Final = {
    "problems": text(f"""
        UPDATE plan_job SET best = NULL, problem = CASE WHEN jsonb_typeof(problem -> 'inspectors') = 'array'
            THEN problem || jsonb_build_object('inspectors', (
              SELECT coalesce(jsonb_agg(one || '{{"shifts": [], "busy": [], "load_before": 0}}' ORDER BY n), '[]')
                FROM jsonb_array_elements(problem -> 'inspectors') WITH ORDINALITY AS every(one, n)))
            ELSE problem END
         WHERE id IN (SELECT j.id FROM plan_job j WHERE j.campaign_id IN ({_OVER})
           AND (j.ended_at IS NOT NULL OR j.asked_at < :before) AND (j.best IS NOT NULL OR {_TIMES}) LIMIT :most)"""),  # noqa: S608  constants
    "notes": text(f"""
        UPDATE campaign_item SET safety_note = NULL, before = NULL, version = version + 1
         WHERE id IN (SELECT i.id FROM campaign_item i WHERE i.campaign_id IN ({_OVER})
           AND (i.safety_note IS NOT NULL OR i.before IS NOT NULL) LIMIT :most)"""),  # noqa: S608  constants
    "campaigns": text(f"""
        UPDATE campaign SET before = NULL, version = version + 1
         WHERE id IN ({_OVER} AND c.before IS NOT NULL LIMIT :most)"""),  # noqa: S608  constants
    "members": text(f"""
        UPDATE campaign_member SET before = NULL WHERE (campaign_id, authority_id) IN (
          SELECT m.campaign_id, m.authority_id FROM campaign_member m
           WHERE m.campaign_id IN ({_OVER}) AND m.before IS NOT NULL LIMIT :most)"""),  # noqa: S608  constants
}


def clear_ended(uow: UnitOfWork, most: int = MOST) -> dict[str, int]:
    """Empty up to ``most`` rows of each kind, as a worker that plans; return how many of each.

    A plan that is being made keeps what it needs.
    """
    if TASK not in uow.viewer.roles:
        raise NotAllowedError("rows are cleared by a worker")
    gone = {}
    for name, statement in _CLEAR.items():
        result = uow.session.execute(statement, {"before": uow.today - AFTER, "most": most})
        assert isinstance(result, CursorResult)  # noqa: S101  an UPDATE always gives one
        gone[name] = result.rowcount
    if any(gone.values()):
        record(uow, "house.tidy", uow.me, reason=" ".join(f"{name} {n}" for name, n in gone.items() if n))
    return gone
