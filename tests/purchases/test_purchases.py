"""Test purchases: the own authority's alone, tied to no deficiency and no outcome, and the trader is to be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.tables import load
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.grounds import find_basis
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.service import compile_dossiers
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Waits
from samsyn.operations.queries import get_part
from samsyn.operations.rules import OperationState
from samsyn.purchases.queries import purchases_at, untold
from samsyn.purchases.rules import NotTakenError
from samsyn.purchases.service import NotePurchase, note_purchase, tell_trader
from tests.factories import Office, Town
from tests.findings.scene import Scene, make_scene
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser, read

app, settings = web.app, web.settings
WORDS = "ett paket Röda Örnen"


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def sit(app: APIFlask) -> Callable[[Viewer], Browser]:
    return lambda viewer: open_browser(app.test_client(), viewer)


def note(scene: Scene, office: Office, who: Viewer | None = None, asked_for: str = WORDS) -> UUID:
    with unit_of_work(who or scene.town.inspector(office)) as uow:
        today = uow.today
        return note_purchase(uow, NotePurchase(uuid4(), scene.part(office), today, asked_for, age_asked=False))


def test_no_key_no_column_and_no_file_ties_it_to_a_deficiency_or_an_outcome() -> None:
    """The law lets no sanction rest on one (LTLP 7:23): what is not there cannot be followed."""
    tables = load().tables
    columns = set(tables["test_purchase"].columns.keys())
    tied = (
        "finding",
        "outcome",
        "deficiency",
        "check",
        "evidence",
        "serious",
        "answer",
        "summary",
        "follow",
        "marking",
    )
    assert [name for name in columns if any(word in name for word in tied)] == []
    to = {key.column.table.name for key in tables["test_purchase"].foreign_keys}
    assert to == {"visit_part"}
    assert [t.name for t in tables.values() if "test_purchase" in {k.column.table.name for k in t.foreign_keys}] == []
    others = {f"{t.name}.{c.name}" for t in tables.values() for c in t.columns if "purchase" in c.name}
    assert others == set()


def test_it_is_in_no_dossier_no_summary_word_and_no_copy(town: Town, scene: Scene) -> None:
    note(scene, town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        before = get_part(uow, scene.part(town.tobacco)).summary
    scene.set_state(OperationState.DONE)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v"), {"v": scene.visit})
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert WORDS not in repr(get_dossier(uow, town.businesses[0]))
        assert get_part(uow, scene.part(town.tobacco)).summary is before
        for table in ("finding", "evidence", "part_answer", "dossier", "disclosure", "disclosed_item", "visit_fact"):
            rows = uow.session.scalars(text(f"SELECT {table}::text FROM {table}")).all()
            assert all(WORDS not in row for row in rows), table
    assert find_basis("LTLP_7_22") is None, "no basis is for handing one over"


def test_only_the_own_authority_reads_it_and_reading_is_logged(town: Town, scene: Scene) -> None:
    note(scene, town.tobacco)
    part = scene.part(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert [line.asked_for for line in purchases_at(uow, part)] == [WORDS]
        logged = text("SELECT count(*) FROM audit WHERE action = 'purchase.read' AND object_id = :p")
        assert uow.session.scalar(logged, {"p": part}) == 1
    for viewer in (town.planner(town.police), town.planner(town.health), town.planner(town.outsider)):
        with unit_of_work(viewer) as uow:
            assert purchases_at(uow, part) == []
            assert uow.session.scalars(text("SELECT id FROM test_purchase")).all() == []


def test_jav_closes_it_as_the_rest_of_the_visit(town: Town, scene: Scene) -> None:
    note(scene, town.tobacco)
    scene.recuse(town.tobacco, town.tobacco.inspectors[1])
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        assert purchases_at(uow, scene.part(town.tobacco)) == []
        assert untold(uow) == []


def test_it_is_written_where_a_law_knows_it_by_who_inspects_at_the_own_part(town: Town, scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        note(scene, town.environment)
    with pytest.raises(NotAllowedError):
        note(scene, town.tobacco, Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"observer"})))
    with pytest.raises(NotFoundError):
        note(scene, town.tobacco, town.inspector(town.police))
    for wrong in ("", "x" * 501, "köpare 811218-9876"):
        with pytest.raises(NotTakenError):
            note(scene, town.tobacco, asked_for=wrong)


def test_the_trader_waits_to_be_told_until_it_is_written_when(town: Town, scene: Scene) -> None:
    made, viewer = note(scene, town.tobacco), town.planner(town.tobacco)

    def waits() -> list[UUID | None]:
        with unit_of_work(viewer) as uow:
            return [item.subject for item in waiting_for(uow).items if item.waits is Waits.TELL_TRADER]

    assert waits() == [scene.part(town.tobacco)]
    with unit_of_work(viewer) as uow:
        day = uow.today
        for wrong in (day - timedelta(days=1), day + timedelta(days=1)):
            with pytest.raises(NotTakenError):
                tell_trader(uow, made, wrong)
        tell_trader(uow, made, day)
    assert waits() == []
    with pytest.raises(ConflictError), unit_of_work(viewer) as uow:
        tell_trader(uow, made, day)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        tell_trader(uow, made, day)


def test_the_page_takes_it_reminds_and_lets_it_be_done(
    town: Town, scene: Scene, sit: Callable[[Viewer], Browser]
) -> None:
    inspector = sit(town.inspector(town.tobacco))
    path = f"/parts/{scene.part(town.tobacco)}/purchases"
    assert path in inspector.get(f"/operations/{scene.operation}")
    assert inspector.send(path, asked_for="köpare 811218-9876", age_asked="no").status_code == 422
    inspector.do(path, asked_for=WORDS, age_asked="no")
    page = inspector.get(path)
    assert WORDS in page
    assert "Ska underrättas" in page
    start = inspector.get("/")
    assert "Underrätta näringsidkaren om kontrollköpet." in start
    assert path in start
    told = next(form.action for form in read(page).found if form.action.endswith("/told"))
    inspector.do(path, told)
    assert "Ska underrättas" not in inspector.get(path)
    assert "Underrätta näringsidkaren" not in inspector.get("/")
    for stranger in (town.planner(town.police), town.planner(town.outsider)):
        sit(stranger).get(path, 404)
    assert f"{scene.part(town.environment)}/purchases" not in sit(town.planner(town.environment)).get(
        f"/operations/{scene.operation}"
    )
