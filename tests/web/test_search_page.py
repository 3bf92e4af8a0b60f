"""The search page and its address in the API: a form that works without scripts, faults at the field, pages."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from tests.dossiers.scenes import Scene, visited
from tests.factories import Town
from tests.findings.test_words import write
from tests.web.test_findings_api import caller
from tests.web.test_inspector_pages import browser


@pytest.fixture
def scene(town: Town) -> Scene:
    scene = visited(town, town.environment, town.police)
    for n in range(3):
        write(town, scene, town.environment, f"<b>Burkar</b> utan pant {n}")
    return scene


def test_the_page_shows_the_form_then_what_was_found_around_the_word(app: APIFlask, town: Town, scene: Scene) -> None:
    client = browser(app, town.inspector(town.environment))
    empty = client.get("/search").text
    assert 'role="search"' in empty
    assert "Inga träffar" not in empty
    assert 'href="/search"' in client.get("/dossiers").text
    page = client.get("/search?q=burk+PANT").text
    assert "&lt;b&gt;<mark>Burkar</mark>&lt;/b&gt; utan pant 2" in page
    assert f'href="/businesses/{town.businesses[0]}#visit-{scene.visit}"' in page
    assert "Inga träffar" in client.get("/search?q=ingenting").text
    assert "Nothing found" in client.get("/search?q=ingenting&lang=en").text


def test_a_search_for_no_word_says_so_at_the_field_and_keeps_what_was_typed(app: APIFlask, town: Town) -> None:
    answer = browser(app, town.inspector(town.environment)).get("/search?q=8112189876")
    assert answer.status_code == 422
    assert 'id="e-q"' in answer.text
    assert 'value="8112189876"' in answer.text
    many = browser(app, town.inspector(town.environment)).get("/search?q=ett+en+tre+fyra+fem+sex+sju")
    assert "Högst sex ord" in many.text


def test_the_page_goes_on_where_it_ended(app: APIFlask, town: Town, scene: Scene) -> None:
    client = browser(app, town.inspector(town.environment))
    first = client.get("/search?q=pant&limit=2").text
    assert first.count("<mark>") == 2
    assert "q=pant&amp;cursor=" in first
    plain = app.test_client()
    who = caller(town, town.environment)
    said = plain.get("/api/v1/findings?q=pant&limit=2", headers=who).json
    assert said is not None
    rest = plain.get(f"/api/v1/findings?q=pant&limit=2&cursor={said['next_cursor']}", headers=who).json
    assert rest is not None
    assert len({one["finding_id"] for one in (*said["items"], *rest["items"])}) == 3
    assert (said["items"][0]["word"], rest["next_cursor"]) == ("pant", None)


def test_others_find_nothing_and_who_reads_no_findings_is_refused(app: APIFlask, town: Town, scene: Scene) -> None:
    plain = app.test_client()
    for office in (town.police, town.outsider):
        found = plain.get("/api/v1/findings?q=burkar", headers=caller(town, office)).json
        assert found == {"items": [], "next_cursor": None}
        assert "<mark>" not in browser(app, town.inspector(office)).get("/search?q=burkar").text
    asked = plain.get("/api/v1/findings?q=%20-", headers=caller(town, town.environment))
    assert asked.status_code == 422
