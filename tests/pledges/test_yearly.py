"""A unit's year equals what a loop over a made-up history counts: renamed, moved, cancelled, aborted; week 53 too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update

from samsyn.access.rules import Language
from samsyn.assistance.models import HelpAnswer, HelpRequest
from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.businesses.models import Premises
from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import SetPermit, set_permit
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import HOME
from samsyn.core.uow import unit_of_work
from samsyn.findings.models import PartChecklist
from samsyn.findings.rules import Answer
from samsyn.letters.models import ResultLetter
from samsyn.operations.models import PartAnswer, Visit, VisitPart, VisitTarget
from samsyn.operations.rules import OperationState, PoliceRole, VisitState
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.service import withdraw_outcome, write_outcome
from samsyn.pledges.yearly.fields import CONDITIONS, EVERY_FIELD, NATIONAL, What
from samsyn.pledges.yearly.queries import Year, visits_behind, year_of
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import Office, Town, make_town

YEARS = (2026, 2027)
POINTS = ("TOB-01", "TOB-03", "TOB-04", "TOB-15")
EDGES = (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
         datetime(2027, 1, 3, 12, tzinfo=UTC), datetime(2026, 1, 1, 9, tzinfo=UTC))  # fmt: skip


@dataclass
class Lived:
    """One visit as its maker knows it: its own findings by point, and everything that is counted."""

    scene: Scene
    place: int
    at: datetime
    state: VisitState
    cancelled: bool
    joint: bool
    help: bool
    accepted: bool
    unit: UUID | None = None
    announced: bool = False
    protocol: bool = False
    asked: bool = False
    given: bool = False
    sent_on: date | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    bound: dict[str, tuple[date, date]] = field(default_factory=dict)
    """From when and until when a decision that binds stood, by the point of its deficiency."""


@dataclass
class Made:
    """A history of one office."""

    office: Office
    second: UUID | None
    visits: list[Lived]
    sale: set[int]
    serving: set[int]


def the_points(town: Town) -> dict[str, tuple[UUID, int, str]]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        rows = uow.session.execute(
            text("SELECT p.checklist_id, p.n, p.code FROM check_point p JOIN checklist c ON c.id = p.checklist_id"
                 " WHERE c.authority_id IS NULL AND p.code = ANY (:codes)"), {"codes": list(POINTS)},
        )  # fmt: skip
        return {row.code: (row.checklist_id, row.n, row.code) for row in rows}


def live(town: Town, chance: Random, n: int, *, units: bool) -> Made:
    """Make a history of the tobacco board through the rows that its services write."""
    office, second = town.tobacco, None
    if units:
        with unit_of_work(town.planner(office)) as uow:
            second = add_unit(uow, AddUnit("Andra enheten", office.field))
    with unit_of_work(town.planner(office)) as uow:
        for place, trades in enumerate(('["tobacco_shop"]', '["bar", "cafe"]', '["car_wash"]')):
            key = {"t": trades, "b": town.businesses[place]}
            uow.session.execute(text("UPDATE business SET trades = CAST(:t AS jsonb) WHERE id = :b"), key)
        if permitted := chance.random() < 0.5:
            set_permit(uow, SetPermit(town.businesses[1], PermitKind.TOBACCO, None, None))
    points = the_points(town)
    made = Made(office, second, [], {0, 1} if permitted else {0}, {1})
    for _ in range(n):
        made.visits.append(one_visit(town, chance, made, points))
    return made


def one_visit(town: Town, chance: Random, made: Made, points: dict[str, tuple[UUID, int, str]]) -> Lived:
    office, place = made.office, chance.randrange(3)
    at = chance.choice(EDGES) if chance.random() < 0.3 else datetime(2025, 12, 1, tzinfo=UTC) + timedelta(
        minutes=chance.randrange(780 * 24 * 60)
    )  # fmt: skip
    with_police = chance.random() < 0.5
    lead = chance.choice((office, town.environment))
    offices = [lead] + [one for one in (office, *((town.police,) if with_police else ())) if one is not lead]
    over = chance.choice((OperationState.CANCELLED, OperationState.ABORTED, *(OperationState.DONE,) * 5))
    state = VisitState.DONE if chance.random() < 0.7 else chance.choice(list(VisitState)[1:])
    if over is OperationState.CANCELLED:
        state = VisitState.PLANNED
    scene = visited(town, *offices, at=at, business=place, state=over, visit_state=state)
    lived = Lived(scene, place, at, state, over is OperationState.CANCELLED, len(offices) > 1, False, True)
    with unit_of_work(town.planner(office)) as uow:
        lived.accepted, lived.announced = chance.random() < 0.9, chance.random() < 0.4
        mine = update(PartAnswer).where(PartAnswer.part_id == scene.parts[office.id])
        uow.session.execute(mine.values(accepted=lived.accepted, announced=lived.announced))
    change_of_lead(town, chance, lived, made)
    if with_police and chance.random() < 0.6:
        lived.help = True
        with unit_of_work(town.planner(town.police)) as uow:
            theirs = update(PartAnswer).where(PartAnswer.part_id == scene.parts[town.police.id])
            uow.session.execute(theirs.values(police_role=PoliceRole.ASSISTANCE))
    if state is not VisitState.PLANNED:
        write(town, chance, made, lived, points)
    return lived


def change_of_lead(town: Town, chance: Random, lived: Lived, made: Made) -> None:
    """The lead asks a unit by name, moves the visit, renames the place that stands in the plan."""
    scene, office = lived.scene, made.office
    with unit_of_work(town.planner(scene.lead)) as uow:
        run = uow.session.execute
        lived.unit = chance.choice((office.unit, made.second, None)) if made.second else None
        run(update(VisitPart).where(VisitPart.id == scene.parts[office.id]).values(unit_id=lived.unit))
        if chance.random() < 0.3:
            lived.at += timedelta(days=chance.randrange(-40, 40))
            ends = lived.at + timedelta(hours=1)
            run(update(Visit).where(Visit.id == scene.visit).values(starts_at=lived.at, ends_at=ends))
        if chance.random() < 0.2:
            run(update(VisitTarget).where(VisitTarget.visit_id == scene.visit).values(name="Nytt namn"))
            run(
                update(Premises).where(Premises.id == town.premises[lived.place]).values(name=f"Nytt {uuid4().hex[:6]}")
            )


def write(town: Town, chance: Random, made: Made, lived: Lived, points: dict[str, tuple[UUID, int, str]]) -> None:
    """What the own part wrote: findings, changed ones too, its checklist, its letter."""
    office, scene = made.office, lived.scene
    bound = {"part_id": scene.parts[office.id], "visit_id": scene.visit, "operation_id": scene.operation}
    for code in chance.sample(POINTS, chance.randint(0, 3)):
        said = chance.choice((Answer.OK, Answer.DEFICIENCY, Answer.NOT_APPLICABLE))
        key = find(town, scene, office, "x", said=said, point=points[code])
        if chance.random() < 0.3:
            said = chance.choice((Answer.OK, Answer.DEFICIENCY))
            find(town, scene, office, "y", said=said, point=points[code], finding=key, version=2)
        lived.answers[code] = said
        if said is Answer.DEFICIENCY and lived.accepted and chance.random() < 0.5:
            decide(town, chance, lived, code, key)
    if chance.random() < 0.3:
        ask_for_help(town, lived, bound, given=chance.random() < 0.5)
    with unit_of_work(town.planner(office)) as uow:
        if chance.random() < 0.5:
            lived.protocol = True
            checklist, n, _ = points["TOB-01"]
            row = {"checklist_id": checklist, "n": n, "authority_id": office.id}
            uow.session.execute(insert(PartChecklist).values(**row, **bound))
        day = lived.at.astimezone(HOME).date()
        for version in range(1, chance.randint(1, 3)):
            lived.sent_on = chance.choice((None, day, day + timedelta(days=1)))
            row = {"authority_id": office.id, "unit_id": lived.unit, "unit_only": False, "content": {"seen": "x"}}
            wrote = {"sent_on": lived.sent_on, "written_by": office.planner, "written_at": lived.at}
            uow.session.execute(
                insert(ResultLetter).values(version=version, language=Language.SV, **row, **wrote, **bound)
            )


def ask_for_help(town: Town, lived: Lived, bound: dict[str, UUID], *, given: bool) -> None:
    """Help of the police asked for on site by phone, twice; given or not."""
    office, lived.asked, lived.given = town.tobacco, True, given
    wrote = {"at": lived.at, "written_by": office.planner, "written_at": lived.at}
    with unit_of_work(town.planner(office)) as uow:
        for what in (Helped.CANNOT, Helped.GIVEN if given else Helped.COMING):
            said = {"law": HelpLaw.LTLP_7_19, "ground": HelpGround.POWERS, "reason": "Hot", "answers_id": office.id}
            row = {"id": uuid4(), "authority_id": office.id, **said, **wrote, **bound}
            uow.session.execute(insert(HelpRequest).values(**row))
            of = {"request_id": row["id"], "visit_id": bound["visit_id"], "operation_id": bound["operation_id"]}
            whose = {"authority_id": office.id, "asker_id": office.id, "what": what, "text": "Svar"}
            uow.session.execute(insert(HelpAnswer).values(id=uuid4(), **of, **whose, **wrote))


def decide(town: Town, chance: Random, lived: Lived, code: str, finding: UUID) -> None:
    """A warning, or advice that binds nobody; decided or only proposed, and the decision perhaps withdrawn."""
    office, binds = town.tobacco, chance.random() < 0.7
    on = lived.at.astimezone(HOME).date() + timedelta(days=chance.randrange(200))
    said = WriteOutcome(
        uuid4(), 0, lived.scene.parts[office.id], "LTLP_7_11" if binds else "ADVICE", OutcomeState.DECIDED,
        frozenset({finding}), "skäl", decided_by=DecidedBy.BOARD, decider="Nämnden", delegation="§ 1", decided_on=on,
        case_number="1",
    )  # fmt: skip
    nobody: dict[str, Any] = {
        "decided_by": None,
        "decider": "",
        "delegation": "",
        "decided_on": None,
        "case_number": "",
    }
    proposed = replace(said, state=OutcomeState.PROPOSED, **nobody)
    way = chance.choice(("proposed", "decided", "decided", "withdrawn"))
    until = on + timedelta(days=chance.randrange(200))
    at = datetime.combine(until, time(12), UTC)
    with unit_of_work(town.inspector(office), at) as uow:
        write_outcome(uow, proposed if way == "proposed" else said)
        if way == "withdrawn":
            withdraw_outcome(uow, said.outcome_id, 1, "fel")
    if binds and way != "proposed":
        lived.bound[code] = on, until if way == "withdrawn" else date.max


def true_of(made: Made, lived: Lived) -> set[What]:
    """Which numbers a visit belongs to, by the definitions and not by the statement."""
    found = set[What]()
    ended = {
        VisitState.HINDERED: What.HINDERED,
        VisitState.CLOSED_PREMISES: What.CLOSED,
        VisitState.ABORTED: What.BROKEN_OFF,
    }
    asked = set[What]()
    if lived.state in {VisitState.DONE, VisitState.HINDERED, VisitState.ABORTED} and lived.place in made.sale:
        asked |= {What.SALE_POLICE_HELP} if lived.help or lived.asked else set()
    if lived.state is not VisitState.DONE:
        return asked | ({ended[lived.state]} if lived.state in ended else set())
    answers = lived.answers
    put_right = False
    for code in (code for code, said in answers.items() if said is Answer.DEFICIENCY):
        there = [other for other in made.visits if other.place == lived.place]
        right = [other.at for other in there if other.at > lived.at and other.answers.get(code) is Answer.OK]
        first = min(right, default=lived.at).astimezone(HOME).date()
        stood = [other.bound[code] for other in there if code in other.bound]  # whichever visit it rests on
        put_right |= bool(right) and not any(since <= first < until for since, until in stood)
    facts = {
        What.JOINT: lived.joint,
        What.UNANNOUNCED: not lived.announced,
        What.PROTOCOL: lived.protocol,
        What.FEEDBACK: lived.sent_on == lived.at.astimezone(HOME).date(),
        What.DEFICIENCY: Answer.DEFICIENCY in answers.values(),
        What.CORRECTION: put_right,
        What.POLICE_HELP: lived.help or lived.given,
    }
    found |= {What.VISITS} | {what for what, so in facts.items() if so}
    if lived.place in made.sale:
        found |= {What.SALE_VISITS}
        found |= {What(f"sale_{one}") for one in ("protocol", "feedback", "correction") if facts[What(one)]}
        found |= {What.SALE_SELF_CHECK} if answers.get("TOB-03") is Answer.OK else set()
        found |= {What.SALE_STAFF} if answers.get("TOB-04") is Answer.OK else set()
    if lived.place in made.serving and answers.get("TOB-15") in {Answer.OK, Answer.DEFICIENCY}:
        found.add(What.SMOKE_FREE)
    return found | asked


def compare(seed: int, n: int) -> Counter[What]:
    town, chance = make_town(), Random(seed)
    made = live(town, chance, n, units=seed % 2 == 1)
    reached: Counter[What] = Counter()
    for year in YEARS:
        for unit in filter(None, (made.office.unit, made.second)):
            own = [one for one in made.visits if one.accepted and not one.cancelled
                   and one.at.astimezone(HOME).year == year
                   and (one.unit == unit or (one.unit is None and made.second is None))]  # fmt: skip
            with unit_of_work(town.planner(made.office)) as uow:
                found = year_of(uow, unit, year)
                behind = {what: {v.visit_id for v in visits_behind(uow, unit, year, what)} for what in What}
            rows = {what: {one.scene.visit for one in own if what in true_of(made, one)} for what in What}
            assert behind == rows, (seed, year)
            assert dict(found.numbers) == {what: len(rows[what]) for what in CONDITIONS}, (seed, year)
            reached += Counter({what: len(rows[what]) for what in What})
            done = [one for one in own if one.state is VisitState.DONE]
            assert found.places == len({one.place for one in done})
            weeks = Counter(one.at.astimezone(HOME).isocalendar()[:2] for one in done)
            assert {(y, w): k for y, w, k in found.weeks} == weeks
            nobodys = [one for one in made.visits if made.second and one.unit is None and one.accepted
                       and one.state is VisitState.DONE and not one.cancelled
                       and one.at.astimezone(HOME).year == year]  # fmt: skip
            assert found.no_unit == len(nobodys)
    return reached


def test_it_is_what_a_loop_counts(database: str) -> None:
    reached: Counter[What] = Counter()
    for seed in range(8):
        reached += compare(seed, 22)
    assert set(reached) == set(CONDITIONS)  # nothing was compared with nothing


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_it_is_what_a_loop_counts_in_many_histories(database: str, seed: int) -> None:
    compare(seed, 30)


def test_new_years_night_is_in_its_own_year_and_in_week_53(town: Town) -> None:
    for at in (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        visited(town, town.tobacco, at=at)
    for year in YEARS:
        found = numbers(town, town.tobacco, year)
        assert found.numbers[What.VISITS] == 1
        assert found.weeks == ((2026, 53, 1),)


def numbers(town: Town, office: Office, year: int) -> Year:
    with unit_of_work(town.planner(office)) as uow:
        return year_of(uow, office.unit, year)


def test_nobody_counts_anothers_year_nor_without_the_role(town: Town) -> None:
    visited(town, town.tobacco, town.environment, at=datetime(2027, 3, 4, 17, tzinfo=UTC))
    with unit_of_work(town.planner(town.police)) as uow:
        assert set(year_of(uow, town.tobacco.unit, 2027).numbers.values()) == {0}
        assert visits_behind(uow, town.tobacco.unit, 2027, What.VISITS) == []
    with unit_of_work(town.inspector(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        year_of(uow, town.tobacco.unit, 2027)
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(InvalidError):
        year_of(uow, town.tobacco.unit, 1)


def test_the_fourteen_are_fourteen_and_six_have_no_source() -> None:
    assert len(NATIONAL) == 14
    assert [what for what in NATIONAL if what not in CONDITIONS] == [
        What.WEB_SHOPS, What.SCHOOL_VISITS, What.SCHOOL_CHECK, What.SCHOOL_PROTOCOL, What.SCHOOL_FEEDBACK,
        What.SCHOOL_CORRECTION,
    ]  # fmt: skip
    assert set(EVERY_FIELD) <= set(CONDITIONS)
