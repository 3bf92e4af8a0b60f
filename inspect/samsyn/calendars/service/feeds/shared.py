"""Feeds of a unit, of chosen operations, of a collaboration: an event per operation, without anybody's name or place.

They say when, at level authority also the code word and the own authority; nothing else is handed to what renders them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.queries import people_of_unit
from samsyn.authorities.queries import authority_names
from samsyn.calendars.models import Delivery, Feed, FeedOperation
from samsyn.calendars.queries.feeds import AHEAD, BACK
from samsyn.calendars.rendering import Entry, Standing
from samsyn.calendars.rules import FeedScope
from samsyn.calendars.service.feeds.own import GONE, NOT_YET, Version
from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, PersonLine, followed_operations, places_of
from samsyn.operations.rules import AssignmentState, OperationState


@dataclass(frozen=True, slots=True)
class Seen:
    """What a shared feed says of one operation."""

    operation: OperationCard
    starts_at: datetime
    ends_at: datetime
    standing: Standing
    changed_at: datetime
    sequence: int


def shared_entries(uow: UnitOfWork, feed: Feed) -> list[Entry]:
    """Return the events of a feed that is not the person's own, from the rows as they are now."""
    seen = of_unit(uow, feed.unit_id) if feed.unit_id is not None else of_operations(uow, feed)
    own = authority_names(uow, {uow.me}).get(uow.me, "")
    return [
        Entry(
            uid=f"{feed.scope}:{one.operation.id}",
            sequence=one.sequence,
            code_word=one.operation.code_word,
            meeting_place="",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            asks="",
            role="",
            own_authority=own,
            contact="",
            operation_url="",
            standing=one.standing,
            changed_at=one.changed_at,
        )
        for one in seen
    ]


def first_told(uow: UnitOfWork, operations: Collection[UUID], to_id: UUID | None = None) -> dict[UUID, Version]:
    """The highest version that anybody (of one authority) was told, by operation, and when the first of them was.

    Somebody who is added later is told the first version: that changes nothing for who follows the whole.
    """
    d = Delivery
    rows = (
        select(d.operation_id, d.sequence, func.min(d.written_at))
        .where(one_of(d.operation_id, operations))
        .group_by(d.operation_id, d.sequence)
        .order_by(d.operation_id, d.sequence)
    )
    if to_id is not None:
        rows = rows.where(d.to_id == to_id)
    return {row[0]: Version(row[1], row[2]) for row in uow.session.execute(rows)}


def of_operations(uow: UnitOfWork, feed: Feed) -> list[Seen]:
    """Chosen operations, or a collaboration's: those that have had a time which was meant to hold."""
    chosen: list[UUID] | None = None
    if feed.scope is FeedScope.OPERATIONS:
        chosen = list(uow.session.scalars(select(FeedOperation.operation_id).where(FeedOperation.feed_id == feed.id)))
    window = (uow.now - BACK, uow.now + AHEAD)
    followed = followed_operations(uow, *window, ids=chosen, collaboration_id=feed.collaboration_id)
    told = first_told(uow, [one.operation.id for one in followed])
    found = []
    for one in followed:
        operation, version = one.operation, told.get(one.operation.id)
        cancelled = operation.state is OperationState.CANCELLED
        was_shown = (one.planned or version is not None) and operation.ends_at > uow.now
        if operation.state in NOT_YET or (cancelled and not was_shown):
            continue
        standing = Standing.CANCELLED if cancelled else Standing.COMING
        changed, n = (version.told_at, version.sequence) if version else (operation.changed_at, 0)
        found.append(Seen(operation, operation.begins_at, operation.ends_at, standing, changed, n))
    return found


def of_unit(uow: UnitOfWork, unit_id: UUID) -> list[Seen]:
    """The operations that somebody of a unit goes to, or was called off from, from the first to the last of them."""
    places = places_of(uow, people_of_unit(uow, unit_id), uow.now - BACK, uow.now + AHEAD)
    by_operation = sorted(places, key=lambda it: str(it[1].id))
    told = first_told(uow, {operation.id for _, operation in places}, uow.me)
    found = []
    for _, group in groupby(by_operation, key=lambda it: it[1].id):
        members = list(group)
        operation = members[0][1]
        seen = together(operation, [place for place, _ in members], told.get(operation.id))
        if seen is not None and (seen.standing is not Standing.CANCELLED or seen.ends_at > uow.now):
            found.append(seen)
    return found


def together(operation: OperationCard, places: Sequence[PersonLine], told: Version | None) -> Seen | None:
    """Return the one event of several people's places, or nothing where none of them goes or was called off.

    Its last change is that of the places which it follows from: a second yes, or one more at the same time, is none.
    """
    going = [place for place in places if place.goes]
    cancelled = operation.state is OperationState.CANCELLED or not going
    kept = going or [place for place in places if place.state in GONE and told is not None]
    if operation.state in NOT_YET or not kept or (cancelled and told is None):
        return None
    first = min(kept, key=lambda it: (it.starts_at, it.changed_at, it.assignment_id))
    last = min(kept, key=lambda it: (-it.ends_at.timestamp(), it.changed_at, it.assignment_id))
    yes = [place.changed_at for place in going if place.state is AssignmentState.ACCEPTED]
    coming = Standing.COMING if yes else Standing.ASKED
    changes = [first.changed_at, last.changed_at, told.told_at if told else operation.changed_at, *sorted(yes)[:1]]
    return Seen(
        operation,
        first.starts_at,
        last.ends_at,
        Standing.CANCELLED if cancelled else coming,
        max(changes),
        told.sequence if told else 0,
    )
