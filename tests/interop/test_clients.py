"""Real programs subscribe to a feed of 500 events (CALENDARS 4.17), follow a change and a cancellation (4.18)."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
import requests

from samsyn.calendars.service import revoke_feed
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.factories import hours
from tests.interop.clients import Calcurse, Khal, Listed
from tests.interop.serving import Served
from tests.interop.year import EVENTS, Year

pytestmark = pytest.mark.interop


def starts(rows: list[Listed]) -> list[tuple[datetime, datetime]]:
    return [(one.starts, one.ends) for one in rows]


@pytest.mark.parametrize("client", [Khal, Calcurse])
def test_each_lists_all_five_hundred_at_the_times_that_the_database_has(
    client: type[Khal | Calcurse], year: Year, servers: Served, tmp_path: Path
) -> None:
    program = client(tmp_path, servers.feed(year.secret))
    program.sync()
    listed = program.listed()
    assert len(listed) == EVENTS
    assert listed == year.rows()


def test_a_change_and_a_cancellation_are_in_the_next_sync_and_a_revoked_address_is_gone_everywhere(
    year: Year, servers: Served, tmp_path: Path
) -> None:
    program = Khal(tmp_path, servers.feed(year.secret))
    program.sync()
    before = program.listed()
    police = year.town.planner(year.town.police)
    with unit_of_work(police) as uow:
        operation = get_operation(uow, year.walk.operation)
        reschedule(uow, Reschedule(operation.id, operation.starts_at + hours(2), operation.version))
    program.sync()
    moved = program.listed()
    assert moved == year.rows()
    assert len(set(moved) - set(before)) == 1
    year.walk.move(year.town, OperationState.CANCELLED)
    program.sync()
    called_off = program.listed()
    assert starts(called_off) == starts(moved)
    assert [one.title for one in called_off if one not in moved] == [f"INSTÄLLD: Samsyn: Insats {operation.code_word}"]

    addresses = [servers.feed(year.secret, which) for which in (0, 1)]
    assert [requests.get(address, timeout=10).status_code for address in addresses] == [200, 200]
    with unit_of_work(year.viewer) as uow:
        revoke_feed(uow, year.feed)
    began = time.monotonic()
    answers = [requests.get(address, timeout=10) for address in addresses * 3]
    assert {answer.status_code for answer in answers} == {404}
    assert time.monotonic() - began < len(answers), "not within a second each"
    assert program.ask("sync", check=False).returncode != 0
    assert year.secret not in servers.said()
