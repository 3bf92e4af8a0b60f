"""Return visits equal a count by hand over made-up histories; of another's silo a number leaves, not always."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.home import HOME
from samsyn.core.outbox import emit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.operations.models import PartAnswer, Visit
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.service import declare_recusal
from samsyn.pledges.counting import Numbers, numbers_of, read_year
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.service import ask_evaluation, compile_evaluation
from samsyn.pledges.evaluation.shape import CommitmentEntry
from samsyn.pledges.queries import commitments_of, get_pledge, list_tallies
from samsyn.pledges.rules import CommitmentForm, Measure, Pace
from samsyn.pledges.service import (
    COUNT_RETURNS,
    AddCommitment,
    AddFocusArea,
    MakePledge,
    Signatory,
    SignPledge,
    add_commitment,
    add_focus_area,
    count_visit,
    make_pledge,
    sign_pledge,
)
from samsyn.pledges.service.drafts import put_back, remove
from samsyn_workers.pledges import count_returns
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import Office, Town, make_town

YEAR = 2024  # over on every clock, and a leap year
DAYS = 60


@dataclass
class Pledged:
    """A signed pledge that promises returns, after any deficiency or after serious ones."""

    pledge: UUID
    area: UUID
    every: UUID


def pledge_returns(town: Town, year: int = YEAR, days: int = DAYS, *, serious: bool = False) -> Pledged:
    everybody = tuple(office.id for office in (town.police, town.tobacco, town.environment, town.health))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        pledge = make_pledge(uow, MakePledge(town.collaboration, year, "Löfte (exempel)", everybody))
        area = add_focus_area(uow, AddFocusArea(pledge, "Centrum"))
        back = CommitmentForm.RETURN_VISIT
        every = add_commitment(uow, AddCommitment(area, back, "Åter", within_days=days, serious=serious))
        for other in ((days + 1, serious), (days, not serious)):  # the difference would say what a day's visits found
            with pytest.raises(InvalidError):
                add_commitment(uow, AddCommitment(area, back, "Åter", within_days=other[0], serious=other[1]))
        signs = tuple(Signatory(party, "chef", "Anders Påhittén") for party in everybody)
        version = get_pledge(uow, pledge).version
        sign_pledge(uow, SignPledge(pledge, date(year - 1, 12, 1), "Rådhuset", signs, version))
    return Pledged(pledge, area, every)


@dataclass
class Been:
    """A visit as its maker knows it: who came, and what each found (True: serious)."""

    scene: Scene
    day: date
    place: int
    done: bool
    came: set[UUID]
    found: dict[UUID, bool] = field(default_factory=dict)


def live(town: Town, chance: Random, n: int) -> list[Been]:
    """Make visits over two years' turns: found, put right in the text, moved, declined, closed."""
    offices, made = [town.police, town.tobacco, town.environment, town.health], []
    for _ in range(n):
        chosen = chance.sample(offices, chance.choice([2, 3, 4]))
        at = datetime(YEAR - 1, 10, 1, 9, tzinfo=UTC) + timedelta(days=chance.randint(0, 460))
        if chance.random() < 0.1:
            at = datetime(YEAR - 1, 12, 31, 23, 30, tzinfo=UTC)  # next year at home
        done, place = chance.random() < 0.85, chance.randrange(3)
        ended = VisitState.DONE if done else VisitState.CLOSED_PREMISES
        scene = visited(town, *chosen, at=at, business=place, visit_state=ended)
        been = Been(scene, at.astimezone(HOME).date(), place, done, {office.id for office in chosen})
        for office in chosen:
            write(town, chance, been, office)
        if chance.random() < 0.2:
            move(town, been, chance.choice([-70, -1, 1, 40]))
        made.append(been)
    return made


def write(town: Town, chance: Random, been: Been, office: Office) -> None:
    if chance.random() < 0.6:
        serious = chance.random() < 0.4
        finding = find(town, been.scene, office, "Brist", serious=serious)
        been.found[office.id] = serious
        if chance.random() < 0.2:
            find(town, been.scene, office, "Ingen brist", said=Answer.OK, finding=finding, version=2)
            del been.found[office.id]
    if chance.random() < 0.15:
        with unit_of_work(town.planner(office)) as uow:
            part = PartAnswer.part_id == been.scene.parts[office.id]
            uow.session.execute(update(PartAnswer).where(part).values(accepted=False))
        been.came.discard(office.id)


def move(town: Town, been: Been, days: int) -> None:
    at = been.scene.at + timedelta(days=days)
    with unit_of_work(town.planner(been.scene.lead)) as uow:
        moved = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
        uow.session.execute(update(Visit).where(Visit.id == been.scene.visit).values(**moved))
    been.day = at.astimezone(HOME).date()


def by_hand(lived: list[Been], office: UUID, days: int, *, serious: bool) -> list[tuple[int, str]]:
    """Return each return that was due in the year: its quarter, and how it went."""
    mine = [one for one in lived if one.done and office in one.came]
    found = []
    for one in mine:
        if office not in one.found or (serious and not one.found[office]):
            continue
        last = one.day + timedelta(days=days)
        later = [other.day for other in mine if other.place == one.place and other.day > one.day]
        how = "not made" if not later else "kept" if min(later) <= last else "late"
        if last.year == YEAR:
            found.append(((last.month - 1) // 3, how))
    return found


def could(lived: list[Been], office: UUID, days: int) -> list[int]:
    """Return how many visits could have had a return due in each quarter."""
    last = [one.day + timedelta(days=days) for one in lived if one.done and office in one.came]
    return [sum(day.year == YEAR and (day.month - 1) // 3 == n for day in last) for n in range(4)]


def wanted(
    lived: list[Been], reader: UUID, offices: list[UUID], days: int, *, serious: bool
) -> tuple[int, int, int, int, list[int], list[int]]:
    """Return the numbers that a reader is to see: the own, and of others the quarters with five due and five not."""
    seen: list[tuple[int, str]] = []
    for office in offices:
        lines = by_hand(lived, office, days, serious=serious)
        due = [sum(quarter == n for quarter, _ in lines) for n in range(4)]
        could_be = could(lived, office, days)
        enough = [office == reader or min(due[n], could_be[n] - due[n]) >= 5 for n in range(4)]
        seen += [line for line in lines if enough[line[0]]]
    ways = [how for _, how in seen]
    kept = [sum(quarter == n and how == "kept" for quarter, how in seen) for n in range(4)]
    due = [sum(quarter == n for quarter, _ in seen) for n in range(4)]
    return (len(seen), ways.count("kept"), ways.count("late"), ways.count("not made"), kept, due)


def tell(town: Town, pledged: Pledged) -> None:
    """Let each party's worker hand in, twice as a task may."""
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            for _ in "ab":
                emit(uow, COUNT_RETURNS, pledged.pledge, acts_for=office.id)
        count_returns(acts_for=str(office.id))


def read(town: Town, viewer: Viewer, pledged: Pledged, today: date) -> dict[UUID, Numbers]:
    with unit_of_work(viewer) as uow:
        pledge, promises = get_pledge(uow, pledged.pledge), commitments_of(uow, [pledged.area])
        year = read_year(uow, pledge, promises, today)
        return {one.id: numbers_of(year, one) for one in promises}


def check(seed: int, n: int) -> None:
    town, chance, serious = make_town(), Random(seed), bool(seed % 2)
    days = 30 if serious else DAYS
    pledged = pledge_returns(town, days=days, serious=serious)
    lived = live(town, chance, n)
    tell(town, pledged)
    offices = [town.police.id, town.tobacco.id, town.environment.id, town.health.id]
    for office in (town.police, town.environment):
        one = read(town, town.planner(office), pledged, date(YEAR + 2, 1, 1))[pledged.every]
        seen = (one.promised, one.done, one.late, one.overdue, list(one.quarters), list(one.promised_by))
        assert seen == wanted(lived, office.id, offices, days, serious=serious), seed
        otherwise = Pace.KEPT if one.promised else Pace.UNKNOWN
        assert one.pace is (Pace.NOT_KEPT if one.late or one.overdue else otherwise)
    *_, kept, due = wanted(lived, uuid4(), offices, days, serious=serious)
    for period, last in ((f"{YEAR}-Q2", 2), (str(YEAR), 4)):
        entry = frozen(town, pledged, period)
        assert entry["quarters"] == [*kept[:last], *(0,) * (4 - last)], seed
        assert (entry["promised"], entry["done"]) == (sum(due[:last]), sum(kept[:last])), seed


def frozen(town: Town, pledged: Pledged, period: str) -> CommitmentEntry:
    """What a compilation says of the promise: what every authority handed in, also its worker's own."""
    with unit_of_work(town.planner(town.police)) as uow:
        key = ask_evaluation(uow, pledged.pledge, period)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        compile_evaluation(uow, key)
        return get_evaluation(uow, key).content["commitments"][0]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(3))
def test_returns_equal_a_count_by_hand(seed: int) -> None:
    check(seed, 120)


@pytest.mark.long
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(3, 103))
def test_a_hundred_histories_of_returns_equal_a_count_by_hand(seed: int) -> None:
    check(seed, 120)


def test_a_year_of_which_nothing_was_handed_in_is_not_said_to_be_kept(town: Town) -> None:
    pledged = pledge_returns(town)
    visit_often(town, 3, 0)
    tell(town, pledged)
    entry = frozen(town, pledged, str(YEAR))
    assert (entry["promised"], entry["done"], entry["pace"]) == (0, 0, "unknown")


def test_a_return_that_was_planned_for_a_day_that_passed_is_planned_no_more(town: Town) -> None:
    pledged = pledge_returns(town, days=30)
    scene = visited(town, town.environment, at=datetime(YEAR, 3, 2, 9, tzinfo=UTC))
    find(town, scene, town.environment, "Brist")
    state = {"state": OperationState.CONFIRMED, "visit_state": VisitState.PLANNED}
    visited(town, town.environment, at=datetime(YEAR, 3, 10, 9, tzinfo=UTC), **state)  # type: ignore[arg-type]
    for day, planned, how in ((9, 1, Pace.PLANNED), (11, 0, Pace.ON_PACE), (30, 0, Pace.SOON)):
        one = read(town, town.planner(town.environment), pledged, date(YEAR, 3, day))[pledged.every]
        assert (one.planned, one.pace) == (planned, how), day


def visit_often(town: Town, bad: int, good: int) -> list[Scene]:
    """Let the environment office make visits with a return due in March; some find, some not."""
    made = []
    for n in range(bad + good):
        made.append(visited(town, town.environment, at=datetime(YEAR, 1, 10, 9 + n % 9, tzinfo=UTC), business=n % 3))
        if n < bad:
            find(town, made[-1], town.environment, "Brist")
    return made


def told(town: Town) -> dict[str, int]:
    with unit_of_work(town.planner(town.police)) as uow:
        return {line.measure: line.n for line in list_tallies(uow, town.collaboration) if line.dimension == "60"}


def test_what_was_found_by_another_is_a_number_of_a_quarter_that_is_over_of_five_due_and_five_not(town: Town) -> None:
    pledged, today = pledge_returns(town), date(YEAR + 1, 1, 1)
    visit_often(town, 5, 4)
    tell(town, pledged)
    assert read(town, town.planner(town.environment), pledged, today)[pledged.every].promised == 5
    assert read(town, town.planner(town.police), pledged, today)[pledged.every].promised == 0
    assert told(town) == {}, "nearly all: the number says what was found there"
    with unit_of_work(town.planner(town.police)) as uow:
        year = read_year(uow, get_pledge(uow, pledged.pledge), commitments_of(uow, [pledged.area]), today)
    assert year.returns[pledged.every].own == []
    visit_often(town, 0, 1)
    tell(town, pledged)
    found = read(town, town.planner(town.police), pledged, today)[pledged.every]
    assert (found.promised, found.done, found.overdue) == (5, 0, 5)
    assert told(town) == {Measure.RETURNS_DUE: 5, Measure.RETURNS_KEPT: 0, Measure.RETURNS_LATE: 0}
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert list_tallies(uow, town.collaboration) == []


@pytest.mark.parametrize(("bad", "good"), [(0, 12), (4, 8), (12, 0)])
def test_few_due_none_due_or_all_due_is_told_to_nobody(town: Town, bad: int, good: int) -> None:
    pledged = pledge_returns(town)
    visit_often(town, bad, good)
    tell(town, pledged)
    assert told(town) == {}


def test_a_quarter_under_way_is_told_to_nobody_and_a_frozen_one_is_left_alone(town: Town) -> None:
    now = datetime.now(UTC)
    pledged = pledge_returns(town, now.year)
    for n in range(12):
        scene = visited(town, town.environment, at=now - timedelta(days=DAYS, hours=n % 6), business=n % 3)
        if n < 6:
            find(town, scene, town.environment, "Brist")
    tell(town, pledged)
    with unit_of_work(town.planner(town.police)) as uow:
        quarter = f"{now.year}-Q{(now.astimezone(HOME).month + 2) // 3}"
        assert list_tallies(uow, town.collaboration, quarter) == []
    pledged = pledge_returns(town)
    visit_often(town, 5, 6)
    tell(town, pledged)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        uow.session.execute(text("UPDATE tally SET frozen_at = now() WHERE authority_id = (SELECT me())"))
    visit_often(town, 1, 0)
    tell(town, pledged)
    assert read(town, town.planner(town.police), pledged, date(YEAR + 1, 1, 1))[pledged.every].promised == 5


def test_what_was_taken_out_of_a_draft_is_handed_in_by_nobody(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        parties = (town.police.id, town.environment.id)
        pledge = make_pledge(uow, MakePledge(town.collaboration, YEAR, "Löfte (exempel)", parties))
        areas = [add_focus_area(uow, AddFocusArea(pledge, name)) for name in ("Centrum", "Sätra")]
        for n, area in enumerate(areas):
            add = AddCommitment(area, CommitmentForm.RETURN_VISIT, "Åter", within_days=DAYS + n)
            key = add_commitment(uow, add)
            remove(uow, pledge, area if n else key, get_pledge(uow, pledge).version)
        signs = tuple(Signatory(party, "chef", "Anders Påhittén") for party in parties)
        version = get_pledge(uow, pledge).version
        sign_pledge(uow, SignPledge(pledge, date(YEAR - 1, 12, 1), "Rådhuset", signs, version))
    visit_often(town, 6, 6)
    tell(town, Pledged(pledge, areas[0], pledge))
    with unit_of_work(town.planner(town.police)) as uow:
        assert list_tallies(uow, town.collaboration) == []


def test_a_draft_that_was_removed_is_put_back_before_it_is_written(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        pledge = make_pledge(uow, MakePledge(town.collaboration, YEAR, "Löfte (exempel)", (town.police.id,)))
        area = add_focus_area(uow, AddFocusArea(pledge, "Centrum"))
        remove(uow, pledge, pledge, get_pledge(uow, pledge).version)
    add = AddCommitment(area, CommitmentForm.RETURN_VISIT, "Åter", within_days=3)
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        add_commitment(uow, add)
    with unit_of_work(town.planner(town.police)) as uow:
        put_back(uow, pledge, pledge, get_pledge(uow, pledge).version)
        add_commitment(uow, add)


def test_a_return_is_warned_of_in_time_and_said_late_or_not_made(town: Town) -> None:
    pledged = pledge_returns(town)
    find(town, visited(town, town.police, at=datetime(YEAR, 3, 1, 9, tzinfo=UTC)), town.police, "Brist")

    def on(day: date) -> Numbers:
        return read(town, town.planner(town.police), pledged, day)[pledged.every]

    assert (on(date(YEAR, 3, 2)).pace, on(date(YEAR, 3, 2)).remaining) == (Pace.ON_PACE, 1)
    assert (on(date(YEAR, 4, 20)).pace, on(date(YEAR, 4, 20)).soon) == (Pace.SOON, 1)
    coming = {"state": OperationState.CONFIRMED, "visit_state": VisitState.PLANNED}
    again = visited(town, town.police, at=datetime(YEAR, 4, 28, 9, tzinfo=UTC), **coming)  # type: ignore[arg-type]
    assert (on(date(YEAR, 4, 20)).pace, on(date(YEAR, 4, 20)).planned) == (Pace.PLANNED, 1)
    assert (on(date(YEAR, 5, 1)).pace, on(date(YEAR, 5, 1)).overdue) == (Pace.NOT_KEPT, 1)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(
            update(Visit).where(Visit.id == again.visit).values(state=VisitState.DONE, ended_at=again.at)
        )
    assert on(date(YEAR, 5, 1)).done == 1
    evening = visited(town, town.police, at=datetime(YEAR, 6, 1, 9, tzinfo=UTC), business=1)
    find(town, evening, town.police, "Brist")
    visited(town, town.police, at=datetime(YEAR, 6, 1, 15, tzinfo=UTC), business=1)
    assert on(date(YEAR, 8, 1)).overdue == 1, "the same day is no return"
    visited(town, town.police, at=datetime(YEAR, 8, 20, 9, tzinfo=UTC), business=1)
    found = on(date(YEAR, 9, 1))
    assert (found.done, found.late, found.overdue, found.remaining) == (1, 1, 0, 0)


def test_returns_are_counted_again_when_a_quarter_is_over_and_not_when_a_visit_ends(town: Town) -> None:
    year = datetime.now(UTC).year
    pledged = pledge_returns(town, year)
    waits = text("""SELECT count(*) FROM outbox WHERE task = :task AND subject_id = :pledge
                       AND acts_for_id = (SELECT me())""")
    asked = {"task": COUNT_RETURNS, "pledge": pledged.pledge}
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        over = (datetime.now(HOME).month + 2) // 3 - 1
        assert uow.session.scalar(waits, asked) == 8 - max(over - 1, 0), "this year's quarters and the next's, once"
    scene = visited(town, town.police, at=datetime(year, 1, 2, 9, tzinfo=UTC))
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        before = uow.session.scalar(waits, asked)
        count_visit(uow, scene.visit)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        assert uow.session.scalar(waits, asked) == before


def test_a_visit_that_is_closed_to_a_person_is_due_no_return_for_that_person(town: Town) -> None:
    pledged = pledge_returns(town)
    scene = visited(town, town.police, at=datetime(YEAR, 3, 1, 9, tzinfo=UTC))
    find(town, scene, town.police, "Brist")
    viewer = town.planner(town.police)
    assert read(town, viewer, pledged, date(YEAR, 9, 1))[pledged.every].promised == 1
    with unit_of_work(viewer) as uow:
        declare_recusal(uow, scene.visit, "Släkt med ägaren")
    assert read(town, viewer, pledged, date(YEAR, 9, 1))[pledged.every].promised == 0


@pytest.mark.parametrize("how", [{}, {"within_days": 0}, {"within_days": 367}, {"within_days": 5, "target": 3}])
def test_a_return_says_within_how_many_days(town: Town, how: dict[str, int]) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        pledge = make_pledge(uow, MakePledge(town.collaboration, 2040, "Löfte (exempel)", (town.police.id,)))
        area = add_focus_area(uow, AddFocusArea(pledge, "Centrum"))
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        add_commitment(uow, AddCommitment(area, CommitmentForm.RETURN_VISIT, "Åter", **how))  # type: ignore[arg-type]
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        add_commitment(uow, AddCommitment(area, CommitmentForm.OCCASIONS, "Två", target=2, within_days=9))
