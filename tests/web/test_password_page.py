"""The own password: changed by who knows it; it counts at once, and every other sign-in ends with it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import update

from samsyn.access.models import Token
from samsyn.access.rules import Purpose
from samsyn.access.service import check_password, set_password
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Town
from tests.web.reader import Browser, open_browser

HERE = "/settings/password"
OLD, NEW = "åtta hästar i regn", "nio harar i blåst 7"


def enter(app: APIFlask, who: Viewer) -> tuple[str, Browser]:
    """Somebody with a password, signed in."""
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(Viewer(who.authority_id, who.person_id, frozenset({"unit_admin"}))) as uow:
        set_password(uow, uow.person, address, OLD)
    return address, open_browser(app.test_client(), who)


def test_the_new_password_counts_and_every_other_sign_in_ends(app: APIFlask, town: Town) -> None:
    me = town.inspector(town.tobacco)
    address, here = enter(app, me)
    there = open_browser(app.test_client(), me)
    assert f'href="{HERE}"' in here.get("/settings")
    assert here.do(HERE, current=OLD, password=NEW, again=NEW) == f"{HERE}?saved=1"
    assert check_password(address, NEW).person_id == me.person_id
    with pytest.raises(NotKnownError):
        check_password(address, OLD)
    assert here.client.get("/settings").status_code == 200
    assert there.client.get("/settings").status_code in {302, 303, 401}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "fel lösenord här", "password": NEW, "again": NEW}, "current"),
        ({"current": OLD, "password": "kort", "again": "kort"}, "password"),
        ({"current": OLD, "password": NEW, "again": NEW + "x"}, "again"),
        ({"current": OLD, "password": NEW, "again": ""}, "again"),
    ],
)
def test_a_fault_stands_beside_its_field_and_changes_nothing(
    app: APIFlask, town: Town, typed: dict[str, str], field: str
) -> None:
    address, here = enter(app, town.inspector(town.tobacco))
    answer = here.send(HERE, **typed)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert not any(word in answer.text for word in (OLD, NEW))
    assert check_password(address, OLD).authority_id == town.tobacco.id


def test_guessing_on_a_machine_left_open_is_throttled(app: APIFlask, town: Town) -> None:
    address, here = enter(app, town.inspector(town.tobacco))
    said = [here.send(HERE, current=f"gissning nummer {n}", password=NEW, again=NEW).status_code for n in range(11)]
    assert said == [422] * 10 + [429]
    assert check_password(address, OLD).authority_id == town.tobacco.id


def test_who_signs_in_another_way_is_told_so(app: APIFlask, town: Town) -> None:
    me = town.inspector(town.health)
    here = open_browser(app.test_client(), me)
    with unit_of_work(me) as uow:
        mine = Token.person_id == me.person_id, Token.purpose == Purpose.SIGN_IN
        uow.session.execute(update(Token).where(*mine).values(revoked_at=uow.now))
    assert "Du har inget lösenord" in here.get(HERE)
    assert f'href="{HERE}"' not in here.get("/settings")


def test_a_colleagues_password_stays_as_it_is(app: APIFlask, town: Town) -> None:
    theirs, _ = enter(app, town.inspector(town.tobacco, 1))
    _, here = enter(app, town.inspector(town.tobacco))
    here.do(HERE, current=OLD, password=NEW, again=NEW)
    assert check_password(theirs, OLD).authority_id == town.tobacco.id
