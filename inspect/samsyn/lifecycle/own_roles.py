"""A colleague's place is changed; that somebody took a role is told to the log reviewers, as an alarm of the log is."""

from __future__ import annotations

from uuid import uuid4

from samsyn.access.queries import log_reviewers
from samsyn.access.service import ChangePlace, change_place
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.uow import UnitOfWork


def change_and_tell(uow: UnitOfWork, command: ChangePlace) -> None:
    """Change a place, refused as ``change_place`` is; who takes a role hears nothing, the other log reviewers do.

    Each time is told anew, so it is about nothing that has a number: the line of the trail says what it was.
    """
    if change_place(uow, command):
        notify(uow, Tell(NoticeKind.ROLES_OWN, None, "", uuid4(), 1), log_reviewers(uow))
