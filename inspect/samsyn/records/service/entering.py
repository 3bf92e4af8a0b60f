"""Enter a request and gather what falls under it; gather again while it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from samsyn.audit.service import record
from samsyn.businesses.queries import get_business
from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import get_operation
from samsyn.records.gathering import LANGUAGE, About, Found, demand_whole
from samsyn.records.models import RecordsItem, RecordsRequest
from samsyn.records.queries import demand_keeper
from samsyn.records.queries.requests import find_request
from samsyn.records.rules import MOST_WORDS, Choice, Fault, NotTakenError, checked
from samsyn.records.things import gather
from samsyn.retention.service import Place, place_hold
from samsyn.texts import say


@dataclass(frozen=True, slots=True)
class Enter:
    """A request as it came: the day, its words, what it is about. Who asks is not asked (TF 2:18)."""

    request_id: UUID
    received_on: date
    words: str
    about: About


def enter_request(uow: UnitOfWork, command: Enter) -> UUID:
    """Register a request and gather what falls under it in the own silo.

    Raises ``NotAllowedError`` without the role, ``NotFoundError`` for a business or operation that is not the
    viewer's to see, ``NotTakenError`` naming a field, ``TooMuchError`` when it must be narrowed, ``GateClosedError``
    for a person with a conflict of interest at what it concerns.
    """
    demand_keeper(uow)
    about = command.about
    check_about(uow, command.received_on, about)
    demand_whole(uow, about)
    words = checked("words", command.words, MOST_WORDS)
    uow.session.execute(
        insert(RecordsRequest).values(
            id=command.request_id,
            authority_id=uow.me,
            received_on=command.received_on,
            words=words,
            business_id=about.business_id,
            operation_id=about.operation_id,
            since=about.since,
            until=about.until,
            items=0,
            entered_by=uow.person,
            entered_at=uow.now,
            gathered_at=uow.now,
            settled_at=None,
            settled_by=None,
            decider="",
            decision="",
            digest="",
        )
    )
    record(uow, "records.enter", command.request_id)
    # What is asked for must not go before it is examined, nor while a no may be appealed: lifted by a person.
    said = say(LANGUAGE, "retention.by_request", day=command.received_on.isoformat())
    place_hold(uow, Place(said, about.business_id, about.operation_id, command.request_id))
    take(uow, command.request_id, gather(uow, about))
    return command.request_id


def check_about(uow: UnitOfWork, received_on: date, about: About) -> None:
    """Raise for a day to come, for nothing asked, and for what the viewer cannot see."""
    if received_on > uow.today:
        raise NotTakenError("received_on", Fault.FUTURE)
    if about == About():
        raise NotTakenError("business", Fault.NOTHING_NAMED)
    if about.since and about.until and about.until < about.since:
        raise NotTakenError("until", Fault.BACKWARDS)
    if about.business_id is not None:
        get_business(uow, about.business_id)
    if about.operation_id is not None:
        get_operation(uow, about.operation_id)


def gather_again(uow: UnitOfWork, request_id: UUID) -> int:
    """Look once more: what is new is added, what changed is to be decided anew; return how many of both."""
    row = find_request(uow, request_id)
    if row.settled_at is not None:
        raise ConflictError("the request is settled")
    about = About(row.business_id, row.operation_id, row.since, row.until)
    demand_whole(uow, about)
    changed = take(uow, request_id, gather(uow, about))
    record(uow, "records.gather", request_id)
    return changed


def take(uow: UnitOfWork, request_id: UUID, found: Sequence[Found]) -> int:
    """Keep things as they are now; return how many are new or changed."""
    i = RecordsItem
    rows = uow.session.execute(select(i.id, i.item_kind, i.subject_id, i.digest).where(i.request_id == request_id))
    stands = {(row.item_kind, row.subject_id): (row.id, row.digest) for row in rows}
    fresh = [one for one in found if (one.kind, one.subject_id) not in stands]
    changed = 0
    for one in found:
        item_id, digest = stands.get((one.kind, one.subject_id), (None, one.digest))
        if item_id is not None and digest != one.digest:
            values = {**told(one), **undecided()}
            uow.session.execute(update(i).where(i.id == item_id).values(**values))
            changed += 1
    if fresh:
        own = {"request_id": request_id, "authority_id": uow.me, "given": {}}
        uow.session.execute(
            insert(i), [{"id": uuid4(), **own, **keys(one), **told(one), **undecided()} for one in fresh]
        )
    more = update(RecordsRequest).where(RecordsRequest.id == request_id)
    uow.session.execute(more.values(items=RecordsRequest.items + len(fresh), gathered_at=uow.now))
    return changed + len(fresh)


def keys(one: Found) -> dict[str, Any]:
    """Return what a thing is."""
    return {
        "item_kind": one.kind,
        "subject_id": one.subject_id,
        "operation_id": one.operation_id,
        "visit_id": one.visit_id,
        "unit_id": one.unit_id,
        "unit_only": one.unit_only,
    }


def told(one: Found) -> dict[str, Any]:
    """Return what a thing says."""
    return {"at": one.at, "heading": one.heading, "content": one.content, "digest": one.digest}


def undecided() -> dict[str, Any]:
    """Return the columns of something that nobody has decided."""
    return {
        "choice": Choice.UNDECIDED,
        "section": "",
        "reason": "",
        "masked_fields": [],
        "masked_words": [],
        "decided_by": None,
        "decided_at": None,
    }
