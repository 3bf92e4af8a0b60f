"""Made-up years of a collaboration, lived through the services and the rows that daily work writes, and told apart.

What was lived is kept beside the rows as its maker knows it, so that a loop over it needs no statement of the product.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from samsyn.authorities.models import CollaborationMember
from samsyn.businesses.models import Business
from samsyn.core.home import HOME, local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Operation, PartAnswer, Visit, VisitPart
from samsyn.operations.rules import OperationState, VisitState
from samsyn.pledges.models import Activity
from samsyn.pledges.rules import ActivityKind, ActivityState
from samsyn.pledges.service import (
    AddActivity,
    ChangeActivity,
    add_activity,
    change_activity,
    choose_focus,
    count_operation,
    count_visit,
)
from samsyn.pledges.service.minutes import WriteTime, count_time, write_time
from tests.dossiers.scenes import Scene, another_visit, visited
from tests.factories import ADMIN, Office, Town
from tests.pledges.test_numbers import EDGES, Promised

AFTER = datetime(2028, 1, 20, 9, tzinfo=UTC)
"""When the year is over."""
YEAR = 2027
"""Its first days lie in week 53 of the year before."""
TURNS = (*EDGES, datetime(YEAR, 3, 31, 21, 30, tzinfo=UTC), datetime(YEAR, 3, 31, 22, 30, tzinfo=UTC),
         datetime(YEAR, 6, 30, 21, 59, tzinfo=UTC), datetime(YEAR, 7, 1, 9, tzinfo=UTC))  # fmt: skip
"""Moments beside the turns of the year, of week 53 and of quarters, as they are in Sweden."""
ENDS = (*[VisitState.DONE] * 4, VisitState.ABORTED, VisitState.CLOSED_PREMISES, VisitState.SKIPPED, VisitState.HINDERED)


@dataclass
class Stop:
    """A visit: when, how long it was to be and was, where, and who came."""

    scene: Scene
    at: datetime
    done: bool
    place: int
    came: list[Office]
    spent: int = 60

    @property
    def day(self) -> date:
        return self.at.astimezone(HOME).date()


@dataclass
class Held:
    """An operation as its maker knows it."""

    lead: Office
    stops: list[Stop]
    area: UUID | None

    @property
    def done(self) -> list[Stop]:
        return [one for one in self.stops if one.done]

    @property
    def day(self) -> date:
        """When it was: its first done visit's day."""
        return min(one.at for one in self.done).astimezone(HOME).date()

    @property
    def offices(self) -> set[str]:
        return {office.name for one in self.done for office in one.came}

    @property
    def joint(self) -> bool:
        """Whether two came to one of its visits; each to another is not together."""
        return any(len({office.name for office in one.came}) > 1 for one in self.done)


@dataclass
class Typed:
    """An activity that somebody typed, and who wrote which minutes of it."""

    office: Office
    kind: ActivityKind
    day: date
    area: UUID | None
    state: ActivityState
    minutes: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Place:
    """A place of business: its trades, and whether it was there in the year."""

    trades: list[str]
    there: bool


@dataclass
class History:
    """A year: what was held, what was typed, what the places were, and who left on the way."""

    town: Town
    promised: Promised
    held: list[Held]
    typed: list[Typed]
    places: list[Place]
    left: Office | None


def live_history(town: Town, promised: Promised, chance: Random, n: int) -> History:
    """Live a year with ``n`` operations; after two thirds of them an authority may leave the collaboration."""
    places = [open_place(town, n, chance) for n in range(3)]
    typed = [typed_by(town, promised, chance) for _ in range(chance.randint(2, 8))]
    leaver = chance.choice([None, town.police, town.environment, town.health])
    before = n * 2 // 3
    held = [hold(town, promised, chance, town.offices) for _ in range(before)]
    for one in held:
        amend(town, one, chance)
    if leaver is not None:
        leave(town, leaver)
    staying = [office for office in town.offices if office is not leaver]
    later = [hold(town, promised, chance, staying) for _ in range(n - before)]
    for one in later:
        amend(town, one, chance)
    for one in held:  # a task may run again, also of what those who left took part in
        told(town, one, staying)
    return History(town, promised, [*held, *later], typed, places, leaver)


def open_place(town: Town, n: int, chance: Random) -> Place:
    """Give a business its trades and its time, as a new row of the register would."""
    trades = chance.choice([["kiosk"], ["kiosk", "restaurant"], ["restaurant"]])
    until = chance.choice([None, None, date(YEAR, 1, 1), date(YEAR, 5, 1)])
    with unit_of_work(town.planner(town.tobacco)) as uow:
        values = {"trades": trades, "during": Range(date(2020, 1, 1), until)}
        changed = update(Business).where(Business.id == town.businesses[n]).values(**values)
        assert uow.session.execute(changed.returning(Business.id)).all()
    return Place(trades, until != date(YEAR, 1, 1))


def typed_by(town: Town, promised: Promised, chance: Random) -> Typed:
    """Type an activity, say how it went, and let some write their minutes of it."""
    office, kind = chance.choice(town.offices), chance.choice([*ActivityKind][1:])
    area = chance.choice([*promised.areas, None])
    day = date(YEAR, 1, 1) + timedelta(
        days=chance.choice([-1, 0, 2, 90, 181, 364, 365, *(chance.randint(0, 364),) * 7])
    )
    state = chance.choice([ActivityState.PLANNED, ActivityState.DONE, ActivityState.DONE, ActivityState.CANCELLED])
    one = Typed(office, kind, day, area, state)
    with unit_of_work(town.planner(office), now=AFTER) as uow:
        key = add_activity(uow, AddActivity(town.collaboration, kind, day, "Vandring"))
        # Also of another year than its day's, as it could be written once.
        uow.session.execute(update(Activity).where(Activity.id == key).values(focus_area_id=area))
        if state is not ActivityState.PLANNED:
            change_activity(uow, ChangeActivity(key, state, 1, "Personalbrist."))
    for other in chance.sample(town.offices, chance.choice([0, 1, 2])):
        one.minutes[other.name] = planned, spent = chance.randint(0, 300), chance.randint(0, 300)
        with unit_of_work(town.planner(other), now=AFTER) as uow:
            write_time(uow, WriteTime(key, planned, spent, 0))
        for _ in "ab":
            with unit_of_work(Viewer.task_of(other.id), now=AFTER) as uow:
                count_time(uow, key)
    return one


def hold(town: Town, promised: Promised, chance: Random, offices: list[Office]) -> Held:
    """Hold an operation of one to three visits; some say no, are withdrawn, are hindered; some are cancelled whole."""
    chosen = chance.sample(offices, min(len(offices), chance.choice([1, 2, 2, 3, 4])))
    day = datetime(YEAR, 1, 1, 9, tzinfo=UTC) + timedelta(days=chance.randint(-20, 380))
    at, place, ended = chance.choice([*[day] * 12, *TURNS]), chance.randrange(3), chance.choice(ENDS)
    cancelled = chance.random() < 0.1
    state = chance.choice([OperationState.DONE, OperationState.ABORTED, OperationState.CLOSED])
    if cancelled:
        state, ended = OperationState.CANCELLED, VisitState.PLANNED
    scene = visited(town, *chosen, at=at, business=place, state=state, visit_state=ended)
    stops = [Stop(scene, at, ended is VisitState.DONE, place, list(chosen))]
    while not cancelled and len(stops) < 3 and chance.random() < 0.3:
        last, place, ended = stops[-1], chance.randrange(3), chance.choice(ENDS)
        some = [office for office in chosen if office is chosen[0] or chance.random() < 0.7]
        there = another_visit(town, last.scene, *some, business=place, visit_state=ended)
        stops.append(Stop(there, there.at, ended is VisitState.DONE, place, some))
    for one in stops:
        stay_away(town, one, chosen[0], chance)
    held = Held(chosen[0], stops, chance.choice([*promised.areas, promised.areas[0], None]))
    told(town, held, offices)
    return held


def stay_away(town: Town, one: Stop, lead: Office, chance: Random) -> None:
    """Let some who were asked say no, or be withdrawn by the lead."""
    for office in [each for each in one.came if each is not lead]:
        how, part = chance.random(), one.scene.parts[office.id]
        if how < 0.15:
            with unit_of_work(town.planner(office)) as uow:
                uow.session.execute(update(PartAnswer).where(PartAnswer.part_id == part).values(accepted=False))
        elif how < 0.25:
            with unit_of_work(town.planner(lead)) as uow:
                uow.session.execute(update(VisitPart).where(VisitPart.id == part).values(withdrawn_at=one.at))
        else:
            continue
        one.came.remove(office)


def amend(town: Town, held: Held, chance: Random) -> None:
    """Rename an operation; move a visit of it, or say that it was not done after all; let it serve another area."""
    if chance.random() < 0.6:
        return
    one = chance.choice(held.stops)
    with unit_of_work(town.planner(held.lead)) as uow:
        renamed = {"code_word": f"Ny {one.scene.operation.hex[:9]}"}
        uow.session.execute(update(Operation).where(Operation.id == one.scene.operation).values(**renamed))
        if one.done:
            one.at += timedelta(days=chance.choice([-95, -1, 1, 95]))
            one.spent, one.done = chance.randint(0, 90), chance.random() < 0.8
            ended = {"ended_at": one.at + timedelta(minutes=one.spent)}
            state = VisitState.DONE if one.done else VisitState.ABORTED
            moved = {"starts_at": one.at, "ends_at": one.at + timedelta(hours=1), "state": state, **ended}
            uow.session.execute(update(Visit).where(Visit.id == one.scene.visit).values(**moved))
    held.area = chance.choice([None, held.area])
    told(town, held, town.offices)


def told(town: Town, held: Held, offices: list[Office]) -> None:
    """Say the focus, and let each member's worker count every visit, twice as a task may."""
    if held.lead in offices:
        with unit_of_work(town.planner(held.lead)) as uow:
            choose_focus(uow, held.stops[0].scene.operation, held.area)
    for one in held.stops:
        for office in [each for each in offices if each.id in one.scene.parts]:
            for _ in "ab":
                with unit_of_work(Viewer.task_of(office.id)) as uow:
                    count_visit(uow, one.scene.visit)
    for office in offices:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            count_operation(uow, held.stops[0].scene.operation)


def leave(town: Town, office: Office) -> None:
    """Let an authority end its membership; what it did stays what it was."""
    with unit_of_work(Viewer(office.id, office.planner, ADMIN)) as uow:
        mine = (CollaborationMember.authority_id == office.id) & (
            CollaborationMember.collaboration_id == town.collaboration
        )
        ended = update(CollaborationMember).where(mine).values(left_on=local_day(AFTER))
        assert uow.session.execute(ended.returning(CollaborationMember.authority_id)).all()
