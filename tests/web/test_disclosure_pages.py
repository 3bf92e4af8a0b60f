"""The dialogue without a script, what the receiver reads and where, the list, and the interface for programs."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import text, update

from samsyn.authorities.rules import Field
from samsyn.core.keys import load_keys
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.findings.cleaning import CleanPicture
from samsyn.findings.evidence import AddEvidence, add_evidence
from samsyn.operations.models import Operation, PartAnswer
from samsyn.operations.rules import OperationState
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.disclosures.scenes import Case, make_case
from tests.dossiers.scenes import find
from tests.factories import Town
from tests.findings.scene import colleague_of_another_unit
from tests.web.reader import Browser, open_browser
from tests.web.test_planner_pages import counted

NUMBER = "811218-9876"


@pytest.fixture
def case(town: Town) -> Case:
    return make_case(town)


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def dialogue(case: Case) -> str:
    return f"/visits/{case.scene.visit}/disclose"


def give(browser: Browser, case: Case, **more: Any) -> UUID:
    """Hand the first finding to the police in the dialogue."""
    said: dict[str, Any] = {
        "findings": [str(case.first)], "to": str(case.town.police.id), "basis": "LTLP_7_20", "act": "decide", **more
    }  # fmt: skip
    path = browser.do(dialogue(case), **said)
    assert path.endswith("?decided")
    return UUID(path.removeprefix("/disclosures/").removesuffix("?decided"))


def photograph(town: Town, case: Case, settings: Settings) -> bytes:
    """Put a picture to the first finding, as the phone would."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    picture = CleanPicture(out.getvalue())
    with unit_of_work(town.planner(town.police)) as uow:
        running = update(Operation).where(Operation.id == case.scene.operation)
        uow.session.execute(running.values(state=OperationState.ONGOING))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            update(PartAnswer).where(PartAnswer.part_id == case.scene.parts[town.tobacco.id]).values(handed_in_at=None)
        )
    keys = load_keys(settings.data_dir / "keys.json")
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        add_evidence(uow, keys, settings.data_dir, AddEvidence(uuid4(), case.first, picture))
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(running.values(state=OperationState.DONE))
    return out.getvalue()


def test_the_dialogue_goes_step_by_step_without_a_script(app: APIFlask, town: Town, case: Case) -> None:
    browser = sit(app, case.giver)
    page = browser.get(dialogue(case))
    assert "Pärmen saknas." in page
    assert "Välj mottagare först" in page
    assert "Resultat av kontrollköp kan inte bifogas en brist." in page
    shown = browser.send(
        dialogue(case), findings=[str(case.first)], to=str(town.police.id), act="preview", balancing="Behövs."
    )
    assert shown.status_code == 200
    assert "Tobakslagen, 7 kap. 20 §" in shown.text
    assert "Lagen gäller nio statliga myndigheter" in shown.text
    aside = shown.text[shown.text.index('data-part="live"') :]
    assert "Pärmen saknas." in aside
    assert "Askkopp" not in aside
    assert "Sekretess kan gälla hos mottagaren, OSL 30 kap. 20 §." in aside
    assert f"Besluta och lämna ut till {town.police.name}" in aside
    digest = aside[aside.index('class="hash"') :].split(">")[1].split("<")[0].replace(" ", "")
    made = give(browser, case)
    assert digest in browser.get(f"/disclosures/{made}").replace(" ", "")


def test_the_receiver_reads_the_copy_on_every_page_and_a_third_party_on_none(
    app: APIFlask, town: Town, case: Case
) -> None:
    made = give(sit(app, case.giver), case)
    business = f"/businesses/{town.businesses[0]}"
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])
    for viewer in (town.planner(town.police), town.inspector(town.police)):
        police = sit(app, viewer)
        for path in (f"/disclosures/{made}", business):
            page = police.get(path)
            assert "Pärmen saknas." in page
            assert "Askkopp" not in page
            assert f"från {town.tobacco.name}" in page
        assert town.tobacco.name in police.get("/disclosures")
        as_json = police.client.get(f"/api/v1/dossiers/{town.businesses[0]}").get_json()
        assert [i["text"] for one in as_json["received"] for i in one["items"]] == ["Pärmen saknas."]
        pdf = police.client.get(f"/api/v1/dossiers/{town.businesses[0]}.pdf")
        assert pdf.status_code == 200
    health = sit(app, town.planner(town.health))
    assert "Pärmen saknas." not in health.get(business)
    assert "Pärmen saknas." not in health.get(f"/disclosures/{made}", 404)


def test_withdrawn_is_like_absent_and_the_list_says_that_it_was_there(app: APIFlask, town: Town, case: Case) -> None:
    giver, police = sit(app, case.giver), sit(app, town.planner(town.police))
    made = give(giver, case)
    etag = police.client.get(f"/api/v1/dossiers/{town.businesses[0]}").headers.get("ETag")
    giver.do(f"/disclosures/{made}", f"/disclosures/{made}/withdraw", reason="Fel iakttagelse.")
    absent = police.client.get(f"/disclosures/{uuid4()}")
    gone = police.client.get(f"/disclosures/{made}")
    assert gone.status_code == absent.status_code == 404
    assert "Återkallad kopia" in police.get("/disclosures")
    assert "Pärmen" not in police.get("/disclosures") + police.get(f"/businesses/{town.businesses[0]}")
    assert "Fel iakttagelse." in giver.get(f"/disclosures/{made}")
    again = giver.client.get(f"/api/v1/dossiers/{town.businesses[0]}")
    assert again.headers.get("ETag") != etag or etag is None


def test_pictures_go_along_as_files_of_the_copy(app: APIFlask, town: Town, case: Case, settings: Settings) -> None:
    jpeg = photograph(town, case, settings)
    giver, police = sit(app, case.giver), sit(app, town.inspector(town.police))
    made = give(giver, case)
    page = police.get(f"/disclosures/{made}")
    address = page.split('href="/api/v1/disclosures/pictures/')[1].split('"')[0]
    found = police.client.get(f"/api/v1/disclosures/pictures/{address}")
    assert (found.status_code, found.data) == (200, jpeg)
    assert found.headers["Cache-Control"] == "private, no-store"
    health = sit(app, town.planner(town.health))
    health.get(f"/api/v1/disclosures/pictures/{address}", 404)
    without = give(giver, case, pictures=None)
    assert "/api/v1/disclosures/pictures/" not in giver.get(f"/disclosures/{without}")
    giver.do(f"/disclosures/{made}", f"/disclosures/{made}/withdraw", reason="Fel.")
    police.get(f"/api/v1/disclosures/pictures/{address}", 404)
    assert giver.client.get(f"/api/v1/disclosures/pictures/{address}").data == jpeg


def test_a_personal_number_is_caught_when_it_is_saved_and_what_was_typed_stands(
    app: APIFlask, town: Town, case: Case
) -> None:
    browser = sit(app, case.giver)
    said: dict[str, Any] = {
        "findings": [str(case.first)],
        "to": str(town.police.id),
        "basis": "OSL_10_27",
        "act": "decide",
    }
    answer = browser.send(dialogue(case), **said, balancing=f"Gäller {NUMBER}.")
    assert answer.status_code == 422
    assert "Texten ser ut att innehålla ett personnummer." in answer.text
    assert "Dölj siffrorna" in answer.text
    assert f"Gäller {NUMBER}." in answer.text
    made = give(browser, case, basis="OSL_10_27", balancing=f"Gäller {NUMBER}.", mask="true")
    assert "Gäller ******-****." in browser.get(f"/disclosures/{made}")


def test_what_is_missing_is_said_beside_its_field(app: APIFlask, town: Town, case: Case) -> None:
    browser = sit(app, case.giver)
    tries: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "Välj minst en iakttagelse."),
        ({"findings": [str(case.first)]}, "Välj vem som ska få kopian."),
        ({"findings": [str(case.first)], "to": str(town.police.id)}, "Välj en grund."),
        ({"findings": [str(case.first)], "to": str(town.police.id), "basis": "OSL_10_27"}, "kräver en avvägning"),
        ({"findings": [str(case.first)], "to": "everybody", "basis": "OSL_10_27"}, ""),
    )
    for said, words in tries:
        answer = browser.send(dialogue(case), act="decide", **said)
        assert answer.status_code == (422 if words else 303)
        assert words in answer.text


def test_a_draft_is_its_writers_alone_and_gone_after_the_decision(app: APIFlask, town: Town, case: Case) -> None:
    browser = sit(app, case.giver)
    path = browser.do(dialogue(case), findings=[str(case.second)], balancing="Påbörjad text.", act="draft")
    page = browser.get(path)
    assert "Utkastet är sparat." in page
    assert "Påbörjad text." in page
    give(browser, case)
    assert "Påbörjad text." not in browser.get(dialogue(case))


def test_a_request_is_asked_waits_and_is_refused(app: APIFlask, town: Town, case: Case) -> None:
    police, giver = sit(app, town.inspector(town.police)), sit(app, case.giver)
    ask = f"/businesses/{town.businesses[0]}/ask?visit={case.scene.visit}"
    path = police.do(ask, question="Vad såg ni?", reference="P 2026-118")
    assert "Väntar på svar" in police.get(path)
    assert "En myndighet begär uppgifter av er" in giver.get("/")
    assert "En myndighet begär uppgifter av er." in giver.get("/notices")
    page = giver.get(path)
    assert "Svara på begäran" in page
    answer = f"{dialogue(case)}?request={path.rsplit('/', 1)[1]}"
    page = giver.get(answer)
    assert "Vad såg ni?" in page
    assert "P 2026-118." in page
    made = giver.do(answer, act="refuse", reason="Behövs inte i ert ärende.")
    assert "Behövs inte i ert ärende." in police.get(made.partition("?")[0])
    assert "En myndighet begär uppgifter av er" not in giver.get("/")
    assert sit(app, town.planner(town.health)).client.get(path).status_code == 404


def test_the_list_is_narrowed_and_taken_out_for_the_registry(app: APIFlask, town: Town, case: Case) -> None:
    giver = sit(app, case.giver)
    assert "Inget utlämnat och inget mottaget än" in giver.get("/disclosures")
    made = give(giver, case)
    assert str(made) in giver.get("/disclosures?direction=given&state=granted")
    assert str(made) not in giver.get("/disclosures?direction=received")
    assert "Inget utlämnande passar urvalet" in giver.get("/disclosures?state=refused")
    for ending in ("xlsx", "csv", "json"):
        found = giver.client.get(f"/disclosures.{ending}")
        assert found.status_code == 200
        assert "Pärmen" not in found.text if ending != "xlsx" else found.data
    [row] = giver.client.get("/disclosures.json").get_json()
    assert (row["id"], row["items"], row["to"]) == (str(made), 1, town.police.name)


def test_programs_list_show_make_and_withdraw(app: APIFlask, town: Town, case: Case) -> None:
    client = app.test_client()
    giver = {"Authorization": f"Bearer {town.token(case.giver)}"}
    police = {"Authorization": f"Bearer {town.token(town.planner(town.police))}"}
    asked = client.post(
        "/api/v1/information-requests",
        headers=police,
        json={
            "business_id": str(town.businesses[0]), "visit_id": str(case.scene.visit), "to_id": str(town.tobacco.id),
            "question": "Vad såg ni?",
        },
    )  # fmt: skip
    assert asked.status_code == 201, asked.text
    body = {
        "visit_id": str(case.scene.visit), "finding_ids": [str(case.first)], "to_id": str(town.police.id),
        "legal_basis": "LTLP_7_20", "request_id": asked.get_json()["id"],
    }  # fmt: skip
    made = [client.post("/api/v1/disclosures", headers={**giver, "Idempotency-Key": "k1"}, json=body) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].get_json()["id"] == made[1].get_json()["id"]
    path = made[0].headers["Location"]
    assert client.get(path, headers=police).get_json()["items"][0]["copy_of"]["text"] == "Pärmen saknas."
    assert len(client.get("/api/v1/disclosures", headers=police).get_json()["items"]) == 1
    assert client.get("/api/v1/information-requests", headers=giver).get_json()["items"][0]["decision"] == "granted"
    refused = client.post(
        "/api/v1/disclosures/refusals", headers=giver, json={"request_id": asked.get_json()["id"], "reason": "Nej."}
    )
    assert refused.status_code == 409
    assert refused.get_json()["missing"] == ["answered"]
    bad = client.post("/api/v1/disclosures", headers=giver, json={**body, "legal_basis": "MB_26_2", "request_id": None})
    assert bad.status_code == 422
    assert "basis" in bad.get_json()["fields"]
    gone = client.post(f"{path}/withdraw", headers=giver, json={"reason": "Fel."})
    assert gone.get_json()["withdrawn_at"] is not None
    assert client.get(path, headers=police).status_code == 404
    assert client.get(path, headers=giver).status_code == 200


def test_only_who_decides_opens_the_dialogue(app: APIFlask, town: Town, case: Case) -> None:
    browser = sit(app, town.inspector(town.tobacco))
    browser.get(dialogue(case), 403)
    assert dialogue(case) not in browser.get(f"/businesses/{town.businesses[0]}")
    sit(app, town.planner(town.health)).get(dialogue(case), 404)


def test_the_dialogue_costs_the_same_for_many_findings(app: APIFlask, town: Town, case: Case) -> None:
    browser = sit(app, case.giver)
    browser.get(dialogue(case))
    with counted() as before:
        browser.get(dialogue(case))
    for n in range(8):
        find(town, case.scene, town.tobacco, f"Brist {n}")
    with counted() as after:
        browser.get(dialogue(case))
    assert len(after) == len(before)


def test_of_a_receiver_with_many_units_one_is_chosen_and_the_copy_says_which(
    app: APIFlask, town: Town, case: Case, cluster: Cluster, database: str
) -> None:
    """R1: without a script as well; the fault stands at the field, and what was typed stays."""
    elsewhere = colleague_of_another_unit(town.police, Field.POLICE)
    browser = sit(app, case.giver)
    said: dict[str, Any] = {"findings": [str(case.first)], "to": str(town.police.id), "basis": "LTLP_7_20"}
    assert 'name="unit"' not in browser.send(dialogue(case), **said, act="preview").text
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        db.commit()
    shown = browser.send(dialogue(case), **said, act="preview").text
    assert 'id="f-unit"' in shown
    assert "Bara den enheten läser kopian" in shown
    refused = browser.send(dialogue(case), **said, act="decide")
    assert refused.status_code == 422
    assert 'href="#f-unit"' in refused.text
    assert "Välj vilken enhet som ska få kopian." in refused.text
    assert f'value="{case.first}" checked' in refused.text
    made = give(browser, case, unit=str(town.police.unit))
    assert f"{town.police.name}, Enhet Polisen" in browser.get(f"/disclosures/{made}")
    assert "Pärmen saknas." in sit(app, town.inspector(town.police)).get(f"/disclosures/{made}")
    sit(app, elsewhere).get(f"/disclosures/{made}", 404)


def test_programs_name_the_unit_too(app: APIFlask, town: Town, case: Case, cluster: Cluster, database: str) -> None:
    colleague_of_another_unit(town.police, Field.POLICE)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        db.commit()
    client, headers = app.test_client(), {"Authorization": f"Bearer {town.token(case.giver)}"}
    asked = {"visit_id": str(case.scene.visit), "finding_ids": [str(case.first)], "to_id": str(town.police.id)}
    asked |= {"legal_basis": "LTLP_7_20"}
    refused = client.post("/api/v1/disclosures", json=asked, headers=headers)
    assert refused.status_code == 422
    assert "unit" in refused.text
    unit = str(town.police.unit)
    made = client.post("/api/v1/disclosures", json={**asked, "to_unit_id": unit}, headers=headers)
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["to_unit_id"] == unit
