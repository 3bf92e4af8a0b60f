"""What the tests of notices look at: the queue worked off, and what each person has on the page."""

from __future__ import annotations

from sqlalchemy import text

from samsyn.calendars.queries import NoticeLine, list_notices
from samsyn.calendars.rules import NoticeKind
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import lifecycle as tasks
from tests.factories import Office, Town

ALL = (
    tasks.tell_part_asked,
    tasks.tell_part_answered,
    tasks.tell_declined,
    tasks.tell_message,
    tasks.tell_compiled,
    tasks.remind_hand_in,
    tasks.remind_answers,
    tasks.weigh,
    tasks.ask_named,
    tasks.lead_handed,
)


def work(town: Town, *, times: int = 1) -> None:
    """Do what is due, as the workers would."""
    for _ in range(times):
        for office in (*town.offices, town.outsider):
            for task in ALL:
                task(acts_for=str(office.id))


def let_time_pass(office: Office, task: str) -> None:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t"), {"t": task})


def notices(viewer: Viewer) -> list[NoticeLine]:
    with unit_of_work(viewer) as uow:
        return list(list_notices(uow, Seek(200)).items)


def kinds(viewer: Viewer) -> list[NoticeKind]:
    return sorted(one.kind for one in notices(viewer))
