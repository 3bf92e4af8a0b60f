"""A place in an authority is taken by the person that it is for, and its roles are given by an administrator."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from samsyn.access.models import Staff, Token
from samsyn.access.rules import Purpose
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from tests.factories import START, Town


def test_nobody_enrols_somebody_elses_people(town: Town) -> None:
    values = {"id": uuid4(), "person_id": town.police.inspectors[0], "authority_id": town.tobacco.id}
    values |= {"unit_id": town.tobacco.unit}
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(insert(Staff).values(**values, shown_name="x", roles=["inspector"], from_on=START.date()))


def test_nobody_gives_oneself_a_role(town: Town) -> None:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        mine = update(Staff).where(Staff.person_id == uow.person).values(roles=["unit_admin"])
        assert uow.session.execute(mine.returning(Staff.id)).all() == []


def test_nobody_makes_a_token_for_a_colleague(town: Town) -> None:
    values = {"hash": uuid4().hex, "purpose": Purpose.API, "person_id": town.tobacco.planner}
    with pytest.raises(NotFoundError), unit_of_work(town.inspector(town.tobacco)) as uow:
        uow.session.execute(insert(Token).values(**values, authority_id=town.tobacco.id, created_at=uow.now))
