"""What the authority lets its people's own feeds say: its decision, not the person's (SECRECY, under R7)."""

from __future__ import annotations

from samsyn.audit.service import record
from samsyn.authorities.service import demand_admin
from samsyn.calendars.models import FeedNaming
from samsyn.core.uow import UnitOfWork

ALLOWED, ENDED = "feed.naming_allow", "feed.naming_end"


def decide_naming(uow: UnitOfWork, *, allowed: bool) -> None:
    """Let full feeds say where announced and done visits go, or say so no longer; counts from the next fetch on.

    Raises ``NotAllowedError`` for anyone but a unit administrator. The same decision again changes nothing.
    """
    demand_admin(uow)
    row = uow.session.get(FeedNaming, uow.me) or FeedNaming(authority_id=uow.me, allowed=False)
    if row.allowed is allowed:
        return
    row.allowed, row.decided_by_id, row.decided_at = allowed, uow.person, uow.now
    uow.session.add(row)
    uow.session.flush()
    record(uow, ALLOWED if allowed else ENDED, uow.me)
