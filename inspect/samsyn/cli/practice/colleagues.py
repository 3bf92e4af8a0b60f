"""An inspector who leaves in some weeks, and a planner who is away: so that the people's pages show both."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Final

from samsyn.access.queries.deputies import STANDS_IN
from samsyn.access.service import NameDeputy, PlaceEnds, name_deputy
from samsyn.cli.practice.town import Person, Town
from samsyn.lifecycle.leaving import leave

UNIT: Final = "tobak"
NOTICE: Final = timedelta(days=70)
"""After every operation that is planned: nothing is released."""
AWAY: Final = timedelta(days=14)


def let_one_leave_and_one_be_away(town: Town) -> None:
    """Note a last day that comes, and name a deputy from today on where a unit has two who plan or decide."""
    authority = town.units[UNIT].authority
    here = [one for one in town.persons.values() if one.until_day is None]
    goes = [one for one in here if one.authority == authority and one.roles == {"inspector"}]
    with town.at(town.admin(authority), town.clock.now) as uow:
        for one in goes[-1:]:
            leave(uow, PlaceEnds(one.id, uow.today + NOTICE))
    away, deputy = next((a, b) for a, b in permutations(here, 2) if may_stand_in(a, b))
    with town.at(town.viewer(away.key), town.clock.now) as uow:
        today = uow.today
        name_deputy(uow, NameDeputy(away.id, deputy.id, today, today + AWAY))


def may_stand_in(one: Person, other: Person) -> bool:
    """Say whether one may stand in for the other."""
    same = one.authority == other.authority and one.units[0] == other.units[0]
    return same and one.account and other.account and all(STANDS_IN & each.roles for each in (one, other))
