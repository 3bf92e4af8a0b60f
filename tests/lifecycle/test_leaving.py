"""Who leaves: shown before, out in time, nothing opens any more, the coming places empty, cancelled and told; back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, text

from samsyn.access.models import Identity, Passkey, Person, Staff
from samsyn.access.queries import identify, my_passkeys
from samsyn.access.rules import Purpose, Role, ShownAs, Way
from samsyn.access.service import (
    NameDeputy,
    PlaceEnds,
    check_password,
    create_api_token,
    name_deputy,
    new_token,
    open_session,
    return_to_place,
    set_password,
)
from samsyn.calendars.queries import every_sending, list_feeds
from samsyn.calendars.rules import Method, NoticeKind
from samsyn.calendars.service import create_feed
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError, NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.leaving import END_WAYS_IN, leave, what_leaving_brings
from samsyn.lifecycle.service import ask_for_person
from samsyn.lifecycle.staffing.queries import staffing_of
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import AskPerson
from samsyn_workers import lifecycle as tasks
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Town, make_person
from tests.lifecycle.telling import let_time_pass, notices, work
from tests.lifecycle.walk import Walk, walk_to

ALL = frozenset(Purpose)
LATER = START.date() - timedelta(days=1)


@pytest.fixture
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.CONFIRMED)


def goes(town: Town) -> Viewer:
    return town.inspector(town.tobacco)


def person_of(viewer: Viewer) -> UUID:
    assert viewer.person_id is not None
    return viewer.person_id


def ends(town: Town, last_day: date) -> int:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return leave(uow, PlaceEnds(person_of(goes(town)), last_day))


def today() -> date:
    with unit_of_work(Viewer()) as uow:
        return uow.today


def give_everything(who: Viewer) -> tuple[list[str], str]:
    """A session, a token, a feed, an answer link, an identity, a key; return the secrets and the sign-in address."""
    address = f"{uuid4().hex[:9]}@demo.example"
    with unit_of_work(Viewer(who.authority_id, who.person_id, frozenset())) as uow:
        secrets = [open_session(uow, Way.PASSWORD), create_api_token(uow), create_feed(uow)[1]]
        secrets.append(new_token(uow, Purpose.ANSWER, uow.person, assignment_id=uuid4()))
        set_password(uow, uow.person, address, "åtta hästar i regn")
        mine = {"person_id": uow.person, "id": uuid4(), "hash": uuid4().hex}
        uow.session.execute(insert(Identity).values(**mine, issuer="x", authority_id=uow.me, since=uow.now))
        key = {"credential_id": b"k", "public_key": b"k", "sign_count": 0, "name": "Telefonen", "created_at": uow.now}
        uow.session.execute(insert(Passkey).values(**mine, **key))
    return secrets, address


def opens(secret: str) -> bool:
    try:
        identify(secret, ALL)
    except NotKnownError:
        return False
    return True


def test_what_will_happen_is_said_before_and_changes_nothing(town: Town, walk: Walk) -> None:
    give_everything(goes(town))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        brings = what_leaving_brings(uow, person_of(goes(town)), LATER)
        assert [line.assignment_id for line, _ in brings.places] == [walk.places[town.tobacco.id]]
        assert (brings.at_once, brings.on_site) == (False, ())
        counts = brings.openings
        assert (counts.sign_ins, counts.sessions, counts.tokens, counts.feeds) == (2, 1, 1, 1)
        after = what_leaving_brings(uow, person_of(goes(town)), START.date())
        assert after.places == ()
    with unit_of_work(town.planner(town.police)) as uow:
        brings = what_leaving_brings(uow, town.police.inspectors[0], LATER)
        assert [one.id for one in brings.on_site] == [walk.operation]
        assert get_operation(uow, walk.operation).state is OperationState.CONFIRMED


def test_the_deputies_that_end_are_said_and_those_that_end_before_are_not(town: Town) -> None:
    leaves = make_person(town.tobacco.id, town.tobacco.unit, "Andra planeraren", {Role.PLANNER})
    with unit_of_work(town.planner(town.tobacco)) as uow:
        first = uow.today
        week = first + timedelta(days=7)
        mine = name_deputy(uow, NameDeputy(leaves, uow.person, first, week))
        theirs = name_deputy(uow, NameDeputy(uow.person, leaves, first, week + timedelta(days=7)))

        def ending(last_day: date) -> list[UUID]:
            return [one.id for one in what_leaving_brings(uow, leaves, last_day).deputies]

        assert set(ending(first)) == {mine, theirs}
        assert ending(week) == [theirs]
        assert ending(week + timedelta(days=7)) == []


def test_the_place_is_empty_the_calendar_cancelled_and_the_planners_told(town: Town, walk: Walk) -> None:
    colleague = make_person(town.tobacco.id, town.tobacco.unit, "Andra planeraren", {Role.PLANNER})
    assert ends(town, LATER) == 1
    work(town, times=2)
    place = walk.places[town.tobacco.id]
    for planner in (town.planner(town.police), Viewer(town.tobacco.id, colleague, frozenset({"planner"}))):
        mine = [one for one in notices(planner) if one.kind is NoticeKind.PERSON_DECLINED]
        assert [one.subject_id for one in mine] == [place]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        (line,) = [one for one in people_of(uow, walk.operation) if one.assignment_id == place]
        assert line.state is AssignmentState.WITHDRAWN
        operation = get_operation(uow, walk.operation)
        assert (operation.state, operation.in_danger) == (OperationState.INVITED, True)
        (row,) = staffing_of(uow, [operation])
        assert row.open == 1
        told = [one for one in every_sending(uow, walk.operation) if one.person_id == line.person_id]
        assert [one.method for one in told] == [Method.REQUEST, Method.CANCEL]


def test_a_last_day_to_come_opens_until_then_and_nothing_after(town: Town, owner: Connection) -> None:
    who, later = goes(town), today() + timedelta(days=30)
    secrets, address = give_everything(who)
    ends(town, later)
    assert all(map(opens, secrets))
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    assert all(map(opens, secrets))
    gone = text("UPDATE staff SET until_on = current_date - 1 WHERE person_id = :p")
    owner.execute(gone, {"p": who.person_id})
    owner.commit()
    assert not any(map(opens, secrets))  # at the next request, whatever the workers do
    let_time_pass(town.tobacco, END_WAYS_IN)
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    with pytest.raises(NotKnownError):
        check_password(address, "åtta hästar i regn")
    with unit_of_work(who) as uow:
        assert my_passkeys(uow) == []
        assert [one.revoked_at is None for one in list_feeds(uow)] == [False]


def test_leaving_today_is_out_now_and_coming_back_gives_nothing_back(town: Town, owner: Connection) -> None:
    who = goes(town)
    secrets, address = give_everything(who)
    ends(town, today())
    assert not any(map(opens, secrets))
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert return_to_place(uow, person_of(who)) is True
    assert not any(map(opens, secrets))
    with pytest.raises(NotKnownError):
        check_password(address, "åtta hästar i regn")
    for table in ("identity", "passkey"):
        left = text(f"SELECT count(*) FROM {table} WHERE person_id = :p")
        assert owner.scalar(left, {"p": who.person_id}) == 0
    with unit_of_work(who) as uow:
        secret = open_session(uow, Way.PASSWORD)
    assert opens(secret)


def test_who_changes_the_mind_before_the_day_loses_nothing(town: Town) -> None:
    secrets, _ = give_everything(goes(town))
    ends(town, today() + timedelta(days=30))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert return_to_place(uow, person_of(goes(town))) is False
    let_time_pass(town.tobacco, END_WAYS_IN)
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    assert all(map(opens, secrets))
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.tobacco)) as uow:
        return_to_place(uow, person_of(goes(town)))


def test_keys_stay_with_who_has_a_place_in_another_authority(town: Town) -> None:
    who = goes(town)
    give_everything(who)
    with unit_of_work(Viewer(town.health.id, who.person_id, frozenset({"unit_admin"}))) as uow:
        there = {"person_id": who.person_id, "authority_id": town.health.id, "unit_id": town.health.unit}
        shown = {"shown_name": "Dubbel", "shown_as": ShownAs.NAME, "roles": ["inspector"], "from_on": uow.today}
        uow.session.execute(insert(Staff).values(id=uuid4(), **there, **shown))
        secret = open_session(uow, Way.PASSWORD)
    ends(town, today())
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    assert opens(secret)
    with unit_of_work(who) as uow:
        assert len(my_passkeys(uow)) == 1


def test_what_is_moved_past_the_last_day_is_released_when_it_comes(town: Town, walk: Walk, owner: Connection) -> None:
    ends(town, START.date() + timedelta(days=1))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert {one.state for one in people_of(uow, walk.operation)} == {AssignmentState.ACCEPTED}
    owner.execute(
        text("UPDATE staff SET until_on = current_date - 1 WHERE person_id = :p"), {"p": goes(town).person_id}
    )
    owner.commit()
    let_time_pass(town.tobacco, END_WAYS_IN)
    tasks.end_ways_in(acts_for=str(town.tobacco.id))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        states = {one.person_id: one.state for one in people_of(uow, walk.operation)}
    assert states[person_of(goes(town))] is AssignmentState.WITHDRAWN


def test_nobody_is_asked_for_a_time_after_the_last_day(town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    ends(town, LATER)
    with pytest.raises(ConflictError) as caught, unit_of_work(town.planner(town.police)) as uow:
        ask_for_person(uow, AskPerson(walk.operation, town.tobacco.id, person_of(goes(town))))
    assert caught.value.fields == {"person_id": ["person_left"]}


def test_only_the_own_administrator_lets_somebody_leave_and_never_the_last_one(town: Town) -> None:
    person = person_of(goes(town))
    for viewer, refused in (
        (goes(town), NotAllowedError),
        (town.planner(town.police), NotFoundError),
        (town.planner(town.outsider), NotFoundError),
    ):
        with pytest.raises(refused), unit_of_work(viewer) as uow:
            leave(uow, PlaceEnds(person, today()))
        with pytest.raises(refused), unit_of_work(viewer) as uow:
            return_to_place(uow, person)
    with pytest.raises(ConflictError) as caught, unit_of_work(town.planner(town.tobacco)) as uow:
        leave(uow, PlaceEnds(town.tobacco.planner, today()))
    assert caught.value.fields == {"last_day": ["last_administrator"]}


def test_the_person_and_what_was_written_stay(town: Town, walk: Walk) -> None:
    ends(town, today())
    with unit_of_work(Viewer(None, person_of(goes(town)))) as uow:
        assert uow.session.get(Person, uow.person) is not None
    with unit_of_work(town.planner(town.police)) as uow:
        names = {one.shown_name for one in people_of(uow, walk.operation)}
    assert "Inspektör 1 Socialnämnden" in names
