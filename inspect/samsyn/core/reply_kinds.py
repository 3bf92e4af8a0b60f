"""The kinds of what a planner decides about an answer that nobody may apply by itself."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import LEAD, MINE
from samsyn.core.kinds import ME, PERSON, read_write

EITHER: Final = f"({MINE} OR {LEAD})"
REPLY_SETTLED: Final = read_write(
    "own", EITHER, f"{EITHER} AND {{t}}.settled_by_id = {ME} AND {{t}}.person_id = {PERSON}"
)
