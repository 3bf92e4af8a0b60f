"""The last day of a place ends at midnight in Sweden, and not an hour or two later when it does in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from samsyn.access.models import Staff
from samsyn.access.queries.credentials import roles_of
from samsyn.core.errors import NotKnownError
from samsyn.core.home import HOME
from samsyn.core.uow import unit_of_work
from tests.factories import Town

LAST = [date(2026, 11, 30), date(2027, 6, 30), date(2026, 12, 31)]


@pytest.mark.parametrize("last", LAST, ids=str)
def test_who_leaves_is_in_until_midnight_in_sweden(town: Town, last: date) -> None:
    who = town.inspector(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(update(Staff).where(Staff.person_id == who.person_id).values(until_on=last))
    midnight = datetime.combine(last + timedelta(days=1), time(), HOME).astimezone(UTC)
    with unit_of_work(who, midnight - timedelta(seconds=1)) as uow:
        assert roles_of(uow) == who.roles
    with unit_of_work(who, midnight) as uow, pytest.raises(NotKnownError):
        roles_of(uow)
