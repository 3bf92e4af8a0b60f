"""How much speaks for a visit: each fact's points added up, by weights that a collaboration agreed.

A score rests on the facts alone, never on a name: who has the same facts gets the same (FL 5 §, equal treatment).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from samsyn.planning.reasons import NEEDS, NEW_FOR, CandidateFacts, Deficiencies

LEAST, MOST = 1, 100
MONTH: Final = 30
MOST_MONTHS: Final = 24
MOST_SIGNALS: Final = 10
"""Signals by weight that count: a list of hundreds must not drown what else speaks for a visit."""
MOST_LEVELS: Final = 4


class Fact(StrEnum):
    """What points are given for. Those of a month and of a visit are given as often as there are of them."""

    SERIOUS = "serious"
    OPEN = "open"
    EXPIRED = "expired"
    MISSING = "missing"
    NEW_OPERATOR = "new_operator"
    NEVER = "never"
    MONTHS = "months"
    HOT_SPOT = "hot_spot"
    SIGNALS = "signals"
    OTHERS_SIGNALS = "others_signals"
    SPOT_SIGNALS = "spot_signals"
    THIS_YEAR = "this_year"


USUAL: Final[Mapping[Fact, int]] = {
    Fact.SERIOUS: 15,
    Fact.OPEN: 5,
    Fact.EXPIRED: 20,
    Fact.MISSING: 20,
    Fact.NEW_OPERATOR: 10,
    Fact.NEVER: 30,
    Fact.MONTHS: 2,
    Fact.HOT_SPOT: 10,
    Fact.SIGNALS: 2,
    Fact.OTHERS_SIGNALS: 3,
    Fact.SPOT_SIGNALS: 3,
    Fact.THIS_YEAR: -10,
}
"""What holds until a collaboration agrees on something else."""
MOST_POINTS: Final = 50


@dataclass(frozen=True, slots=True)
class Points:
    """Points for one fact, of which there are ``n``."""

    fact: Fact
    n: int
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """The sum, never below 1 and never above 100, and what it is made of."""

    total: int
    of: tuple[Points, ...]


def weights_of(said: Mapping[str, Any]) -> dict[Fact, int]:
    """Return weights as they were kept; a fact of which nothing was said has the usual one."""
    return {fact: kept if isinstance(kept := said.get(fact.value), int) else USUAL[fact] for fact in Fact}


def counts(facts: CandidateFacts, own: Deficiencies, today: date) -> dict[Fact, int]:
    """Return how many there are of each fact; what of own deficiencies and signals counts is that authority's."""
    wanted = {NEEDS[trade].value for trade in facts.trades if trade in NEEDS}
    months = 0 if facts.last_on is None else min((today - facts.last_on).days // MONTH, MOST_MONTHS)
    return {
        Fact.SERIOUS: own.serious,
        Fact.OPEN: own.open - own.serious,
        Fact.EXPIRED: sum(one.valid_until is not None and one.valid_until < today for one in facts.permits),
        Fact.MISSING: len(wanted - {one.kind for one in facts.permits}),
        Fact.NEW_OPERATOR: int(facts.since is not None and today - NEW_FOR <= facts.since <= today),
        Fact.NEVER: int(facts.last_on is None),
        Fact.MONTHS: max(months, 0),
        Fact.HOT_SPOT: len(facts.spots),
        Fact.SIGNALS: min(facts.signals.weight, MOST_SIGNALS),
        Fact.OTHERS_SIGNALS: facts.signals.others,
        Fact.SPOT_SIGNALS: min(sum(spot.level for spot in facts.signals.spots), MOST_LEVELS),
        Fact.THIS_YEAR: facts.this_year,
    }


def score(facts: CandidateFacts, own: Deficiencies, weights: Mapping[Fact, int], today: date) -> Score:
    """Return the score of a business with its reasons, the weightiest first."""
    given = [Points(fact, n, n * weights[fact]) for fact, n in counts(facts, own, today).items() if n and weights[fact]]
    total = sum(one.points for one in given)
    return Score(min(max(total, LEAST), MOST), tuple(sorted(given, key=lambda one: (-abs(one.points), one.fact))))
