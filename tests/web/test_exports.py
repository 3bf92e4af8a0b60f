"""Every list as a file: the same rows as its page, for the same viewer, and a line in the trail."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from apiflask import APIFlask
from sqlalchemy import text, update

from samsyn.audit.queries import list_audit
from samsyn.businesses.models import Operator
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.rules import OperationState
from samsyn.texts import has
from samsyn.web.exports import LISTINGS, listing
from tests.factories import START, Town
from tests.lifecycle.walk import walk_to
from tests.web.reader import Browser, open_browser
from tests.web.test_planner_pages import counted

Sit = Callable[[Viewer], Browser]
TEMPLATES = Path(__file__).parents[2] / "inspect/samsyn/web/templates"
FORMS = ("xlsx", "csv", "json")
NO_FILE: dict[str, str] = {
    "search.html.j2": "words of findings by what was looked for: each is read, and leaves the house, with its visit",
}
"""Templates that page through a list and offer no file, each with its reason."""


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def fetch(browser: Browser, path: str) -> Any:
    answer: Any = browser.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[-800:])
    return answer


def rows_of(answer: Any) -> list[list[str]]:
    """The body of a file as text, its heading left out; JSON in the order of its keys."""
    kind = answer.content_type.partition(";")[0]
    if kind == "application/json":
        return [[str(value) for value in row.values()] for row in json.loads(answer.data)]
    if kind == "text/csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    with python_calamine.load_workbook(io.BytesIO(answer.data)) as book:
        return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()][1:]


def test_every_page_that_lists_offers_its_files() -> None:
    """A new list without files makes this red: give it a Listing and ``m.export_menu``, or a reason above."""
    paging = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
        for path in sorted(TEMPLATES.rglob("*.j2"))
        if "m.next_page(" in path.read_text("utf-8")
    }
    assert {name for name, text in paging.items() if "m.export_menu(" not in text} == set(NO_FILE)
    assert len(paging) >= 3


def test_every_menu_of_files_leads_to_a_list_and_every_list_has_a_menu() -> None:
    offered = set()
    for path in TEMPLATES.rglob("*.j2"):
        offered |= set(re.findall(r"m\.export_menu\(\s*\"([^\"]+)\"\s*[,)]", path.read_text("utf-8")))
    fixed = {one.path for one in LISTINGS.values() if "<" not in one.path}
    assert fixed - offered == set()
    assert offered - {one.path for one in LISTINGS.values()} == set()


def test_every_word_of_every_list_exists() -> None:
    wanted = {column.heading for one in LISTINGS.values() for column in one.columns}
    wanted |= {f"tables.{kind}.{name}" for name in LISTINGS for kind in ("list", "file")}
    assert {key for key in wanted if not has(key)} == set()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_each_list_comes_in_three_files_that_say_the_same(sit: Sit, town: Town, name: str, language: str) -> None:
    one = LISTINGS[name]
    if "<" in one.path:
        pytest.skip("belongs to a thing; its own page's tests fetch it")
    if name == "audit":
        pytest.skip("each file is a line of the next; its own page's tests fetch it")
    browser = sit(town.planner(town.tobacco))
    walk_to(town, OperationState.INVITED)
    found = {form: fetch(browser, f"{one.path}.{form}?lang={language}") for form in FORMS}
    assert len({len(rows_of(answer)) for answer in found.values()}) == 1
    for form, answer in found.items():
        name_of_file = re.fullmatch(
            rf'attachment; filename="(samsyn-[a-z-]+-\d{{4}}-\d\d-\d\d\.{form})"', answer.headers["Content-Disposition"]
        )
        assert name_of_file, answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert town.mark not in answer.headers["Content-Disposition"]
    assert "tables." not in found["csv"].text


def test_a_file_follows_the_filters_of_the_page_and_holds_the_whole_list(sit: Sit, town: Town) -> None:
    browser = sit(town.planner(town.police))
    early, late = (
        walk_to(town, OperationState.INVITED),
        walk_to(town, OperationState.PREPARING, starts_at=START + timedelta(days=21)),
    )
    ids = [row["id"] for row in json.loads(fetch(browser, "/operations.json?week=2027-09").data)]
    assert ids == [str(early.operation), str(late.operation)]
    assert json.loads(fetch(browser, "/operations.json?week=2027-09&limit=1").data)[1]["id"] == str(late.operation)
    later = json.loads(fetch(browser, "/operations.json?week=2027-12").data)
    assert [row["id"] for row in later] == [str(late.operation)]
    assert later[0]["week"] == "2027-W12"
    assert later[0]["starts_at"] == "2027-03-25T17:00:00Z"
    assert browser.client.get("/operations.csv?week=99").status_code == 422
    some = rows_of(fetch(browser, f"/businesses.csv?begins_with=Kiosk+1+{town.mark}"))
    assert [row[0] for row in some] == [f"Kiosk 1 {town.mark}"]


def test_a_file_of_many_rows_takes_as_many_statements_as_one_of_few(sit: Sit, town: Town) -> None:
    browser = sit(town.planner(town.police))
    walk_to(town, OperationState.PREPARING)
    with counted() as few:
        fetch(browser, "/operations.csv?week=2027-09")
    for n in range(1, 4):
        walk_to(town, OperationState.PREPARING, starts_at=START + timedelta(days=7 * n))
    with counted() as many:
        fetch(browser, "/operations.csv?week=2027-09")
    assert len(few) == len(many) <= 15


def test_a_sole_traders_number_is_in_no_file(sit: Sit, town: Town) -> None:
    browser = sit(town.planner(town.tobacco))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        of = text("SELECT operator_id FROM business WHERE id = :b")
        operator = uow.session.scalar(of, {"b": town.businesses[0]})
        uow.session.execute(update(Operator).where(Operator.id == operator).values(form="sole_trader", number=None))
    rows = rows_of(fetch(browser, f"/businesses.xlsx?begins_with=Kiosk+0+{town.mark}"))
    assert rows[0][5].lower() == "enskild firma"


def test_each_file_leaves_a_line_in_the_trail_with_its_count_and_no_content(sit: Sit, town: Town) -> None:
    reviewer = town.planner(town.tobacco)
    fetch(sit(reviewer), "/businesses.csv")
    with unit_of_work(reviewer) as uow:
        lines = [line for line in list_audit(uow, Seek()).items if line.action == "list.export"]
    assert [(line.actor_person_id, line.reason) for line in lines] == [(town.tobacco.planner, "businesses.csv 3")]


def test_a_list_that_is_too_long_is_refused_with_what_to_do(
    sit: Sit, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 2)
    answer = sit(town.planner(town.tobacco)).client.get("/businesses.xlsx")
    assert answer.status_code == 413
    assert "Filtrera den" in answer.text


def test_who_may_not_see_a_list_gets_no_file_of_it(sit: Sit, app: APIFlask, town: Town) -> None:
    assert app.test_client().get("/businesses.csv").status_code == 303
    outside = rows_of(fetch(sit(town.planner(town.outsider)), "/businesses.csv"))
    assert outside == []


def test_dossiers_come_with_numbers_as_numbers(sit: Sit, town: Town) -> None:
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])
    found = json.loads(fetch(sit(town.inspector(town.tobacco)), "/dossiers.json").data)
    assert all(isinstance(row["open"], int) for row in found)
