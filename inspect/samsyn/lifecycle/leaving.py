"""A colleague leaves: what will happen is shown first, then the last day is noted and the coming bookings released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import DeputyLine, Openings, list_deputies, openings_of, planners_of
from samsyn.access.service import PlaceEnds, end_place, end_ways_in
from samsyn.calendars.queries import list_feeds
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import cancel, notify, revoke_feed
from samsyn.core.home import HOME
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.notices import about as telling
from samsyn.lifecycle.service import about, wanted
from samsyn.operations.queries import OperationCard, PersonLine, coming_places, operations_on_site
from samsyn.operations.service import release_assignment
from samsyn.operations.service.holds import release_polled
from samsyn.planning.service import remove_address

END_WAYS_IN: Final = "samsyn.lifecycle.end_ways_in"
"""Subject: the person. Planned for the end of the last day; ends what the person alone may read."""
SLACK: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a last day brings. ``on_site``: operations that the person is to lead on site.

    ``deputies``: who stands in for the person, or whom the person stands in for, no longer.
    """

    last_day: date
    at_once: bool
    places: tuple[tuple[PersonLine, OperationCard], ...]
    on_site: tuple[OperationCard, ...]
    openings: Openings
    deputies: tuple[DeputyLine, ...]


def what_leaving_brings(uow: UnitOfWork, person_id: UUID, last_day: date) -> Leaving:
    """Return what will happen, for the administrator to decide on; nothing is changed."""
    after, at_once = free_from(uow, last_day), last_day <= uow.today
    deputies = [one for one in list_deputies(uow, person_id) if at_once or one.until_on > last_day]
    return Leaving(
        last_day,
        at_once,
        tuple(coming_places(uow, person_id, after)),
        tuple(operations_on_site(uow, person_id, after)),
        openings_of(uow, person_id),
        tuple(deputies),
    )


def free_from(uow: UnitOfWork, last_day: date) -> datetime:
    """Return from when on the person goes nowhere: now, or the midnight in Sweden after a last day that comes."""
    if last_day <= uow.today:
        return uow.now
    return datetime.combine(last_day + timedelta(days=1), time(0), HOME)


def leave(uow: UnitOfWork, command: PlaceEnds) -> int:
    """Note the last day and release what is booked after it; return how many places are empty now.

    Each calendar gets its CANCEL, the planners who asked and the own ones are told, and the lead weighs the quorum
    (R8). Refused as ``end_place`` is, and then nothing is changed.
    """
    end_place(uow, command)
    released = release_after(uow, command.person_id, free_from(uow, command.last_day))
    over = datetime.combine(command.last_day + timedelta(days=1), time(0), UTC) + SLACK
    wait = over - uow.now if command.last_day > uow.today else timedelta()
    emit(uow, END_WAYS_IN, command.person_id, acts_for=uow.me, after=wait)
    return released


def release_after(uow: UnitOfWork, person_id: UUID, after: datetime) -> int:
    """Release what a colleague is booked for from a moment on; return how many places that is."""
    found = coming_places(uow, person_id, after)
    for place, operation in found:
        cancel(uow, about(uow, operation), wanted([place]), whole=False)
        release_assignment(uow, place.assignment_id)
        told = planners_of(uow, {uow.me, operation.lead_id})
        notify(uow, telling(NoticeKind.PERSON_DECLINED, operation, place.assignment_id), told)
    release_polled(uow, person_id, after)
    return len(found)


def end_what_opens(uow: UnitOfWork, person_id: UUID) -> None:
    """As the own authority's worker, when the last day is over: in the person's name, who alone may read keys, feeds.

    A transaction of its own, before the row's: done twice it is done once. What was moved past the last day meanwhile
    is released as well.
    """
    with unit_of_work(Viewer.task_of(uow.me, person_id), uow.now) as theirs:
        if not end_ways_in(theirs):
            return
        for feed in list_feeds(theirs):
            if feed.revoked_at is None:
                revoke_feed(theirs, feed.id)
        remove_address(theirs)
    release_after(uow, person_id, uow.now)
