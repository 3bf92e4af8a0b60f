"""Words of test purchases, and what may be said in one."""

from __future__ import annotations

from typing import Final

from samsyn.authorities.rules import Field
from samsyn.core.errors import InvalidError

FIELDS: Final = frozenset({Field.TOBACCO, Field.ALCOHOL})
"""Who may make one (LTLP 7:21-23, LTN 37-38 §§, AlkL 9:15 a-b): without a rule in law there is none."""
WRITERS: Final = frozenset({"planner", "inspector", "decider"})
MOST: Final = 500


class NotTakenError(InvalidError):
    """A field that cannot be kept as it is; names it and why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}", fields={field: [why]})
