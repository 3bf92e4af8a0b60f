"""How a time poll stands, and which proposal is the best: pure, so that nobody has to take our word for it.

An authority's own answer counts before that of its people. Without one its people's answers are counted: it *can* when
as many say yes as it must bring, it can *if needed* when those who could if needed make up the number, it *cannot* when
too few are left who did not say no. Else it has not answered.

The best proposal: no authority that is needed says no, and somebody can. Of several that to which the fewest say no,
then that to which the most can, then that to which the most can if needed, then the earliest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from samsyn.planning.queries.polls import AskLine, OptionLine, VoteLine
from samsyn.planning.rules import PollAnswer

FEWEST: Final = 3
MOST: Final = 5
LATEST: Final = timedelta(days=60)
"""How far ahead a deadline may be."""
SOONEST: Final = timedelta(minutes=15)
"""How soon: people read mail."""


class Stand(StrEnum):
    """How an authority stands to a proposal."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Side:
    """An authority in a poll: whether it is ``needed``, how many people it must bring, who of its people was asked."""

    authority_id: UUID
    needed: bool
    wanted: int
    people: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """An authority's stand to every proposal, by its id."""

    side: Side
    stands: Mapping[UUID, Stand]


def side_of(authority_id: UUID, asks: Collection[AskLine], *, needed: bool, minimum: int) -> Side:
    """Return an authority's side: it must bring its minimum, but of its named people not more than were asked."""
    people = frozenset(one.person_id for one in asks if one.authority_id == authority_id and not one.for_authority)
    return Side(authority_id, needed, max(1, min(minimum if needed else 1, len(people))), people)


def stand_of(side: Side, own: PollAnswer | None, people: Mapping[UUID, PollAnswer]) -> Stand:
    """Return how an authority stands, from its own answer, else from its people's."""
    if own is not None:
        return Stand(own.value)
    given = list(people.values())
    yes, perhaps = given.count(PollAnswer.YES), given.count(PollAnswer.IF_NEEDED)
    if yes >= side.wanted:
        return Stand.YES
    if yes + perhaps >= side.wanted:
        return Stand.IF_NEEDED
    left = len(side.people | people.keys()) - given.count(PollAnswer.NO)
    return Stand.NO if PollAnswer.NO in given and left < side.wanted else Stand.SILENT


def rows_of(options: Sequence[OptionLine], sides: Sequence[Side], votes: Sequence[VoteLine]) -> list[Row]:
    """Return how each authority stands to each proposal."""
    found = []
    for side in sides:
        mine = [one for one in votes if one.authority_id == side.authority_id]
        stands = {}
        for option in options:
            here = [one for one in mine if one.option_id == option.id]
            own = next((one.answer for one in here if one.person_id is None), None)
            stands[option.id] = stand_of(side, own, {one.person_id: one.answer for one in here if one.person_id})
        found.append(Row(side, stands))
    return found


def ranked(options: Sequence[OptionLine], rows: Sequence[Row], now: datetime) -> list[OptionLine]:
    """Return the proposals that would do, best first; one that is over would not."""

    def does(option: OptionLine) -> bool:
        stands = [(row.side.needed, row.stands[option.id]) for row in rows]
        somebody = any(stand in {Stand.YES, Stand.IF_NEEDED} for _, stand in stands)
        return somebody and (True, Stand.NO) not in stands and option.starts_at > now

    def order(option: OptionLine) -> tuple[int, int, int, datetime, UUID]:
        stands = [row.stands[option.id] for row in rows]
        count = stands.count
        return (count(Stand.NO), -count(Stand.YES), -count(Stand.IF_NEEDED), option.starts_at, option.id)

    return sorted(filter(does, options), key=order)
