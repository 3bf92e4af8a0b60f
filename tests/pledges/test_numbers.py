"""What a pledge says it did equals a count by hand over a made-up history, and says nothing of what is hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import update

from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import SetPermit, set_permit
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.home import HOME
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Operation, PartAnswer, Visit
from samsyn.operations.rules import OperationState, VisitState
from samsyn.pledges.counting import Numbers, lines_behind, numbers_of, read_year
from samsyn.pledges.models import Activity
from samsyn.pledges.queries import areas_of, commitments_of, get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import ActivityKind, ActivityState, CommitmentForm, Pace, PledgeState, gone, nearly_over, pace
from samsyn.pledges.service import (
    AddActivity,
    AddCommitment,
    AddFocusArea,
    ChangeActivity,
    ChangeCommitment,
    MakePledge,
    Signatory,
    SignPledge,
    add_activity,
    add_commitment,
    add_focus_area,
    change_activity,
    change_commitment,
    choose_focus,
    count_operation,
    count_visit,
    make_pledge,
    sign_pledge,
)
from tests.dossiers.scenes import Scene, another_visit, visited
from tests.factories import Office, Town, make_town

EDGES = (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
         datetime(2027, 1, 3, 12, tzinfo=UTC), datetime(2027, 12, 31, 23, 10, tzinfo=UTC))  # fmt: skip


@dataclass
class Promised:
    """A pledge of 2027 with two areas and a commitment of each form."""

    pledge: UUID
    areas: tuple[UUID, UUID]
    joint: UUID
    police: UUID
    everywhere: UUID
    share: UUID
    walks: UUID
    covered: UUID
    day: UUID


def promise(town: Town, year: int = 2027) -> Promised:
    everybody = tuple(office.id for office in (town.police, town.tobacco, town.environment, town.health))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        pledge = make_pledge(uow, MakePledge(town.collaboration, year, "Medborgarlöfte (exempel)", everybody))
        one, two = (add_focus_area(uow, AddFocusArea(pledge, name, "Klagomål.")) for name in ("Centrum", "Sätra"))
        occasions = CommitmentForm.OCCASIONS

        def add(form: CommitmentForm, text: str, **how: object) -> UUID:
            return add_commitment(uow, AddCommitment(one, form, text, **how))  # type: ignore[arg-type]

        return Promised(
            pledge, (one, two),
            add(occasions, "Minst 4 gemensamma", target=4, least=2, whole=True),
            add(occasions, "Minst 2 med polis", target=2, fields=(Field.POLICE,)),
            add(occasions, "Minst 9 allt som allt", target=9, whole=True),
            add(CommitmentForm.SHARE, "En tredjedel leds av andra", target=33, not_led_by=town.police.id, whole=True),
            add(occasions, "Minst 2 vandringar", target=2, counts=ActivityKind.SAFETY_WALK),
            add(CommitmentForm.COVERAGE, "Alla tobaksställen", permit_kind=PermitKind.TOBACCO,
                fields=(Field.TOBACCO,)),
            add(CommitmentForm.DATE, "Skrivet till midsommar", by_on=date(year, 6, 20)),
        )  # fmt: skip


def signs_of(town: Town, *offices: Office) -> tuple[Signatory, ...]:
    """Return one who signs for each; for all four where none is named."""
    everybody = offices or (town.police, town.tobacco, town.environment, town.health)
    return tuple(Signatory(office.id, "chef", "Anders Påhittén") for office in everybody)


@dataclass
class Lived:
    """One operation as its maker knows it."""

    scene: Scene
    lead: Office
    offices: list[Office]
    at: datetime
    done: bool
    place: int
    area: UUID | None


def live(town: Town, promised: Promised, chance: Random, n: int) -> list[Lived]:
    """Make operations by the rows that daily work writes: moved, aborted, declined, and their focus changed."""
    offices, made = [town.police, town.tobacco, town.environment, town.health], []
    for _ in range(n):
        chosen = chance.sample(offices, chance.choice([1, 2, 2, 3, 4]))
        day = datetime(2027, 1, 1, 9, tzinfo=UTC) + timedelta(days=chance.randint(-20, 380))
        at = chance.choice([*[day] * 8, *EDGES])
        ended = chance.choice([VisitState.DONE] * 4 + [VisitState.ABORTED, VisitState.CLOSED_PREMISES])
        place = chance.randrange(3)
        state = chance.choice([OperationState.DONE, OperationState.ABORTED, OperationState.CLOSED])
        scene = visited(town, *chosen, at=at, business=place, state=state, visit_state=ended)
        came = [chosen[0]]
        for office in chosen[1:]:
            if chance.random() < 0.2:
                with unit_of_work(town.planner(office)) as uow:
                    part = PartAnswer.part_id == scene.parts[office.id]
                    uow.session.execute(update(PartAnswer).where(part).values(accepted=False))
            else:
                came.append(office)
        area = chance.choice([*promised.areas, promised.areas[0], promised.areas[0], None])
        lived = Lived(scene, chosen[0], came, at, ended is VisitState.DONE, place, area)
        tell(town, lived)
        if chance.random() < 0.3:
            move(town, lived, chance)
        made.append(lived)
    return made


def move(town: Town, lived: Lived, chance: Random) -> None:
    """Move the visit to another day, the operation to another area, and call it something else."""
    lived.at += timedelta(days=chance.choice([-95, -1, 1, 95]))
    lived.area = chance.choice([None, lived.area])
    with unit_of_work(town.planner(lived.lead)) as uow:
        ends = lived.at + timedelta(hours=1)
        moved = {"starts_at": lived.at, "ends_at": ends}
        uow.session.execute(update(Visit).where(Visit.id == lived.scene.visit).values(**moved))
        renamed = {"code_word": f"Ny {lived.scene.operation.hex[:9]}", **moved}
        uow.session.execute(update(Operation).where(Operation.id == lived.scene.operation).values(**renamed))
    tell(town, lived)


def tell(town: Town, lived: Lived) -> None:
    """Say the focus, and let each authority's worker count; twice, as a task may."""
    with unit_of_work(town.planner(lived.lead)) as uow:
        choose_focus(uow, lived.scene.operation, lived.area)
    for office in [*lived.offices, *lived.offices]:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            count_visit(uow, lived.scene.visit)
    with unit_of_work(Viewer.task_of(lived.lead.id)) as uow:
        count_operation(uow, lived.scene.operation)


def license_places(town: Town, chance: Random) -> set[int]:
    places = {place for place in range(3) if chance.random() < 0.7}
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for place in places:
            set_permit(uow, SetPermit(town.businesses[place], PermitKind.TOBACCO, None, None))
    return places


def read(town: Town, office: Office, promised: Promised, today: date) -> dict[UUID, Numbers]:
    with unit_of_work(town.planner(office)) as uow:
        pledge = get_pledge(uow, promised.pledge)
        all_of = commitments_of(uow, [area.id for area in areas_of(uow, pledge.id)])
        year = read_year(uow, pledge, all_of, today)
        return {one.id: numbers_of(year, one) for one in all_of}


def by_hand(lived: list[Lived], promised: Promised, places: set[int], town: Town) -> dict[UUID, tuple[int, list[int]]]:
    """Count with a loop: how many, and how many in each quarter."""
    in_year = [one for one in lived if one.done and one.at.astimezone(HOME).year == 2027]

    def of(found: list[Lived]) -> tuple[int, list[int]]:
        quarters = Counter((one.at.astimezone(HOME).month - 1) // 3 for one in found)
        return len(found), [quarters[n] for n in range(4)]

    here = [one for one in in_year if one.area == promised.areas[0]]
    seen: dict[int, Lived] = {}
    for one in sorted(in_year, key=lambda one: one.at):
        if one.place in places and town.tobacco in one.offices:
            seen.setdefault(one.place, one)
    led, others = of(in_year), of([one for one in in_year if one.lead is not town.police])
    return {
        promised.joint: of([one for one in in_year if len(one.offices) > 1]),
        promised.police: of([one for one in here if town.police in one.offices]),
        promised.everywhere: of(in_year),
        promised.share: (
            100 * others[0] // led[0] if led[0] else 0,
            [100 * others[1][n] // led[1][n] if led[1][n] else 0 for n in range(4)],
        ),
        promised.covered: of(list(seen.values())),
    }


def check(seed: int, n: int) -> None:
    """Every member reads the same numbers, and they are those of the loop."""
    town, chance = make_town(), Random(seed)
    promised, places = promise(town), license_places(town, chance)
    lived = live(town, promised, chance, n)
    wanted = by_hand(lived, promised, places, town)
    for office in (town.police, town.health):
        found = read(town, office, promised, date(2028, 1, 1))
        assert {key: (found[key].done, list(found[key].quarters)) for key in wanted} == wanted, seed
        assert found[promised.covered].promised == len(places)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(4))
def test_numbers_equal_a_count_by_hand(seed: int) -> None:
    check(seed, 14)


@pytest.mark.long
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(4, 204))
def test_two_hundred_histories_equal_a_count_by_hand(seed: int) -> None:
    check(seed, 14)


def test_what_is_planned_is_counted_for_those_alone_who_know_of_it(town: Town) -> None:
    promised = promise(town)
    at = datetime(2027, 9, 1, 16, tzinfo=UTC)
    state = {"state": OperationState.CONFIRMED, "visit_state": VisitState.PLANNED}
    scene = visited(town, town.police, town.environment, at=at, **state)  # type: ignore[arg-type]
    with unit_of_work(town.planner(town.police)) as uow:
        choose_focus(uow, scene.operation, promised.areas[0])
    today = date(2027, 6, 1)
    assert read(town, town.environment, promised, today)[promised.joint].planned == 1
    assert read(town, town.health, promised, today)[promised.joint].planned == 0
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.environment)) as uow:
        choose_focus(uow, scene.operation, promised.areas[1])
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        choose_focus(uow, scene.operation, promised.areas[1])


def test_activities_count_when_done_and_those_called_off_keep_their_reason(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.police)) as uow:
        what = (town.collaboration, ActivityKind.SAFETY_WALK)
        early = add_activity(uow, AddActivity(*what, date(2026, 3, 1), "Vandring", done=True))
        said = update(Activity).where(Activity.id == early).values(focus_area_id=promised.areas[0])
        uow.session.execute(said)  # as it could be written once
        days = [date(2027, 5, n) for n in (1, 2)]
        first, second = (add_activity(uow, AddActivity(*what, day, "Vandring", promised.areas[0])) for day in days)
        add_activity(uow, AddActivity(*what, days[0], "Elsewhere", promised.areas[1]))
        change_activity(uow, ChangeActivity(second, ActivityState.CANCELLED, 1, "Personalbrist."))
        with pytest.raises(InvalidError):
            change_activity(uow, ChangeActivity(first, ActivityState.DONE, 1))
        with pytest.raises(InvalidError):
            add_activity(uow, AddActivity(town.collaboration, ActivityKind.OPERATION, date(2027, 5, 3), "Insats"))
    found = read(town, town.health, promised, date(2027, 4, 1))[promised.walks]
    assert (found.promised, found.planned, found.done, found.remaining) == (2, 1, 0, 2)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        change_activity(uow, ChangeActivity(first, ActivityState.CANCELLED, 1, "Inte min."))


def test_an_activitys_area_is_of_its_days_year(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.police)) as uow:
        what = (town.collaboration, ActivityKind.SAFETY_WALK, date(2026, 12, 31), "Vandring", promised.areas[0])
        with pytest.raises(InvalidError) as refused:
            add_activity(uow, AddActivity(*what))
        assert list(refused.value.fields) == ["focus_area_id"]


def test_what_is_signed_is_not_changed_and_what_was_not_done_says_why_and_goes_on(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        signs = signs_of(town)
        version = get_pledge(uow, promised.pledge).version
        sign_pledge(uow, SignPledge(promised.pledge, date(2026, 2, 16), "Rådhuset", signs, version))
        assert get_pledge(uow, promised.pledge).state is PledgeState.IN_FORCE
        with pytest.raises(ConflictError):
            add_focus_area(uow, AddFocusArea(promised.pledge, "Ny"))
        with pytest.raises(ConflictError):
            add_commitment(uow, AddCommitment(promised.areas[0], CommitmentForm.OCCASIONS, "Mer", target=1))
        with pytest.raises(ConflictError):
            make_pledge(uow, MakePledge(town.collaboration, 2027, "En till", (town.police.id, town.tobacco.id)))
    later = promise(town, 2028)
    with unit_of_work(town.planner(town.health)) as uow:
        with pytest.raises(InvalidError):
            change_commitment(uow, ChangeCommitment(later.covered, 1, "Hann inte.", promised.covered))
        change_commitment(uow, ChangeCommitment(promised.covered, 1, "Hann inte.", later.covered))
        assert get_commitment(uow, promised.covered).carried_to_id == later.covered
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.health)) as uow:
        make_pledge(uow, MakePledge(town.collaboration, 2029, "Löfte", (town.health.id,)))


def test_nobody_outside_reads_or_promises_anything(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert list_pledges(uow) == []
        with pytest.raises(NotFoundError):
            get_pledge(uow, promised.pledge)
        with pytest.raises(NotFoundError):
            make_pledge(uow, MakePledge(town.collaboration, 2030, "Löfte", (town.outsider.id,)))


def test_each_number_opens_the_lines_that_it_counts(town: Town) -> None:
    promised = promise(town)
    lived = live(town, promised, Random(11), 8)
    with unit_of_work(town.planner(town.health)) as uow:
        pledge, one = get_pledge(uow, promised.pledge), get_commitment(uow, promised.everywhere)
        year = read_year(uow, pledge, [one], date(2028, 1, 1))
        assert len(lines_behind(year, one)) == numbers_of(year, one).done
    assert {line.operation_id for line in lines_behind(year, one)} <= {each.scene.operation for each in lived}


def test_the_last_one_to_do_is_warned_of_before_the_year_is_over(town: Town) -> None:
    """Of one in a year less than one is to be done by any day but its last: it is warned of all the same."""
    promised = promise(town)
    for day, how in ((date(2027, 12, 1), Pace.ON_PACE), (date(2027, 12, 2), Pace.SOON), (date(2027, 12, 31), Pace.SOON),
                     (date(2028, 1, 1), Pace.NOT_KEPT)):  # fmt: skip
        assert pace(1, 0, 0, gone(2027, day), soon=nearly_over(2027, day)) is how, day
    assert pace(1, 0, 1, gone(2027, date(2027, 12, 5)), soon=True) is Pace.PLANNED
    assert pace(40, 39, 0, gone(2027, date(2027, 12, 31)), soon=True) is Pace.SOON
    assert pace(40, 20, 0, gone(2027, date(2027, 12, 31)), soon=True) is Pace.BEHIND
    assert read(town, town.health, promised, date(2027, 12, 20))[promised.share].pace is Pace.SOON


def test_a_day_is_of_the_pledges_year_and_what_was_done_is_not_of_a_year_before(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.police)) as uow:
        dated = AddCommitment(promised.areas[0], CommitmentForm.DATE, "Klart", by_on=date(2028, 1, 1))
        with pytest.raises(InvalidError) as refused:
            add_commitment(uow, dated)
        assert list(refused.value.fields) == ["by_on"]
        with pytest.raises(InvalidError) as refused:
            change_commitment(uow, ChangeCommitment(promised.day, 1, done_on=date(2019, 12, 24)))
        assert list(refused.value.fields) == ["done_on"]


def test_a_visit_that_was_planned_for_a_day_that_passed_is_planned_no_more(town: Town) -> None:
    promised = promise(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_permit(uow, SetPermit(town.businesses[0], PermitKind.TOBACCO, None, None))
    state = {"state": OperationState.CONFIRMED, "visit_state": VisitState.PLANNED}
    visited(town, town.tobacco, town.environment, at=datetime(2027, 3, 4, 17, tzinfo=UTC), **state)  # type: ignore[arg-type]
    before = read(town, town.tobacco, promised, date(2027, 3, 4))[promised.covered]
    after = read(town, town.tobacco, promised, date(2027, 3, 5))[promised.covered]
    assert (before.planned, after.planned) == (1, 0)


@pytest.mark.parametrize(
    ("done", "planned", "part", "how"),
    [(4, 0, 0.9, Pace.KEPT), (2, 0, 0.5, Pace.ON_PACE), (1, 3, 0.5, Pace.PLANNED), (1, 1, 0.5, Pace.BEHIND),
     (3, 1, 1.0, Pace.NOT_KEPT), (0, 0, 0.1, Pace.ON_PACE)],
)  # fmt: skip
def test_a_promise_is_warned_of_in_time(done: int, planned: int, part: float, how: Pace) -> None:
    assert pace(4, done, planned, part) is how


def test_an_operation_counts_where_its_lead_did_not_come_and_once_where_the_lead_went_over(town: Town) -> None:
    promised = promise(town)
    scene = visited(town, town.police, town.environment, at=datetime(2027, 3, 4, 17, tzinfo=UTC))
    with unit_of_work(town.planner(town.police)) as uow:
        part = PartAnswer.part_id == scene.parts[town.police.id]
        uow.session.execute(update(PartAnswer).where(part).values(accepted=False))
        choose_focus(uow, scene.operation, promised.areas[0])
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        count_visit(uow, scene.visit)
    assert read(town, town.health, promised, date(2028, 1, 1))[promised.everywhere].done == 1
    with unit_of_work(town.planner(town.police)) as uow:
        moved = update(Operation).where(Operation.id == scene.operation).values(lead_id=town.environment.id)
        uow.session.execute(moved)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        count_operation(uow, scene.operation)
    found = read(town, town.health, promised, date(2028, 1, 1))
    assert found[promised.everywhere].done == 1
    assert found[promised.share].done == 100, "the new lead is another than the police"


def test_a_guest_counts_and_is_not_named(town: Town) -> None:
    promised = promise(town)
    scene = visited(town, town.police, town.outsider, at=datetime(2027, 3, 4, 17, tzinfo=UTC))
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        count_visit(uow, scene.visit)
    assert read(town, town.health, promised, date(2028, 1, 1))[promised.joint].done == 1
    with unit_of_work(town.planner(town.health)) as uow:
        year = read_year(uow, get_pledge(uow, promised.pledge), [], date(2028, 1, 1))
    assert [line.authorities for line in year.lines] == [frozenset({town.police.id})]


def version_of(town: Town, pledge: UUID) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_pledge(uow, pledge).version


def test_only_parties_write_a_promise_and_who_signs_has_read_all_of_it(town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        parties = (town.tobacco.id, town.police.id)
        pledge = make_pledge(uow, MakePledge(town.collaboration, 2031, "Löfte (exempel)", parties))
        seen = get_pledge(uow, pledge).version
        area = add_focus_area(uow, AddFocusArea(pledge, "Centrum"))
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.health)) as uow:
        add_focus_area(uow, AddFocusArea(pledge, "Vårt"))
    signs = signs_of(town, town.tobacco, town.police)
    for some in ((), signs[:1], signs[1:]):  # no party is bound by another's hand
        now = version_of(town, pledge)
        with pytest.raises(InvalidError) as refused, unit_of_work(town.planner(town.police)) as uow:
            sign_pledge(uow, SignPledge(pledge, date(2026, 2, 16), "Rådhuset", some, now))
        assert refused.value.fields.keys() == {"signatories"}
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.police)) as uow:
        sign_pledge(uow, SignPledge(pledge, date(2026, 2, 16), "Rådhuset", signs, seen))
    wrong = (
        AddCommitment(area, CommitmentForm.OCCASIONS, "Två", target=2, permit_kind=PermitKind.TOBACCO),
        AddCommitment(area, CommitmentForm.OCCASIONS, "Två", target=2, not_led_by=town.police.id),
        AddCommitment(area, CommitmentForm.OCCASIONS, "Två", target=2, by_on=date(2031, 1, 1)),
    )
    for command in wrong:
        with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
            add_commitment(uow, command)


def test_each_alone_at_a_visit_of_its_own_is_not_together(town: Town) -> None:
    promised = promise(town)
    both, aborted = (town.police, town.tobacco), VisitState.ABORTED
    apart = visited(town, *both, at=datetime(2027, 3, 4, 17, tzinfo=UTC), visit_state=aborted)
    for n, office in enumerate(both, 1):
        another_visit(town, apart, office, business=n)
    at_one = visited(town, *both, at=datetime(2027, 3, 5, 17, tzinfo=UTC), visit_state=aborted)
    another_visit(town, at_one, *both, business=1)
    for scene in (apart, at_one):
        for _ in "ab":
            with unit_of_work(Viewer.task_of(town.police.id)) as uow:
                count_operation(uow, scene.operation)
    with unit_of_work(town.planner(town.health)) as uow:
        pledge = get_pledge(uow, promised.pledge)
        one = get_commitment(uow, promised.joint)
        lines = lines_behind(read_year(uow, pledge, [one], date(2028, 1, 1)), one)
    assert [line.operation_id for line in lines] == [at_one.operation]
    assert [line.together for line in lines] == [2]
