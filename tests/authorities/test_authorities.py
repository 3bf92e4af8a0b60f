"""Authorities write themselves; two sides make a membership; what is public inside the house is all that is shown."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.authorities.queries import (
    authority_names,
    list_authorities,
    list_units,
    members_of,
    my_collaborations,
    stewarded_by,
    unit_fields,
)
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import (
    AddUnit,
    FoundAuthority,
    FoundCollaboration,
    add_unit,
    found_authority,
    found_collaboration,
    invite_member,
    join_collaboration,
)
from samsyn.businesses.queries import list_businesses
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import POST_OFFICE, Viewer
from tests.factories import ADMIN, Town, take_in


def test_only_an_administrator_writes_its_own_authority_once(town: Town) -> None:
    founder = Viewer(uuid4(), None, ADMIN)
    with unit_of_work(founder) as uow:
        assert found_authority(uow, FoundAuthority(f"Ny {town.mark}", AuthorityKind.BOARD)) == founder.authority_id
    for command in (FoundAuthority("Igen", AuthorityKind.BOARD), FoundAuthority(town.police.name, AuthorityKind.BOARD)):
        with pytest.raises(ConflictError), unit_of_work(founder) as uow:
            found_authority(uow, command)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        found_authority(uow, FoundAuthority("x", AuthorityKind.BOARD))


def test_an_administrator_changes_no_other_authority_and_no_other_unit(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        for change in (
            "UPDATE authority SET name = 'x' WHERE id = :a",
            "UPDATE unit SET name = 'x' WHERE authority_id = :a",
        ):
            done = uow.session.execute(text(change), {"a": town.health.id})
            assert done.rowcount == 0  # type: ignore[attr-defined]
    with unit_of_work(town.inspector(town.police)) as uow:
        done = uow.session.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        assert done.rowcount == 0  # type: ignore[attr-defined]


def test_units_are_named_once_and_say_what_they_supervise(town: Town) -> None:
    with unit_of_work(town.planner(town.environment)) as uow:
        unit = add_unit(uow, AddUnit("Livsmedel", Field.FOOD))
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.environment)) as uow:
        add_unit(uow, AddUnit("Livsmedel", Field.OTHER))
    with unit_of_work(town.inspector(town.health)) as uow:
        assert unit_fields(uow, {unit}) == {unit: Field.FOOD}
        assert unit in {line.id for line in list_units(uow, limit=5000)}
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.environment)) as uow:
        add_unit(uow, AddUnit("Mer", Field.FOOD))


def test_a_membership_needs_both_sides(town: Town) -> None:
    newcomer = town.planner(town.outsider)
    with pytest.raises(NotFoundError), unit_of_work(newcomer) as uow:
        join_collaboration(uow, town.collaboration)
    with pytest.raises(NotFoundError), unit_of_work(newcomer) as uow:  # nor does it invite itself
        invite_member(uow, town.collaboration, town.outsider.id)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:  # nor one person of a member
        invite_member(uow, town.collaboration, town.outsider.id)
    take_in(town, town.outsider.id)
    with unit_of_work(town.planner(town.health)) as uow:
        assert town.outsider.id not in {line.id for line in members_of(uow, town.collaboration)}
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.outsider)) as uow:
        join_collaboration(uow, town.collaboration)
    with unit_of_work(newcomer) as uow:
        join_collaboration(uow, town.collaboration)
        assert [line.id for line in my_collaborations(uow)] == [town.collaboration]
        assert {line.id for line in members_of(uow, town.collaboration)} == {
            *(office.id for office in town.offices),
            town.outsider.id,
        }
    with pytest.raises(ConflictError), unit_of_work(newcomer) as uow:
        join_collaboration(uow, town.collaboration)


def test_nobody_makes_another_a_member(town: Town) -> None:
    join = text("INSERT INTO collaboration_member (collaboration_id, authority_id, joined_on) VALUES (:c, :a, now())")
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(join, {"c": town.collaboration, "a": town.outsider.id})


def test_who_leaves_reads_the_register_and_the_colleagues_no_more(town: Town) -> None:
    with unit_of_work(town.planner(town.health)) as uow:
        assert len(list_businesses(uow, Seek()).items) == 3
        uow.session.execute(
            text("UPDATE collaboration_member SET left_on = now() WHERE authority_id = :a"), {"a": town.health.id}
        )
    with unit_of_work(town.planner(town.health)) as uow:
        assert list_businesses(uow, Seek()).items == []
        assert my_collaborations(uow) == []
        others = text("SELECT count(*) FROM staff WHERE authority_id <> :me")
        assert uow.session.scalar(others, {"me": town.health.id}) == 0
    with unit_of_work(town.planner(town.police)) as uow:
        assert town.health.id not in {line.id for line in members_of(uow, town.collaboration)}


def test_a_collaborations_name_is_taken_once(town: Town) -> None:
    with unit_of_work(town.planner(town.outsider)) as uow:
        mine = found_collaboration(uow, FoundCollaboration(f"Egen {town.mark}", "Kungsör"))
        assert [line.id for line in my_collaborations(uow)] == [mine]
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        found_collaboration(uow, FoundCollaboration(f"Egen {town.mark}", "Köping"))
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        found_collaboration(uow, FoundCollaboration("x", "y"))


def test_everybody_signed_in_reads_names_but_not_the_post_office(town: Town) -> None:
    with unit_of_work(town.inspector(town.outsider)) as uow:
        assert authority_names(uow, {town.police.id}) == {town.police.id: town.police.name}
        assert POST_OFFICE not in {line.id for line in list_authorities(uow, limit=5000)}
        assert stewarded_by(uow, town.outsider.id) == set()
    with unit_of_work(Viewer()) as uow:
        assert (authority_names(uow, {town.police.id}), list_authorities(uow)) == ({}, [])
