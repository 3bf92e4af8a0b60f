"""The kinds of what a collaboration promises and does in the open: read by its members, each line one writer's."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, MINE
from samsyn.core.kinds import MEMBER, part, read_write, role

# A done operation's line says no more than the traces that its authorities leave: a day, who came, how many visits.
_DOES: Final = f"{MEMBER} AND {MINE} AND {role('planner', 'task')}"
ACTIVITY: Final = read_write("pledge", MEMBER, _DOES, f"{MINE} AND {role('planner', 'task')}", _DOES)
# Which promise a coming operation serves tells where it goes: for those who take part, as the plan itself.
OPERATION_FOCUS: Final = read_write("plan", part(), f"{LEAD} AND {role('planner')}", LEAD)
