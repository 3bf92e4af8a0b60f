"""A unit administrator decides what the authority's own calendars may say; who subscribes reads how it stands."""

from __future__ import annotations

from apiflask import APIFlask

from samsyn.calendars.queries import naming_of
from samsyn.core.uow import unit_of_work
from tests.factories import Town
from tests.web.reader import open_browser

HERE = "/settings/feeds"


def test_it_is_allowed_and_taken_back_on_the_page(app: APIFlask, town: Town) -> None:
    admin = open_browser(app.test_client(), town.planner(town.tobacco))
    inspector = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert f'href="{HERE}"' in admin.get("/settings")
    assert "Får inte stå" in admin.get(HERE)
    assert "det har din myndighet inte beslutat" in inspector.get("/subscribe")
    assert admin.do(HERE, f"{HERE}/allow") == f"{HERE}?decided=1"
    page = admin.get(f"{HERE}?decided=1")
    assert "Beslutet gäller från nästa gång" in page
    assert "Beslutat av Planerare Socialnämnden" in page
    assert "så har din myndighet beslutat" in inspector.get("/subscribe")
    others = open_browser(app.test_client(), town.inspector(town.police))
    assert "det har din myndighet inte beslutat" in others.get("/subscribe")
    admin.do(HERE, f"{HERE}/end")
    assert "Får inte stå" in admin.get(HERE)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert naming_of(uow).allowed is False


def test_nobody_but_an_administrator_sees_or_decides_it(app: APIFlask, town: Town) -> None:
    inspector = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert f'href="{HERE}"' not in inspector.get("/settings")
    assert inspector.client.get(HERE).status_code == 403
    fields = inspector.form("/subscribe").fields
    for word in ("allow", "end"):
        assert inspector.client.post(f"{HERE}/{word}", data=fields).status_code == 403
