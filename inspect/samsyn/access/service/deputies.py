"""Name a deputy for some days, and end that; by the person or by the unit's administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, select, update

from samsyn.access.models import Deputy
from samsyn.access.queries.deputies import STANDS_IN
from samsyn.access.queries.directory import PlaceCard, get_place
from samsyn.access.rules import Role
from samsyn.access.service.places import may_administer
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork

LONGEST: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NameDeputy:
    """Who stands in for a colleague, from one day until another, both included."""

    person_id: UUID
    deputy_id: UUID
    from_on: date
    until_on: date


def name_deputy(uow: UnitOfWork, command: NameDeputy) -> UUID:
    """Let a colleague of the same unit, who plans or decides, hear what a person hears; it gives no role.

    ``NotFoundError`` for who is not of the own authority, ``NotAllowedError`` for anybody but the person and the
    unit's administrator, ``InvalidError`` and ``ConflictError`` with the field's fault.
    """
    person, deputy = get_place(uow, command.person_id), get_place(uow, command.deputy_id)
    demand_own(uow, person)
    today = uow.today
    if command.until_on < max(command.from_on, today) or command.until_on - command.from_on > LONGEST:
        raise InvalidError("not those days", fields={"until_on": ["deputy_days"]})
    fits = person.unit_id == deputy.unit_id and STANDS_IN & set(deputy.roles) and person != deputy
    if not fits or any(one.until_on is not None and one.until_on < command.until_on for one in (person, deputy)):
        raise ConflictError("nobody who can stand in", fields={"deputy_id": ["deputy_unfit"]})
    d = Deputy
    same = select(d.id).where(
        d.authority_id == uow.me,
        d.person_id == command.person_id,
        d.ended_at.is_(None),
        d.from_on <= command.until_on,
        d.until_on >= command.from_on,
    )
    if uow.session.scalar(same.limit(1)) is not None:
        raise ConflictError("there is one in those days", fields={"from_on": ["deputy_named"]})
    made = uuid4()
    days = {"from_on": command.from_on, "until_on": command.until_on}
    who = {"person_id": command.person_id, "deputy_id": command.deputy_id, "named_by_id": uow.person}
    uow.session.execute(insert(d).values(id=made, authority_id=uow.me, named_at=uow.now, **who, **days))
    record(uow, "deputy.name", command.person_id, reason=str(command.deputy_id))
    return made


def end_deputy(uow: UnitOfWork, person_id: UUID, deputy_row: UUID) -> None:
    """End it at once; ``NotFoundError`` for one that is over or is not that person's."""
    demand_own(uow, get_place(uow, person_id))
    d = Deputy
    mine = update(d).where(d.id == deputy_row, d.person_id == person_id, d.authority_id == uow.me, d.ended_at.is_(None))
    if uow.session.execute(mine.values(ended_at=uow.now).returning(d.id)).first() is None:
        raise NotFoundError("no such deputy")
    record(uow, "deputy.end", person_id)


def end_deputies_of(uow: UnitOfWork, person_id: UUID) -> None:
    """End every deputy that somebody who leaves has or is, as far as the viewer may write it."""
    d = Deputy
    theirs = or_(d.person_id == person_id, d.deputy_id == person_id)
    mine = update(d).where(d.authority_id == uow.me, theirs, d.ended_at.is_(None))
    uow.session.execute(mine.values(ended_at=uow.now))


def demand_own(uow: UnitOfWork, place: PlaceCard) -> None:
    """Refuse who is neither the person nor the administrator of the person's unit."""
    admin = Role.UNIT_ADMIN in uow.viewer.roles and may_administer(uow, place)
    if place.person_id != uow.viewer.person_id and not admin:
        raise NotAllowedError("the person or the unit's administrator names a deputy")
