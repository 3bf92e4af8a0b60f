"""An administrator changes a colleague's place: it counts at the next request, leaves lines, opens no silo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from samsyn.access.queries import PlaceCard, PlaceFilter, get_place, identify, list_places, list_staff
from samsyn.access.rules import Purpose, Role, ShownAs, Way
from samsyn.access.service import AddPerson, ChangePlace, add_person, change_place, create_api_token, open_session
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import ADMIN, Town


@pytest.fixture
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


def card(viewer: Viewer, person: UUID) -> PlaceCard:
    with unit_of_work(viewer) as uow:
        return get_place(uow, person)


def as_it_is(place: PlaceCard) -> ChangePlace:
    """A form sent as it was shown."""
    return ChangePlace(
        place.person_id,
        place.unit_id,
        frozenset(map(Role, place.roles)),
        frozenset(place.competences),
        place.address,
        place.phone,
        place.shown_as,
        place.shown_name,
        place.service_number,
        place.digest,
    )


def change(viewer: Viewer, person: UUID, **other: object) -> None:
    command = as_it_is(card(viewer, person))
    with unit_of_work(viewer) as uow:
        change_place(uow, replace(command, **other))  # type: ignore[arg-type]


def lines(db: Connection, person: UUID) -> list[tuple[str, str]]:
    wanted = text("SELECT action, reason FROM audit WHERE object_id = :p AND action LIKE 'person.%' ORDER BY at, id")
    found = [(row.action, row.reason or "") for row in db.execute(wanted, {"p": person})]
    db.rollback()
    return [one for one in found if one[0] != "person.add"]


def another_administrator(town: Town) -> Viewer:
    person = uuid4()
    with unit_of_work(Viewer(town.tobacco.id, person, ADMIN)) as uow:
        command = AddPerson(
            person, "Andra", town.tobacco.unit, frozenset({Role.UNIT_ADMIN}), f"{person.hex[:9]}@demo.example"
        )
        add_person(uow, command)
    return Viewer(town.tobacco.id, person, ADMIN)


def test_roles_count_at_the_next_request_in_the_session_that_stands(town: Town) -> None:
    admin, colleague = town.planner(town.tobacco), town.inspector(town.tobacco)
    with unit_of_work(colleague) as uow:
        session, token = open_session(uow, Way.PASSWORD), create_api_token(uow)
    assert colleague.person_id is not None
    ways = ((session, Purpose.SESSION), (token, Purpose.API))
    for roles in ({Role.INSPECTOR, Role.PLANNER}, {Role.OBSERVER}):
        change(admin, colleague.person_id, roles=frozenset(roles))
        for secret, purpose in ways:
            assert identify(secret, frozenset({purpose}))[0].roles == roles


def test_each_kind_of_change_leaves_its_line_and_nothing_that_was_typed(town: Town, owner: Connection) -> None:
    admin, person = town.planner(town.tobacco), town.tobacco.inspectors[0]
    with unit_of_work(admin) as uow:
        unit = add_unit(uow, AddUnit("Alkohol", Field.ALCOHOL))
    change(admin, person)
    assert lines(owner, person) == []
    change(
        admin,
        person,
        unit_id=unit,
        roles=frozenset({Role.PLANNER}),
        competences=frozenset({"alkohol"}),
        address=f" {person.hex[:6].upper()}@Demo.example",
        shown_as=ShownAs.NUMBER,
        service_number="TJ-12",
    )
    assert sorted(lines(owner, person)) == [
        ("person.address", ""),
        ("person.competences", ""),
        ("person.roles", "+planner -inspector"),
        ("person.shown_as", "number"),
        ("person.unit", ""),
    ]
    after = card(admin, person)
    assert (after.unit_id, after.roles, after.competences) == (unit, ("planner",), ("alkohol",))
    assert (after.shown_name, after.address) == ("TJ-12", f"{person.hex[:6]}@demo.example")
    with unit_of_work(town.planner(town.police)) as uow:  # R18: what others read from now on
        assert {"TJ-12"} == {one.shown_name for one in list_staff(uow) if one.person_id == person}
    change(admin, person, competences=frozenset({"tobacco", "alkohol"}))  # one that had ended, again
    assert card(admin, person).competences == ("alkohol", "tobacco")


def test_a_role_that_one_takes_oneself_is_a_line_of_its_own(town: Town, owner: Connection) -> None:
    admin = town.planner(town.tobacco)
    assert admin.person_id is not None
    change(admin, admin.person_id, roles=admin.roles | {Role.INSPECTOR})
    assert lines(owner, admin.person_id) == [("person.roles_own", "+inspector")]


def test_the_last_administrator_keeps_the_role_until_there_is_another(town: Town) -> None:
    admin = town.planner(town.tobacco)
    assert admin.person_id is not None
    without = frozenset({Role.PLANNER})
    with pytest.raises(ConflictError) as caught:
        change(admin, admin.person_id, roles=without)
    assert caught.value.fields == {"roles": ["last_administrator"]}
    second = another_administrator(town)
    change(admin, admin.person_id, roles=without)
    assert second.person_id is not None
    with pytest.raises(ConflictError):
        change(second, second.person_id, roles=without)


@pytest.mark.parametrize(
    ("other", "field", "why"),
    [
        ({"roles": frozenset()}, "roles", "roles_none"),
        ({"shown_as": ShownAs.NUMBER, "service_number": None}, "service_number", "shown_name_missing"),
        ({"name": None}, "name", "shown_name_missing"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(town: Town, other: dict[str, object], field: str, why: str) -> None:
    with pytest.raises(InvalidError) as caught:
        change(town.planner(town.tobacco), town.tobacco.inspectors[0], **other)
    assert caught.value.fields == {field: [why]}


def test_a_colleagues_address_is_taken_and_an_older_card_changes_nothing(town: Town) -> None:
    admin, (first, second) = town.planner(town.tobacco), town.tobacco.inspectors[:2]
    with pytest.raises(ConflictError) as caught:
        change(admin, first, address=card(admin, second).address)
    assert caught.value.fields == {"address": ["address_has_place"]}
    old = as_it_is(card(admin, first))
    change(admin, first, phone="070-174 06 99")
    with pytest.raises(ChangedMeanwhileError), unit_of_work(admin) as uow:
        change_place(uow, old)


def test_nobody_else_changes_a_place_not_of_the_own_authority_and_not_of_another(town: Town) -> None:
    person = town.tobacco.inspectors[0]
    command = as_it_is(card(town.planner(town.tobacco), person))
    for viewer, refused in (
        (town.inspector(town.tobacco), NotAllowedError),
        (town.planner(town.police), NotFoundError),
        (town.planner(town.outsider), NotFoundError),
    ):
        with pytest.raises(refused), unit_of_work(viewer) as uow:
            change_place(uow, command)
        if refused is NotFoundError:
            with unit_of_work(viewer) as uow:
                assert person not in {one.person_id for one in list_places(uow, Seek(200)).items}


def test_a_foreign_unit_is_not_found(town: Town) -> None:
    with pytest.raises(NotFoundError):
        change(town.planner(town.tobacco), town.tobacco.inspectors[0], unit_id=town.police.unit)


def test_an_administrator_does_not_move_to_another_unit_alone(town: Town) -> None:
    """Its people read what is only that unit's: a colleague who administers moves them (R1)."""
    admin = town.planner(town.tobacco)
    assert admin.person_id is not None
    with unit_of_work(admin) as uow:
        other = add_unit(uow, AddUnit("Andra enheten", Field.FOOD))
    with pytest.raises(ConflictError) as caught:
        change(admin, admin.person_id, unit_id=other)
    assert caught.value.fields == {"unit_id": ["unit_own"]}


def test_where_units_read_apart_an_administrator_moves_nobody_not_even_the_own_person(
    town: Town, owner: Connection
) -> None:
    """Else the administrator would read another unit's findings (R1, R4)."""
    admin, colleague = town.planner(town.tobacco), town.tobacco.inspectors[1]
    assert admin.person_id is not None
    with unit_of_work(admin) as uow:
        other = add_unit(uow, AddUnit("Andra enheten", Field.FOOD))
    change(admin, colleague, unit_id=other)
    owner.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.tobacco.id})
    owner.commit()
    for person in (admin.person_id, town.tobacco.inspectors[0]):
        with pytest.raises(ConflictError) as caught:
            change(admin, person, unit_id=other)
        assert caught.value.fields == {"unit_id": ["unit_takes_in"]}
    with pytest.raises(NotAllowedError):
        change(admin, colleague, roles=frozenset({Role.OBSERVER}))


def test_the_list_is_in_swedish_order_in_pages_and_by_unit_and_text(town: Town) -> None:
    admin = town.planner(town.tobacco)
    names = ["Östen", "Åsa", "Zara", "Ärla", "adam"]
    for name, person in zip(names, [*town.tobacco.inspectors, *(None,) * 3], strict=True):
        if person is not None:
            change(admin, person, name=name)
            continue
        new = uuid4()
        with unit_of_work(Viewer(town.tobacco.id, new, ADMIN)) as uow:
            command = AddPerson(new, name, town.tobacco.unit, frozenset({Role.OBSERVER}), f"{new.hex[:9]}@demo.example")
            add_person(uow, command)
    seen, cursor = list[str](), None
    while True:
        with unit_of_work(admin) as uow:
            page = list_places(uow, Seek.parse(2, cursor))
        seen += [one.shown_name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["adam", "Planerare Socialnämnden", "Zara", "Åsa", "Ärla", "Östen"]
    with unit_of_work(admin) as uow:
        assert [one.shown_name for one in list_places(uow, Seek(), PlaceFilter(text="ÅS")).items] == ["Åsa"]
        assert list_places(uow, Seek(), PlaceFilter(text="%")).items == []
        assert list_places(uow, Seek(), PlaceFilter(unit_id=uuid4())).items == []
        assert list_places(uow, Seek(), PlaceFilter(left=True)).items == []


def test_the_day_of_the_last_sign_in_is_known_to_the_administrator_of_the_own_authority(town: Town) -> None:
    colleague = town.inspector(town.tobacco)
    assert colleague.person_id is not None
    assert card(town.planner(town.tobacco), colleague.person_id).seen_at is None
    with unit_of_work(colleague) as uow:
        open_session(uow, Way.PASSWORD)
    assert card(town.planner(town.tobacco), colleague.person_id).seen_at is not None
