"""A deputy is named for some days in the own unit, gets no role, and ends; nobody else names one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.access.models import Deputy
from samsyn.access.queries import deputies_today, identify, list_deputies
from samsyn.access.rules import Purpose, Role, Way
from samsyn.access.service import NameDeputy, PlaceEnds, end_deputy, end_place, name_deputy, open_session
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Town, make_person

DAY = timedelta(days=1)


@pytest.fixture
def second(town: Town) -> Viewer:
    """Another planner of the tobacco unit, who administers nothing."""
    return colleague(town, Role.PLANNER)


def colleague(town: Town, role: Role) -> Viewer:
    person = make_person(town.tobacco.id, town.tobacco.unit, "Kollega", {role})
    return Viewer(town.tobacco.id, person, frozenset({role}))


def person_of(viewer: Viewer) -> UUID:
    assert viewer.person_id is not None
    return viewer.person_id


def command(town: Town, person: Viewer, deputy: UUID, first: int = 0, days: int = 7) -> NameDeputy:
    with unit_of_work(Viewer()) as uow:
        today = uow.today
    return NameDeputy(person_of(person), deputy, today + first * DAY, today + (first + days) * DAY)


def name(viewer: Viewer, said: NameDeputy) -> UUID:
    with unit_of_work(viewer) as uow:
        return name_deputy(uow, said)


def standing(town: Town, person: Viewer) -> dict[UUID, tuple[UUID, str]]:
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        return deputies_today(uow, {person_of(person)})


def test_the_person_or_the_administrator_names_one_who_gets_no_role(town: Town, second: Viewer) -> None:
    admin = town.planner(town.tobacco)
    with unit_of_work(second) as uow:
        secret = open_session(uow, Way.PASSWORD)
    row = name(admin, command(town, admin, person_of(second)))
    assert standing(town, admin) == {person_of(admin): (person_of(second), "Kollega")}
    assert identify(secret, frozenset({Purpose.SESSION}))[0].roles == {"planner"}
    with unit_of_work(second) as uow:
        assert [one.id for one in list_deputies(uow, person_of(second))] == [row]
    with unit_of_work(admin) as uow:
        end_deputy(uow, person_of(admin), row)
    assert standing(town, admin) == {}
    name(admin, command(town, second, person_of(admin)))  # by the administrator
    name(second, command(town, second, person_of(admin), first=30))  # by the person


def test_one_who_is_named_for_later_stands_in_then(town: Town, second: Viewer) -> None:
    admin = town.planner(town.tobacco)
    name(admin, command(town, admin, person_of(second), first=1))
    assert standing(town, admin) == {}
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        later = replace(uow, now=uow.now + 2 * DAY)
        assert set(deputies_today(later, {person_of(admin)})) == {person_of(admin)}


@pytest.mark.parametrize(("first", "days"), [(-9, 8), (0, -1), (0, 91)])
def test_only_some_days_that_are_not_over(town: Town, second: Viewer, first: int, days: int) -> None:
    admin = town.planner(town.tobacco)
    with pytest.raises(InvalidError) as caught:
        name(admin, command(town, admin, person_of(second), first, days))
    assert caught.value.fields == {"until_on": ["deputy_days"]}


def test_only_a_colleague_of_the_unit_who_plans_or_decides_and_stays(town: Town, second: Viewer) -> None:
    admin = town.planner(town.tobacco)
    with unit_of_work(admin) as uow:
        other = add_unit(uow, AddUnit("Andra", Field.FOOD))
    elsewhere = make_person(town.tobacco.id, other, "Annan enhet", {Role.PLANNER})
    for unfit in (town.tobacco.inspectors[0], elsewhere, person_of(admin)):
        with pytest.raises(ConflictError) as caught:
            name(admin, command(town, admin, unfit))
        assert caught.value.fields == {"deputy_id": ["deputy_unfit"]}
    with pytest.raises(NotFoundError):
        name(admin, command(town, admin, town.police.planner))
    with unit_of_work(admin) as uow:
        end_place(uow, PlaceEnds(person_of(second), uow.today + 3 * DAY))
    with pytest.raises(ConflictError):
        name(admin, command(town, admin, person_of(second)))
    name(admin, command(town, admin, person_of(second), days=3))
    with pytest.raises(ConflictError) as caught:
        name(admin, command(town, admin, person_of(second), first=1, days=1))
    assert caught.value.fields == {"from_on": ["deputy_named"]}


def test_who_leaves_stands_in_no_more(town: Town, second: Viewer) -> None:
    admin = town.planner(town.tobacco)
    name(admin, command(town, admin, person_of(second)))
    with unit_of_work(admin) as uow:
        end_place(uow, PlaceEnds(person_of(second), uow.today))
        assert list_deputies(uow, person_of(admin)) == []
    assert standing(town, admin) == {}


def test_nobody_else_names_or_ends_one_in_the_service_and_in_the_database(town: Town, second: Viewer) -> None:
    admin = town.planner(town.tobacco)
    said = command(town, admin, person_of(second))
    row = name(admin, said)
    third = colleague(town, Role.PLANNER)
    for viewer in (third, second, town.inspector(town.tobacco), town.planner(town.police)):
        with pytest.raises(SamsynError) as caught:
            name(viewer, said)
        assert isinstance(caught.value, NotAllowedError | NotFoundError)
        with pytest.raises(SamsynError), unit_of_work(viewer) as uow:
            end_deputy(uow, person_of(admin), row)
        with unit_of_work(viewer) as uow:
            ended = text("UPDATE deputy SET ended_at = now() WHERE id = :id RETURNING id")
            assert uow.session.scalar(ended, {"id": row}) is None
    with unit_of_work(town.planner(town.police)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM deputy")) == 0
    days = {"from_on": said.from_on, "until_on": said.until_on}
    forged = {"person_id": person_of(admin), "deputy_id": person_of(third), "named_by_id": person_of(third)}
    with pytest.raises(NotFoundError), unit_of_work(third) as uow:
        uow.session.execute(insert(Deputy).values(id=uuid4(), authority_id=uow.me, named_at=uow.now, **forged, **days))


def test_an_administrator_writes_no_token_of_a_colleague_and_may_only_end_one(town: Town) -> None:
    """Also past the services: the database itself refuses."""
    admin, person = town.planner(town.tobacco), town.tobacco.inspectors[0]
    town.token(town.inspector(town.tobacco))
    forged = text(
        "INSERT INTO token (hash, purpose, person_id, authority_id, created_at) VALUES ('f', 'session', :p, :a, now())"
    )
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        uow.session.execute(forged, {"p": person, "a": town.tobacco.id})
    taken = text("UPDATE token SET hash = 'mine' WHERE person_id = :p AND purpose = 'api'")
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        uow.session.execute(taken, {"p": person})
    ends = text("UPDATE token SET revoked_at = now() WHERE person_id = :p AND purpose = 'api' RETURNING 1")
    with unit_of_work(admin) as uow:
        assert uow.session.scalar(ends, {"p": person}) == 1
