"""Operations that change in every way, and feeds of every kind: what is served, and what a new rendering says."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from samsyn.access.rules import Language
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.calendars.models import Feed
from samsyn.calendars.rules import FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import create_feed, decide_naming, fetch_feed
from samsyn.calendars.service.feeds.own import NOTHING, shown_by
from samsyn.calendars.service.feeds.serving import ServedFeed, render
from samsyn.core.errors import NotFoundError
from samsyn.core.home import local_day
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import MoveOperation as Move
from samsyn.lifecycle.service import Reschedule, ask_for_person, change_meeting, let_go, move_operation, reschedule
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AnswerAssignment,
    AskPerson,
    PlanMeeting,
    add_participation,
    answer_assignment,
    declare_recusal,
    form_team,
    hand_over_lead,
    join_team,
)
from samsyn.pledges.rules import TYPED, ActivityState
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity
from samsyn_workers.calendars import links_of
from tests.calendars.scopes import EVERY, made_of
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk

NO_FEED: Final = "no such feed"


@dataclass(frozen=True)
class Followed:
    """Somebody's feed."""

    viewer: Viewer
    key: UUID
    name: str

    def served(self, at: datetime | None = None) -> ServedFeed | str:
        """Return what is served; no such feed is an answer too."""
        try:
            with unit_of_work(self.viewer, at) as uow:
                return fetch_feed(uow, self.key, links_of(load_settings()))
        except NotFoundError:
            return NO_FEED

    def anew(self, at: datetime | None = None) -> bytes:
        """Return what the rows say, by nothing that was stored."""
        with unit_of_work(self.viewer, at) as uow:
            feed = uow.session.get_one(Feed, self.key)
            language = uow.session.scalar(text("SELECT language FROM person WHERE id = me_person()"))
            links = links_of(load_settings()).in_language(str(language))
            return render(uow, feed, links, shown_by(uow) if feed.level is FeedLevel.FULL else NOTHING)

    def judged(self, at: datetime | None = None) -> ServedFeed | str:
        """Return what is served, having seen that it is to the byte what a new rendering is."""
        served = self.served(at)
        if isinstance(served, ServedFeed):
            anew = self.anew(at)
            assert gzip.decompress(served.body) == anew, f"{self.name} is stale"
            assert served.etag == hashlib.sha256(anew).hexdigest()[:32]
        return served


def follow(viewer: Viewer, level: FeedLevel, of: FeedOf, name: str) -> Followed:
    with unit_of_work(viewer) as uow:
        return Followed(viewer, create_feed(uow, level, of)[0], name)


def followed_by(town: Town, walk: Walk) -> list[Followed]:
    """Each kind of feed of one who goes, and some of those who do not, or come later."""
    mine = [follow(town.inspector(town.tobacco), level, made_of(town, walk, scope), f"{scope} {level}")
            for scope, level in EVERY]  # fmt: skip
    others = [
        follow(town.planner(town.tobacco), FeedLevel.AUTHORITY, made_of(town, walk, FeedScope.UNIT), "a planner's"),
        follow(town.inspector(town.environment), FeedLevel.FULL, FeedOf(), "environment's"),
        follow(town.inspector(town.health), FeedLevel.FULL, FeedOf(), "a late comer's own"),
        follow(town.planner(town.health), FeedLevel.BUSY, made_of(town, walk, FeedScope.COLLABORATION), "late comers'"),
    ]  # fmt: skip
    return mine + others


@dataclass
class Life:
    """Two operations and what may happen to them; a step that the plan does not allow changes nothing."""

    town: Town
    walks: list[Walk]
    random: Random
    at: datetime | None = None
    unit: UUID | None = None
    steps: dict[str, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.steps = {name: getattr(self, name) for name in STEPS}

    @property
    def walk(self) -> Walk:
        return self.random.choice(self.walks)

    def planner_of(self, walk: Walk) -> Viewer:
        """Return a planner of whichever authority leads it now."""
        with unit_of_work(self.town.planner(self.town.tobacco)) as uow:
            lead = get_operation(uow, walk.operation).lead_id
        return self.town.planner(next(office for office in self.town.offices if office.id == lead))

    def leading(self, do: Callable[[UnitOfWork, Walk, int], object]) -> None:
        walk = self.walk
        with unit_of_work(self.planner_of(walk)) as uow:
            do(uow, walk, get_operation(uow, walk.operation).version)

    def sql(self, viewer: Viewer, statement: str, **values: Any) -> None:
        with unit_of_work(viewer) as uow:
            uow.session.execute(text(statement), values)

    def moved(self) -> None:
        to = START + self.random.choice([hours(1), hours(-2), timedelta(days=400), timedelta(days=9)])
        self.leading(lambda uow, walk, seen: reschedule(uow, Reschedule(walk.operation, to, seen)))

    def met_elsewhere(self) -> None:
        def do(uow: UnitOfWork, walk: Walk, seen: int) -> None:
            starts_at = get_operation(uow, walk.operation).starts_at
            lead, where = uow.person, f"Torget, plan {self.random.randrange(99)}"
            change_meeting(uow, PlanMeeting(walk.operation, starts_at - hours(0.5), where, lead, seen))

        self.leading(do)

    def asked(self) -> None:
        office = self.random.choice([self.town.tobacco, self.town.health, self.town.environment])
        person = self.random.choice(office.inspectors)
        self.leading(lambda uow, walk, _: ask_for_person(uow, AskPerson(walk.operation, office.id, person)))

    def let_go(self) -> None:
        def do(uow: UnitOfWork, walk: Walk, _seen: int) -> None:
            let_go(uow, self.random.choice(people_of(uow, walk.operation)).assignment_id)

        self.leading(do)

    def answered(self) -> None:
        walk, office = self.walk, self.random.choice(self.town.offices)
        with unit_of_work(self.town.planner(office)) as uow:
            mine = [p for p in people_of(uow, walk.operation) if p.authority_id == office.id and p.goes]
            if mine:
                accepted = self.random.random() < 0.7
                answer_assignment(uow, AnswerAssignment(self.random.choice(mine).assignment_id, accepted))

    def carried_on(self) -> None:
        to = self.random.choice([OperationState.INVITED, OperationState.CONFIRMED, OperationState.CANCELLED])
        self.leading(lambda uow, walk, seen: move_operation(uow, Move(walk.operation, to, seen)))

    def ended(self) -> None:
        walk = self.walks[-1]
        lead = self.planner_of(walk)
        self.sql(
            lead, "UPDATE visit SET state = 'done', ended_at = starts_at WHERE operation_id = :o", o=walk.operation
        )
        over = "UPDATE operation SET state = 'done', version = version + 1 WHERE id = :o"
        self.sql(lead, over, o=walk.operation)

    def joined(self) -> None:
        health = self.town.health.id
        self.leading(lambda uow, walk, _: add_participation(uow, walk.operation, health, required=False, minimum=0))

    def left(self) -> None:
        going = "UPDATE participation SET withdrawn_at = now() WHERE operation_id = :o AND authority_id = :a"
        walk = self.walk
        self.sql(self.planner_of(walk), going, o=walk.operation, a=self.random.choice(self.town.offices).id)

    def handed_over(self) -> None:
        to = self.random.choice([self.town.police, self.town.environment]).id
        self.leading(lambda uow, walk, seen: hand_over_lead(uow, walk.operation, to, seen_version=seen))

    def renamed(self) -> None:
        office = self.random.choice(self.town.offices)
        name = f"Namn {self.random.randrange(10**6)} {self.town.mark}"
        self.sql(self.town.planner(office), "UPDATE authority SET name = :n WHERE id = me()", n=name)

    def spoken_to(self) -> None:
        language = self.random.choice(list(Language)).value
        mine = "UPDATE person SET language = :l WHERE id = me_person()"
        self.sql(self.town.inspector(self.town.tobacco), mine, l=language)

    def named(self) -> None:
        office = self.random.choice([self.town.tobacco, self.town.environment])
        with unit_of_work(self.town.planner(office)) as uow:
            decide_naming(uow, allowed=self.random.random() < 0.7)

    def announced(self) -> None:
        walk, on = self.walk, self.random.random() < 0.8
        for table in ("visit_target", "part_answer"):
            for office in self.town.offices:
                said = f"UPDATE {table} SET announced = :on WHERE operation_id = :o"
                self.sql(self.town.planner(office), said, on=on, o=walk.operation)

    def recused(self) -> None:
        office = self.random.choice([self.town.tobacco, self.town.environment])
        with unit_of_work(self.town.inspector(office)) as uow:
            declare_recusal(uow, self.walks[-1].visit, "släkting")

    def grouped(self) -> None:
        def do(uow: UnitOfWork, walk: Walk, _seen: int) -> None:
            team = form_team(uow, walk.operation, "Lag 1", [walk.visit] if self.random.random() < 0.7 else [])
            join_team(uow, self.random.choice(people_of(uow, walk.operation)).assignment_id, team)

        self.leading(do)

    def seated(self) -> None:
        """A colleague comes to another unit, or back."""
        tobacco = self.town.tobacco
        with unit_of_work(self.town.planner(tobacco)) as uow:
            self.unit = self.unit or add_unit(uow, AddUnit("Serveringsenheten", Field.ALCOHOL))
        to = self.random.choice([self.unit, tobacco.unit])
        seat = "UPDATE staff SET unit_id = :u WHERE person_id = :p AND authority_id = me()"
        self.sql(self.town.planner(tobacco), seat, u=to, p=self.random.choice(tobacco.inspectors))

    def walked(self) -> None:
        """Somebody plans an activity, or says how one went."""
        office = self.random.choice([self.town.tobacco, self.town.police])
        on = self.random.choice([START, START + timedelta(days=400), datetime.now(UTC)])
        state = self.random.choice([ActivityState.PLANNED, ActivityState.CANCELLED])
        with unit_of_work(self.town.planner(office)) as uow:
            kind = self.random.choice(list(TYPED))
            key = add_activity(uow, AddActivity(self.town.collaboration, kind, local_day(on), "Vandring"))
            change_activity(uow, ChangeActivity(key, state, 1, "Halka."))

    def clock_moved(self) -> None:
        """Time goes on, or is where it was: a clock that is put back must serve nothing of the future."""
        about = [START + hours(n) for n in (-1, 3, 4)] + [START + timedelta(days=n) for n in (-401, -400, 0, 8, 60, 61)]
        self.at = self.random.choice([None, datetime.now(UTC) + timedelta(days=1), *about])


STEPS: Final = (
    *("moved", "met_elsewhere", "asked", "let_go", "answered", "carried_on", "ended", "joined", "left", "handed_over"),
    *("renamed", "spoken_to", "named", "announced", "recused", "grouped", "seated", "walked", "clock_moved"),
)
