"""Settle a request: what leaves the house is frozen, written as a package, and never changes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from samsyn.access.queries import staff_names
from samsyn.access.rules import Role
from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import ConflictError, GateClosedError, TooMuchError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.service.pictures import Vault
from samsyn.findings.evidence import take_evidence
from samsyn.records.decision import Settled, decision_words, files_of
from samsyn.records.gathering import About, demand_whole
from samsyn.records.models import RecordsItem, RecordsRequest
from samsyn.records.packing import file_name, pack
from samsyn.records.queries import ItemLine, RequestCard, get_request, numbers_of_requests
from samsyn.records.rules import (
    GIVEN,
    MOST_PICTURES,
    NO,
    Choice,
    Content,
    Fault,
    ItemKind,
    Missing,
    NotTakenError,
    Subject,
    digest_of,
    masked,
    suspicious,
)
from samsyn.records.service.packages import Made, keep_package


@dataclass(frozen=True, slots=True)
class Settle:
    """Close a request. ``confirmed``: what looks like a personal number in what is given was looked at."""

    request_id: UUID
    package_id: UUID
    confirmed: bool = False


def missing_of(card: RequestCard, roles: frozenset[str]) -> tuple[Missing, ...]:
    """Return what keeps a request open for this viewer."""
    found = []
    if card.hidden:
        found.append(Missing.HIDDEN)
    if card.count(Choice.UNDECIDED):
        found.append(Missing.UNDECIDED)
    # A no is the authority's decision, not the registrar's (OSL 6:3).
    if Role.DECIDER not in roles and any(one.choice in NO for one in card.items):
        found.append(Missing.DECIDER)
    return tuple(found)


def settle_request(uow: UnitOfWork, vault: Vault, command: Settle) -> UUID:
    """Freeze what is given, write the decision and the package; return the package.

    Raises ``GateClosedError`` naming what is missing, ``NotTakenError`` for a personal number that nobody confirmed,
    ``ConflictError`` the second time, ``FileLostError`` where a picture's file is gone.
    """
    card = get_request(uow, command.request_id)
    if not card.line.open:
        raise ConflictError("the request is settled")
    if missing := missing_of(card, uow.viewer.roles):
        raise GateClosedError("the request cannot be settled yet", missing)
    line = card.line
    demand_whole(uow, About(line.business_id, line.operation_id, line.since, line.until))
    given = {one.id: given_of(one) for one in card.items if one.choice in GIVEN}
    if not command.confirmed and any(map(suspicious, given.values())):
        raise NotTakenError("confirmed", Fault.PERSONAL_NUMBER)
    said = settled(uow, card, given)
    packed = pack(files_of(said, pictures_of(uow, vault, card.items)), {"format": "samsyn-records-1"})
    for item_id, content in given.items():
        uow.session.execute(update(RecordsItem).where(RecordsItem.id == item_id).values(given=content))
    made = Made(
        command.package_id,
        Subject.REQUEST,
        file_name("begaran", uow.today.isoformat(), said.number, secret=False),
        said.number,
        frozenset(str(one.operation_id) for one in card.items if one.choice in GIVEN),
        any(one.unit_only for one in card.items if one.choice in GIVEN),
        request_id=command.request_id,
    )
    keep_package(uow, vault, made, packed)
    close(uow, said, packed.digest)
    record(uow, "records.settle", command.request_id)
    return command.package_id


def settled(uow: UnitOfWork, card: RequestCard, given: dict[UUID, Content]) -> Settled:
    """Return all that the decision's words are made of."""
    names = staff_names(uow, {uow.person})
    number = numbers_of_requests(uow, {card.line.id}).get(card.line.id, "")
    return Settled(
        card.line,
        authority_names(uow, {uow.me})[uow.me],
        names.get((uow.person, uow.me), ""),
        number,
        uow.now,
        card.items,
        given,
    )


def close(uow: UnitOfWork, said: Settled, digest: str) -> None:
    """Write that it is settled: the last change that the database lets anybody make to it."""
    words = "\n\n".join(decision_words(said))
    row = update(RecordsRequest).where(RecordsRequest.id == said.request.id)
    uow.session.execute(
        row.values(
            settled_at=uow.now,
            settled_by=uow.person,
            decider=said.decider,
            decision=words,
            digest=digest_of([words, digest]),
        )
    )


def given_of(one: ItemLine) -> Content:
    """Return what leaves the house of a thing."""
    return masked(one.content, one.masked_fields, one.masked_words) if one.choice is Choice.MASK else dict(one.content)


def pictures_of(uow: UnitOfWork, vault: Vault, items: Sequence[ItemLine]) -> dict[UUID, bytes]:
    """Return the pictures that are given (each reading is audited)."""
    wanted = [one for one in items if one.kind is ItemKind.PICTURE and one.choice in GIVEN]
    if len(wanted) > MOST_PICTURES:
        raise TooMuchError("too many pictures for one package")
    return {one.subject_id: take_evidence(uow, vault.keys, vault.folder, one.subject_id) for one in wanted}
