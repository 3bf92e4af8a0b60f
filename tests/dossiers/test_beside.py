"""What changes after a dossier was compiled is read as it is meanwhile; what was found in order is looked at again."""

from uuid import uuid4

from sqlalchemy import insert, update

from samsyn.authorities.models import Authority
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import Dossier
from samsyn.dossiers.queries import get_dossier, list_dossiers
from samsyn.dossiers.service import compile_dossiers
from samsyn.findings.models import Finding
from samsyn.findings.rules import Answer
from samsyn.operations.models import PartAnswer
from tests.dossiers.scenes import a_point, attach, compiled, find, tell_fact, visited
from tests.dossiers.test_compile import LATER
from tests.factories import Town


def test_an_answer_that_found_nothing_is_noticed_when_it_changes_and_read_as_it_is_meanwhile(town: Town) -> None:
    scene, point, ok = visited(town, town.environment), a_point(town), Answer.OK
    finding = find(town, scene, town.environment, "tomt", said=ok, point=point)
    before, reader = compiled(town, town.environment), town.planner(town.environment)
    find(town, scene, town.environment, "städat", said=ok, point=point, finding=finding, version=2)
    with unit_of_work(reader) as uow:
        due = get_dossier(uow, town.businesses[0])
    after = compiled(town, town.environment)
    assert [f["text"] for card in (before, due, after) for f in card.content["visits"][0]["findings"]] == [
        "tomt",
        "städat",
        "städat",
    ]
    assert before.digest != due.digest == after.digest
    find(town, scene, town.environment, "otätt", point=point, finding=finding, version=3)
    with unit_of_work(reader) as uow:
        due = get_dossier(uow, town.businesses[0])
    assert [f["text"] for f in due.content["visits"][0]["findings"]] == ["otätt"], "once, and as it is by now"
    assert due.content["counts"]["open"] == len(due.content["open_deficiencies"]) == 1
    attach(town, scene, town.environment, finding)
    assert compiled(town, town.environment).digest != due.digest


def test_what_is_read_beside_a_dossier_is_what_was_counted_for_all(town: Town) -> None:
    """Also for who may read more than the authority's worker: a unit's own answer in an authority with the rule."""
    scene = visited(town, town.environment)
    find(town, scene, town.environment, "allas", said=Answer.OK, point=a_point(town))
    office = town.environment
    with unit_of_work(town.inspector(office)) as uow:
        uow.session.execute(
            insert(Finding).values(
                finding_id=uuid4(), version=1, base_version=0, part_id=scene.parts[office.id], visit_id=scene.visit,
                operation_id=scene.operation, authority_id=office.id, unit_id=office.unit, answer=Answer.OBSERVATION,
                serious=False, text="enhetens", unit_only=False, written_by=office.inspectors[0],
                observed_at=scene.at, written_at=scene.at,
            )
        )  # fmt: skip
    with unit_of_work(town.planner(office)) as uow:
        uow.session.execute(update(Authority).where(Authority.id == office.id).values(spanning=True))
    once = compiled(town, office)
    with unit_of_work(town.inspector(office)) as uow:
        read = get_dossier(uow, town.businesses[0])
    assert [f["text"] for f in read.content["visits"][0]["findings"]] == ["allas"]
    assert (read.digest, read.compiled_at) == (once.digest, once.compiled_at)


def test_what_is_said_of_a_part_and_learnt_on_site_is_news_and_read_as_it_is_meanwhile(town: Town) -> None:
    scene = visited(town, town.environment, town.health)
    once, reader = compiled(town, town.environment), town.planner(town.environment)
    tell_fact(town, scene, town.health, "Butiksbiträdet")
    with unit_of_work(reader) as uow:
        told = get_dossier(uow, town.businesses[0])
    assert [fact["answer"] for fact in told.content["visits"][0]["facts"]] == ["Butiksbiträdet"]
    with unit_of_work(town.inspector(town.health)) as uow:
        mine = PartAnswer.part_id == scene.parts[town.health.id]
        uow.session.execute(update(PartAnswer).where(mine).values(nothing_to_report=True))
    with unit_of_work(reader) as uow:
        said = get_dossier(uow, town.businesses[0])
    assert {part["nothing_to_report"] for part in said.content["visits"][0]["parts"]} == {False, True}
    assert len({once.digest, told.digest, said.digest}) == 3
    assert said.digest == compiled(town, town.environment).digest


def test_an_ok_that_was_taken_back_closes_nothing_unless_another_answer_there_is_ok(town: Town) -> None:
    point, office, ok = a_point(town), town.environment, Answer.OK
    find(town, visited(town, office), office, "burkar", point=point)
    later = visited(town, office, at=LATER)

    def still_open() -> list[str]:
        one = compiled(town, office).content
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            uow.session.execute(update(Dossier).values(digest="-"))
            compile_dossiers(uow, None)
            every = {line.open for line in list_dossiers(uow, Seek(limit=5)).items}
        assert every == {one["counts"]["open"]}, "one by one and all at once"
        return [each["finding"]["text"] for each in one["open_deficiencies"]]

    finding = find(town, later, office, "", point=point, said=ok)
    assert still_open() == []
    find(town, later, office, "nya burkar", point=point, finding=finding, version=2)
    assert still_open() == ["nya burkar", "burkar"]
    find(town, later, office, "bara en", point=point, said=Answer.OBSERVATION, finding=finding, version=3)
    assert still_open() == ["burkar"]
    find(town, later, office, "", point=point, said=ok)
    assert still_open() == []
