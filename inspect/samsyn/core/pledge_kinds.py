"""The kinds of what a collaboration promises and does in the open: read by its members, each line one writer's."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, MINE
from samsyn.core.kinds import ME, MEMBER, PERSON, part, read_write, role

_PARTY: Final = f"{ME} = ANY ({{t}}.parties)"
_OF_PLEDGE: Final = f"EXISTS (SELECT 1 FROM pledge p WHERE p.id = {{t}}.pledge_id AND {ME} = ANY (p.parties))"
_OF_AREA: Final = (
    "EXISTS (SELECT 1 FROM focus_area f JOIN pledge p ON p.id = f.pledge_id"
    f" WHERE f.id = {{t}}.focus_area_id AND {ME} = ANY (p.parties))"
)
_PLANS: Final = f"{MEMBER} AND {role('planner')}"
# Read by every member, written by the parties: a promise is theirs who give it.
PROMISE: Final = read_write("pledge", MEMBER, f"{_PLANS} AND {_PARTY}", f"{_PLANS} AND {_PARTY}")
FOCUS_AREA: Final = read_write("pledge", MEMBER, f"{_PLANS} AND {_OF_PLEDGE}", f"{_PLANS} AND {_OF_PLEDGE}")
COMMITMENT: Final = read_write("pledge", MEMBER, f"{_PLANS} AND {_OF_AREA}", f"{_PLANS} AND {_OF_AREA}")
# An agreement's file is what its parties signed: added by them, read by every member, never changed.
_OF_AGREEMENT: Final = (
    f"EXISTS (SELECT 1 FROM agreement g WHERE g.id = {{t}}.agreement_id AND {ME} = ANY (g.parties)"
    " AND g.collaboration_id = {t}.collaboration_id)"
)
AGREEMENT_FILE: Final = read_write("pledge", MEMBER, f"{_PLANS} AND {MINE} AND {_OF_AGREEMENT}")
# A done operation's line says no more than the traces that its authorities leave: a day, who came, how many visits.
_DOES: Final = f"{MEMBER} AND {MINE} AND {role('planner', 'task')}"
ACTIVITY: Final = read_write("pledge", MEMBER, _DOES, f"{MINE} AND {role('planner', 'task')}", _DOES)
# Which promise a coming operation serves tells where it goes: for those who take part, as the plan itself.
OPERATION_FOCUS: Final = read_write("plan", part(), f"{LEAD} AND {role('planner')}", LEAD)
# A compilation is asked for empty and filled once by the asking authority's worker: no number in it is ever typed.
_WRITES: Final = f"{MINE} AND {{t}}.person_id = {PERSON} AND {_PLANS} AND {_OF_PLEDGE}"
EVALUATION: Final = read_write(
    "pledge",
    MEMBER,
    f"{_WRITES} AND {{t}}.compiled_at IS NULL",
    f"{MINE} AND {role('task')} AND {{t}}.compiled_at IS NULL",
    f"{MINE} AND {role('task')} AND {MEMBER}",
)
EVALUATION_TEXT: Final = read_write("pledge", MEMBER, _WRITES)
EVALUATION_APPROVAL: Final = read_write("pledge", MEMBER, _WRITES)
# What leaves the house is decided by a decider, as the public version of a report is.
EVALUATION_PUBLICATION: Final = read_write(
    "pledge",
    MEMBER,
    f"{MINE} AND {{t}}.person_id = {PERSON} AND {MEMBER} AND {role('decider')} AND {_OF_PLEDGE}",
)
