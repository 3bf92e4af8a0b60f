"""Viewers: what is handed to the database, and what of it the policies' functions make."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from samsyn.core.database import SessionFactory
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import POST_OFFICE, Viewer

SAID = text(
    "SELECT me(), me_person(), presented(), has_role('planner'), has_role('task'), has_role('plan'), has_role(''),"
    " has_role('planner,task')"
)


def said(viewer: Viewer) -> tuple[object, ...]:
    with unit_of_work(viewer) as uow:
        return tuple(uow.session.execute(SAID).one())


def test_the_functions_of_the_policies_say_who_looks(database: str) -> None:
    authority, person = uuid4(), uuid4()
    no = (False,) * 5
    assert said(Viewer()) == (None, None, None, *no)
    assert said(Viewer.presenting("abc")) == (None, None, "abc", *no)
    assert said(Viewer.task_of(authority))[:5] == (authority, None, None, False, True)
    planner = Viewer(authority, person, frozenset({"planner", "inspector"}))
    assert said(planner)[:6] == (authority, person, None, True, False, False)


def test_a_role_is_a_whole_word_and_never_a_list(database: str) -> None:
    for roles in ({"xplanner"}, {"planner2"}, {"plan"}):
        assert said(Viewer(uuid4(), None, frozenset(roles)))[3] is False
    both = Viewer(uuid4(), None, frozenset({"planner", "task"}))
    assert said(both)[3:5] == (True, True)


def test_a_worker_is_no_person_and_a_feeds_worker_one(database: str) -> None:
    person = uuid4()
    assert Viewer.task_of(uuid4()).person_id is None
    assert said(Viewer.task_of(uuid4(), person))[1] == person


def test_an_identity_that_is_no_key_is_an_error_and_not_somebody(database: str) -> None:
    with SessionFactory(info={"viewer": Viewer()}) as session:
        session.execute(text("SELECT set_config('app.authority', 'skräp', true)"))
        with pytest.raises(DataError):
            session.execute(text("SELECT count(*) FROM finding"))


def test_the_post_office_is_an_authority_that_nobody_is_listed_as(database: str) -> None:
    with unit_of_work(Viewer.task_of(POST_OFFICE)) as uow:
        named = uow.session.execute(
            text("SELECT name, authority_kind FROM authority WHERE id = :id"), {"id": POST_OFFICE}
        )
        assert named.one() == ("post_office", "reserved")
