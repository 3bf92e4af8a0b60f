"""An administrator writes another authority's person's address at a colleague: nothing is told, nothing is taken over.

An address is where the own authority's letters go, and no key to anything: who signs in with it is found by the sign-in
itself (its digest, bound to a person), mail that comes in by the secret of a person.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.queries import contacts, get_place
from samsyn.access.rules import Role, ShownAs
from samsyn.access.service import ChangePlace, check_password, set_password
from samsyn.calendars.rules import Choice, NoticeKind, chosen
from samsyn.core.errors import NotFoundError, NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.own_roles import change_and_tell
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.lifecycle.telling import kinds

MINE, THEIRS = "åtta hästar i regn", "nio hästar i solen"


def move(town: Town, person: UUID, address: str) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        place = get_place(uow, person)
        command = ChangePlace(
            person_id=person,
            unit_id=place.unit_id,
            roles=frozenset(Role(one) for one in place.roles),
            competences=frozenset(place.competences),
            address=address,
            phone=place.phone,
            shown_as=ShownAs(place.shown_as),
            name=place.shown_name,
            service_number=place.service_number,
            was=place.digest,
        )
        change_and_tell(uow, command)


def reached(viewer: Viewer, person: UUID) -> str:
    with unit_of_work(viewer) as uow:
        return contacts(uow, {person})[person].address


@pytest.fixture
def foreign(town: Town) -> tuple[UUID, str]:
    """A person of the police who signs in with an address."""
    person, address = town.police.inspectors[0], f"{uuid4().hex[:9]}@demo.example"
    with unit_of_work(town.inspector(town.police)) as uow:
        set_password(uow, person, address, THEIRS)
        uow.session.execute(
            text("UPDATE staff_address SET address = :a WHERE person_id = :p"), {"a": address, "p": person}
        )
    return person, address


def test_neither_sign_in_is_taken_over_nor_changed(town: Town, foreign: tuple[UUID, str]) -> None:
    person, (theirs, address) = town.tobacco.inspectors[0], foreign
    own = f"{uuid4().hex[:9]}@demo.example"
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        set_password(uow, person, own, MINE)
    move(town, person, address)
    assert check_password(address, THEIRS).person_id == theirs
    assert check_password(own, MINE).person_id == person
    with pytest.raises(NotKnownError):
        check_password(address, MINE)
    for viewer in (town.inspector(town.tobacco), town.planner(town.tobacco)):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:  # whatever the house would ask for
            set_password(uow, person, address, MINE)
    assert check_password(address, THEIRS).person_id == theirs


def test_the_others_letters_go_where_they_went(town: Town, foreign: tuple[UUID, str]) -> None:
    theirs, address = foreign
    move(town, town.tobacco.inspectors[0], address)
    assert reached(town.planner(town.police), theirs) == address
    assert reached(town.planner(town.tobacco), town.tobacco.inspectors[0]) == address
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert contacts(uow, {theirs}) == {}
    with unit_of_work(town.planner(town.police)) as uow:
        assert contacts(uow, {town.tobacco.inspectors[0]}) == {}


def test_the_answer_and_the_lines_are_those_of_an_address_that_nobody_has(
    town: Town, foreign: tuple[UUID, str], cluster: Cluster, database: str
) -> None:
    lines = text("SELECT action, reason FROM audit WHERE object_id = :p AND action LIKE 'person.%' ORDER BY at, id")
    said = []
    for person, address in zip(town.tobacco.inspectors, (foreign[1], f"{uuid4().hex[:9]}@demo.example"), strict=True):
        move(town, person, address)
        with as_owner(cluster, database) as db:
            said.append([tuple(row) for row in db.execute(lines, {"p": person})])
    assert said[0] == said[1]
    with as_owner(cluster, database) as db:
        found = text("SELECT count(*) FROM audit WHERE object_authority_id = :a AND actor_authority_id = :b")
        assert db.scalar(found, {"a": town.police.id, "b": town.tobacco.id}) == 0


def test_whose_address_it_was_hears_of_it_and_not_by_mail_to_the_new_one(town: Town, foreign: tuple[UUID, str]) -> None:
    colleague = town.inspector(town.tobacco)
    move(town, town.tobacco.inspectors[0], foreign[1])
    assert kinds(colleague) == [NoticeKind.ADDRESS_CHANGED]
    assert kinds(town.inspector(town.police)) == kinds(town.planner(town.tobacco)) == []
    assert chosen({})[NoticeKind.ADDRESS_CHANGED] is Choice.PAGE
    move(town, town.tobacco.inspectors[0], foreign[1])
    assert kinds(colleague) == [NoticeKind.ADDRESS_CHANGED], "nothing was changed"
