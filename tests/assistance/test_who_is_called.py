"""Who is called by a request for help, when nobody is, and how a personal number in its texts is dealt with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.assistance.queries import get_help, refusals_at
from samsyn.assistance.rules import Helped
from samsyn.assistance.service import ask_help
from samsyn.authorities.rules import Field
from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import InvalidError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.notices import tell_help
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Urgency, Waits
from samsyn.operations.rules import OperationState
from tests.assistance.test_police_help import answer, answering, ask, asking, goes, refuse, refused
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, colleague_of_another_unit, make_scene

NUMBER = "19121212-1212"


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def queued(who: UUID) -> list[UUID]:
    with unit_of_work(Viewer.task_of(who), START + HOUR) as uow:
        rows = text("SELECT subject_id FROM outbox WHERE acts_for_id = (SELECT me()) AND task LIKE '%tell_help%'")
        return list(uow.session.scalars(rows))


def told(who: UUID) -> set[UUID]:
    with unit_of_work(Viewer.task_of(who)) as uow:
        return set(uow.session.scalars(text("SELECT person_id FROM notice WHERE notice_kind LIKE 'help%'")))


def test_the_unit_that_is_asked_is_called_and_no_other_of_its_authority(
    scene: Scene, cluster: Cluster, database: str
) -> None:
    """In an authority of many units the others may not read it: a mail that leads to nothing calls nobody."""
    town = scene.town
    other, officer = colleague_of_another_unit(town.police, Field.POLICE), town.inspector(town.police)
    with as_owner(cluster, database) as db:
        roles = {"id": other.person_id, "roles": '["inspector", "planner"]'}
        db.execute(text("UPDATE staff SET roles = CAST(:roles AS json) WHERE person_id = :id"), roles)
        db.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        unit = {"u": town.police.unit, "p": scene.part(town.police)}
        db.execute(text("UPDATE visit_part SET unit_id = :u WHERE id = :p"), unit)
        db.commit()
    goes(scene, officer)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE assignment SET state = 'accepted' WHERE person_id = :p"), {"p": officer.person_id})
        db.commit()
    assert ask(town.inspector(town.tobacco), asking(scene))
    with unit_of_work(Viewer.task_of(town.police.id), START + HOUR) as uow:
        tell_help(uow, scene.part(town.police), NoticeKind.HELP_ASKED)
    people = told(town.police.id)
    assert town.planner(town.police).person_id in people
    assert officer.person_id in people
    assert other.person_id not in people


def test_a_call_that_was_queued_by_its_operation_is_not_lost(scene: Scene) -> None:
    town = scene.town
    assert ask(town.inspector(town.tobacco), asking(scene))
    with unit_of_work(Viewer.task_of(town.police.id), START + HOUR) as uow:
        tell_help(uow, scene.operation, NoticeKind.HELP_ASKED)
    assert town.planner(town.police).person_id in told(town.police.id)


@pytest.mark.parametrize(("state", "late"), [(OperationState.DONE, 0), (OperationState.ONGOING, 5)])
def test_what_comes_when_the_evening_is_over_or_hours_late_calls_nobody_and_is_not_urgent(
    scene: Scene, state: OperationState, late: int
) -> None:
    town, asked = scene.town, asking(scene)
    scene.set_state(state)
    with unit_of_work(town.inspector(town.tobacco), START + late * HOUR) as uow:
        assert ask_help(uow, asked)
    assert queued(town.police.id) == []
    with unit_of_work(town.inspector(town.police), START + 6 * HOUR) as uow:
        [item] = [one for one in waiting_for(uow).items if one.waits is Waits.HELP]
        assert (item.subject, item.urgency(uow.now)) == (asked.request_id, Urgency.LATER)
    assert answer(town.inspector(town.police), answering(scene, asked, Helped.CANNOT, text="Ingen var kvar"))
    assert state is OperationState.ONGOING or queued(town.tobacco.id) == []


def test_a_personal_number_is_refused_by_its_word_or_masked_where_that_was_asked_for(scene: Scene) -> None:
    """As in a finding's text (R5): the phone offers to mask what was refused so."""
    town = scene.town
    mine, officer = town.inspector(town.tobacco), town.inspector(town.police)
    said = {"mask": True}
    first = replace(refused(scene), said=f"Jag är {NUMBER}")
    with pytest.raises(InvalidError) as found:
        refuse(mine, first)
    assert found.value.fields == {"said": ["personal_number"]}
    with pytest.raises(InvalidError) as found:
        ask(mine, asking(scene, reason=f"Hot av {NUMBER}"))
    assert found.value.fields == {"reason": ["personal_number"]}
    assert refuse(mine, replace(first, mask=True))
    asked = asking(scene, reason=f"Hot av {NUMBER}", **said)
    assert ask(mine, asked)
    assert not ask(mine, asked), "the same again is the same"
    with pytest.raises(InvalidError) as found:
        answer(officer, answering(scene, asked, Helped.CANNOT, text=NUMBER))
    assert found.value.fields == {"text": ["personal_number"]}
    assert answer(officer, answering(scene, asked, Helped.CANNOT, text=f"Talade med {NUMBER}", **said))
    with unit_of_work(mine, START + timedelta(hours=1)) as uow:
        [line] = refusals_at(uow, [scene.visit])[scene.visit]
        request = get_help(uow, asked.request_id)
    texts = (line.said, request.reason, request.answers[0].text)
    assert texts == ("Jag är ********-****", "Hot av ********-****", "Talade med ********-****")
