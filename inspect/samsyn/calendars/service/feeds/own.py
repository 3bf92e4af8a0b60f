"""The person's own feed: the places that the person has, each as that person was told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from samsyn.authorities.queries import authority_names
from samsyn.calendars.letters import Links, role_name
from samsyn.calendars.models import Delivery
from samsyn.calendars.queries.feeds import AHEAD, BACK, Naming, naming_of
from samsyn.calendars.rendering import Entry, Opened, Standing
from samsyn.calendars.rendering.when import clock
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, PersonLine, TellableVisit, my_assignments, tellable_visits
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.texts import say

GONE: Final = frozenset({AssignmentState.WITHDRAWN})
NOT_YET: Final = frozenset({OperationState.PROPOSED, OperationState.PREPARING})


@dataclass(frozen=True, slots=True)
class Version:
    """The last thing that somebody was told of an operation."""

    sequence: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What the authority decided of full feeds, and, where it allows it, which visits may be told, by assignment."""

    naming: Naming
    visits: Mapping[UUID, Sequence[TellableVisit]]


NOTHING: Final = Shown(Naming(), {})


def shown_by(uow: UnitOfWork) -> Shown:
    """Return what the viewer's own full feed may say of where the visits go (SECRECY, under R7)."""
    naming = naming_of(uow)
    return Shown(naming, tellable_visits(uow, uow.now - BACK, uow.now + AHEAD) if naming.allowed else {})


def own_entries(uow: UnitOfWork, links: Links, more: Shown = NOTHING) -> list[Entry]:
    """Return the viewer's own places, from the rows as they are now, with ``more`` as ``shown_by`` says."""
    told = last_versions(uow)
    places = my_assignments(uow, uow.now - BACK, uow.now + AHEAD)
    kept = [(place, operation) for place, operation in places if shown(uow.now, place, operation, told)]
    names = authority_names(uow, {a for place, op in kept for a in (place.authority_id, op.lead_id)})
    made = [(entry(place, op, told.get(op.id), names, links), place.assignment_id) for place, op in kept]
    return [opening(one, more.visits.get(key, ()), more.naming, links.language) for one, key in made]


def opening(it: Entry, visits: Sequence[TellableVisit], naming: Naming, language: str) -> Entry:
    """Return the event with where its visits go, where that may be told; what is called off says no more than before.

    The decision is a change of every event, when it is taken back too: a client must not see a time go backwards.
    """
    if naming.decided_at is None:  # as nearly everywhere: a thousand events are then not copied
        return it
    changed = max(it.changed_at, naming.decided_at)
    if not visits or it.standing is Standing.CANCELLED:
        return replace(it, changed_at=changed)
    first, more = visits[0], len(visits) - 1
    name = say(language, "calendars.event.and_more", business=first.name, n=more) if more else first.name
    lines = [f"{clock(one.starts_at.astimezone(HOME), language)} {one.name}, {one.address}" for one in visits]
    changed = max([changed, *(one.ended_at for one in visits if one.ended_at)])
    return replace(it, opened=Opened(name, first.address, tuple(lines)), changed_at=changed)


def last_versions(uow: UnitOfWork) -> dict[UUID, Version]:
    """The last version that the viewer was told, by operation."""
    rows = (
        select(Delivery.operation_id, func.max(Delivery.sequence), func.max(Delivery.written_at))
        .where(Delivery.person_id == uow.person, Delivery.to_id == uow.me)
        .group_by(Delivery.operation_id)
    )
    return {row[0]: Version(row[1], row[2]) for row in uow.session.execute(rows)}


def shown(now: datetime, place: PersonLine, operation: OperationCard, told: Mapping[UUID, Version]) -> bool:
    """Say whether a place is in the feed: what is planned for the person, or was told and then called off.

    What was called off stays until its end and then vanishes (CALENDARS 3).
    """
    if operation.state in NOT_YET:
        return False
    if place.state in GONE or operation.state is OperationState.CANCELLED:
        return operation.id in told and place.ends_at > now
    return place.state is not AssignmentState.DECLINED


def entry(
    place: PersonLine, operation: OperationCard, told: Version | None, names: Mapping[UUID, str], links: Links
) -> Entry:
    """Return one event as the person's own feed may say it.

    Its last change is the person's own, or what the person was told: an operation's row also changes for reasons that
    nobody sees here, and the feed must not look new then.
    """
    cancelled = operation.state is OperationState.CANCELLED or place.state in GONE
    coming = Standing.COMING if place.state is AssignmentState.ACCEPTED else Standing.ASKED
    asks = names.get(operation.lead_id, "")
    return Entry(
        uid=place.uid,
        sequence=told.sequence if told else 0,
        code_word=operation.code_word,
        meeting_place=operation.meeting_place or "",
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        asks=asks,
        role=role_name(place.role, links.language),
        own_authority=names.get(place.authority_id, ""),
        contact=say(links.language, "lifecycle.contact.lead", authority=asks),
        operation_url=links.operation(operation.id),
        standing=Standing.CANCELLED if cancelled else coming,
        changed_at=max(place.changed_at, told.told_at if told else operation.changed_at),
    )
