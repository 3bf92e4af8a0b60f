"""A dossier as workbook and as file: what the page says, kept as it left, and never a formula."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
import python_calamine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from samsyn.businesses.models import Operator
from samsyn.core.uow import unit_of_work
from tests.dossiers.scenes import Scene, a_point, approve, find, tell_fact, visited
from tests.factories import Town
from tests.secrecy.markers import a_word
from tests.web.test_findings_api import caller
from tests.web.test_inspector_pages import browser

HOSTILE = '=HYPERLINK("http://x.example";"klicka")'


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def scene(town: Town) -> Scene:
    scene = visited(town, town.police, town.environment)
    find(town, scene, town.environment, HOSTILE, point=a_point(town), serious=True)
    tell_fact(town, scene, town.police, "@Butikschefen")
    approve(town, scene, "+46 gemensamt lugnt besök.")
    return scene


def read(data: bytes) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook by name."""
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def cells(sheets: dict[str, list[list[Any]]]) -> set[str]:
    return {str(cell) for rows in sheets.values() for row in rows for cell in row}


def xml(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if "worksheets" in name)


def compiled(plain: FlaskClient, town: Town, who: dict[str, str]) -> str:
    business = str(town.businesses[0])
    assert plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=who).status_code == 200
    return f"/api/v1/dossiers/{business}"


def test_the_workbook_says_what_the_dossier_says_and_runs_nothing(plain: FlaskClient, town: Town, scene: Scene) -> None:
    who = caller(town, town.environment)
    path = compiled(plain, town, who)
    answer = plain.get(f"{path}.xlsx", headers=who)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Kiosk" not in answer.headers["Content-Disposition"]
    sheets = read(answer.data)
    assert list(sheets) == [
        "Om", "Öppna brister", "Besök", "Myndigheternas delar", "Gemensamma uppgifter", "Egna iakttagelser",
        "Egna åtgärder", "Egna uppföljningar", "Mottagna kopior",
    ]  # fmt: skip
    said = {HOSTILE, "@Butikschefen", "+46 gemensamt lugnt besök.", "Allvarlig brist", town.police.name}
    assert said <= cells(sheets)
    found = sheets["Egna iakttagelser"][1]
    assert (found[0], found[-1]) == (date(2027, 3, 4), 0)
    whole = xml(answer.data)
    assert "<f" not in whole.replace("<fonts", "")
    assert whole.count('state="frozen"') == len(sheets)
    assert max(float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', whole)) < 62
    assert list(read(plain.get(f"{path}.xlsx?lang=en", headers=who).data))[1] == "Open deficiencies"


def test_the_file_holds_what_the_address_without_ending_answers(plain: FlaskClient, town: Town, scene: Scene) -> None:
    who = caller(town, town.environment)
    path = compiled(plain, town, who)
    answer = plain.get(f"{path}.json", headers=who)
    assert answer.json == plain.get(path, headers=who).json
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


def test_each_document_is_kept_with_whom_it_is_for_and_on_which_ground_and_stands_on_the_page(
    app: APIFlask, plain: FlaskClient, town: Town, scene: Scene
) -> None:
    who = caller(town, town.environment)
    path = compiled(plain, town, who)
    sent = {form: plain.get(f"{path}.{form}", headers=who).data for form in ("pdf", "xlsx", "json")}
    with unit_of_work(town.planner(town.environment)) as uow:
        kept = uow.session.execute(text("SELECT format, digest, recipient, basis, body FROM rendering")).all()
    assert {row.format: bytes(row.body) for row in kept} == sent
    assert {row.recipient for row in kept} == {town.environment.name}
    assert {row.basis for row in kept} == {"OWN"}
    page = browser(app, town.inspector(town.environment)).get(f"/businesses/{town.businesses[0]}").text
    for data in sent.values():
        assert hashlib.sha256(data).hexdigest()[:16] in page
    assert "Egen handläggning" in page
    assert "Own task" in browser(app, town.inspector(town.environment)).get(
        f"/businesses/{town.businesses[0]}?lang=en"
    ).text  # fmt: skip


def test_another_authority_gets_its_own_workbook_and_an_outsider_none(
    plain: FlaskClient, town: Town, scene: Scene
) -> None:
    marker = a_word()
    find(town, scene, town.environment, marker)
    compiled(plain, town, caller(town, town.environment))
    police = caller(town, town.police, planner=True)
    path = compiled(plain, town, police)
    told = cells(read(plain.get(f"{path}.xlsx", headers=police).data))
    assert "@Butikschefen" in told
    assert not any(marker in cell for cell in told)
    for form in ("xlsx", "json"):
        assert plain.get(f"{path}.{form}", headers=caller(town, town.outsider, planner=True)).status_code == 404


def test_a_sole_traders_number_is_in_no_form(plain: FlaskClient, town: Town, scene: Scene) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        mine = Operator.collaboration_id == town.collaboration
        uow.session.execute(update(Operator).where(mine).values(form="sole_trader", number="5599990006"))
    who = caller(town, town.environment)
    path = compiled(plain, town, who)
    told = cells(read(plain.get(f"{path}.xlsx", headers=who).data))
    assert not any("5599990006" in cell for cell in told)
    assert b"5599990006" not in plain.get(f"{path}.json", headers=who).data
