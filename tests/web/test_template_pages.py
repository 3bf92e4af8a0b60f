"""Templates, usual answers and repeating as planners use them: forms without a script."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_part, parts_of, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanOrder, plan_order
from samsyn.planning.queries import list_templates
from samsyn.planning.rules import TemplateKind
from tests.factories import Town
from tests.lifecycle.walk import walk_to
from tests.operations import plans
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


def newest(town: Town, viewer: Viewer, kind: TemplateKind) -> UUID:
    with unit_of_work(viewer) as uow:
        return list_templates(uow, kind)[0].id


def test_an_operation_becomes_a_template_and_the_template_an_operation(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    path = f"/operations/{walk.operation}/template"
    assert f'value="{town.businesses[0]}"' not in lead.get(path)
    assert lead.send(path, name="").status_code == 422
    assert lead.do(path, name="Kväll").startswith("/templates#t-")
    assert "Kväll" in lead.get("/templates")
    template = newest(town, town.planner(town.police), TemplateKind.OPERATION)
    edit = f"/templates/{template}/edit"
    assert lead.do(edit, lasts="240").startswith("/templates#t-")
    template = newest(town, town.planner(town.police), TemplateKind.OPERATION)
    assert lead.client.get(f"/operations/new?template={template}").headers["Location"] == f"/templates/{template}/use"
    use = f"/templates/{template}/use"
    new = lead.do(
        use, starts_at_date="2027-03-11", starts_at_time="18:00", meeting_place="Torget",
        business_ids=[str(town.businesses[1])],
    )  # fmt: skip
    assert new.startswith("/operations/")
    assert "240" in lead.get("/templates")
    with unit_of_work(town.planner(town.police)) as uow:
        operation = UUID(new.rsplit("/", 1)[1])
        assert len(visits_of(uow, operation)) == 1
        assert {p.authority_id for p in parts_of(uow, operation)} == {
            town.police.id,
            town.tobacco.id,
            town.environment.id,
        }
    lead.do("/templates", f"/templates/{template}/withdraw")
    assert "Kväll" not in lead.get("/templates")


def test_an_authority_that_is_asked_as_a_whole_stays_asked(lead: Browser, town: Town) -> None:
    plan = plans.propose(town)
    lead.do(f"/operations/{plan.operation}/template", name="Kväll")
    with unit_of_work(town.planner(town.police)) as uow:
        asked = {one.authority_id for one in list_templates(uow, TemplateKind.OPERATION)[0].plan.asked}
    assert asked == {town.tobacco.id, town.environment.id}


def test_a_template_carries_no_business_no_person_no_title_and_nothing_found(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    with unit_of_work(town.planner(town.police)) as uow:
        plan_order(uow, PlanOrder(walk.operation, "Tobakshörnan Väst", None, "Lampa", None))
    lead.do(f"/operations/{walk.operation}/template", name="Kväll")
    with unit_of_work(town.planner(town.police)) as uow:
        kept = str(list_templates(uow, TemplateKind.OPERATION)[0])
    for hidden in (*map(str, town.businesses), *map(str, town.police.inspectors), "Tobakshörnan", "Kiosk", "Inspektör"):
        assert hidden not in kept
    assert "Lampa" in kept
    assert "LTLP" not in kept


def test_a_usual_answer_is_one_press(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.environment))
    walk = walk_to(town, OperationState.PREPARING)
    part = walk.parts[town.environment.id]
    answer = f"/parts/{part}/answer"
    assert "Era vanliga svar" not in planner.get(answer)
    typed = {"legal_basis": "MB 28 kap. 1 §", "announced": "false", "no_notice_reason": "annars visas inget"}
    planner.do("/templates/answers/new", name="Miljö, oanmält", **typed)
    page = planner.get(answer)
    assert "Era vanliga svar" in page
    assert "Svara ja så" in page
    usual = newest(town, town.planner(town.environment), TemplateKind.ANSWER)
    assert 'value="MB 28 kap. 1 §"' in planner.get(f"{answer}?usual={usual}")
    form = next(f for f in forms_of(page, answer) if f.get("legal_basis") == ["MB 28 kap. 1 §"] and "accepted" in f)
    sent = planner.client.post(answer, data={name: value[0] for name, value in form.items()})
    assert sent.status_code == 303
    with unit_of_work(town.planner(town.environment)) as uow:
        said = get_part(uow, part)
    assert (said.accepted, said.announced, said.no_notice_reason) == (True, False, "annars visas inget")
    assert "Era vanliga svar" not in sit(town.planner(town.tobacco)).get(f"/parts/{walk.parts[town.tobacco.id]}/answer")


def test_the_usual_answer_under_an_act_of_who_comes_along_stands_first(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    said = {"announced": "false", "police_role": "own_supervision"}
    for name, basis in (("A", "AlkL 9 kap. 13 §"), ("B", "LTLP 7 kap. 4 §")):
        planner.do("/templates/answers/new", name=name, legal_basis=basis, **said)
    walk = walk_to(town, OperationState.PREPARING)
    page = planner.get(f"/parts/{walk.parts[town.police.id]}/answer")
    usual = page[page.index('id="usual-h"') : page.index('name="legal_basis" list')]
    assert usual.index("LTLP 7 kap. 4 §") < usual.index("AlkL 9 kap. 13 §")


def forms_of(text: str, action: str) -> list[dict[str, list[str]]]:
    from tests.web.reader import read

    return [form.fields for form in read(text).found if form.action == action]


def test_an_answer_that_lacks_something_is_filled_in_and_not_pressed(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.environment))
    walk = walk_to(town, OperationState.PREPARING)
    planner.do("/templates/answers/new", name="Kort", legal_basis="MB 28 kap. 1 §")
    page = planner.get(f"/parts/{walk.parts[town.environment.id]}/answer")
    assert "Svara ja så" not in page
    assert "Fyll i och ändra" in page


def test_a_template_changed_meanwhile_is_said(sit: Sit, town: Town) -> None:
    first, second = sit(town.planner(town.tobacco)), sit(town.planner(town.tobacco))
    first.do("/templates/answers/new", name="Tobak", legal_basis="LTLP 7 kap. 18 §")
    edit = f"/templates/{newest(town, town.planner(town.tobacco), TemplateKind.ANSWER)}/edit"
    form = second.form(edit)
    first.do(edit, legal_basis="LTN 33 §")
    late = second.client.post(edit, data={name: value[0] for name, value in form.fields.items()})
    assert late.status_code == 412
    assert 'value="LTLP 7 kap. 18 §"' in late.text
    taken = first.send("/templates/answers/new", name="Tobak")
    assert taken.status_code == 422
    assert "Det namnet finns redan" in taken.text


def test_an_operation_is_repeated_by_a_form(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    path = f"/operations/{walk.operation}/repeat"
    page = lead.get(path)
    assert 'value="18:00"' in page
    assert f"Kiosk 0 {town.mark}" in page
    new = lead.do(path, starts_at_date="2027-11-04")
    shown = lead.get(new)
    assert "torsdag 4 november 2027 18:00" in shown
    assert "Förslag" in shown
    assert "Inspektör 1" not in shown.split("<main")[1].split("Ny insats")[0]
    assert lead.send(path, starts_at_date="2026-01-05").status_code == 422


def test_nobody_but_the_leads_planner_repeats_or_saves(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    for viewer in (town.planner(town.tobacco), town.inspector(town.police), town.planner(town.outsider)):
        browser = sit(viewer)
        for what in ("repeat", "template"):
            assert browser.client.get(f"/operations/{walk.operation}/{what}").status_code in {403, 404}
    assert sit(town.inspector(town.police)).client.get("/templates").status_code == 403
