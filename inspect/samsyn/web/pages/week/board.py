"""The week put together: what the page shows and the file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samsyn.planning.clashes import Clash, clashes_of
from samsyn.planning.queries import WeekRead
from samsyn.planning.red_days import RedDay, red_days
from samsyn.web.identity import current_language
from samsyn.web.pages.week.cells import Joint, Row
from samsyn.web.pages.week.joint import is_joint, joint
from samsyn.web.pages.week.naming import Names
from samsyn.web.pages.week.rows import rows_of


@dataclass(frozen=True, slots=True)
class Board:
    """The joint lane, a row per unit, and what they were made from."""

    names: Names
    red: Mapping[date, RedDay]
    clashes: Mapping[UUID, Sequence[Clash]]
    lane: Sequence[Joint]
    rows: Sequence[Row]


def board_of(read: WeekRead) -> Board:
    """Return the week as this viewer may see it, in the reader's language."""
    names, red = Names(read), red_days(read.week.days, current_language())
    clashes = {one.id: found for one in read.operations if (found := clashes_of(read, one))}
    lane = [joint(read, names, one, clashes.get(one.id, [])) for one in read.operations if is_joint(read, one)]
    return Board(names, red, clashes, lane, rows_of(read, names, red, clashes))
