"""What a place has to bear equals what a loop over a made-up history finds, for whoever looks; nothing secret tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.authorities.queries import visit_gap
from samsyn.authorities.service import set_visit_gap
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import HOME, local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import declare_recusal
from samsyn.operations.traces import write_trace
from samsyn.planning.burden import Been, Burden, Coming, Known, burden_on
from samsyn.planning.queries import known_of
from tests.dossiers.scenes import visited
from tests.factories import Office, Town, make_town

COMING = (OperationState.PROPOSED, OperationState.CONFIRMED, OperationState.ONGOING)
OVER = (OperationState.CANCELLED, OperationState.ABORTED)


@dataclass(frozen=True)
class Past:
    """One visit of a history, as its maker knows it."""

    visit: UUID
    place: int
    day: date
    offices: tuple[Office, ...]
    done: bool
    coming: bool


def live(town: Town, chance: Random, visits: int) -> list[Past]:
    """A history of two years: done, hindered, aborted and cancelled ones, and some that are to be."""
    history = []
    for _ in range(visits):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(730 * 24 * 60))
        offices = tuple(chance.sample([*town.offices, town.outsider], chance.randint(1, 3)))
        state = chance.choice((*COMING, *OVER, *[OperationState.DONE] * 5))
        ended = chance.choice(list(VisitState)) if chance.random() < 0.3 else VisitState.DONE
        if state is OperationState.DONE and ended is VisitState.PLANNED:
            ended = VisitState.DONE
        if state in {OperationState.PROPOSED, OperationState.CONFIRMED, OperationState.CANCELLED}:
            ended = VisitState.PLANNED
        place = chance.randrange(2)
        lead = next((one for one in offices if one is not town.outsider), None)
        if lead is None:
            continue  # a collaboration's operation is led by a member
        offices = (lead, *(one for one in offices if one is not lead))
        scene = visited(town, *offices, at=at, business=place, state=state, visit_state=ended)
        for office in offices:
            with unit_of_work(Viewer.task_of(office.id)) as uow:
                write_trace(uow, scene.visit)
        coming = state in COMING and ended is VisitState.PLANNED
        day = at.astimezone(HOME).date()
        history.append(Past(scene.visit, place, day, offices, ended is VisitState.DONE, coming))
    return history


def by_loop(
    town: Town, history: list[Past], office: Office, place: int, day: date, within: int, closed: set[UUID]
) -> tuple[object, ...]:
    """What an office's planner may know, counted one by one."""
    last, this_year, last_year, planned = None, 0, 0, 0
    near: list[tuple[int, bool]] = []
    for one in history:
        if one.place != place or one.visit in closed:
            continue
        members = [who for who in one.offices if who is not town.outsider]
        if one.done and members and office is not town.outsider:
            if one.day <= day and (last is None or one.day > last):
                last = one.day
            this_year += one.day.year == day.year
            last_year += one.day.year == day.year - 1
            if within and -within <= (one.day - day).days <= within:
                near.append(((one.day - day).days, True))
        if one.coming and office in one.offices:
            planned += one.day.year == day.year
            if within and -within <= (one.day - day).days <= within:
                near.append(((one.day - day).days, False))
    return last, this_year, last_year, planned, sorted(near)


def told(found: Burden) -> tuple[object, ...]:
    near = sorted((one.days, one.coming is None) for one in found.near)
    return found.last_on, found.this_year, found.last_year, found.planned, near


def compare(seed: int, visits: int = 12) -> None:
    town, chance = make_town(), Random(seed)
    history = live(town, chance, visits)
    for office in (*town.offices, town.outsider):
        viewer, closed = town.planner(office), set[UUID]()
        own = [one for one in history if office in one.offices]
        if own and chance.random() < 0.5:
            closed = {chance.choice(own).visit}
            with unit_of_work(viewer) as uow:
                declare_recusal(uow, next(iter(closed)), "Min kusin")
        with unit_of_work(viewer) as uow:
            known = known_of(uow, town.premises[:2])
        for _ in range(6):
            place, within = chance.randrange(2), chance.choice((0, 1, 30, 365))
            day = date(2026, 1, 1) + timedelta(days=chance.randrange(730))
            found = burden_on(known[town.premises[place]], day, within)
            assert told(found) == by_loop(town, history, office, place, day, within, closed), (seed, office.name)
            assert found.traced is (office is not town.outsider)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_a_loop_finds(database: str, seed: int) -> None:
    compare(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 300))
def test_it_is_what_a_loop_finds_in_many_histories(database: str, seed: int) -> None:
    compare(seed, 25)


def test_a_visit_that_another_plans_is_never_told_before_it_is_done(town: Town) -> None:
    at = datetime.combine(local_day(datetime.now(UTC)) + timedelta(days=9), time(17), UTC)
    scene = visited(
        town, town.police, town.tobacco, at=at, state=OperationState.CONFIRMED, visit_state=VisitState.PLANNED
    )
    for office in (town.police, town.tobacco):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            write_trace(uow, scene.visit)
    seen = {}
    for office in (*town.offices, town.outsider):
        for viewer in (town.planner(office), town.inspector(office)):
            with unit_of_work(viewer) as uow:
                known = known_of(uow, town.premises[:1])[town.premises[0]]
            seen[office.field.value if office is not town.outsider else "outsider", "planner" in viewer.roles] = (
                len(known.been), len(known.coming),
            )  # fmt: skip
    assert {who for who, counts in seen.items() if counts != (0, 0)} == {("police", True), ("tobacco", True)}


def test_the_days_are_the_authoritys_own_to_set(town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert visit_gap(uow) == 30
        set_visit_gap(uow, 90)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert visit_gap(uow) == 90
        with pytest.raises(NotAllowedError):
            set_visit_gap(uow, 1)
    with unit_of_work(town.planner(town.police)) as uow:
        assert visit_gap(uow) == 30
        for wrong in (-1, 366):
            with pytest.raises(InvalidError):
                set_visit_gap(uow, wrong)


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
BEEN = st.builds(Been, st.uuids(), DAYS, st.just(("A",)))
COMES = st.builds(Coming, st.uuids(), DAYS, st.uuids(), st.just("Gullviva"))


@given(st.lists(BEEN, max_size=8), st.lists(COMES, max_size=8), DAYS, st.integers(0, 365), st.data())
def test_what_is_left_out_counts_nowhere_and_the_nearest_comes_first(
    been: list[Been], coming: list[Coming], day: date, within: int, data: st.DataObject
) -> None:
    known = Known(True, tuple(been), tuple(coming))
    ids = [one.visit_id for one in been] + [one.visit_id for one in coming]
    but = data.draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else []
    rest = Known(
        True,
        tuple(one for one in been if one.visit_id not in but),
        tuple(one for one in coming if one.visit_id not in but),
    )
    found = burden_on(known, day, within, but)
    assert found == burden_on(rest, day, within)
    away = [abs(one.days) for one in found.near]
    assert away == sorted(away)
    assert all(one <= within for one in away)
