"""Write persons and their place in an authority."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.access.models import Competence, Person, Staff, StaffAddress
from samsyn.access.rules import Language, Role, ShownAs
from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new person with a place in the viewer's authority."""

    person_id: UUID
    name: str
    unit_id: UUID
    roles: frozenset[Role]
    address: str
    phone: str | None = None
    service_number: str | None = None
    shown_as: ShownAs = ShownAs.NAME
    competences: frozenset[str] = frozenset()
    language: Language = Language.SV


def add_person(uow: UnitOfWork, command: AddPerson) -> UUID:
    """Write a person with a place, an address, competences; return the staff id.

    The viewer must be ``person_id`` acting as unit administrator: a person's own row is written by that person alone.
    """
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator adds people")
    session, staff_id = uow.session, uuid4()
    session.execute(insert(Person).values(id=command.person_id, shown_name=command.name, language=command.language))
    session.execute(
        insert(Staff).values(
            id=staff_id,
            person_id=command.person_id,
            authority_id=uow.me,
            unit_id=command.unit_id,
            shown_name=command.service_number
            if command.shown_as is ShownAs.NUMBER and command.service_number
            else command.name,
            service_number=command.service_number,
            shown_as=command.shown_as,
            roles=sorted(command.roles),
            from_on=uow.today,
        )
    )
    session.execute(
        insert(StaffAddress).values(
            staff_id=staff_id,
            person_id=command.person_id,
            authority_id=uow.me,
            address=command.address.strip().lower(),
            phone=command.phone,
            language=command.language,
        )
    )
    for code in sorted(command.competences):
        session.execute(insert(Competence).values(staff_id=staff_id, code=code, authority_id=uow.me))
    record(uow, "person.add", command.person_id)
    return staff_id
