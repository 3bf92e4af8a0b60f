from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from samsyn.authorities.rules import Field
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.keys import Keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.cleaning import CleanPicture
from samsyn.findings.evidence import AddEvidence, add_evidence, read_evidence
from samsyn.findings.models import Evidence, PartChecklist
from samsyn.findings.queries import (
    checklist_of_part,
    evidence_of_finding,
    findings_of_visit,
    history_of_finding,
    part_progress,
    summary_of_part,
)
from samsyn.findings.rules import Answer
from tests.factories import START, Town
from tests.findings.scene import Scene, colleague_of_another_unit, make_scene
from tests.secrecy.markers import a_word

KEYS = Keys("k1", {"k1": b"1" * 32})


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def everything(viewer: Viewer) -> str:
    """All that the database shows a viewer, over every table that it may read."""
    with unit_of_work(viewer) as uow:
        tables = uow.session.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                " AND has_table_privilege(oid, 'SELECT')"
            )
        ).all()
        assert {"finding", "evidence", "part_checklist", "visit_fact"} <= set(tables)
        return " ".join(str(uow.session.execute(text(f"SELECT {t}::text FROM {t}")).all()) for t in tables)


def test_a_planted_marker_is_seen_by_its_own_authority_and_nobody_else(scene: Scene, folder: Path) -> None:
    town, marker = scene.town, a_word()
    who = town.inspector(town.tobacco)
    finding = scene.answer(who, "TOB-01", Answer.DEFICIENCY, marker).finding_id
    picture = add(scene, who, finding, folder)
    seen = {office.name: marker in everything(town.planner(office)) for office in [*town.offices, town.outsider]}
    assert {name for name, sees in seen.items() if sees} == {town.tobacco.name}
    for office in (town.police, town.environment, town.health, town.outsider):  # the police lead
        for viewer in (town.planner(office), town.inspector(office)):
            nothing_for(viewer, scene, finding, picture, folder)


def nothing_for(viewer: Viewer, scene: Scene, finding: UUID, picture: UUID, folder: Path) -> None:
    part = scene.part(scene.town.tobacco)
    with unit_of_work(viewer) as uow:
        assert findings_of_visit(uow, scene.visit) == []
        assert evidence_of_finding(uow, finding) == []
        assert uow.session.scalars(select(PartChecklist.n)).all() == []
        assert uow.session.scalars(select(Evidence.id)).all() == []
        with pytest.raises(NotFoundError):
            history_of_finding(uow, finding)
        with pytest.raises(NotFoundError):
            read_evidence(uow, KEYS, folder, picture)
        for read in (checklist_of_part, part_progress, summary_of_part):
            with pytest.raises(NotFoundError) as hidden:
                read(uow, part)
            with pytest.raises(NotFoundError) as absent:
                read(uow, uuid4())
            assert str(hidden.value) == str(absent.value)


def test_an_answer_at_anothers_part_is_refused_as_if_there_were_none(scene: Scene) -> None:
    town = scene.town
    for viewer in (town.planner(town.police), town.inspector(town.health), town.inspector(town.outsider)):
        with pytest.raises(NotFoundError):
            scene.answer(viewer, "TOB-01", part=scene.part(town.tobacco))


def test_a_point_that_stays_with_its_unit_is_hidden_from_colleagues_of_another(scene: Scene, folder: Path) -> None:
    town = scene.town
    other = colleague_of_another_unit(town.police, Field.POLICE)
    who, marker = town.inspector(town.police), a_word()
    hidden = scene.answer(who, "POL-07", Answer.DEFICIENCY, marker).finding_id
    scene.answer(who, "POL-01", text="öppet inom myndigheten")
    picture = add(scene, who, hidden, folder)
    assert marker in everything(town.inspector(town.police, 1))
    assert marker not in everything(other)
    with unit_of_work(other) as uow:
        assert [line.check_point for line in findings_of_visit(uow, scene.visit)] == ["POL-01"]
        assert evidence_of_finding(uow, hidden) == []
        with pytest.raises(NotFoundError):
            read_evidence(uow, KEYS, folder, picture)


def test_an_observer_and_a_bare_administrator_read_no_findings(scene: Scene) -> None:
    office = scene.town.tobacco
    scene.answer(scene.town.inspector(office), "TOB-01")
    for roles in ({"observer"}, {"unit_admin"}):
        with unit_of_work(Viewer(office.id, office.planner, frozenset(roles))) as uow:
            for read in (findings_of_visit, checklist_of_part):
                with pytest.raises(NotAllowedError):
                    read(uow, scene.visit)


def test_no_role_of_the_application_changes_a_finding_or_a_house_checklist(scene: Scene) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    scene.answer(who, "TOB-01")
    for change in (
        "UPDATE finding SET text = 'x'",
        "UPDATE evidence SET size = 1",
        "UPDATE check_point SET text_sv = 'x'",
        "DELETE FROM checklist_version",
    ):
        with pytest.raises(NotFoundError), unit_of_work(who) as uow:
            uow.session.execute(text(change))
    with unit_of_work(who) as uow:  # retention's worker may; for a person there is nothing there to remove
        assert uow.session.execute(text("DELETE FROM finding RETURNING finding_id")).all() == []


def add(scene: Scene, who: Viewer, finding: UUID, folder: Path) -> UUID:
    with unit_of_work(who, START) as uow:
        return add_evidence(uow, KEYS, folder, AddEvidence(uuid4(), finding, CleanPicture(finding.bytes)))
