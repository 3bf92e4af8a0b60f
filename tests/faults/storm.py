"""Many invitations while processes are killed: who is invited, who kills, and what must have arrived."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from typing import Final
from uuid import UUID, uuid4

from icalendar import Calendar
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.calendars.service import SEND_DELIVERIES, About, Wanted, invite
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.models import Assignment, Booking, Operation, Participation
from tests.factories import START, Town, hours
from tests.faults.house import House

PEOPLE: Final = 10
WAITING: Final = "SELECT count(*) FROM outbox WHERE task = %(task)s AND state IN ('due', 'leased')"

ATTEMPTS: Final = """
    SELECT count(*) FILTER (WHERE happened = 'begin' AND NOT EXISTS (
               SELECT FROM delivery_attempt e
                WHERE e.delivery_id = a.delivery_id AND e.attempt = a.attempt AND e.happened <> 'begin')),
           count(*) FILTER (WHERE happened = 'unknown')
      FROM delivery_attempt a WHERE operation_id = ANY(%(ids)s)"""


class BrokenPromiseError(Exception):
    """Something that was promised did not arrive, or arrived as something else."""


@dataclass(frozen=True)
class Storm:
    """How it went. ``duplicates``: mails beyond the first of a delivery; ``vanished``: attempts that were begun and
    never ended; ``unknown``: links cut while a mail was handed over; ``drained``: seconds from the last fault until
    nothing was left to send.
    """

    deliveries: int
    faults: Counter[str]
    duplicates: int
    vanished: int
    unknown: int
    drained: float


def promise(town: Town, number: int, code_word: str) -> UUID:
    """Plan an operation and invite ten people of four authorities, in one transaction."""
    who = [(office.id, person) for office in town.offices for person in (*office.inspectors, office.planner)][:PEOPLE]
    starts_at = START + timedelta(hours=4 * number)
    with unit_of_work(town.planner(town.police)) as uow:
        operation_id = plan(uow, town, code_word, (starts_at, starts_at + hours(3)))
        wanted = [
            Wanted(
                uuid4(), person, authority, f"{uuid4()}@samsyn.invalid", "inspector", starts_at, starts_at + hours(3)
            )
            for authority, person in who
        ]
        for one in wanted:
            hold(uow, operation_id, town.police.id, one)
        invite(uow, About(operation_id, code_word, "Polishuset", town.police.name, ("Polisen",)), wanted)
    return operation_id


def plan(uow: UnitOfWork, town: Town, code_word: str, during: tuple[object, object]) -> UUID:
    operation_id, (starts_at, ends_at) = uuid4(), during
    uow.session.execute(
        insert(Operation).values(
            id=operation_id, lead_id=town.police.id, collaboration_id=town.collaboration, code_word=code_word,
            state="invited", ad_hoc=False, in_danger=False, starts_at=starts_at, ends_at=ends_at,
            changed_at=uow.now, version=1,
        )
    )  # fmt: skip
    for office in town.offices:
        uow.session.execute(
            insert(Participation).values(
                operation_id=operation_id, authority_id=office.id, lead_id=town.police.id, required=True, minimum=1
            )
        )
    return operation_id


def hold(uow: UnitOfWork, operation_id: UUID, lead_id: UUID, one: Wanted) -> None:
    booking_id = uuid4()
    uow.session.execute(
        insert(Booking).values(
            id=booking_id, person_id=one.person_id, authority_id=one.authority_id, state="asked",
            during=Range(one.starts_at, one.ends_at),
        )
    )  # fmt: skip
    uow.session.execute(
        insert(Assignment).values(
            id=one.assignment_id, operation_id=operation_id, lead_id=lead_id, authority_id=one.authority_id,
            person_id=one.person_id, booking_id=booking_id, role=one.role, state="asked", starts_at=one.starts_at,
            ends_at=one.ends_at, uid=one.uid, changed_at=uow.now, version=1,
        )
    )  # fmt: skip


def kill_worker(house: House, _chance: random.Random) -> bool:
    return kill(house.supervisor.pid("worker"))


def kill_child(house: House, chance: random.Random) -> bool:
    children = house.workers_children()
    return kill(chance.choice(children).pid if children else None)


def kill_valkey(house: House, _chance: random.Random) -> bool:
    return kill(house.valkey.pid)  # it comes back empty: it keeps nothing on disk


def kill_mailbox(house: House, _chance: random.Random) -> bool:
    return kill(house.mailbox.pid)


def kill(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, signal.SIGKILL) if pid else None
    except ProcessLookupError:
        return False
    return pid is not None


Fault = Callable[[House, random.Random], bool]
FAULTS: Final[tuple[Fault, ...]] = (kill_worker, kill_child, kill_valkey, kill_mailbox)


def rage(house: House, town: Town, *, seed: int, operations: int, faults: int, settle: float = 60.0) -> Storm:
    """Invite in ``faults`` bursts and kill something in the middle of each; wait until the queue is empty; check.

    Raises ``BrokenPromiseError``.
    """
    chance = random.Random(seed)
    turns = [FAULTS[n % len(FAULTS)] for n in range(faults)]
    chance.shuffle(turns)
    made: list[UUID] = []
    done: Counter[str] = Counter()
    for turn, fault in enumerate(turns):
        until = time.monotonic() + chance.uniform(1, 2)
        while len(made) < operations * (turn + 1) // faults:
            made.append(promise(town, len(made), f"Storm {town.mark} {len(made)}"))
        wait_for_the_middle(house, chance)
        strike_until_it_hits(house, chance, fault)
        done[fault.__name__] += 1
        time.sleep(max(0.0, until - time.monotonic()))
    drained = wait_until_empty(house, settle)
    duplicates = check(house, made)
    ((vanished, unknown),) = house.ask(ATTEMPTS, ids=made)
    return Storm(operations * PEOPLE, done, duplicates, vanished, unknown, drained)


def strike_until_it_hits(house: House, chance: random.Random, fault: Fault) -> None:
    """Kill; what is down from the last blow is waited for."""
    until = time.monotonic() + 20
    while not fault(house, chance):
        assert time.monotonic() < until, f"{fault.__name__}: nothing there to kill"
        time.sleep(0.05)


def wait_for_the_middle(house: House, chance: random.Random) -> None:
    """Return while a batch is being sent; a worker that is still starting is waited for, four seconds at most."""
    until, before = time.monotonic() + 4, len(os.listdir(house.mailbox.mail / "new"))
    while time.monotonic() < until and len(os.listdir(house.mailbox.mail / "new")) == before:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.05))


def wait_until_empty(house: House, settle: float) -> float:
    """Return the seconds until nothing waits to be sent."""
    began = time.monotonic()
    while house.ask(WAITING, task=SEND_DELIVERIES)[0][0]:
        if time.monotonic() - began > settle:
            raise BrokenPromiseError(f"not drained within {settle} s")
        time.sleep(0.1)
    return time.monotonic() - began


def arrived(house: House) -> dict[str, list[bytes]]:
    """What lies in the Maildir, by Message-ID, each without the envelope lines that the mailbox wrote above it."""
    found: dict[str, list[bytes]] = {}
    for path in (house.mailbox.mail / "new").iterdir():
        content = b"From:" + path.read_bytes().partition(b"\r\nFrom:")[2]
        message_id = str(message_from_bytes(content)["Message-ID"])
        found.setdefault(message_id.strip("<>").partition("@")[0], []).append(content)
    return found


def named(content: bytes) -> tuple[str, int]:
    """Return UID and SEQUENCE of a mail."""
    part = next(p for p in message_from_bytes(content).walk() if p.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    (event,) = Calendar.from_ical(payload).walk("VEVENT")
    return str(event["UID"]), int(str(event["SEQUENCE"]))


def check(house: House, operations: list[UUID]) -> int:
    """Raise ``BrokenPromiseError`` unless every delivery arrived, every copy is the same, every ledger ends well.

    Return how many mails were one too many.
    """
    told = house.ask(
        "SELECT d.id::text, d.uid, d.sequence, (SELECT a.happened FROM delivery_attempt a WHERE a.delivery_id = d.id"
        " ORDER BY a.at DESC, a.happened = 'begin' LIMIT 1) FROM delivery d WHERE d.operation_id = ANY(%(ids)s)",
        ids=operations,
    )
    if len(told) != len(operations) * PEOPLE:
        raise BrokenPromiseError(f"{len(told)} deliveries of {len(operations) * PEOPLE}")
    mails, more = arrived(house), 0
    if lost := [row[0] for row in told if row[0] not in mails]:
        raise BrokenPromiseError(f"{len(lost)} of {len(told)} lost")
    for delivery, uid, sequence, last in told:
        copies = mails[delivery]
        more += len(copies) - 1
        if len(copies) > 3:
            raise BrokenPromiseError(f"{len(copies)} copies of one delivery")
        if len(set(copies)) != 1 or named(copies[0]) != (uid, sequence):
            raise BrokenPromiseError(f"{len(set(copies))} different mails of one delivery")
        if last != "accepted":
            raise BrokenPromiseError(f"the ledger ends with {last}")
    return more
