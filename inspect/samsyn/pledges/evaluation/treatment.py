"""Equal treatment (RF 1:9): of places in the same trade, how often each was visited in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from typing_extensions import TypedDict

from samsyn.core.uow import UnitOfWork
from samsyn.pledges.queries import PledgeLine

MOST: Final = 500
OFTEN: Final = 3
"""From so many visits on they are counted together."""
# A joint visit is one visit. One that jäv closes to the person is none for that person (FL 17 §, R13); a worker is
# nobody who declared any. Registry and traces are the members' own to read.
_PLACES: Final = """
  WITH place AS (
    SELECT t.trade, b.premises_id, (array_agg(b.id ORDER BY b.id))[1] AS business_id
      FROM business b, jsonb_array_elements_text(b.trades) t (trade)
     WHERE b.collaboration_id = :collaboration_id AND b.during && daterange(:first, :year_after)
     GROUP BY t.trade, b.premises_id
  ), seen AS (
    SELECT t.premises_id, count(DISTINCT t.visit_id) AS n
      FROM visit_trace t
     WHERE t.collaboration_id = :collaboration_id AND t.done AND t.on_date >= :first AND t.on_date < :after
       AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.visit_id = t.visit_id AND r.person_id = (SELECT me_person()))
     GROUP BY t.premises_id
  )"""
_COUNTED: Final = text(f"""{_PLACES}
  SELECT p.trade, count(*) AS places, count(*) FILTER (WHERE s.n IS NULL) AS never,
         count(*) FILTER (WHERE s.n = 1) AS once, count(*) FILTER (WHERE s.n = 2) AS twice,
         count(*) FILTER (WHERE s.n >= {OFTEN}) AS often
    FROM place p LEFT JOIN seen s ON s.premises_id = p.premises_id
   GROUP BY p.trade ORDER BY p.trade""")  # noqa: S608  made of constants
_NAMED: Final = text(f"""{_PLACES}
  SELECT p.premises_id, p.business_id, r.name, r.address, coalesce(s.n, 0) AS visits
    FROM place p JOIN premises r ON r.id = p.premises_id LEFT JOIN seen s ON s.premises_id = p.premises_id
   WHERE p.trade = :trade ORDER BY visits DESC, r.name, p.premises_id LIMIT :most""")  # noqa: S608


class TreatmentEntry(TypedDict):
    """A trade: its places, and how many were visited never, once, twice, and ``OFTEN`` times or more."""

    trade: str
    places: int
    visited: list[int]


@dataclass(frozen=True, slots=True)
class TreatedPlace:
    """A place of a trade, and how often it was visited."""

    premises_id: UUID
    business_id: UUID
    name: str
    address: str
    visits: int


def treatment_of(uow: UnitOfWork, pledge: PledgeLine, after: date) -> list[TreatmentEntry]:
    """Return every trade of the collaboration with how its places were visited from the year's start till a day."""
    rows = uow.session.execute(_COUNTED, within(pledge, after))
    return [
        {"trade": row.trade, "places": row.places, "visited": [row.never, row.once, row.twice, row.often]}
        for row in rows
    ]


def places_of(uow: UnitOfWork, pledge: PledgeLine, after: date, trade: str) -> list[TreatedPlace]:
    """Return the places of a trade, those that were visited most first, as far as the viewer may know of it."""
    rows = uow.session.execute(_NAMED, {**within(pledge, after), "trade": trade, "most": MOST})
    return [TreatedPlace(*row) for row in rows]


def within(pledge: PledgeLine, after: date) -> Mapping[str, object]:
    """Return the parameters of a pledge's year till a day."""
    return {
        "collaboration_id": pledge.collaboration_id,
        "first": date(pledge.year, 1, 1),
        "after": after,
        "year_after": date(pledge.year + 1, 1, 1),
    }
