"""A pledge as its people write and read it: begun, promised, signed, counted, and the lines behind each number."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.queries import areas_of, commitments_of, get_pledge, list_pledges
from samsyn.pledges.rules import PledgeState
from samsyn.pledges.service import SignPledge, choose_focus, count_operation, sign_pledge
from tests.dossiers.scenes import Scene, visited
from tests.factories import Town
from tests.pledges.test_numbers import promise, signs_of
from tests.web.reader import Browser, open_browser

THIS_YEAR = local_day(datetime.now(UTC)).year


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def done(town: Town, area: UUID) -> Scene:
    scene = visited(town, town.police, town.environment, at=datetime(2027, 3, 4, 17, tzinfo=UTC))
    with unit_of_work(town.planner(town.police)) as uow:
        choose_focus(uow, scene.operation, area)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        count_operation(uow, scene.operation)
    return scene


def test_a_pledge_is_begun_promised_and_signed(lead: Browser, town: Town) -> None:
    fields = {"collaboration_id": str(town.collaboration), "year": "2027", "name": "Medborgarlöfte 2027 (exempel)"}
    assert lead.send("/pledges/new", **fields).status_code == 422, "nobody promises"
    parties = [str(town.police.id), str(town.tobacco.id)]
    lead.do("/pledges/new", parties=parties, **fields)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        pledge = list_pledges(uow)[0]
    edit = f"/pledges/{pledge.id}/edit"
    lead.do(edit, f"/pledges/{pledge.id}/areas", area="Centrum", picture="Klagomål kvällstid.")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        area = areas_of(uow, pledge.id)[0]
    new = f"/focus-areas/{area.id}/commitments"
    refused = lead.send(new, form="occasions", text="Minst fem kvällar", counts="operation", least="2")
    assert refused.status_code == 422
    assert "1 till 10 000" in refused.text
    assert "Minst fem kvällar" in refused.text, "what was typed is kept"
    lead.do(new, form="occasions", text="Minst fem kvällar", target="5", counts="operation", least="2")
    signed = {"signed_on": "2026-02-16", "place": "Rådhuset"}
    wrong = lead.send(edit, f"/pledges/{pledge.id}/sign", signatories="Nämnden; chef", **signed)
    assert wrong.status_code == 422
    assert "Rad 1" in wrong.text
    one = f"{town.police.name}; Lokalpolisområdeschef; Anders Påhittén"
    refused = lead.send(edit, f"/pledges/{pledge.id}/sign", signatories=one, **signed)
    assert refused.status_code == 422
    assert "för varje part" in refused.text
    lines = f"{one}\n{town.tobacco.name}; enhetschef; Berit Påhittén"
    lead.do(edit, f"/pledges/{pledge.id}/sign", signatories=lines, **signed)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert list_pledges(uow)[0].state is PledgeState.IN_FORCE
        assert [one.text for one in commitments_of(uow, [area.id])] == ["Minst fem kvällar"]
    assert "ändras inte" in lead.get(edit)


def test_numbers_open_the_lines_behind_them_as_far_as_the_reader_took_part(
    app: APIFlask, lead: Browser, town: Town
) -> None:
    promised = promise(town)
    scene = done(town, promised.areas[0])
    path = f"/pledges?pledge={promised.pledge}"
    page = lead.get(f"{path}&what={promised.joint}")
    assert f'href="/operations/{scene.operation}"' in page
    others = open_browser(app.test_client(), town.inspector(town.health)).get(f"{path}&what={promised.joint}")
    assert "(ni deltog inte)" in others
    assert str(scene.operation) not in others
    said = lead.client.get(f"/pledges.json?pledge={promised.pledge}")
    assert said.status_code == 200, said.text
    rows = {row["id"]: row for row in json.loads(said.text)}
    assert rows[str(promised.joint)]["done"] == 1
    assert rows[str(promised.joint)]["quarter_1"] == 1
    outside = open_browser(app.test_client(), town.planner(town.outsider))
    assert outside.client.get(path).status_code == 404
    assert "Inget löfte än" in outside.get("/pledges")


def test_the_lead_says_which_promise_an_operation_serves(app: APIFlask, lead: Browser, town: Town) -> None:
    promised = promise(town)
    scene = visited(town, town.police, town.environment)
    path = f"/operations/{scene.operation}/focus"
    assert path in lead.get(f"/operations/{scene.operation}")
    lead.do(path, focus_area_id=str(promised.areas[1]))
    assert re.search(rf'value="{promised.areas[1]}" selected', lead.get(path))
    beside = open_browser(app.test_client(), town.planner(town.environment))
    assert beside.client.get(path).status_code == 404


def test_an_operation_is_offered_its_own_years_areas_and_told_of_an_area_left_behind(lead: Browser, town: Town) -> None:
    promised, next_year = promise(town), promise(town, 2028)
    scene = visited(town, town.police, town.environment, at=datetime(2027, 3, 4, 17, tzinfo=UTC))
    path = f"/operations/{scene.operation}/focus"
    page = lead.get(path)
    assert f'value="{promised.areas[0]}"' in page
    assert f'value="{next_year.areas[0]}"' not in page
    with unit_of_work(town.planner(town.police)) as uow:
        choose_focus(uow, scene.operation, next_year.areas[0])
    page = lead.get(path)
    assert f'value="{next_year.areas[0]}" selected' in page
    assert "hör till löftet för 2028" in page


def test_an_activity_is_planned_and_done_or_called_off_with_a_reason(lead: Browser, town: Town) -> None:
    promise(town, THIS_YEAR)
    home = str(town.collaboration)
    fields = {"kind": "safety_walk", "on_date": "2026-01-15", "title": "Vandring vid ån", "collaboration_id": home}
    lead.do("/activities/new", done="true", **fields)
    lead.do(
        "/activities/new",
        **{**fields, "on_date": f"{THIS_YEAR}-12-31", "title": "Vinterns vandring"},
    )
    found = re.search(r'href="(/activities/[0-9a-f-]{36})">Vinterns vandring', lead.get("/pledges"))
    assert found is not None
    assert lead.send(found[1], state="cancelled").status_code == 422
    lead.do(found[1], state="cancelled", reason="Personalbrist.")
    assert "Personalbrist." in lead.get("/pledges")


def test_what_was_not_done_says_why(lead: Browser, town: Town) -> None:
    promised = promise(town)
    lead.do(f"/commitments/{promised.covered}", not_done_reason="Hann inte med alla.")
    page = lead.get(f"/pledges?pledge={promised.pledge}")
    assert "Hann inte med alla." in page
    assert "pledges." not in page.replace("/pledges.", "")
    english = lead.get(f"/pledges?pledge={promised.pledge}&lang=en")
    assert "Citizen pledge" in english


def test_the_pledge_of_a_year_to_come_is_not_the_one_that_is_shown_before_it_begins(lead: Browser, town: Town) -> None:
    made = [promise(town, year) for year in (THIS_YEAR, THIS_YEAR + 1)]
    for promised in made:
        with unit_of_work(town.planner(town.police)) as uow:
            seen = get_pledge(uow, promised.pledge)
            sign_pledge(uow, SignPledge(seen.id, date(THIS_YEAR, 1, 2), "Rådhuset", signs_of(town), seen.version))
    shown = [f"/pledges?pledge={one.pledge}&amp;what=" in lead.get("/pledges") for one in made]
    assert shown == [True, False]
