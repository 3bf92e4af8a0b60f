"""End a colleague's place after a day, and let the person come back; ended ways in stay ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from samsyn.access.models import Identity, Passkey, RecoveryCode, Staff, Token, Totp
from samsyn.access.rules import Role
from samsyn.access.service.deputies import end_deputies_of
from samsyn.access.service.places import demand_another_administrator, held_place
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK


@dataclass(frozen=True, slots=True)
class PlaceEnds:
    """That somebody's time in the viewer's authority is over after a day."""

    person_id: UUID
    last_day: date


def end_place(uow: UnitOfWork, command: PlaceEnds) -> None:
    """Note the last day of a colleague. Today or before: out at the next request, every credential of here is ended.

    Later: out at the first request after that day, when every sign-in asks for it. What the person wrote stays where
    it is, in the person's name. ``NotFoundError`` for who has no place here, ``ConflictError`` for the last
    administrator.
    """
    place = held_place(uow, command.person_id)
    if Role.UNIT_ADMIN in place.roles:
        demand_another_administrator(uow, command.person_id, "last_day")
    note_last_day(uow, command.person_id, command.last_day)
    if command.last_day <= uow.today:
        end_credentials(uow, command.person_id)
        end_deputies_of(uow, command.person_id)
    record(uow, "person.leave", command.person_id, reason=command.last_day.isoformat())


def return_to_place(uow: UnitOfWork, person_id: UUID) -> bool:
    """Take the last day away; return whether the person was out already and needs a new way in.

    Nothing that was ended opens again. ``ConflictError`` where there is no last day.
    """
    place = held_place(uow, person_id)
    if place.until_on is None:
        raise ConflictError("there is no last day")
    was_out = place.out(uow.today)
    if was_out:
        end_credentials(uow, person_id)
    note_last_day(uow, person_id, None)
    record(uow, "person.return", person_id)
    return was_out


def note_last_day(uow: UnitOfWork, person_id: UUID, last_day: date | None) -> None:
    """Write it."""
    mine = update(Staff).where(Staff.person_id == person_id, Staff.authority_id == uow.me)
    uow.session.execute(mine.values(until_on=last_day))


def end_credentials(uow: UnitOfWork, person_id: UUID) -> None:
    """End what opens anything here: sign-ins, sessions, tokens, feeds, answer links, identities."""
    t, i = Token, Identity
    theirs = update(t).where(t.person_id == person_id, t.authority_id == uow.me, t.revoked_at.is_(None))
    uow.session.execute(theirs.values(revoked_at=uow.now))
    uow.session.execute(delete(i).where(i.person_id == person_id, i.authority_id == uow.me))


def end_ways_in(uow: UnitOfWork) -> bool:
    """As a worker in the person's name, when the last day is over: end the credentials, and the person's own keys.

    Keys and codes belong to the person and not to an authority: they stay for who has a place elsewhere. Does nothing,
    and says so, where the person came back or stays longer. Twice is once.
    """
    if TASK not in uow.viewer.roles:
        raise NotAllowedError("a worker ends them")
    s, today = Staff, uow.today
    here = select(s.until_on).where(s.person_id == uow.person, s.authority_id == uow.me)
    until = uow.session.scalar(here)
    if until is None or until > today:
        return False
    end_credentials(uow, uow.person)
    end_deputies_of(uow, uow.person)
    elsewhere = select(s.id).where(
        s.person_id == uow.person, s.authority_id != uow.me, or_(s.until_on.is_(None), s.until_on >= today)
    )
    if uow.session.scalar(elsewhere.limit(1)) is None:
        for kind in (Passkey, Totp, RecoveryCode):
            uow.session.execute(delete(kind).where(kind.person_id == uow.person))
    record(uow, "person.ways_in_ended", uow.person)
    return True
