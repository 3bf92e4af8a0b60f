"""The page of a unit's year: numbers with their definitions and visits, and what is not known and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from apiflask import APIFlask

from samsyn.pledges.yearly.fields import CONDITIONS, EVERY_FIELD, NATIONAL
from tests.dossiers.scenes import find, visited
from tests.factories import Town
from tests.web.reader import Browser, open_browser, read
from tests.web.statements import counted

AT = datetime(2027, 1, 1, 16, tzinfo=UTC)


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


def test_a_tobacco_unit_has_the_fourteen_and_says_what_is_not_known(app: APIFlask, lead: Browser, town: Town) -> None:
    scene = visited(town, town.tobacco, town.police, at=AT)
    find(town, scene, town.tobacco, "hemlig iakttagelse")
    page = lead.get("/statistics?year=2027")
    assert page.count('data-th="Så räknas det"') == len(NATIONAL) + len(EVERY_FIELD)
    assert page.count("Vet inte") == 6
    assert "Butiker som bara finns på internet har inget fält." in page
    assert "v. 53 2026" in page
    assert "hemlig iakttagelse" not in page
    behind = lead.get("/statistics?year=2027&what=deficiency")
    assert f"/operations/{scene.operation}#visit-{scene.visit}" in behind
    assert "hemlig iakttagelse" not in behind
    others = open_browser(app.test_client(), town.planner(town.police)).get("/statistics?year=2027")
    assert "de fjorton nationella fälten" not in others
    ids = read(page).ids
    assert len(ids) == len(set(ids))


def test_the_files_say_the_same(lead: Browser, town: Town) -> None:
    visited(town, town.tobacco, at=AT)
    said = json.loads(lead.client.get("/statistics.json?year=2027").text)
    rows = said["rows"] if isinstance(said, dict) and "rows" in said else said
    by_code = {row["code"]: row for row in rows}
    assert by_code["visits"]["n"] == 1
    assert by_code["web_shops"]["n"] is None
    assert set(by_code) >= {what.value for what in CONDITIONS}
    book = lead.client.get("/statistics.xlsx?year=2027")
    assert book.status_code == 200
    assert book.data[:2] == b"PK"


def test_only_who_may_read_where_visits_went(app: APIFlask, town: Town) -> None:
    inspector = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert inspector.client.get("/statistics").status_code == 403
    assert 'href="/statistics"' not in inspector.get("/dossiers")


def test_it_is_whole_in_english_and_takes_as_many_statements_with_more_visits(lead: Browser, town: Town) -> None:
    with counted() as few:
        lead.get("/statistics?year=2027&what=visits")
    for n in range(4):
        visited(town, town.tobacco, town.police, at=AT, business=n % 3)
    with counted() as many:
        page = lead.get("/statistics?year=2027&what=visits&lang=en")
    assert len(few) == len(many)
    assert "What we do not know" in page
    assert "statistics." not in page.replace("/statistics.", "")


@pytest.mark.parametrize("wrong", ["year=1", "year=x", "unit=x", "what=x"])
def test_what_is_no_year_unit_or_number_is_refused(lead: Browser, wrong: str) -> None:
    assert lead.client.get(f"/statistics?{wrong}").status_code == 422
