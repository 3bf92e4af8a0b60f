from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from samsyn.audit.queries import list_audit
from samsyn.core.database import SessionFactory
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.queries import (
    checklist_of_part,
    facts_of_visit,
    findings_of_visit,
    history_of_finding,
    part_progress,
    summary_of_part,
)
from samsyn.findings.rules import Answer, Question, Refusal
from samsyn.findings.service import RecordFact, record_fact
from samsyn.operations.rules import Summary
from tests.factories import START, Office, Town
from tests.findings.scene import HOUR, Scene, make_scene


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def tell(scene: Scene, who: Viewer, answer: str, key: UUID | None = None, *, mask: bool = False) -> bool:
    assert who.authority_id is not None
    part = scene.parts[who.authority_id]
    with unit_of_work(who, START) as uow:
        return record_fact(uow, RecordFact(key or uuid4(), part, Question.WHO_WAS_MET, answer, mask))


def test_progress_counts_what_is_answered_and_names_the_rest(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    first = scene.answer(who, "TOB-01")
    scene.answer(who, "TOB-01", Answer.DEFICIENCY, finding=first.finding_id, base=1, serious=True)
    scene.answer(who, "TOB-02", Answer.NOT_APPLICABLE)
    scene.answer(who, None, Answer.DEFICIENCY, "Varor utan prismärkning")
    with unit_of_work(who) as uow:
        progress = part_progress(uow, scene.part(scene.town.tobacco))
        assert (progress.answered, progress.total, progress.deficiencies, progress.serious) == (2, 15, 2, 1)
        assert progress.not_checked[:2] == ("TOB-03", "TOB-04")
        assert (len(progress.not_checked), progress.free, progress.conflicts) == (13, 1, 0)
        assert summary_of_part(uow, scene.part(scene.town.tobacco)) is Summary.DEFICIENCY


def test_the_word_for_others_is_not_coloured_by_what_stays_with_a_unit(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.police)
    scene.answer(who, "POL-07", Answer.DEFICIENCY, "Sover i lagret")
    with unit_of_work(who) as uow:
        assert summary_of_part(uow, scene.part(scene.town.police)) is Summary.NO_REMARK
        with pytest.raises(NotFoundError):
            part_progress(uow, scene.part(scene.town.tobacco))


def test_a_second_fact_stands_beside_the_first_and_everybody_reads_both(scene: Scene) -> None:
    town, key = scene.town, uuid4()
    assert tell(scene, town.inspector(town.tobacco), "Ägaren", key)
    assert not tell(scene, town.inspector(town.tobacco), "Ägaren", key)  # sent once more
    with pytest.raises(ConflictError):
        tell(scene, town.inspector(town.tobacco), "Någon annan", key)
    assert tell(scene, town.inspector(town.health), "Ett kassabiträde")
    for office in town.offices:
        with unit_of_work(town.inspector(office)) as uow:
            assert {fact.answer for fact in facts_of_visit(uow, scene.visit)} == {"Ägaren", "Ett kassabiträde"}
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert facts_of_visit(uow, scene.visit) == []


def test_a_fact_with_a_personal_number_is_refused_or_masked(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.police)
    with pytest.raises(InvalidError) as refused:
        tell(scene, who, "Ägaren 701063-2391")
    assert refused.value.fields == {"answer": (Refusal.PERSONAL_NUMBER,)}
    tell(scene, who, "Ägaren 701063-2391", mask=True)
    with unit_of_work(who) as uow:
        assert [fact.answer for fact in facts_of_visit(uow, scene.visit)] == ["Ägaren ******-****"]


def test_every_writing_and_every_reading_is_in_the_trail_with_ids_alone(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    written = scene.answer(who, "TOB-01", text="hemligt ord")
    with unit_of_work(who, START + HOUR * 2) as uow:
        findings_of_visit(uow, scene.visit)
        checklist_of_part(uow, scene.part(scene.town.tobacco))
        history_of_finding(uow, written.finding_id)
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        lines = list_audit(uow, Seek(200)).items
    about = [
        (line.action, line.object_id, line.actor_person_id) for line in lines if line.action.startswith("finding.")
    ]
    assert about.count(("finding.read", scene.visit, who.person_id)) == 3
    assert about.count(("finding.write", written.finding_id, who.person_id)) == 1
    assert "hemligt" not in str(lines)


def test_reading_a_visit_costs_the_same_however_much_was_found(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    scene.answer(who, "TOB-01")
    few = cost(scene, scene.town.tobacco, who)
    for n in range(2, 16):
        scene.answer(who, f"TOB-{n:02}")
    assert cost(scene, scene.town.tobacco, who) == few
    assert few <= 20


def cost(scene: Scene, office: Office, who: Viewer) -> int:
    """How many statements the reads of a part issue."""
    with unit_of_work(who) as uow, counted() as statements:
        findings_of_visit(uow, scene.visit)
        checklist_of_part(uow, scene.part(office))
        part_progress(uow, scene.part(office))
    return len(statements)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []
    engine = SessionFactory.kw["bind"]

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
