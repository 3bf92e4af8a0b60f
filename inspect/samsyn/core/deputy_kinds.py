"""The kind of who stands in for whom: the own authority's alone, named by the person or by an administrator."""

from __future__ import annotations

from typing import Final

from samsyn.core.house_kinds import ADMIN, MINE
from samsyn.core.kinds import PERSON, read_write

NAMES: Final = f"{MINE} AND ({{t}}.person_id = {PERSON} OR {ADMIN})"
DEPUTY: Final = read_write("own", MINE, NAMES, NAMES)
