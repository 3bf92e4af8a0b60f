"""What the tests of sending do and look at: the task, the queue as time changes it, the ledger, the lead's view."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from samsyn.access.queries import identify
from samsyn.access.rules import Purpose
from samsyn.calendars.queries import Sending, sendings
from samsyn.calendars.service import SEND_DELIVERIES
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import Reschedule, ask_for_person, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.service import AskPerson
from samsyn_workers.calendars import send_deliveries
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import Walk


def send(office: Office) -> int:
    return int(send_deliveries(acts_for=str(office.id)))


def change(office: Office, what: str) -> None:
    """Change the authority's queue, as time would."""
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        uow.session.execute(text(f"UPDATE outbox SET {what} WHERE state <> 'done'"))


def end_leases(office: Office) -> None:
    change(office, "lease_until = now() - interval '1 second'")


def end_pauses(office: Office) -> None:
    change(office, "next_at = now()")


def queue(office: Office) -> list[tuple[str, int]]:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        rows = uow.session.execute(
            text("SELECT state, attempts FROM outbox WHERE task = :task ORDER BY next_at"),
            {"task": SEND_DELIVERIES},
        )
        return [(row.state, row.attempts) for row in rows]


def ledger(office: Office) -> list[tuple[str, str | None]]:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        rows = uow.session.execute(
            text("SELECT happened, reason FROM delivery_attempt WHERE to_id = me() ORDER BY at, happened = 'begin'")
        )
        return [(row.happened, row.reason) for row in rows]


def seen_by_lead(town: Town, walk: Walk, person: UUID) -> Sending:
    with unit_of_work(town.planner(town.police)) as uow:
        return next(s for s in sendings(uow, walk.operation) if s.person_id == person)


def move(town: Town, walk: Walk, by: float = 1) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(walk.operation, START + hours(by), get_operation(uow, walk.operation).version))


def ask_colleague(town: Town, walk: Walk, office: Office) -> UUID:
    """Invite a second person of an office into the same operation."""
    with unit_of_work(town.planner(town.police)) as uow:
        ask_for_person(uow, AskPerson(walk.operation, office.id, office.inspectors[1]))
    return office.inspectors[1]


def is_open(secret: str) -> bool:
    try:
        identify(secret, frozenset({Purpose.ANSWER}))
    except NotKnownError:
        return False
    return True
