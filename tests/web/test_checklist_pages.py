"""An authority's own checklists as its people see and change them: forms without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask

from samsyn.core.viewer import Viewer
from tests.factories import Office, Town
from tests.web.reader import Browser, open_browser, read

Sit = Callable[[Viewer], Browser]
SAID: dict[str, Any] = {"sv": "Finns en skylt?", "law": "LTLP 5:12", "verified": "memory", "outcomes": ["remark"]}


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def admin(office: Office) -> Viewer:
    return Viewer(office.id, office.planner, frozenset({"unit_admin"}))


def begun(keeper: Browser) -> str:
    return keeper.do("/checklists", field="tobacco").partition("#")[0]


def test_from_the_house_to_an_own_version_in_forms(sit: Sit, town: Town) -> None:
    keeper, reader = sit(admin(town.tobacco)), sit(town.inspector(town.tobacco))
    assert "Ändra i ett utkast" not in reader.get("/checklists")
    draft = begun(keeper)
    page = keeper.get(draft)
    assert "TOB-01" in page
    assert "Inget besök använder det" in page
    assert keeper.do(f"{draft}/point", **SAID, help="Titta vid kassan.", section="Skyltar").endswith("#p-TOB-16")
    keeper.do(f"{draft}/point?code=TOB-01", f"{draft}/point", sv="Ny lydelse?")
    page = keeper.get(draft)
    for word in ("Finns en skylt?", "Titta vid kassan.", "ur minnet", "Ny lydelse?", "Skyltar"):
        assert word in page
    assert reader.client.get(draft).status_code == 403
    shown = keeper.do(draft, f"{draft}/publish").partition("#")[0]
    assert "Egen lista" in keeper.get("/checklists")
    page = reader.get(shown)
    for word in ("Finns en skylt?", "Ny lydelse?", "version 1", "Egen lista"):
        assert word in page
    assert begun(keeper) == draft
    assert keeper.do(draft, f"{draft}/order", "TOB-01", way="down").endswith("#p-TOB-01")
    codes = re.findall(r'id="p-(TOB-\d\d)"', keeper.get(draft))
    assert codes[:2] == ["TOB-02", "TOB-01"]
    keeper.do(draft, f"{draft}/order", "TOB-02", way="out")
    assert "Borttagna punkter" in keeper.get(draft)
    keeper.do(draft, f"{draft}/publish")
    assert "version 2" in reader.get(shown)
    old = reader.get(f"{shown}?n=1")
    assert "äldre version" in old
    assert "TOB-02" in old
    for path in (f"{shown}?n=1&lang=en", f"{draft.removesuffix('/draft')}?lang=en", "/checklists?lang=en"):
        assert "Checklists" in reader.get(path)
    assert sit(town.planner(town.police)).client.get(shown).status_code == 404


def test_faults_stand_beside_the_field_and_nothing_typed_is_lost(sit: Sit, town: Town) -> None:
    keeper = sit(admin(town.tobacco))
    draft = begun(keeper)
    answer = keeper.send(f"{draft}/point", **{**SAID, "law": "", "help": "En lång text"})
    assert answer.status_code == 422
    for word in ("En lång text", 'id="e-law"', "Finns en skylt?", 'value="remark" checked'):
        assert word in answer.text
    answer = keeper.send(f"{draft}/point", **{**SAID, "help": "Fråga 19121212-1212"})
    assert answer.status_code == 422
    assert 'id="e-help"' in answer.text


def test_the_second_of_two_administrators_gets_a_clear_answer_and_keeps_the_text(sit: Sit, town: Town) -> None:
    first, second = sit(admin(town.tobacco)), sit(admin(town.tobacco))
    draft = begun(first)
    seen = second.form(f"{draft}/point?code=TOB-01", f"{draft}/point").fields
    first.do(f"{draft}/point?code=TOB-01", f"{draft}/point", sv="Den förstas lydelse?")
    answer = second.client.post(f"{draft}/point", data={**seen, "sv": "Den andras lydelse?"})
    assert answer.status_code == 412
    assert "Den andras lydelse?" in answer.text
    assert "Den förstas lydelse?" in answer.text
    first.do(draft, f"{draft}/order", "TOB-01", way="out")
    answer = second.client.post(f"{draft}/point", data={**seen, "sv": "Den andras lydelse?", "idempotency_key": "b"})
    assert answer.status_code == 412
    assert "Den andras lydelse?" in answer.text


def test_a_draft_is_thrown_away_and_one_without_a_change_says_so(sit: Sit, town: Town) -> None:
    keeper = sit(admin(town.tobacco))
    draft = begun(keeper)
    assert keeper.do(draft, f"{draft}/discard").startswith("/checklists")
    assert keeper.client.get(draft).status_code == 404
    begun(keeper)
    keeper.do(draft, f"{draft}/publish")
    begun(keeper)
    assert keeper.send(draft, f"{draft}/publish").status_code == 409


def test_a_version_out_as_a_file_changed_and_into_the_draft(sit: Sit, town: Town) -> None:
    keeper = sit(admin(town.tobacco))
    draft = begun(keeper)
    keeper.do(draft, f"{draft}/publish")
    shown = draft.removesuffix("/draft")
    files = {ending: keeper.client.get(f"{shown}.{ending}") for ending in ("yaml", "json", "xlsx")}
    assert {answer.status_code for answer in files.values()} == {200}
    begun(keeper)
    changed = files["yaml"].data.replace(b"TOB-15", b"TOB-77")
    answer = keeper.upload(f"{draft}/file", "lista.yaml", changed, do="look")
    assert answer.status_code == 200
    for word in ("15 punkter: 1 nya, 0 ", "Inget är ändrat än", "TOB-77"):
        assert word in answer.text
    assert "TOB-77" not in keeper.get(draft)
    [form] = [one for one in read(answer.text).found if one.action == f"{draft}/file"]
    taken = keeper.client.post(form.action, data={**form.fields, "do": "write"})
    assert taken.status_code == 303
    assert "TOB-77" in keeper.get(draft)
    answer = keeper.upload(f"{draft}/file", "lista.xlsx", files["xlsx"].data, do="look")
    assert "15 punkter: 1 nya, 0 " in answer.text
    faulty = files["yaml"].data.replace(b"verified: statute", b"verified: maybe", 1)
    answer = keeper.upload(f"{draft}/file", "lista.yaml", faulty, do="write")
    assert answer.status_code == 422
    assert "Fel i filen" in answer.text
    answer = keeper.upload(f"{draft}/file", "lista.xlsx", b"PK\x03\x04 no book", do="look")
    assert answer.status_code == 422
    again = keeper.client.post(form.action, data={**form.fields, "do": "write", "idempotency_key": "again"})
    assert again.status_code == 412
    assert "TOB-77" in again.text
