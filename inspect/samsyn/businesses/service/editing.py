"""Change a business by hand: the place, what is done there, hours and permits; and a new operator at a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm.attributes import flag_modified

from samsyn.audit.service import record
from samsyn.businesses.identity import IdentityKind, classify, holds_personal_number
from samsyn.businesses.models import Business, Operator, Premises
from samsyn.businesses.rules import Trade, same_place
from samsyn.businesses.service.hours import (
    OpenSpell,
    SetOpeningHours,
    SetPermit,
    find_business,
    set_opening_hours,
    set_permit,
)
from samsyn.businesses.service.operators import operator_digest, write_operator
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.texts import sort_key


@dataclass(frozen=True, slots=True)
class EditBusiness:
    """How a business reads from now on; ``seen_version`` is that of its place, which guards all that is there."""

    business_id: UUID
    name: str
    address: str
    postcode: str
    town: str
    trades: tuple[Trade, ...]
    hours: tuple[OpenSpell, ...]
    permits: tuple[SetPermit, ...]
    seen_version: int


@dataclass(frozen=True, slots=True)
class ChangeOperator:
    """A new operator at the place of a business from a day on; ``number`` may be empty where nobody knows it."""

    business_id: UUID
    name: str
    number: str
    on: date
    seen_version: int


def edit_business(uow: UnitOfWork, command: EditBusiness) -> None:
    """Write what reads otherwise now. Hours and permits are written whole; a permit that is not named stays.

    ``ChangedMeanwhileError`` where the place was changed since; ``ConflictError`` for an address that another has.
    """
    refuse_personal_numbers(uow, name=command.name, address=command.address)
    business = find_business(uow, command.business_id)
    place = place_as_seen(uow, business, command.seen_version)
    key = same_place(command.name, command.address, command.postcode)
    taken = select(Premises.id).where(
        Premises.collaboration_id == place.collaboration_id, Premises.match_key == key, Premises.id != place.id
    )
    if uow.session.scalar(taken) is not None:
        raise ConflictError("another place has that name and address")
    place.name, place.sort_key = command.name, sort_key(command.name)
    place.address, place.postcode, place.town, place.match_key = command.address, command.postcode, command.town, key
    business.trades = [trade.value for trade in command.trades]
    uow.session.flush()
    set_opening_hours(uow, SetOpeningHours(business.id, command.hours))
    for permit in command.permits:
        set_permit(uow, permit)
    record(uow, "business.edit", business.id)


def change_operator(uow: UnitOfWork, keys: Keys, command: ChangeOperator) -> UUID:
    """End a business and begin one of another operator at the same place, from a day on; return the new one.

    The old one keeps what was found there. A sole trader's number goes encrypted into the own silo (R11).
    """
    refuse_personal_numbers(uow, name=command.name)
    old = find_business(uow, command.business_id)
    place = place_as_seen(uow, old, command.seen_version)
    if old.during.upper is not None:
        raise InvalidError("has ended already", fields={"on": ["the operator has ended already"]})
    if old.during.lower is not None and command.on <= old.during.lower:
        raise InvalidError("ends before it begins", fields={"on": ["must be after its first day"]})
    operator_id = operator_of(uow, keys, place, command)
    if operator_id == old.operator_id:
        raise InvalidError("the same operator", fields={"number": ["is the operator already"]})
    old.during = Range(old.during.lower, command.on)
    uow.session.flush()
    new = Business(
        id=uuid4(),
        collaboration_id=old.collaboration_id,
        operator_id=operator_id,
        premises_id=place.id,
        trades=list(old.trades),
        sni=list(old.sni),
        during=Range(command.on, None),
    )
    uow.session.add(new)
    uow.session.flush()
    record(uow, "business.end", old.id)
    record(uow, "business.begin", new.id)
    return new.id


def place_as_seen(uow: UnitOfWork, business: Business, seen_version: int) -> Premises:
    """Return the place and count it up; ``ChangedMeanwhileError`` unless the viewer saw its newest version."""
    place = uow.session.get_one(Premises, business.premises_id)
    if place.version != seen_version:
        raise ChangedMeanwhileError(f"you saw version {seen_version}, it is now {place.version}")
    flag_modified(place, "name")  # also a change of hours alone is one that the next one must have seen
    return place


def operator_of(uow: UnitOfWork, keys: Keys, place: Premises, command: ChangeOperator) -> UUID:
    """Return the operator with that number, known or added now; ``InvalidError`` for what is no number."""
    identity = classify(command.number, uow.today) if command.number else None
    if identity is not None and identity.kind is IdentityKind.INVALID:
        raise InvalidError("no identity number", fields={"number": ["is no organisation number"]})
    key = operator_digest(keys, place.collaboration_id, command.name, identity, place.match_key)
    known = select(Operator.id).where(Operator.collaboration_id == place.collaboration_id, Operator.match_key == key)
    found = uow.session.scalar(known)
    return found or write_operator(uow, keys, place.collaboration_id, command.name, identity, key).id


def refuse_personal_numbers(uow: UnitOfWork, **texts: str) -> None:
    """Raise ``InvalidError`` for a text that holds a personal identity number: it would stand in lists (R5)."""
    held = [name for name, text in texts.items() if holds_personal_number(text, uow.today)]
    if held:
        raise InvalidError("a personal number", fields={name: ["holds a personal number"] for name in held})
