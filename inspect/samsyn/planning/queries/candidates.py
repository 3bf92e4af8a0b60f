"""Read which businesses might be visited, with the facts that speak for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from samsyn.businesses.rules import ALWAYS
from samsyn.core.errors import NotAllowedError
from samsyn.core.home import local_day
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PlannedLine, planned_visits
from samsyn.places.holding import HOLDING, TOLD_STILL
from samsyn.planning.queries.weights import weights_by_collaboration
from samsyn.planning.reasons import (
    CandidateFacts,
    CandidateOrder,
    Deficiencies,
    PermitFact,
    PlaceSignals,
    Reason,
    SpotSignals,
    alike_of,
    place_in_order,
    reasons_of,
    visited_by_trade,
)
from samsyn.planning.scores import USUAL, Score, score

MOST: Final = 5_000
"""Businesses that are weighed at once; a collaboration of a few municipalities has hundreds."""
LONG_AGO: Final = timedelta(days=365)
# A visit that jäv closes to the person leaves no trace for that person.
_FACTS: Final = text(f"""
WITH trace AS (
  SELECT v.premises_id, v.visit_id, v.authority_id, v.on_date FROM visit_trace v
   WHERE v.done AND NOT EXISTS (SELECT 1 FROM recusal r
         WHERE r.visit_id = v.visit_id AND r.person_id = (SELECT me_person()))
), last AS (
  SELECT premises_id, max(on_date) AS on_date, count(DISTINCT visit_id) FILTER (WHERE on_date >= :year) AS this_year
    FROM trace GROUP BY premises_id
), who AS (
  SELECT t.premises_id, array_agg(DISTINCT t.authority_id) AS ids
    FROM trace t JOIN last l ON l.premises_id = t.premises_id AND l.on_date = t.on_date GROUP BY t.premises_id
), paper AS (
  SELECT business_id, json_agg(json_build_array(permit_kind, valid_from, valid_until) ORDER BY permit_kind) AS told
    FROM permit GROUP BY business_id
), noted AS (
  SELECT business_id, hot_spot_id, sum(n) AS n, sum(n * weight) AS weight
    FROM ({HOLDING.format(where=" AND s.expires_on >= :today")}) x GROUP BY business_id, hot_spot_id
), told AS (
  SELECT business_id, hot_spot_id, max(CASE bucket WHEN 'several' THEN 2 ELSE 1 END) AS level
    FROM signal_count WHERE authority_id <> (SELECT me()) AND {TOLD_STILL} GROUP BY business_id, hot_spot_id
), spot AS (
  SELECT s.premises_id, json_agg(json_build_array(h.name, coalesce(n.n, 0), coalesce(t.level, 0)) ORDER BY h.name) AS of
    FROM hot_spot_premises s JOIN hot_spot h ON h.id = s.hot_spot_id
    LEFT JOIN noted n ON n.hot_spot_id = h.id LEFT JOIN told t ON t.hot_spot_id = h.id
   WHERE s.left_on IS NULL AND h.state = 'followed' GROUP BY s.premises_id
)
SELECT b.id, b.premises_id, p.name, p.address, p.town, o.name AS operator, p.sort_key, b.trades,
       lower(b.during) AS since, l.on_date AS last_on, coalesce(w.ids, '{{}}') AS last_by,
       coalesce(l.this_year, 0) AS this_year, coalesce(d.told, '[]') AS permits, coalesce(s.of, '[]') AS spots,
       b.collaboration_id, coalesce(n.n, 0) AS signals, coalesce(n.weight, 0) AS weight, coalesce(t.level, 0) AS others
  FROM business b
  JOIN premises p ON p.id = b.premises_id
  JOIN operator o ON o.id = b.operator_id
  LEFT JOIN last l ON l.premises_id = b.premises_id
  LEFT JOIN who w ON w.premises_id = b.premises_id
  LEFT JOIN paper d ON d.business_id = b.id
  LEFT JOIN spot s ON s.premises_id = b.premises_id
  LEFT JOIN noted n ON n.business_id = b.id
  LEFT JOIN told t ON t.business_id = b.id
 WHERE b.during @> CAST(:today AS date)
 ORDER BY p.sort_key, b.id LIMIT :most""")  # noqa: S608  made of constants; values are parameters


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. ``last``: ``never``, ``long_ago`` (over a year) or empty; ``begins_with``: name or street."""

    begins_with: str = ""
    trade: str = ""
    hot_spot: str = ""
    last: str = ""
    order: CandidateOrder = CandidateOrder.SCORE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A business, why it might be visited, and what is planned there as far as the viewer may know."""

    facts: CandidateFacts
    own: Deficiencies
    score: Score
    reasons: tuple[Reason, ...]
    planned: tuple[PlannedLine, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Some of ``total`` candidates, and where the next are; ``chosen`` are those that were asked for by id."""

    page: Page[Candidate]
    total: int
    chosen: tuple[Candidate, ...]


def list_candidates(
    uow: UnitOfWork,
    wanted: Wanted,
    seek: Seek,
    own: Mapping[UUID, Deficiencies],
    chosen: Sequence[UUID] = (),
) -> Candidates:
    """Return candidates in order for a planner, in three statements; ``own`` counts own deficiencies."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner chooses businesses")
    today = uow.today
    rows = uow.session.execute(_FACTS, {"year": today.replace(month=1, day=1), "today": today, "most": MOST})
    planned: dict[UUID, list[PlannedLine]] = {}
    for line in planned_visits(uow):
        planned.setdefault(line.business_id, []).append(line)
    known = {facts.id: facts for facts in map(_facts, rows)}
    trades = visited_by_trade(known.values(), today)
    none, weights = Deficiencies(), weights_by_collaboration(uow)

    def points(facts: CandidateFacts) -> Score:
        return score(facts, own.get(facts.id, none), weights.get(facts.collaboration_id, USUAL), today)

    def place(facts: CandidateFacts) -> tuple[object, ...]:
        first = -points(facts).total if wanted.order is CandidateOrder.SCORE else 0
        return (first, *place_in_order(wanted.order, facts, own.get(facts.id, none)))

    found = sorted((facts for facts in known.values() if fits(facts, wanted, today)), key=place)

    def weigh(facts: CandidateFacts) -> Candidate:
        lines = tuple(planned.get(facts.id, ()))
        days = tuple((line.code_word, local_day(line.starts_at)) for line in lines)
        mine = own.get(facts.id, none)
        return Candidate(
            facts, mine, points(facts), reasons_of(facts, mine, days, today, alike_of(facts, trades, today)), lines
        )

    ids = [str(facts.id) for facts in found]
    begins = ids.index(seek.after[0]) + 1 if seek.after and seek.after[0] in ids else 0
    part = [weigh(facts) for facts in found[begins : begins + seek.limit + 1]]
    page = cut(part, seek, lambda one: (str(one.facts.id),))
    return Candidates(page, len(found), tuple(weigh(known[one]) for one in chosen if one in known))


def fits(facts: CandidateFacts, wanted: Wanted, today: date) -> bool:
    """Say whether a business is what is looked for."""
    begins = " ".join(wanted.begins_with.casefold().split())
    named = not begins or any(f" {words.casefold()}".find(f" {begins}") >= 0 for words in (facts.name, facts.address))
    trade = not wanted.trade or wanted.trade in facts.trades
    spot = not wanted.hot_spot or wanted.hot_spot in facts.spots
    never = facts.last_on is None
    long_ago = facts.last_on is not None and today - facts.last_on > LONG_AGO
    last = {"": True, "never": never, "long_ago": never or long_ago}.get(wanted.last, True)
    return named and trade and spot and last


def _facts(row: Row[Any]) -> CandidateFacts:
    permits = tuple(
        PermitFact(kind, *(date.fromisoformat(day) if day else None for day in days)) for kind, *days in row.permits
    )
    return CandidateFacts(
        row.id,
        row.premises_id,
        row.name,
        row.address,
        row.town,
        row.operator,
        row.sort_key,
        tuple(row.trades),
        None if row.since == ALWAYS else row.since,
        row.last_on,
        tuple(sorted(row.last_by)),
        row.this_year,
        permits,
        tuple(name for name, _, _ in row.spots),
        row.collaboration_id,
        PlaceSignals(row.signals, row.weight, row.others, tuple(SpotSignals(*said) for said in row.spots)),
    )
