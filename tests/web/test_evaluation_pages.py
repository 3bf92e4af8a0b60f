"""A quarter and a year as their people read them: asked for, written beside, approved, and taken along unchanged."""

from __future__ import annotations

import html
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.access.rules import Role
from samsyn.authorities.queries import authority_names
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import AddUnit, FoundAuthority, add_unit, found_authority
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.evaluation.preview import preview_public
from samsyn.pledges.evaluation.queries import get_evaluation, list_evaluations
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.service import approve, publish
from samsyn_workers.pledges import compile_evaluation
from tests.factories import Town
from tests.pledges.test_evaluation import card, compiled, signed
from tests.pledges.test_evaluation_standing import decider
from tests.pledges.test_numbers import license_places, live, move
from tests.web.reader import Browser, open_browser

FORMS = ("pdf", "xlsx", "json")


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def test_a_quarter_is_asked_for_compiled_and_read(app: APIFlask, lead: Browser, town: Town) -> None:
    promised = signed(town, 2025)
    path = f"/pledges/{promised.pledge}/evaluations"
    assert path in lead.get(f"/pledges?pledge={promised.pledge}")
    lead.do(path, period="2025-Q1")
    assert "Sammanställs" in lead.get(path)
    assert lead.send(path, period="2025-Q1").status_code == 409
    assert lead.send(path, period="2024-Q1").status_code == 422
    assert compile_evaluation(acts_for=str(town.police.id)) == 1
    with unit_of_work(town.planner(town.health)) as uow:
        line = list_evaluations(uow, promised.pledge)[0]
    assert f"/evaluations/{line.id}" in lead.get(path)
    for language in ("sv", "en"):
        page = open_browser(app.test_client(), town.inspector(town.health)).get(
            f"/evaluations/{line.id}?lang={language}"
        )
        assert "evaluations." not in page.replace("/evaluations/", "")
        assert "Minst 4 gemensamma" in page
        assert "/approve" not in page, "no planner"
    outside = open_browser(app.test_client(), town.planner(town.outsider)).client
    for ending in ("", *(f".{form}" for form in FORMS)):
        assert outside.get(f"/evaluations/{line.id}{ending}").status_code == 404


def test_words_stand_beside_the_numbers_and_parties_approve_what_they_read(
    app: APIFlask, lead: Browser, town: Town
) -> None:
    promised = signed(town)
    key = compiled(town, promised, "2027")
    path = f"/evaluations/{key}"
    text = f"{path}/texts/{promised.joint}"
    assert text in lead.get(path)
    beside = open_browser(app.test_client(), town.planner(town.tobacco))
    lead.do(text, text="Mörka kvällar gav mest.")
    clash = beside.send(text, text="Det här också.", version="0")
    assert clash.status_code == 412
    assert "Det här också." in clash.text, "what was typed is kept"
    assert "Nu står det, skrivet av någon annan: <b>Mörka kvällar gav mest.</b>" in clash.text
    assert "Mörka kvällar gav mest." in lead.get(path)
    assert lead.send(path, f"{path}/approve", seen="något annat").status_code == 412
    for office in (town.police, town.tobacco, town.environment, town.health):
        reader = open_browser(app.test_client(), town.planner(office))
        reader.do(path, f"{path}/approve", seen=card(town, key).looked_at)
        waits = lead.get(f"/pledges/{promised.pledge}/evaluations")
        assert ("Väntar på" in waits) is (office is not town.health), "each party that has not approved yet is named"
    assert 'data-color="success"' in lead.get(f"/pledges/{promised.pledge}/evaluations")
    page = lead.get(path)
    assert "godkänd av alla parter" in page
    assert f"{path}/approve" not in page
    assert lead.send(text, text="För sent.").status_code == 409


def test_the_steering_group_reads_on_one_page_what_is_behind_and_what_waits(
    app: APIFlask, lead: Browser, town: Town
) -> None:
    promised = signed(town, 2025)
    before = open_browser(app.test_client(), town.planner(town.police)).get("/pledges/brief?lang=sv")
    assert "2025: sammanställs" in before
    assert before.count("sammanställs") == 1, "of a year that is over just the year"
    key = compiled(town, promised, "2025")
    observer = open_browser(app.test_client(), replace(town.inspector(town.police), roles=frozenset({"observer"})))
    for language in ("sv", "en"):
        page = observer.get(f"/pledges/brief?lang={language}")
        assert "pledges.brief" not in page
        assert f'href="/evaluations/{key}"' in page
    page = observer.get("/pledges/brief?lang=sv")
    assert "godkänns av" in page
    assert "sammanställs" not in page
    assert "Ingen orsak skriven än." in page
    assert "Inte uppfyllt" in page
    assert 'href="/pledges/brief"' in observer.get("/")
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, card(town, key).looked_at)
    page = observer.get("/pledges/brief")
    assert "godkänns av" not in page
    assert "offentlig version beslutas" in page
    rows = json.loads(observer.client.get(f"/pledges/{promised.pledge}/evaluations.json").data)
    assert [(row["period"], row["approved"], row["awaited"]) for row in rows] == [("2025", "Ja", None)]
    outside = open_browser(app.test_client(), town.planner(town.outsider))
    assert str(key) not in outside.get("/pledges/brief")


def test_what_is_frozen_gives_the_same_bytes_after_its_rows_changed(app: APIFlask, town: Town) -> None:
    promised, chance = signed(town), Random(3)
    license_places(town, chance)
    lived = live(town, promised, chance, 5)
    key = compiled(town, promised, "2027")
    reader = open_browser(app.test_client(), town.planner(town.health))

    def taken() -> dict[str, bytes]:
        return {form: reader.client.get(f"/evaluations/{key}.{form}").data for form in FORMS}

    before = taken()
    assert before["pdf"].startswith(b"%PDF")
    said = json.loads(before["json"])
    assert said["content"]["period"] == "2027"
    done = next(one for one in lived if one.done and one.at.astimezone(UTC).year == 2027)
    done.at = datetime(2027, 5, 5, 9, tzinfo=UTC)
    move(town, done, chance)
    assert taken() == before
    assert "Underlaget har ändrats" in reader.get(f"/evaluations/{key}")


def test_a_year_is_published_once_by_a_partys_decider_and_taken_as_it_was(app: APIFlask, town: Town) -> None:
    promised, chance = signed(town), Random(4)
    license_places(town, chance)
    live(town, promised, chance, 12)
    key = compiled(town, promised, "2027")
    path = f"/evaluations/{key}/public"
    reader = open_browser(app.test_client(), town.planner(town.police))
    assert reader.client.get(f"{path}.csv").status_code == 404, "not decided"
    assert f'action="{path}"' not in reader.get(path), "not approved"
    looked = card(town, key).looked_at
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    assert reader.send(path, seen="x").status_code == 412
    reader.do(path)
    assert "Den offentliga versionen är beslutad" in reader.get(f"{path}?done")
    assert f'href="{path}"' in reader.get(f"/pledges/{promised.pledge}/evaluations")
    assert f'action="{path}"' not in reader.get(path)
    taken = {form: reader.client.get(f"{path}.{form}") for form in ("pdf", "xlsx", "csv", "json")}
    assert {one.status_code for one in taken.values()} == {200}
    lines = [line.split(";") for line in taken["csv"].data.decode("utf-8-sig").splitlines()]
    columns = json.loads(reader.client.get(f"{path}-columns.json").data)
    assert lines[0] == [one["name"] for one in columns["tableSchema"]["columns"]]
    told = [line for line in lines[1:] if line[7] and line[5] != "promised" and line[6] == "number"]
    assert all(int(line[7]) >= 5 for line in told)
    assert not any(name in one.data for name in (b"Nygatan", b"Kiosk") for one in taken.values())
    other = compiled(town, promised, "2027")
    again = {form: reader.client.get(f"/evaluations/{other}/public.{form}").data for form in taken}
    assert again == {form: one.data for form, one in taken.items()}, "one version, whichever compilation is asked"
    with unit_of_work(town.planner(town.police)) as uow:
        name = authority_names(uow, {town.police.id})[town.police.id]
    decided_on = f"av {html.escape(name)}, på version 1 av utvärderingen."
    assert decided_on in (first := reader.get(path))
    assert "Du öppnade version" not in first
    assert decided_on in (second := reader.get(f"/evaluations/{other}/public"))
    assert "Du öppnade version 2" in second
    quarter = compiled(town, promised, "2027-Q1")
    assert reader.client.get(f"/evaluations/{quarter}/public").status_code == 404


def decided(town: Town, key: UUID) -> None:
    """Every party approves, and a decider publishes."""
    looked = card(town, key).looked_at
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    with unit_of_work(decider(town)) as uow:
        publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))


def crowd() -> None:
    """Found an authority with two hundred units that comes before every other one by its id."""
    first = UUID(int=Random().getrandbits(64))
    with unit_of_work(Viewer(first, None, frozenset({Role.UNIT_ADMIN}))) as uow:
        found_authority(uow, FoundAuthority(f"Stora verket {first.hex[-8:]}", AuthorityKind.NATIONAL))
        for n in range(200):
            add_unit(uow, AddUnit(f"Enhet {n}", Field.HEALTH))


def test_without_places_of_any_trade_the_page_says_so(lead: Browser, town: Town) -> None:
    promised = signed(town, 2019)  # before any business of the town
    assert "Inga verksamheter med en bransch" in lead.get(f"/pledges/{promised.pledge}/treatment")


def test_places_of_a_trade_stand_beside_each_other_and_the_act_gets_its_sections(app: APIFlask, town: Town) -> None:
    promised, chance = signed(town), Random(6)
    license_places(town, chance)
    lived = live(town, promised, chance, 8)
    key = compiled(town, promised, "2027")
    content = card(town, key).content
    done = [one for one in lived if one.done and local_day(one.at).year == 2027]
    by_place = Counter(one.place for one in done)
    for trade in content["treatment"]:
        assert sum(trade["visited"]) == trade["places"]
        assert trade["visited"][3] <= sum(n >= 3 for n in by_place.values())
    reader = open_browser(app.test_client(), town.planner(town.tobacco))
    page = reader.get(f"/evaluations/{key}")
    path = f"/pledges/{promised.pledge}/treatment?trade={content['treatment'][0]['trade']}"
    assert path in page
    fields = f"/statistics?unit={town.tobacco.unit}&year=2027"
    assert html.escape(fields) in page
    assert "2027" in reader.get(fields)
    assert "/statistics" not in open_browser(app.test_client(), town.planner(town.police)).get(f"/evaluations/{key}")
    assert "/businesses/" in reader.get(path)
    for language in ("sv", "en"):
        chosen = reader.get(f"/pledges/{promised.pledge}/treatment?lang={language}")
        assert all(f"treatment?trade={one['trade']}" in chosen for one in content["treatment"]), "a trade is chosen"
        assert "evaluations.treatment" not in chosen
    assert reader.client.get(f"/evaluations/{key}/report.json").status_code == 409, "no public version is decided"
    decided(town, key)
    crowd()
    found = json.loads(reader.client.get(f"/evaluations/{key}/report.json").data)["sections"]
    assert [one["section"] for one in found][:4] == ["picture", "plan", "agreements", "report"]
    assert len(next(one for one in found if one["section"] == "tobacco")["rows"]) == 14
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert reader.client.get(f"/evaluations/{key}/report.{form}").data.startswith(begins)
    outside = open_browser(app.test_client(), town.planner(town.outsider)).client
    assert outside.get(path).status_code == outside.get(f"/evaluations/{key}/report.json").status_code == 404
