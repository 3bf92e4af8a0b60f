"""What speaks for a visit, weighed: held against a count by hand, alike for who is alike, and agreed in versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.businesses.rules import PermitKind, Trade
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, SamsynError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.planning.queries import Wanted, list_candidates
from samsyn.planning.queries.weights import weights_in
from samsyn.planning.reasons import (
    CandidateFacts,
    CandidateOrder,
    Deficiencies,
    PermitFact,
    PlaceSignals,
    SpotSignals,
)
from samsyn.planning.scores import USUAL, Fact, score
from samsyn.planning.service.weights import write_weights
from tests.factories import Town

TODAY = date(2027, 3, 4)
DAY = st.dates(date(2023, 1, 1), TODAY)
PERMIT = st.builds(
    PermitFact, st.sampled_from(list(PermitKind)), st.none() | DAY, st.none() | st.dates(date(2026, 1, 1))
)
SIGNALS = st.builds(
    PlaceSignals,
    st.integers(0, 4),
    st.integers(0, 20),
    st.integers(0, 2),
    st.lists(st.builds(SpotSignals, st.text(max_size=4), st.integers(0, 12), st.integers(0, 2)), max_size=4).map(tuple),
)
FACTS = st.builds(
    CandidateFacts,
    id=st.uuids(),
    premises_id=st.uuids(),
    name=st.text(max_size=5),
    address=st.text(max_size=5),
    town=st.text(max_size=5),
    operator=st.text(max_size=5),
    sort_key=st.text(max_size=5),
    trades=st.lists(st.sampled_from([one.value for one in Trade]), max_size=3, unique=True).map(tuple),
    since=st.none() | DAY,
    last_on=st.none() | DAY,
    last_by=st.just(()),
    this_year=st.integers(0, 4),
    permits=st.lists(PERMIT, max_size=3).map(tuple),
    spots=st.lists(st.text(max_size=4), max_size=2).map(tuple),
    signals=SIGNALS,
)
OWN = st.integers(0, 3).flatmap(lambda n: st.builds(Deficiencies, st.integers(n, 6), st.just(n)))
WEIGHTS = st.fixed_dictionaries({fact: st.integers(-50, 50) for fact in Fact})


def by_hand(facts: CandidateFacts, own: Deficiencies, weights: dict[Fact, int]) -> int:
    """One point after the other."""
    total = 0
    for _ in range(own.serious):
        total += weights[Fact.SERIOUS]
    for _ in range(own.open - own.serious):
        total += weights[Fact.OPEN]
    for permit in facts.permits:
        if permit.valid_until and permit.valid_until < TODAY:
            total += weights[Fact.EXPIRED]
    held = {permit.kind for permit in facts.permits}
    if Trade.TOBACCO_SHOP in facts.trades and PermitKind.TOBACCO not in held:
        total += weights[Fact.MISSING]
    if {Trade.BAR, Trade.NIGHTCLUB} & set(facts.trades) and PermitKind.SERVING not in held:
        total += weights[Fact.MISSING]
    if facts.since and (TODAY - facts.since).days <= 365:
        total += weights[Fact.NEW_OPERATOR]
    if facts.last_on is None:
        total += weights[Fact.NEVER]
    else:
        day, months = facts.last_on + timedelta(days=30), 0
        while day <= TODAY and months < 24:
            total, day, months = total + weights[Fact.MONTHS], day + timedelta(days=30), months + 1
    total += len(facts.spots) * weights[Fact.HOT_SPOT] + facts.this_year * weights[Fact.THIS_YEAR]
    return max(1, min(100, total + of_signals(facts, weights)))


def of_signals(facts: CandidateFacts, weights: dict[Fact, int]) -> int:
    """Own ones by weight up to ten, the others' word, and of hot spots the higher word."""
    total = sum(weights[Fact.SIGNALS] for n in range(facts.signals.weight) if n < 10)
    total += facts.signals.others * weights[Fact.OTHERS_SIGNALS]
    steps = sum(max(2 if one.own >= 5 else 1 if one.own else 0, one.others) for one in facts.signals.spots)
    return total + min(steps, 4) * weights[Fact.SPOT_SIGNALS]


@given(FACTS, OWN, WEIGHTS)
def test_a_score_is_what_a_count_by_hand_gives_and_its_parts_add_up(
    facts: CandidateFacts, own: Deficiencies, weights: dict[Fact, int]
) -> None:
    found = score(facts, own, weights, TODAY)
    assert found.total == by_hand(facts, own, weights)
    assert found.total == max(1, min(100, sum(part.points for part in found.of)))
    assert all(part.points == part.n * weights[part.fact] != 0 for part in found.of)


@given(FACTS, OWN, st.text(max_size=9))
def test_who_is_alike_is_treated_alike(facts: CandidateFacts, own: Deficiencies, name: str) -> None:
    other = replace(facts, id=uuid4(), premises_id=uuid4(), name=name, address=name, operator=name, town=name)
    assert score(facts, own, USUAL, TODAY) == score(other, own, USUAL, TODAY)


def test_weights_are_the_collaborations_in_versions_and_order_the_candidates(town: Town) -> None:
    own = {town.businesses[1]: Deficiencies(2, 1)}
    with unit_of_work(town.planner(town.tobacco)) as uow:
        found = list_candidates(uow, Wanted(order=CandidateOrder.SCORE), Seek(10), own).page.items
        assert found[0].facts.id == town.businesses[1]
        assert found[0].score.total == found[1].score.total + 20
        assert weights_in(uow, town.collaboration).version == 0
        changed = {**USUAL, Fact.SERIOUS: -10, Fact.OPEN: -10}
        assert write_weights(uow, town.collaboration, changed, 0) == 1
    with unit_of_work(town.planner(town.health)) as uow:
        line = weights_in(uow, town.collaboration)
        assert (line.version, line.authority_id, line.weights) == (1, town.tobacco.id, changed)
        with pytest.raises(ChangedMeanwhileError):
            write_weights(uow, town.collaboration, USUAL, 0)
        with pytest.raises(InvalidError):
            write_weights(uow, town.collaboration, {**USUAL, Fact.OPEN: 51}, 1)
        found = list_candidates(uow, Wanted(order=CandidateOrder.SCORE), Seek(10), own).page.items
        assert found[-1].facts.id == town.businesses[1]
    with pytest.raises(SamsynError), unit_of_work(town.planner(town.outsider)) as uow:
        write_weights(uow, town.collaboration, USUAL, weights_in(uow, town.collaboration).version)
