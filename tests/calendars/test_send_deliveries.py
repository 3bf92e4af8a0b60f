"""Sending, against a real SMTP server: twice, died after sending, overtaken, refused, cut, away, lease lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from samsyn.calendars.letters import Links
from samsyn.calendars.letters import letter as compose
from samsyn.calendars.queries import Told
from samsyn.calendars.rules import Happened
from samsyn.core.outbox import MAX_LOST
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import let_go
from samsyn.operations.rules import OperationState
from samsyn_workers import calendars, mail
from tests.calendars.box import CUT, Box, open_box, open_dead_server, settings
from tests.calendars.sending import (
    ask_colleague,
    end_leases,
    end_pauses,
    is_open,
    ledger,
    move,
    queue,
    seen_by_lead,
    send,
)
from tests.factories import Town, hours
from tests.lifecycle.walk import Walk, walk_to


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Box]:
    with open_box() as box, settings(monkeypatch, folder, f"smtp://127.0.0.1:{box.port}"):
        yield box


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def test_a_task_run_twice_sends_once_and_the_lead_sees_that_it_arrived(town: Town, walk: Walk, box: Box) -> None:
    assert [send(town.tobacco) for _ in range(2)] == [1, 0]
    assert len(box.got) == 1
    assert b"Kiosk" not in box.got[0].content
    assert [said for said, _ in ledger(town.tobacco)] == ["begin", "accepted"]
    person = town.tobacco.inspectors[0]
    assert seen_by_lead(town, walk, person).happened == "accepted"
    assert box.connections == 1  # the second run found nothing due and opened none


def test_the_lead_sees_the_state_and_never_an_address(town: Town, walk: Walk, box: Box) -> None:
    send(town.tobacco)
    seen = seen_by_lead(town, walk, town.tobacco.inspectors[0])
    assert "@" not in repr(seen)
    with unit_of_work(town.planner(town.police)) as uow:
        addresses = uow.session.scalars(text("SELECT address FROM staff_address")).all()
        outbox = uow.session.execute(text("SELECT FROM outbox WHERE acts_for_id = :id"), {"id": town.tobacco.id})
        assert box.got[0].recipient not in addresses
        assert outbox.all() == []


def test_a_worker_that_died_after_sending_costs_a_second_mail_with_the_same_bytes(
    town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> bool:
        raise KeyboardInterrupt  # nobody cleans up after it, as after a kill

    with monkeypatch.context() as patch:
        patch.setattr(calendars, "conclude", die)
        with pytest.raises(KeyboardInterrupt):
            send(town.tobacco)
    assert (len(box.got), queue(town.tobacco)) == (1, [("leased", 1)])
    assert send(town.tobacco) == 0  # the lease still runs
    end_leases(town.tobacco)
    assert send(town.tobacco) == 1
    first, second = box.got
    assert first == second
    assert first.identity == second.identity
    assert [said for said, _ in ledger(town.tobacco)] == ["begin", "begin", "accepted"]
    assert queue(town.tobacco) == [("done", 2)]


def test_a_delivery_is_skipped_only_when_the_same_person_was_told_something_newer(
    town: Town, walk: Walk, box: Box
) -> None:
    anna = town.tobacco.inspectors[0]
    bo = ask_colleague(town, walk, town.tobacco)
    with unit_of_work(town.planner(town.police)) as uow:
        let_go(uow, walk.places[town.tobacco.id])  # a CANCEL for Anna; Bo is told nothing new
    assert send(town.tobacco) == 2
    assert [mail.event["METHOD"] for mail in box.to(anna)] == ["CANCEL"]
    assert [mail.event["METHOD"] for mail in box.to(bo)] == ["REQUEST"]
    assert sorted(said for said, _ in ledger(town.tobacco)) == ["accepted", "accepted", "begin", "begin", "overtaken"]
    assert {state for state, _ in queue(town.tobacco)} == {"done"}


def test_a_refusal_for_good_is_shown_with_its_code_and_not_tried_again(town: Town, walk: Walk, box: Box) -> None:
    box.answers[""] = ["550 5.1.1 no such user"]
    assert send(town.tobacco) == 0
    seen = seen_by_lead(town, walk, town.tobacco.inspectors[0])
    assert (seen.happened, seen.reason) == ("refused", "550")
    end_pauses(town.tobacco)
    assert (send(town.tobacco), box.got, queue(town.tobacco)) == (0, [], [("done", 1)])


def test_a_refusal_for_now_is_shown_and_tried_again_after_its_pause(town: Town, walk: Walk, box: Box) -> None:
    box.answers[""] = ["451 4.7.1 greylisted"]
    assert send(town.tobacco) == 0
    seen = seen_by_lead(town, walk, town.tobacco.inspectors[0])
    assert (seen.happened, seen.reason) == ("refused", "451")
    assert send(town.tobacco) == 0  # not before its pause is over
    end_pauses(town.tobacco)
    assert (send(town.tobacco), len(box.got)) == (1, 1)
    assert seen_by_lead(town, walk, town.tobacco.inspectors[0]).happened == "accepted"


def test_when_it_is_we_who_are_refused_the_invitation_waits(town: Town, walk: Walk, box: Box) -> None:
    box.answers["MAIL"] = ["530 5.7.0 authentication required"]
    assert send(town.tobacco) == 0
    assert seen_by_lead(town, walk, town.tobacco.inspectors[0]).reason == "530"
    end_pauses(town.tobacco)
    assert send(town.tobacco) == 1


def test_a_link_cut_after_data_is_unknown_the_same_bytes_go_again_and_the_untried_rest_is_not_booked(
    town: Town, walk: Walk, box: Box
) -> None:
    ask_colleague(town, walk, town.tobacco)
    box.answers[""] = [CUT]
    assert send(town.tobacco) == 0
    assert [said for said, _ in ledger(town.tobacco)] == ["begin", "begin", "unknown"]
    assert sorted(queue(town.tobacco)) == [("due", 0), ("due", 1)]  # one was never tried, and waits for nothing
    assert send(town.tobacco) == 1
    end_pauses(town.tobacco)
    assert send(town.tobacco) == 1
    cut, other, again = box.got
    assert cut == again
    assert other.recipient != cut.recipient
    assert {state for state, _ in queue(town.tobacco)} == {"done"}


def test_after_421_the_rest_of_the_batch_is_not_booked_either(town: Town, walk: Walk, box: Box) -> None:
    ask_colleague(town, walk, town.tobacco)
    box.answers[""] = ["421 4.3.2 closing"]
    assert send(town.tobacco) == 0
    assert ledger(town.tobacco)[2:] == [("refused", "421")]
    assert sorted(queue(town.tobacco)) == [("due", 0), ("due", 1)]


@pytest.fixture
def dead_server() -> Iterator[tuple[int, list[int]]]:
    with open_dead_server() as server:
        yield server


def test_while_the_mail_server_is_away_rows_stay_due_and_it_is_asked_once_in_ten_seconds(
    town: Town,
    walk: Walk,
    dead_server: tuple[int, list[int]],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> None:
    port, calls = dead_server
    assert mail.PROBE_AFTER == 10
    with settings(monkeypatch, folder, f"smtp://127.0.0.1:{port}"):
        for office in (town.tobacco, town.police, town.environment) * 5:
            assert send(office) == 0
        assert len(calls) == 1
        monkeypatch.setattr(mail, "PROBE_AFTER", 0.0)  # as if ten seconds were over
        send(town.tobacco)
        assert len(calls) == 2
    assert (queue(town.tobacco), ledger(town.tobacco)) == ([("due", 0)], [])
    with open_box() as box, settings(monkeypatch, folder, f"smtp://127.0.0.1:{box.port}"):
        assert send(town.tobacco) == 1


def test_the_breaker_lets_one_of_many_try_and_opens_when_it_worked() -> None:
    breaker = mail.Breaker()
    assert [breaker.may_try() for _ in range(3)] == [True, True, True]
    breaker.failed()
    assert not breaker.may_try()
    breaker.worked()
    assert breaker.may_try()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # of newer Pythons, where other threads run
def test_a_workers_children_share_one_breaker() -> None:
    breaker = mail.Breaker()
    if (child := os.fork()) == 0:
        breaker.failed()
        os._exit(0)
    os.waitpid(child, 0)
    assert not breaker.may_try()


def test_who_lost_the_lease_books_nothing(town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    really = mail.hand_over

    def slow(*args: object) -> mail.Outcome:
        """While it sends, its lease ends and another worker sends the same."""
        end_leases(town.tobacco)
        monkeypatch.setattr(mail, "hand_over", really)
        assert send(town.tobacco) == 1
        return mail.Outcome(Happened.REFUSED, "550")

    monkeypatch.setattr(mail, "hand_over", slow)
    assert send(town.tobacco) == 0
    assert [said for said, _ in ledger(town.tobacco)] == ["begin", "begin", "accepted"]
    assert queue(town.tobacco) == [("done", 2)]


def test_a_person_without_an_address_is_shown_to_the_lead_and_holds_nobody_up(town: Town, walk: Walk, box: Box) -> None:
    colleague = ask_colleague(town, walk, town.tobacco)
    person = town.tobacco.inspectors[0]
    leave = Viewer(town.tobacco.id, person, frozenset({"unit_admin"}))
    with unit_of_work(leave) as uow:
        uow.session.execute(text("UPDATE staff_address SET person_id = :other WHERE person_id = :id"),
                            {"other": town.tobacco.planner, "id": person})  # fmt: skip
    assert send(town.tobacco) == 1
    assert len(box.to(colleague)) == 1
    seen = seen_by_lead(town, walk, person)
    assert (seen.happened, seen.reason) == ("refused", "no_address")


def test_an_address_that_is_none_is_refused_by_us_and_holds_nobody_up(town: Town, walk: Walk, box: Box) -> None:
    colleague = ask_colleague(town, walk, town.tobacco)
    person = town.tobacco.inspectors[0]
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        uow.session.execute(
            text("UPDATE staff_address SET address = 'a@b.example, c@d.example' WHERE person_id = :id"), {"id": person}
        )
    assert send(town.tobacco) == 1
    assert len(box.got) == len(box.to(colleague)) == 1
    seen = seen_by_lead(town, walk, person)
    assert (seen.happened, seen.reason) == ("refused", "invalid")


def test_update_and_cancel_carry_the_same_uid_and_a_higher_sequence(town: Town, walk: Walk, box: Box) -> None:
    person = town.tobacco.inspectors[0]
    send(town.tobacco)
    move(town, walk)
    send(town.tobacco)
    walk.move(town, OperationState.CANCELLED)
    send(town.tobacco)
    invite, update, cancel = (mail.event for mail in box.to(person))
    assert [event["METHOD"] for event in (invite, update, cancel)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert invite["UID"] == update["UID"] == cancel["UID"]
    assert [int(event["SEQUENCE"]) for event in (invite, update, cancel)] == [0, 1, 2]
    assert update["DTSTART"].dt - invite["DTSTART"].dt == hours(1)
    assert len({mail.identity[0] for mail in box.to(person)}) == 3
    assert len({str(mail.message["From"]) for mail in box.to(person)}) == 1


def test_only_the_newest_versions_link_opens_and_after_a_cancel_none(town: Town, walk: Walk, box: Box) -> None:
    person = town.tobacco.inspectors[0]
    send(town.tobacco)
    (first,) = set(box.to(person)[-1].links)
    assert is_open(first)
    move(town, walk)
    send(town.tobacco)
    (second,) = set(box.to(person)[-1].links)
    assert (is_open(first), is_open(second)) == (False, True)
    walk.move(town, OperationState.CANCELLED)
    send(town.tobacco)
    assert box.to(person)[-1].links == []
    assert (is_open(first), is_open(second)) == (False, False)


def test_a_delivery_that_takes_its_worker_with_it_is_given_up_and_takes_no_others(
    town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, colleague = town.tobacco.inspectors[0], ask_colleague(town, walk, town.tobacco)

    def poisoned(told: Told, links: Links) -> object:
        if told.person_id == person:
            raise KeyboardInterrupt
        return compose(told, links)

    monkeypatch.setattr(calendars, "letter", poisoned)
    for _ in range(MAX_LOST + 3):
        try:
            send(town.tobacco)
        except KeyboardInterrupt:
            end_leases(town.tobacco)
    assert len(box.got) == len(box.to(colleague)) == 1
    seen = seen_by_lead(town, walk, person)
    assert (seen.happened, seen.reason) == ("refused", "gave_up")
    assert [state for state, _ in queue(town.tobacco) if state != "done"] == ["dead"]
    assert sum(said == "begin" for said, _ in ledger(town.tobacco)) <= MAX_LOST + 2
