"""A colleague's place is changed; that somebody took a role is told to the log reviewers, an address to its person."""

from __future__ import annotations

from uuid import uuid4

from samsyn.access.queries import get_place, log_reviewers
from samsyn.access.service import ChangePlace, change_place
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.uow import UnitOfWork


def change_and_tell(uow: UnitOfWork, command: ChangePlace) -> None:
    """Change a place, refused as ``change_place`` is; who takes a role hears nothing, the other log reviewers do.

    Whose work address was changed hears that on the page: from now on the invitations go there, and not to the mailbox
    of before. Each time is told anew, so it is about nothing that has a number: the line of the trail says what it was.
    """
    before = get_place(uow, command.person_id).address
    if change_place(uow, command):
        notify(uow, Tell(NoticeKind.ROLES_OWN, None, "", uuid4(), 1), log_reviewers(uow))
    if get_place(uow, command.person_id).address != before:
        notify(uow, Tell(NoticeKind.ADDRESS_CHANGED, None, "", uuid4(), 1), [(command.person_id, uow.me)])
