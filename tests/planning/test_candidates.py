"""Candidates: every reason equals what a loop over the rows finds; each authority's own deficiencies, nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import SetPermit, set_permit
from samsyn.core.errors import NotAllowedError
from samsyn.core.home import local_day
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import open_deficiencies
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import declare_recusal
from samsyn.operations.traces import write_trace
from samsyn.places.rules import SignalSource
from samsyn.places.service import (
    AddHotSpot,
    AddSignal,
    add_hot_spot,
    add_signal,
    place_in_hot_spot,
    withdraw_signal,
)
from samsyn.planning.queries import Candidate, Wanted, list_candidates
from samsyn.planning.reasons import (
    Alike,
    CandidateFacts,
    CandidateOrder,
    Deficiencies,
    PermitFact,
    Reason,
    ReasonKind,
    alike_of,
    place_in_order,
    reasons_of,
    visited_by_trade,
)
from tests.dossiers.scenes import find, visited
from tests.factories import Office, Town

TODAY = date(2026, 11, 25)


@pytest.fixture
def lived(town: Town) -> Town:
    """A town with a past: visits long ago and this year, permits, a hot spot, deficiencies, visits to come."""
    now = datetime.now().astimezone()
    for business, days, offices in (
        (0, 400, (town.police, town.tobacco)),
        (0, 20, (town.tobacco,)),
        (1, 900, (town.environment, town.health)),
    ):
        scene = visited(town, *offices, at=now - timedelta(days=days), business=business)
        for office in offices:
            find(town, scene, office, "Brist", serious=business == 1)
            with unit_of_work(Viewer.task_of(office.id)) as uow:
                write_trace(uow, scene.visit)
                compile_dossiers(uow, [town.businesses[business]])
    visited(
        town, town.police, town.tobacco, at=now + timedelta(days=9), business=2, state=OperationState.CONFIRMED,
        visit_state=VisitState.PLANNED,
    )  # fmt: skip
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_permit(uow, SetPermit(town.businesses[0], PermitKind.TOBACCO, None, uow.today - timedelta(days=1)))
        set_permit(uow, SetPermit(town.businesses[1], PermitKind.SERVING, None, uow.today))
        set_trade(uow, town.businesses[2], "tobacco_shop")
        outline = ((59.0, 15.0), (59.1, 15.0), (59.0, 15.1))
        spot = add_hot_spot(uow, AddHotSpot(town.collaboration, "Järntorget", outline, uow.today, "Lugnt"))
        place_in_hot_spot(uow, spot, town.premises[:2])
    observe(town, spot)
    return town


def observe(town: Town, spot: UUID) -> None:
    """Signals of two authorities about two businesses and the hot spot; one of them is over, one was taken back."""
    day = local_day(datetime.now(UTC))
    for office, business, n in ((town.tobacco, 0, 2), (town.health, 0, 6), (town.health, 2, 1)):
        for _ in range(n):
            with unit_of_work(town.planner(office)) as uow:
                said = (day - timedelta(days=30), SignalSource.PUBLIC, 2, town.businesses[business])
                add_signal(uow, AddSignal(*said))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        over = (day - timedelta(days=30), SignalSource.PUBLIC, 3, town.businesses[2])
        add_signal(uow, AddSignal(*over, expires_on=day - timedelta(days=1)))
        withdraw_signal(uow, add_signal(uow, AddSignal(day, SignalSource.OWN, 1, town.businesses[2])))
        for _ in range(3):
            add_signal(uow, AddSignal(day, SignalSource.OWN, 1, hot_spot_id=spot))


def of_signals(uow: UnitOfWork, business: UUID, premises: UUID) -> set[Reason]:
    """Own signals one by one; of the others the higher of their two words."""
    ask, found, today = uow.session.execute, set[Reason](), uow.today
    holding = [
        row for row in ask(text("SELECT * FROM signal"))
        if row.authority_id == uow.me and row.expires_on >= today and row.withdrawn_at is None
    ]  # fmt: skip
    others = [row for row in ask(text("SELECT * FROM signal_count")) if row.authority_id != uow.me]
    places = [(business, ReasonKind.SIGNALS, ReasonKind.OTHERS_SIGNALS, "")]
    for row in ask(
        text("SELECT h.id, h.name, s.premises_id FROM hot_spot h JOIN hot_spot_premises s ON s.hot_spot_id = h.id")
    ):
        here = row.premises_id == premises
        places += [(row.id, ReasonKind.SPOT_SIGNALS, ReasonKind.SPOT_OTHERS, row.name)] if here else []
    for place, own, told, name in places:
        if n := sum(row.n for row in holding if place in {row.business_id, row.hot_spot_id}):
            found.add(Reason(own, n, name))
        words = {row.bucket for row in others if place in {row.business_id, row.hot_spot_id}}
        if words:
            found.add(Reason(told, 2 if "several" in words else 1, name))
    return found


def set_trade(uow: UnitOfWork, business: UUID, trade: str) -> None:
    uow.session.execute(
        text("UPDATE business SET trades = CAST(:t AS json) WHERE id = :b"), {"t": f'["{trade}"]', "b": business}
    )


def candidates(viewer: Viewer, wanted: Wanted = Wanted(), seek: Seek = Seek()) -> list[Candidate]:  # noqa: B008  frozen
    with unit_of_work(viewer) as uow:
        own = {one: Deficiencies(*counts) for one, counts in open_deficiencies(uow).items()}
        return list(list_candidates(uow, wanted, seek, own).page.items)


def of_the_own(uow: UnitOfWork, business: UUID) -> set[Reason]:
    """Open deficiencies: here nothing was put right."""
    ask, found = uow.session.execute, set[Reason]()
    deficiencies = [
        row.serious
        for row in ask(text("SELECT f.serious, f.visit_id, f.answer FROM finding f"))
        for target in ask(text("SELECT visit_id, business_id FROM visit_target"))
        if target.visit_id == row.visit_id and target.business_id == business and row.answer == "deficiency"
    ]
    if serious := sum(deficiencies):
        found.add(Reason(ReasonKind.SERIOUS, serious))
    if deficiencies and len(deficiencies) > serious:
        found.add(Reason(ReasonKind.OPEN, len(deficiencies) - serious))
    return found


def of_the_plan(uow: UnitOfWork, business: UUID) -> set[Reason]:
    """Visits to come."""
    ask, found = uow.session.execute, set[Reason]()
    for row in ask(text(
        "SELECT t.business_id, v.starts_at, o.code_word FROM visit_target t JOIN visit v ON v.id = t.visit_id"
        " JOIN operation o ON o.id = t.operation_id WHERE v.state = 'planned' AND o.state = 'confirmed'"
    )):  # fmt: skip
        if row.business_id == business:
            found.add(Reason(ReasonKind.PLANNED, what=row.code_word, day=local_day(row.starts_at)))
    return found


def brute(viewer: Viewer, business: UUID) -> set[Reason]:
    """What a loop over the rows that this viewer may read finds of one business."""
    with unit_of_work(viewer) as uow:
        today, ask = uow.today, uow.session.execute
        one = ask(text("SELECT premises_id, trades FROM business WHERE id = :b"), {"b": business}).one()
        found = set[Reason]()
        traces = [
            row for row in ask(text("SELECT premises_id, visit_id, on_date, done FROM visit_trace"))
            if row.premises_id == one.premises_id and row.done
        ]  # fmt: skip
        if traces:
            last = max(row.on_date for row in traces)
            found.add(Reason(ReasonKind.DAYS_SINCE, (today - last).days, day=last))
        else:
            found.add(Reason(ReasonKind.NEVER))
        if this_year := {row.visit_id for row in traces if row.on_date.year == today.year}:
            found.add(Reason(ReasonKind.THIS_YEAR, len(this_year)))
        permits = [row for row in ask(text("SELECT * FROM permit")) if row.business_id == business]
        for row in permits:
            if row.valid_until and row.valid_until < today:
                found.add(Reason(ReasonKind.EXPIRED, what=row.permit_kind, day=row.valid_until))
        if "tobacco_shop" in one.trades and not any(row.permit_kind == "tobacco" for row in permits):
            found.add(Reason(ReasonKind.MISSING, what="tobacco"))
        for row in ask(
            text("SELECT h.name, s.premises_id FROM hot_spot h JOIN hot_spot_premises s ON s.hot_spot_id = h.id")
        ):
            if row.premises_id == one.premises_id:
                found.add(Reason(ReasonKind.HOT_SPOT, what=row.name))
        found |= of_the_plan(uow, business) | of_the_own(uow, business)
        found |= of_signals(uow, business, one.premises_id)
        since = ask(text("SELECT lower(during) FROM business WHERE id = :b"), {"b": business}).scalar_one()
        assert today - since > timedelta(days=365)
        return found


def test_the_reasons_are_what_a_loop_over_the_rows_finds_for_every_member(lived: Town) -> None:
    for office in lived.offices:
        viewer = lived.planner(office)
        listed = candidates(viewer)
        assert {one.facts.id for one in listed} == set(lived.businesses)
        for one in listed:
            assert set(one.reasons) == brute(viewer, one.facts.id), (office.name, one.facts.name)
            assert len(set(one.reasons)) == len(one.reasons)


def test_nobody_counts_the_deficiencies_of_another_and_a_visit_to_come_is_for_those_who_may_know(lived: Town) -> None:
    told = {
        office.field.value: {r.kind for c in candidates(lived.planner(office)) for r in c.reasons}
        for office in lived.offices
    }
    assert ReasonKind.OPEN in told["tobacco"]
    assert ReasonKind.SERIOUS not in told["tobacco"]
    assert ReasonKind.SERIOUS in told["health"]
    assert ReasonKind.OPEN not in told["health"]
    assert [field for field, kinds in told.items() if ReasonKind.PLANNED in kinds] == ["police", "tobacco"]


def test_signals_raise_the_own_order_by_number_and_the_others_by_a_word(lived: Town) -> None:
    def said(office: Office, business: int) -> dict[ReasonKind, int]:
        one = next(c for c in candidates(lived.planner(office)) if c.facts.id == lived.businesses[business])
        return {reason.kind: reason.n for reason in one.reasons}

    own, partner = said(lived.health, 0), said(lived.police, 0)
    assert (own[ReasonKind.SIGNALS], own[ReasonKind.OTHERS_SIGNALS]) == (6, 1)
    assert partner[ReasonKind.OTHERS_SIGNALS] == 2
    assert ReasonKind.SIGNALS not in partner
    assert said(lived.tobacco, 0)[ReasonKind.SPOT_SIGNALS] == 3
    assert partner[ReasonKind.SPOT_OTHERS] == 1
    assert said(lived.police, 2)[ReasonKind.OTHERS_SIGNALS] == 1
    assert ReasonKind.SIGNALS not in said(lived.tobacco, 2), "over, or taken back"
    scores = {
        office.field.value: next(
            c.score.total for c in candidates(lived.planner(office)) if c.facts.id == lived.businesses[2]
        )
        for office in (lived.police, lived.health)
    }
    assert scores["health"] - scores["police"] == 2 * 2 - 3, "two weighty points of the own against one step of others"


def test_a_visit_that_jav_closes_leaves_no_trace_for_that_person(lived: Town) -> None:
    viewer = lived.planner(lived.environment)
    before = next(c for c in candidates(viewer) if c.facts.id == lived.businesses[1])
    assert before.facts.last_on is not None
    with unit_of_work(viewer) as uow:
        visit = uow.session.scalar(
            text("SELECT visit_id FROM visit_target WHERE business_id = :b"), {"b": lived.businesses[1]}
        )
        declare_recusal(uow, visit, "Min kusin")
    after = next(c for c in candidates(viewer) if c.facts.id == lived.businesses[1])
    assert {reason.kind for reason in after.reasons} == {
        *(ReasonKind.NEVER, ReasonKind.HOT_SPOT, ReasonKind.SPOT_OTHERS)
    }


def test_only_a_planner_chooses(lived: Town) -> None:
    with pytest.raises(NotAllowedError):
        candidates(lived.inspector(lived.police))
    assert candidates(lived.planner(lived.outsider)) == []


def test_filters_and_orders(lived: Town) -> None:
    viewer, (first, second, third) = lived.planner(lived.tobacco), lived.businesses

    def ids(**wanted: object) -> list[UUID]:
        return [one.facts.id for one in candidates(viewer, replace(Wanted(), **wanted))]  # type: ignore[arg-type]

    assert ids() == ids(order=CandidateOrder.SCORE)
    assert ids(order=CandidateOrder.OPEN)[0] == first
    assert ids(order=CandidateOrder.LAST) == [third, second, first]
    assert ids(order=CandidateOrder.BURDEN)[-1] == first
    assert ids(order=CandidateOrder.NAME) == [first, second, third]
    assert ids(last="never") == [third]
    assert ids(last="long_ago", order=CandidateOrder.NAME) == [second, third]
    assert ids(trade="tobacco_shop") == [third]
    assert set(ids(hot_spot="Järntorget")) == {first, second}
    assert ids(begins_with="  kiosk 1 ") == [second]
    assert ids(begins_with="NYGATAN 121") == [third]


def test_pages_hold_everything_once(lived: Town) -> None:
    viewer, seek, seen = lived.planner(lived.tobacco), Seek(1), list[UUID]()
    for _ in range(3):
        with unit_of_work(viewer) as uow:
            found = list_candidates(uow, Wanted(), seek, {})
        seen += [one.facts.id for one in found.page.items]
        if found.page.next_cursor is None:
            break
        seek = Seek.parse(1, found.page.next_cursor, 1)
    assert sorted(seen) == sorted(lived.businesses)
    with unit_of_work(viewer) as uow:
        assert list_candidates(uow, Wanted(), Seek(3), {}).total == 3


DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
FACTS = st.builds(
    CandidateFacts,
    id=st.uuids(), premises_id=st.uuids(), name=st.just("N"), address=st.just("A"), town=st.just("T"),
    operator=st.just("O"), sort_key=st.text(max_size=3),
    trades=st.lists(st.sampled_from(["kiosk", "tobacco_shop", "bar", "nightclub"]), max_size=3).map(tuple),
    since=st.none() | DAYS, last_on=st.none() | st.dates(date(2020, 1, 1), TODAY), last_by=st.just(()),
    this_year=st.integers(0, 5),
    permits=st.lists(
        st.builds(PermitFact, st.sampled_from(["tobacco", "serving", "food"]), st.none() | DAYS, st.none() | DAYS),
        max_size=3, unique_by=lambda one: one.kind,
    ).map(tuple),
    spots=st.lists(st.sampled_from(["Torget", "Parken"]), unique=True).map(tuple),
)  # fmt: skip
OWN = st.integers(0, 4).flatmap(lambda n: st.builds(Deficiencies, st.just(n), st.integers(0, n)))


@given(FACTS, OWN)
def test_a_reason_is_given_exactly_when_its_fact_holds(facts: CandidateFacts, own: Deficiencies) -> None:
    found = reasons_of(facts, own, (), TODAY)
    kinds = [one.kind for one in found]
    assert sorted(kinds, key=list(ReasonKind).index) == kinds
    assert sum(one.n for one in found if one.kind in {ReasonKind.SERIOUS, ReasonKind.OPEN}) == own.open
    assert (ReasonKind.NEVER in kinds) is (facts.last_on is None) is (ReasonKind.DAYS_SINCE not in kinds)
    known = {one.kind for one in facts.permits}
    missing = {one.what for one in found if one.kind is ReasonKind.MISSING}
    assert missing.isdisjoint(known)
    assert ("tobacco" in missing) is ("tobacco_shop" in facts.trades and "tobacco" not in known)
    assert ("serving" in missing) is (bool({"bar", "nightclub"} & set(facts.trades)) and "serving" not in known)
    expired = {one.what for one in found if one.kind is ReasonKind.EXPIRED}
    assert expired == {one.kind for one in facts.permits if one.valid_until and one.valid_until < TODAY}


@given(st.lists(st.tuples(FACTS, OWN), max_size=6), st.sampled_from(CandidateOrder))
def test_the_order_is_what_it_says(rows: list[tuple[CandidateFacts, Deficiencies]], order: CandidateOrder) -> None:
    ordered = sorted(rows, key=lambda row: place_in_order(order, *row))
    for (one, mine), (later, theirs) in pairwise(ordered):
        if order is CandidateOrder.OPEN:
            assert (mine.serious, mine.open) >= (theirs.serious, theirs.open)
        if order is CandidateOrder.LAST:
            assert (one.last_on or date.min) <= (later.last_on or date.min)
        if order is CandidateOrder.BURDEN:
            assert one.this_year <= later.this_year
        if order is CandidateOrder.NAME:
            assert one.sort_key <= later.sort_key


def test_how_others_of_the_trade_were_treated_is_said_where_there_are_enough_of_them() -> None:
    kiosks = [
        CandidateFacts(
            uuid4(),
            uuid4(),
            f"Kiosk {n}",
            "",
            "",
            "",
            "",
            ("kiosk",),
            None,
            None if days is None else TODAY - timedelta(days=days),
            (),
            0,
            (),
            (),
        )
        for n, days in enumerate((10, 300, 400, None))
    ]
    trades = visited_by_trade(kiosks, TODAY)
    assert trades == {"kiosk": (2, 4)}
    assert alike_of(kiosks[0], trades, TODAY) == Alike("kiosk", 1, 3)
    assert alike_of(kiosks[3], trades, TODAY) == Alike("kiosk", 2, 3)
    said = reasons_of(kiosks[3], Deficiencies(), (), TODAY, alike_of(kiosks[3], trades, TODAY))
    assert Reason(ReasonKind.ALIKE, 2, "kiosk", of=3) in said
    few = visited_by_trade(kiosks[:3], TODAY)
    assert alike_of(kiosks[0], few, TODAY) is None
