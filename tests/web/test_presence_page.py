"""Presence on a page: noted for the own people, read by all who take part, linked from the evening."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask

from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser
from tests.web.test_operation_page import words

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def place(walk: Walk) -> str:
    return f"/visits/{walk.visit}/presence"


def test_what_the_police_note_stands_on_everybodys_page(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    police, tobacco = sit(town.inspector(town.police)), sit(town.inspector(town.tobacco))
    assert "Inget är noterat än." in words(tobacco.get(place(walk)))
    assert f'href="{place(walk)}"' in tobacco.get(f"/tonight?operation={walk.operation}")
    police.do(place(walk), place(walk), what="came")
    role = {"what": "role", "police_role": "public_order", "reason": "Folk samlas utanför"}
    police.do(place(walk), place(walk), **role)
    page = words(tobacco.get(place(walk)))
    for said in ("Kom ", "Ordning och säkerhet från", "Folk samlas utanför", "Började i rollen Egen tillsyn"):
        assert said in page, said
    assert "Ny roll" not in page, "only the police act in roles"


def test_a_change_of_role_without_a_reason_comes_back_with_its_fault_and_what_was_typed(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.ONGOING)
    police = sit(town.inspector(town.police))
    sent = police.send(place(walk), place(walk), what="role", police_role="public_order")
    assert sent.status_code == 422
    assert 'aria-describedby="h-reason e-reason"' in sent.text
    assert '<option value="public_order" selected>' in sent.text


def test_before_the_start_it_is_closed_and_its_way_is_on_the_pages(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    goer = sit(town.inspector(town.tobacco))
    page = goer.get(place(walk))
    assert "Närvaro noteras från att insatsen har börjat" in words(page)
    assert 'name="what"' not in page
    assert f'href="{place(walk)}"' in sit(town.planner(town.tobacco)).get(f"/operations/{walk.operation}")
