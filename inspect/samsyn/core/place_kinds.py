"""The kinds of what is known of places: an authority's own signals, and what others learn of their number."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import MINE
from samsyn.core.kinds import ME, MEMBER, Rule, read_write, role

_WRITES: Final = role("planner", "inspector")
# What was observed is the own authority's alone; a member of the place's collaboration notes it.
SIGNAL: Final = read_write(
    "silo", MINE, f"{MINE} AND {MEMBER} AND {_WRITES}", f"{MINE} AND {_WRITES}", f"{MINE} AND {MEMBER}"
)
SIGNAL_IMPORT: Final = read_write("silo", MINE, f"{MINE} AND {role('planner')}", f"{MINE} AND {role('planner')}", MINE)
# The bucket crosses, never the number; where nothing is left, nothing stays to tell that there was something. Who left
# the collaboration still reads the own ones: what is not read is not deleted either.
SIGNAL_COUNT: Final = read_write(
    "tally", f"{MINE} OR {MEMBER}", f"{MINE} AND {MEMBER}", MINE, f"{MINE} AND {MEMBER}"
).and_rules(Rule("DELETE", MINE))
_MENDS: Final = role("planner", "inspector", "unit_admin")
# A lamp that is out is no secret: every member reads it. Who asks writes the question, who is asked the answer.
REMARK: Final = read_write(
    "pledge", MEMBER, f"{MEMBER} AND {{t}}.from_id = {ME} AND {_WRITES}", f"{{t}}.from_id = {ME} AND {_WRITES}"
)
REMARK_ANSWER: Final = read_write(
    "pledge", MEMBER, f"{MEMBER} AND {{t}}.to_id = {ME} AND {_MENDS}", f"{{t}}.to_id = {ME} AND {_MENDS}"
)
# Written in versions: an entry is never changed, a newer one stands before it.
PICTURE_ENTRY: Final = read_write("pledge", MEMBER, f"{MEMBER} AND {MINE} AND {role('planner')}")
