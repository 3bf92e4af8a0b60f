"""Hold people's time for the proposals of a time poll, and let go of it; the exclusion constraint decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.exc import IntegrityError

from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Booking
from samsyn.operations.rules import BookingState


@dataclass(frozen=True, slots=True)
class HoldOption:
    """A person's time for one proposal."""

    option_id: UUID
    person_id: UUID
    authority_id: UUID
    during: tuple[datetime, datetime]


def hold_options(uow: UnitOfWork, holds: Sequence[HoldOption]) -> None:
    """Hold what is free; time that is taken already stays as it is, and nobody is told whose or what for."""
    values = [
        {
            "id": uuid4(),
            "person_id": one.person_id,
            "authority_id": one.authority_id,
            "during": Range(*one.during),
            "state": BookingState.ASKED,
            "poll_option_id": one.option_id,
        }
        for one in sorted(holds, key=lambda it: (str(it.person_id), it.during))  # in one order everywhere
    ]
    if values:
        uow.session.execute(insert_or_leave(Booking).on_conflict_do_nothing(), values)


def hold_again(uow: UnitOfWork, one: HoldOption) -> None:
    """Hold a proposal's time that was let go of, or never held; nothing where it is taken."""
    hold_options(uow, [one])
    again = update(Booking).where(
        Booking.poll_option_id == one.option_id,
        Booking.person_id == one.person_id,
        Booking.authority_id == one.authority_id,
        Booking.state == BookingState.RELEASED,
    )
    try:
        with uow.session.begin_nested():
            uow.session.execute(again.values(state=BookingState.ASKED))
    except IntegrityError as error:
        if "ex_booking_person" not in str(error.orig):
            raise


def release_options(uow: UnitOfWork, options: Collection[UUID], person_id: UUID | None = None) -> int:
    """Let go of all that is held for some proposals (of one person, where one is named); return how much that was."""
    held = update(Booking).where(Booking.poll_option_id.in_(options), Booking.state == BookingState.ASKED)
    if person_id is not None:
        held = held.where(Booking.person_id == person_id)
    return len(uow.session.scalars(held.values(state=BookingState.RELEASED).returning(Booking.id)).all())


def release_polled(uow: UnitOfWork, person_id: UUID, after: datetime) -> int:
    """Let go of all that is held for proposals of one person of the own authority from a moment on."""
    held = update(Booking).where(
        Booking.person_id == person_id,
        Booking.authority_id == uow.me,
        Booking.poll_option_id.is_not(None),
        Booking.state == BookingState.ASKED,
        func.lower(Booking.during) >= after,
    )
    return len(uow.session.scalars(held.values(state=BookingState.RELEASED).returning(Booking.id)).all())
