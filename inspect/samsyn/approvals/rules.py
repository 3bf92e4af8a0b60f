"""Words of what needs two people, its times, and which role decides."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from samsyn.access.rules import Role


class ApprovalKind(StrEnum):
    """What is asked for."""

    EXPORT = "export"  # a list of many rows as a file (RELIABILITY 8.22)
    MEMBER = "member"  # a new authority in a collaboration (POLICIES, reference)
    RETURN = "return"  # a new way in for a colleague who left


DECIDERS: Final = frozenset({Role.DECIDER, Role.UNIT_ADMIN})
"""Who may decide, if it is not who asked: somebody who decides for the authority or administers it. A new member is
asked for by a unit administrator alone, who writes a collaboration's rows (POLICIES, reference)."""
STANDS: Final = timedelta(days=7)
"""How long a question waits for somebody's decision."""
USABLE: Final = timedelta(hours=24)
"""How long a yes may be used, once."""
LONGEST: Final = 1000
"""Signs of a reason."""


class State(StrEnum):
    """How a question stands."""

    WAITING = "waiting"
    EXPIRED = "expired"
    REFUSED = "refused"
    APPROVED = "approved"
    LAPSED = "lapsed"  # approved, and not used in time
    USED = "used"
