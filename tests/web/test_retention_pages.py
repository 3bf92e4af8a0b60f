"""The page of retention: a rule by a decision, a hold and its lifting, a removal that is ordered."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from samsyn.core.settings import Settings
from tests.cluster import Cluster
from tests.factories import Town
from tests.records.desk import Desk, make_desk
from tests.retention.test_retention import old
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser

app, settings = web.app, web.settings


@pytest.fixture
def desk(town: Town, settings: Settings, cluster: Cluster, database: str) -> Desk:
    return old(make_desk(town, settings.data_dir), cluster, database)


@pytest.fixture
def browser(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


def test_a_rule_a_hold_and_a_removal(desk: Desk, browser: Browser) -> None:
    rule = "/retention/rules/pictures"
    answer = browser.send("/retention", rule, keep="remove", years="5", decision_ref=None)
    assert answer.status_code == 422
    assert "Ange gallringsbeslutet" in answer.text
    browser.do("/retention", rule, keep="remove", years="5", decision_ref="SN 2026 § 12")
    page = browser.get("/retention")
    assert "Gallras efter 5 år" in page
    assert "2015" in page
    business = f"/businesses/{desk.town.businesses[0]}"
    went = browser.do("/retention", "/retention/holds", business=business, reason="Överklagat")
    assert "#hold-" in went
    assert "/retention/runs/pictures" not in browser.get("/retention")
    hold = went.partition("#hold-")[2]
    answer = browser.send("/retention", f"/retention/holds/{hold}/lift")
    assert "Ange skälet." in answer.text
    browser.do("/retention", f"/retention/holds/{hold}/lift", reason="Domen har vunnit laga kraft")
    went = browser.do("/retention", "/retention/runs/pictures")
    assert "Pågår" in browser.get(went)
    assert "SN 2026 § 12" in browser.client.get("/retention.csv").data.decode("utf-8-sig")


def test_a_registrar_holds_and_does_not_decide(app: APIFlask, town: Town, browser: Browser) -> None:
    inspector = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert inspector.client.get("/retention").status_code == 403
    assert browser.client.post("/retention/rules/elsewhere").status_code == 404
