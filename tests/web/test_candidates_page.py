"""Choosing businesses and planning them: a list, some ticks, a form, and the visits stand one after another."""

from __future__ import annotations

from uuid import UUID

from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.queries import parts_of, targets_of, visits_of
from tests.dossiers.scenes import find, visited
from tests.factories import Town
from tests.web.reader import Browser, open_browser
from tests.web.test_planner_pages import counted, moment


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def test_chosen_businesses_become_visits_one_after_another(app: APIFlask, town: Town) -> None:
    lead = sit(app, town.planner(town.police))
    first, second = town.businesses[2], town.businesses[0]
    listed = lead.get(f"/candidates?business={first}&business={second}")
    assert "2 valda" in listed
    assert listed.count(" checked") == 2
    where = f"/operations/new?begins_with=&trade=&business={first}&business={second}"
    times = {**moment("starts_at", "2027-03-04", "18:00"), **moment("ends_at", "2027-03-04", "19:00")}
    refused = lead.send(where, **times, asks=[str(town.police.id), str(town.tobacco.id)])
    assert refused.status_code == 422
    assert "2 besök om 45 minuter tar till 19:30." in refused.text
    assert refused.text.count('name="business"') == 2
    later = {**times, **moment("ends_at", "2027-03-04", "21:00")}
    path = lead.do(where, **later, asks=[str(town.police.id), str(town.tobacco.id)])
    operation = UUID(path.rsplit("/", 1)[1])
    with unit_of_work(town.planner(town.police)) as uow:
        visits, targets, parts = visits_of(uow, operation), targets_of(uow, operation), parts_of(uow, operation)
    assert [targets[visit.id].business_id for visit in visits] == [first, second]
    assert [f"{visit.starts_at:%H:%M}-{visit.ends_at:%H:%M}" for visit in visits] == ["17:00-17:45", "17:45-18:30"]
    assert {(part.visit_id, part.authority_id) for part in parts} == {
        (visit.id, office.id) for visit in visits for office in (town.police, town.tobacco)
    }
    assert "Kiosk 2" in lead.get(path)


def test_a_business_of_others_is_left_out_and_an_untouched_form_begins_empty(app: APIFlask, town: Town) -> None:
    stranger = sit(app, town.planner(town.outsider))
    assert "Inga verksamheter än" in stranger.get("/candidates")
    assert 'name="business"' not in stranger.get(f"/operations/new?business={town.businesses[0]}&business=x")
    lead = sit(app, town.planner(town.police))
    assert 'name="business"' not in lead.get("/operations/new")


def test_each_authority_reads_reasons_from_its_own_findings_alone(app: APIFlask, town: Town) -> None:
    scene = visited(town, town.tobacco, town.environment)
    find(town, scene, town.tobacco, "Bara tobaks", serious=True)
    for office in (town.tobacco, town.environment):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_dossiers(uow, [town.businesses[0]])
    assert "1 allvarlig öppen brist" in sit(app, town.planner(town.tobacco)).get("/candidates")
    for office in (town.environment, town.health, town.police):
        page = sit(app, town.planner(office)).get("/candidates")
        assert "öppen brist" not in page
        assert "Bara tobaks" not in page


def test_a_list_costs_the_same_however_long_and_filters_that_fit_nothing_say_so(app: APIFlask, town: Town) -> None:
    lead = sit(app, town.planner(town.police))
    costs = []
    for path in ("/candidates?limit=1", "/candidates"):
        with counted() as seen:
            lead.get(path)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert "Ingen verksamhet passar" in lead.get("/candidates?trade=taxi")
    first = lead.get("/candidates?limit=1&order=name")
    assert 'name="cursor"' in first
    sit(app, town.inspector(town.police)).get("/candidates", 403)
    lead.get("/candidates?order=points", 422)
