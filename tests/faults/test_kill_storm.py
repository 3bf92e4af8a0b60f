"""Kill -9 of worker, Valkey and mail server during many invitations: none lost, copies the same, soon drained."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest

from samsyn.calendars.service import SEND_DELIVERIES, telling
from tests.factories import Town, make_town
from tests.faults.house import House, open_house
from tests.faults.storm import (
    PEOPLE,
    BrokenPromiseError,
    check,
    kill,
    promise,
    rage,
    wait_for_the_middle,
    wait_until_empty,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def town(house: House) -> Iterator[Town]:
    with house.bound():
        yield make_town()


def test_of_200_invitations_in_a_storm_of_kills_none_is_lost(
    house: House, town: Town, record_property: Callable[[str, object], None]
) -> None:
    storm = rage(house, town, seed=4, operations=20, faults=8)
    record_property("storm", str(storm))
    assert storm.faults.total() == 8
    assert storm.drained < 60


def test_the_same_storm_without_the_outbox_insert_is_seen(
    house: House, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "emit", lambda *_args, **_more: None)
    with pytest.raises(BrokenPromiseError, match="20 of 20 lost"):
        rage(house, town, seed=1, operations=2, faults=1)


def test_valkey_that_comes_back_empty_while_200_wait_loses_nothing(house: House, town: Town) -> None:
    house.supervisor.stop("worker")
    made = [promise(town, n, f"Backlog {town.mark} {n}") for n in range(20)]
    hinted = "SELECT count(*) FROM outbox WHERE task = %(task)s AND state = 'due' AND hinted_at IS NOT NULL"
    while house.ask(hinted, task=SEND_DELIVERIES)[0][0] < 20 * PEOPLE:
        time.sleep(0.05)
    assert kill(house.valkey.pid)
    house.start_worker()
    assert wait_until_empty(house, 20) < 20
    assert check(house, made) == 0


def test_a_worker_told_to_stop_in_the_middle_leaves_no_half_state_and_loses_nothing(house: House, town: Town) -> None:
    made = [promise(town, n, f"Deploy {town.mark} {n}") for n in range(20)]
    wait_for_the_middle(house, random.Random(1))
    house.supervisor.stop("worker")  # SIGTERM, as at every deploy
    (leased,) = house.ask("SELECT count(*) FROM outbox WHERE state = 'leased'")[0]
    assert leased == 0
    open_ended = (
        "SELECT count(*) FROM outbox o WHERE o.state = 'done' AND o.task = %(task)s AND NOT EXISTS"
        " (SELECT FROM delivery_attempt a WHERE a.delivery_id = o.subject_id AND a.happened <> 'begin')"
    )
    assert house.ask(open_ended, task=SEND_DELIVERIES) == [(0,)]
    house.start_worker()
    wait_until_empty(house, 20)
    assert check(house, made) == 0


def test_a_delivery_that_kills_its_worker_is_dead_after_a_few_and_the_others_arrive(house: House, town: Town) -> None:
    house.supervisor.stop("worker")
    house.start_worker("--include", "tests.faults.poison")
    poisoned = promise(town, 0, f"Gift {town.mark}")
    made = [promise(town, n, f"Frisk {town.mark} {n}") for n in range(1, 6)]
    wait_until_empty(house, 40)
    with pytest.raises(BrokenPromiseError, match="10 of 10 lost"):
        check(house, [poisoned])
    assert check(house, made) <= 5 * PEOPLE
    rows = house.ask(
        "SELECT o.state, o.attempts FROM outbox o JOIN delivery d ON d.id = o.subject_id WHERE d.operation_id = %(id)s",
        id=poisoned,
    )
    assert {state for state, _ in rows} == {"dead"}
    assert max(attempts for _, attempts in rows) <= 5
    house.supervisor.stop("worker")
    house.start_worker()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_of_2000_invitations_in_a_long_storm_none_is_lost(
    house: House, town: Town, seed: int, record_property: Callable[[str, object], None]
) -> None:
    storm = rage(house, town, seed=seed, operations=200, faults=20)
    record_property("storm", str(storm))
    assert storm.faults.total() == 20
    assert storm.duplicates <= 20  # every blow falls into a batch, and costs at most what each child has in hand
    assert storm.drained < 60
