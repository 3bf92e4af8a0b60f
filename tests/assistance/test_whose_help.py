"""At which of two own parts it is written, who goes over to the role of helping, and what keeps no request back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from samsyn.access.queries import unit_of_person
from samsyn.assistance.queries import get_help, help_at, refusals_at
from samsyn.assistance.rules import Helped, HelpLaw
from samsyn.authorities.rules import Field
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import VisitPart
from samsyn.operations.queries import presence_at
from tests.assistance.test_police_help import answer, answering, ask, asking, goes, reads, refuse, refused
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, colleague_of_another_unit, make_scene


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def unit_of(who: Viewer) -> UUID | None:
    with unit_of_work(who) as uow:
        return unit_of_person(uow, uow.person)


def test_a_refused_entry_that_is_not_known_keeps_no_request_from_the_police(scene: Scene) -> None:
    """What was said may have been refused itself: with it the request was, and the police heard nothing."""
    town = scene.town
    mine, asked = town.inspector(town.tobacco), asking(scene, refusal_id=uuid4())
    assert ask(mine, asked)
    assert not ask(mine, asked)
    assert reads(scene, town.inspector(town.police)) == (0, 1)
    with unit_of_work(mine) as uow:
        assert get_help(uow, asked.request_id).refusal_id is None


def test_with_two_parts_the_one_of_the_section_and_the_own_unit_is_written_at(scene: Scene) -> None:
    town, second = scene.town, uuid4()
    other = colleague_of_another_unit(town.tobacco, Field.ALCOHOL)
    unit = unit_of(other)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(
            text("UPDATE visit_part SET unit_id = :u WHERE id = :p"),
            {"u": town.tobacco.unit, "p": scene.part(town.tobacco)},
        )
        whose = {"visit_id": scene.visit, "operation_id": scene.operation, "authority_id": town.tobacco.id}
        uow.session.execute(
            insert(VisitPart).values(id=second, unit_id=unit, lead_id=town.police.id, people=1, **whose)
        )
    first, mine, theirs = asking(scene), town.inspector(town.tobacco), asking(scene, law=HelpLaw.ALKL_9_9)
    assert ask(other, first)
    assert ask(mine, theirs)
    assert refuse(other, refused(scene))
    assert refuse(mine, refused(scene))
    with unit_of_work(mine, START + HOUR) as uow:
        parts = {one.id: one.part_id for one in help_at(uow, [scene.visit])[scene.visit]}
        refusals = {one.written_by: one.part_id for one in refusals_at(uow, [scene.visit])[scene.visit]}
    assert parts == {first.request_id: scene.part(town.tobacco), theirs.request_id: second}
    assert refusals == {mine.person_id: scene.part(town.tobacco), other.person_id: second}


def test_who_writes_at_a_desk_that_help_was_given_goes_over_to_no_role(scene: Scene) -> None:
    town = scene.town
    asked, desk = asking(scene), town.planner(town.police)
    goes(scene, town.inspector(town.police))
    assert ask(town.inspector(town.tobacco), asked)
    assert answer(desk, answering(scene, asked, Helped.GIVEN, presence_id=uuid4()))
    with unit_of_work(desk) as uow:
        assert presence_at(uow, [scene.visit]) == {}
        assert [one.presence_id for one in get_help(uow, asked.request_id).answers] == [None]
