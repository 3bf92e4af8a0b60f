"""Write test purchases down, and that the trader was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, update

from samsyn.access.queries import unit_of_person
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PartCard, get_part
from samsyn.purchases.models import TestPurchase
from samsyn.purchases.queries import get_purchase
from samsyn.purchases.rules import FIELDS, MOST, WRITERS, NotTakenError


@dataclass(frozen=True, slots=True)
class NotePurchase:
    """A purchase at an own part: the day, what was asked for, whether the seller asked about the age."""

    purchase_id: UUID
    part_id: UUID
    on_date: date
    asked_for: str
    age_asked: bool


def may_note(part: PartCard, me: UUID | None, roles: frozenset[str]) -> bool:
    """Say whether a viewer may write a purchase at a part: the own one, of a field whose law knows them."""
    return part.authority_id == me and bool(roles & WRITERS) and bool(part.fields & FIELDS) and not part.withdrawn


def note_purchase(uow: UnitOfWork, command: NotePurchase) -> UUID:
    """Write a purchase down; the trader is to be told (LTLP 7:22).

    Raises ``NotFoundError`` for a part that is not the own one, ``NotAllowedError`` where no law knows test purchases,
    ``NotTakenError`` naming a field.
    """
    part = get_part(uow, command.part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    if not may_note(part, uow.me, uow.viewer.roles):
        raise NotAllowedError("no test purchases here")
    uow.session.execute(
        insert(TestPurchase).values(
            id=command.purchase_id,
            part_id=part.id,
            visit_id=part.visit_id,
            operation_id=part.operation_id,
            authority_id=uow.me,
            unit_id=part.unit_id or unit_of_person(uow, uow.person),
            on_date=past_day(uow, "on_date", command.on_date),
            asked_for=checked(command.asked_for),
            age_asked=command.age_asked,
            told_trader_on=None,
            written_by=uow.person,
            written_at=uow.now,
        )
    )
    record(uow, "purchase.write", command.purchase_id)
    return command.purchase_id


def tell_trader(uow: UnitOfWork, purchase_id: UUID, told_on: date) -> None:
    """Write down on which day the trader was told; once, and what it says stands."""
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("this role writes no test purchases")
    found = get_purchase(uow, purchase_id)
    if found.told_trader_on is not None:
        raise ConflictError("the trader has been told")
    if past_day(uow, "told_on", told_on) < found.on_date:
        raise NotTakenError("told_on", "must not be before the purchase")
    row = update(TestPurchase).where(TestPurchase.id == purchase_id, TestPurchase.told_trader_on.is_(None))
    uow.session.execute(row.values(told_trader_on=told_on))
    record(uow, "purchase.told", purchase_id)


def checked(text: str) -> str:
    """Return what was asked for as it may be kept; no personal numbers (R5)."""
    text = text.replace("\x00", "").strip()
    if not 0 < len(text) <= MOST:
        raise NotTakenError("asked_for", "must have 1 to 500 characters")
    if has_personal_number(text):
        raise NotTakenError("asked_for", "must not hold a personal identity number")
    return text


def past_day(uow: UnitOfWork, field: str, day: date) -> date:
    """Return a day that is not to come."""
    if day > uow.today:
        raise NotTakenError(field, "must not be in the future")
    return day
