"""Change a colleague's place: unit, roles, competences, address, how it is shown. It counts at the next request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from samsyn.access.models import Competence, Staff, StaffAddress
from samsyn.access.queries.directory import PlaceCard, get_place, other_administrators
from samsyn.access.queries.people import unit_of_person
from samsyn.access.rules import Role, ShownAs
from samsyn.audit.service import record
from samsyn.authorities.queries import is_spanning
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST((SELECT me()) AS text), 5150016))")
"""Two administrators who take each other's role away at the same moment are one after the other."""


@dataclass(frozen=True, slots=True)
class ChangePlace:
    """A colleague's place as it is to be. ``was``: the digest of the card that the viewer saw."""

    person_id: UUID
    unit_id: UUID
    roles: frozenset[Role]
    competences: frozenset[str]
    address: str
    phone: str | None
    shown_as: ShownAs
    name: str | None
    service_number: str | None
    was: str

    @property
    def shown_name(self) -> str:
        """What others read: a name, or a service number (R18); then the name is kept nowhere here."""
        return (self.service_number if self.shown_as is ShownAs.NUMBER else self.name) or ""


def change_place(uow: UnitOfWork, command: ChangePlace) -> bool:
    """Write what differs, with a line of the trail for each kind of change (R12).

    Returns whether the viewer took a role that the viewer did not have, which the log reviewers hear of.

    ``NotFoundError`` for who has no place here, ``ChangedMeanwhileError`` for a card that a colleague changed,
    ``InvalidError`` and ``ConflictError`` with the field's fault.
    """
    before = held_place(uow, command.person_id)
    if before.digest != command.was:
        raise ChangedMeanwhileError("a colleague changed it after you read it")
    refuse_faults(uow, before, command)
    changed = update(Staff).where(Staff.person_id == command.person_id, Staff.authority_id == uow.me)
    uow.session.execute(
        changed.values(
            unit_id=command.unit_id,
            roles=sorted(command.roles),
            shown_as=command.shown_as,
            shown_name=command.shown_name,
            service_number=command.service_number,
        )
    )
    address = {"address": command.address.strip().lower(), "phone": command.phone}
    uow.session.execute(update(StaffAddress).where(StaffAddress.staff_id == before.staff_id).values(address))
    keep_competences(uow, before, command.competences)
    note_changes(uow, before, get_place(uow, command.person_id))
    return command.person_id == uow.viewer.person_id and not command.roles <= set(before.roles)


def held_place(uow: UnitOfWork, person_id: UUID) -> PlaceCard:
    """Return a colleague's place for an administrator who may change it, and let nobody else change one meanwhile.

    In an authority of many units those of the own unit alone: else one could open another unit's rows (R1).
    """
    demand_admin(uow)
    uow.session.execute(_LOCK)
    place = get_place(uow, person_id)
    if not may_administer(uow, place):
        raise NotAllowedError("the administrator of that person's unit does that")
    return place


def demand_admin(uow: UnitOfWork) -> None:
    """Refuse everybody but a unit administrator."""
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator does that")


def may_administer(uow: UnitOfWork, place: PlaceCard) -> bool:
    """Say whether a place is in the viewer's hands."""
    return not is_spanning(uow) or place.unit_id == unit_of_person(uow, uow.person)


def refuse_faults(uow: UnitOfWork, before: PlaceCard, command: ChangePlace) -> None:
    """Refuse what would leave the authority without an administrator, a unit open, or a person without a name."""
    if not command.roles:
        raise InvalidError("no role", fields={"roles": ["roles_none"]})
    if Role.UNIT_ADMIN in before.roles and Role.UNIT_ADMIN not in command.roles:
        demand_another_administrator(uow, command.person_id, "roles")
    if command.unit_id != before.unit_id and is_spanning(uow):
        raise ConflictError("another unit takes its people in itself", fields={"unit_id": ["unit_takes_in"]})
    if command.unit_id != before.unit_id and command.person_id == uow.viewer.person_id:
        # Its people read what only that unit may: nobody opens that for themselves (R1).
        raise ConflictError("a colleague moves an administrator", fields={"unit_id": ["unit_own"]})
    if not command.shown_name:
        field = "service_number" if command.shown_as is ShownAs.NUMBER else "name"
        raise InvalidError("no name to show", fields={field: ["shown_name_missing"]})
    same = select(StaffAddress.staff_id).where(
        StaffAddress.authority_id == uow.me,
        StaffAddress.address == command.address.strip().lower(),
        StaffAddress.staff_id != before.staff_id,
    )
    if uow.session.scalar(same) is not None:
        raise ConflictError("a colleague has that address", fields={"address": ["address_has_place"]})


def demand_another_administrator(uow: UnitOfWork, person_id: UUID, field: str) -> None:
    """Raise ``ConflictError`` where nobody else would be left to administer the authority."""
    if not other_administrators(uow, person_id):
        raise ConflictError("the last administrator", fields={field: ["last_administrator"]})


def keep_competences(uow: UnitOfWork, before: PlaceCard, wanted: frozenset[str]) -> None:
    """Add what is new, and end what is not wanted any more with the day before."""
    c, gone = Competence, set(before.competences) - wanted
    yesterday = uow.today - timedelta(days=1)
    for code in sorted(wanted - set(before.competences)):
        row = upsert(c).values(staff_id=before.staff_id, code=code, authority_id=uow.me)
        uow.session.execute(row.on_conflict_do_update(index_elements=[c.staff_id, c.code], set_={"valid_until": None}))
    if gone:
        mine = update(c).where(c.staff_id == before.staff_id, c.code.in_(gone))
        uow.session.execute(mine.values(valid_until=yesterday))


def note_changes(uow: UnitOfWork, before: PlaceCard, after: PlaceCard) -> None:
    """Write a line for each kind of change. Roles and competences are codes of the house; nothing typed stands here."""
    person_id = after.person_id
    if before.roles != after.roles:
        own = "_own" if person_id == uow.viewer.person_id else ""
        record(uow, f"person.roles{own}", person_id, reason=difference(before.roles, after.roles))
    if before.unit_id != after.unit_id:
        record(uow, "person.unit", person_id)
    if before.competences != after.competences:
        record(uow, "person.competences", person_id)
    if (before.address, before.phone) != (after.address, after.phone):
        record(uow, "person.address", person_id)
    shown = [(one.shown_as, one.shown_name, one.service_number) for one in (before, after)]
    if shown[0] != shown[1]:
        record(uow, "person.shown_as", person_id, reason=after.shown_as.value)


def difference(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return ``+planner -inspector``."""
    come = [f"+{one}" for one in sorted(set(after) - set(before))]
    return " ".join([*come, *(f"-{one}" for one in sorted(set(before) - set(after)))])
