import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, text, update

from samsyn.businesses.models import Operator
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import get_dossier, list_dossiers
from samsyn.dossiers.service import compile_dossiers, mark_built
from samsyn.dossiers.status import operation_status
from samsyn.findings.rules import Answer
from samsyn.operations.models import Recusal
from samsyn.operations.rules import OperationState, VisitState
from tests.dossiers.scenes import (
    a_point,
    approve,
    attach,
    compiled,
    find,
    set_state,
    tell_fact,
    visited,
)
from tests.factories import START, Town

LATER = START + timedelta(days=30)


def test_a_reader_gets_its_own_findings_and_the_common_part_and_nothing_of_another_silo(town: Town) -> None:
    scene = visited(town, town.police, town.environment, town.health)
    mine, theirs, met, words = (f"kanarie{uuid4().hex}" for _ in range(4))
    find(town, scene, town.environment, mine)
    find(town, scene, town.health, theirs)
    tell_fact(town, scene, town.police, met)
    approve(town, scene, "förra versionen")
    approve(town, scene, words, version=2)
    for office, seen, hidden in ((town.environment, mine, theirs), (town.health, theirs, mine)):
        said = json.dumps(compiled(town, office).content, ensure_ascii=False)
        assert all(mark in said for mark in (seen, met, words, town.police.name, town.health.name))
        assert hidden not in said
        assert "förra versionen" not in said
    police = json.dumps(compiled(town, town.police).content)
    assert met in police
    assert mine not in police
    assert theirs not in police


def test_who_took_no_part_gets_an_empty_history_and_an_outsider_no_dossier(town: Town) -> None:
    find(town, visited(town, town.police, town.environment), town.environment, "hemligt")
    card = compiled(town, town.tobacco)
    assert card.content["visits"] == []
    assert card.content["counts"]["visits"] == 0
    assert card.content["business"]["name"].startswith("Kiosk 0")
    with pytest.raises(NotFoundError):
        compiled(town, town.outsider)


def test_one_invited_from_outside_the_collaboration_reads_the_place_from_the_visit(town: Town) -> None:
    scene = visited(town, town.police, town.outsider)
    find(town, scene, town.outsider, "egen")
    business = compiled(town, town.outsider).content["business"]
    assert (business["name"], business["operator"], business["number"]) == ("Kiosk", None, None)


def test_a_visit_counts_when_it_has_ended_and_its_operation_is_done(town: Town) -> None:
    visited(town, town.environment, visit_state=VisitState.PLANNED)
    ongoing = visited(town, town.environment, state=OperationState.ONGOING, at=LATER)
    find(town, ongoing, town.environment, "under tiden")
    assert compiled(town, town.environment).content["visits"] == []
    set_state(town, ongoing, OperationState.DONE)
    card = compiled(town, town.environment)
    assert [v["visit_id"] for v in card.content["visits"]] == [str(ongoing.visit)]
    assert card.content["counts"]["findings"] == 1


def test_only_the_newest_version_of_a_finding_stands_and_its_evidence_is_counted_once(town: Town) -> None:
    scene = visited(town, town.environment)
    point = a_point(town)
    first = find(town, scene, town.environment, "först", point=point)
    find(town, scene, town.environment, "sedan", point=point, finding=first, version=2, serious=True)
    attach(town, scene, town.environment, first)
    attach(town, scene, town.environment, first)
    (entry,) = compiled(town, town.environment).content["visits"][0]["findings"]
    assert (entry["text"], entry["version"], entry["serious"], entry["evidence"]) == ("sedan", 2, True, 2)
    assert entry["point"] == point[2]
    assert entry["point_sv"] != entry["point_en"]


def test_a_deficiency_is_open_until_its_point_is_ok_at_a_later_visit(town: Town) -> None:
    point = a_point(town)
    first = visited(town, town.environment)
    find(town, first, town.environment, "burkar", point=point)
    find(town, first, town.environment, "lukt i trapphuset", serious=True)
    find(town, first, town.environment, "fint", said=Answer.OBSERVATION)
    before = compiled(town, town.environment).content
    assert [o["finding"]["text"] for o in before["open_deficiencies"]] == ["lukt i trapphuset", "burkar"]
    find(town, visited(town, town.environment, at=LATER), town.environment, "", point=point, said=Answer.OK)
    after = compiled(town, town.environment).content
    assert [o["finding"]["text"] for o in after["open_deficiencies"]] == ["lukt i trapphuset"]
    assert (after["counts"]["open"], after["counts"]["serious"], after["counts"]["deficiencies"]) == (1, 1, 2)
    assert [v["starts_at"] for v in after["visits"]] == [LATER.isoformat(), START.isoformat()]


def test_an_earlier_ok_or_another_authoritys_ok_closes_nothing(town: Town) -> None:
    point = a_point(town)
    find(town, visited(town, town.environment), town.environment, "", point=point, said=Answer.OK)
    second = visited(town, town.environment, town.health, at=LATER)
    find(town, second, town.environment, "burkar", point=point)
    third = visited(town, town.environment, town.health, at=LATER + timedelta(days=1))
    find(town, third, town.health, "", point=point, said=Answer.OK)
    assert compiled(town, town.environment).content["counts"]["open"] == 1


def test_what_a_unit_keeps_to_itself_is_in_no_dossier(town: Town) -> None:
    scene = visited(town, town.police)
    find(town, scene, town.police, "bara enheten", unit_only=True)
    assert compiled(town, town.police).content["counts"]["findings"] == 0


def test_compiling_again_changes_nothing_until_something_changed(town: Town) -> None:
    scene = visited(town, town.environment, town.health)
    finding = find(town, scene, town.environment, "ett")
    once = compiled(town, town.environment)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        assert compile_dossiers(uow, [town.businesses[0]]) == 0
        assert compile_dossiers(uow, None) == 0
    twice = compiled(town, town.environment)
    assert (once.digest, once.compiled_at, once.content) == (twice.digest, twice.compiled_at, twice.content)
    find(town, scene, town.environment, "två", finding=finding, version=2)
    changed = compiled(town, town.environment)
    assert changed.id == once.id
    assert changed.digest != once.digest


def test_all_means_all_that_was_visited(town: Town) -> None:
    for n in range(2):
        visited(town, town.environment, business=n)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        assert compile_dossiers(uow, None) == 2
    with unit_of_work(town.planner(town.environment)) as uow:
        first = list_dossiers(uow, Seek(1))
        assert first.next_cursor
        second = list_dossiers(uow, Seek.parse(1, first.next_cursor))
        assert {first.items[0].business_id, second.items[0].business_id} == set(town.businesses[:2])
        assert second.next_cursor is None
        with pytest.raises(InvalidError):
            list_dossiers(uow, Seek(1, ("igår", "x")))
    with unit_of_work(town.planner(town.health)) as uow:
        assert list_dossiers(uow, Seek()).items == []


def test_a_sole_traders_number_is_not_in_it_even_where_the_registry_holds_one(town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            update(Operator)
            .where(Operator.collaboration_id == town.collaboration)
            .values(form="sole_trader", number="5599990006")
        )
    visited(town, town.environment)
    assert "5599990006" not in json.dumps(compiled(town, town.environment).content)


def test_a_person_with_jav_reads_the_dossier_as_if_the_visit_had_not_been(town: Town) -> None:
    scene = visited(town, town.environment)
    find(town, scene, town.environment, "grannens kiosk")
    find(town, scene, town.environment, "grannens ordning", said=Answer.OK, point=a_point(town))
    other = visited(town, town.environment, at=LATER)
    find(town, other, town.environment, "i sin ordning", said=Answer.OK, point=a_point(town))
    compiled(town, town.environment)
    viewer = town.inspector(town.environment)
    with unit_of_work(viewer) as uow:
        uow.session.execute(
            insert(Recusal).values(
                visit_id=scene.visit,
                person_id=viewer.person_id,
                operation_id=scene.operation,
                authority_id=town.environment.id,
                reason="granne",
                at=START,
            )
        )
    with unit_of_work(viewer) as uow:
        content = get_dossier(uow, town.businesses[0]).content
        (line,) = list_dossiers(uow, Seek()).items
    assert [v["visit_id"] for v in content["visits"]] == [str(other.visit)]
    assert content["open_deficiencies"] == []
    assert (line.open, line.visits) == (0, 1)
    assert [f["text"] for v in content["visits"] for f in v["findings"]] == ["i sin ordning"]
    assert "grannens" not in json.dumps(content)


def test_a_person_compiles_nothing(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(NotAllowedError):
        compile_dossiers(uow, None)


def test_reading_leaves_a_line_in_the_trail(town: Town) -> None:
    visited(town, town.environment)
    card = compiled(town, town.environment)
    with unit_of_work(town.planner(town.environment)) as uow:
        found = uow.session.scalar(
            text("SELECT count(*) FROM audit WHERE action = 'dossier.read' AND object_id = :id"), {"id": card.id}
        )
    assert found == 1


def test_every_participant_says_built_for_itself(town: Town) -> None:
    scene = visited(town, town.police, town.environment)
    for _ in range(2):
        with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
            mark_built(uow, scene.operation)
    with unit_of_work(town.planner(town.police)) as uow:
        assert operation_status(uow, scene.operation).built == {town.environment.id}
    with pytest.raises(NotFoundError), unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        mark_built(uow, scene.operation)
