"""Write when a business is open, which permits it has, and that it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as insert_or_change

from samsyn.audit.service import record
from samsyn.businesses.models import Business, OpeningHours, Permit
from samsyn.businesses.rules import PermitKind
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork

DAY: Final = 24 * 60
SUNDAY: Final = 7


@dataclass(frozen=True, slots=True)
class OpenSpell:
    """Open on a weekday (ISO: 1 is Monday) between two minutes after midnight; past 1440 is the next day."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SetOpeningHours:
    """The whole week; a day without a spell is closed."""

    business_id: UUID
    hours: tuple[OpenSpell, ...]


@dataclass(frozen=True, slots=True)
class SetPermit:
    """A public permit; no last day means until further notice."""

    business_id: UUID
    kind: PermitKind
    valid_from: date | None
    valid_until: date | None


def find_business(uow: UnitOfWork, business_id: UUID) -> Business:
    """Return the row for a planner of a member; ``NotFoundError`` where it is hidden or absent."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner keeps the registry")
    row = uow.session.get(Business, business_id)
    if row is None:
        raise NotFoundError("no such business")
    return row


def set_opening_hours(uow: UnitOfWork, command: SetOpeningHours) -> None:
    """Write the week's hours in place of the old ones."""
    for spell in command.hours:
        if not (1 <= spell.weekday <= SUNDAY and 0 <= spell.opens < DAY and spell.opens < spell.closes <= 2 * DAY):
            raise InvalidError("no such opening hours", fields={"hours": ["must open before they close"]})
    business = find_business(uow, command.business_id)
    uow.session.execute(
        update(OpeningHours)
        .where(OpeningHours.business_id == business.id, OpeningHours.withdrawn_at.is_(None))
        .values(withdrawn_at=uow.now)
    )
    spells = {(spell.weekday, spell.opens): spell.closes for spell in command.hours}
    if spells:
        written = insert_or_change(OpeningHours)
        uow.session.execute(
            written.on_conflict_do_update(
                index_elements=["business_id", "weekday", "opens"],
                set_={"closes": written.excluded.closes, "withdrawn_at": None},
            ),
            [
                {
                    "business_id": business.id,
                    "weekday": weekday,
                    "opens": opens,
                    "closes": closes,
                    "collaboration_id": business.collaboration_id,
                }
                for (weekday, opens), closes in sorted(spells.items())
            ],
        )
    record(uow, "business.hours", business.id)


def set_permit(uow: UnitOfWork, command: SetPermit) -> None:
    """Write a permit of a business, or its new term; ``InvalidError`` for one that ends before it begins."""
    first, last = command.valid_from, command.valid_until
    if first is not None and last is not None and last < first:
        raise InvalidError("ends before it begins", fields={"valid_until": ["must not be before valid_from"]})
    business = find_business(uow, command.business_id)
    term = {"valid_from": first, "valid_until": last}
    stands = select(Permit.id).where(Permit.business_id == business.id, Permit.permit_kind == command.kind.value)
    permit_id = uow.session.scalar(stands)
    if permit_id is not None:
        uow.session.execute(update(Permit).where(Permit.id == permit_id).values(**term))
    else:
        values = {"id": uuid4(), "business_id": business.id, "collaboration_id": business.collaboration_id}
        uow.session.execute(insert(Permit).values(permit_kind=command.kind.value, **values, **term))
    record(uow, "business.permit", business.id)


def end_business(uow: UnitOfWork, business_id: UUID, on: date) -> None:
    """Say that the operator is at the place no more from a day on; what was found there stays where it is."""
    business = find_business(uow, business_id)
    if business.during.lower is not None and on <= business.during.lower:
        raise InvalidError("ends before it begins", fields={"on": ["must be after its first day"]})
    business.during = Range(business.during.lower, on)
    uow.session.flush()
    record(uow, "business.end", business.id)
