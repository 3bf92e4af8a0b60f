"""Write a person's own choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from samsyn.access.models import OwnSetting, Person, StaffAddress
from samsyn.access.rules import Language
from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """Choices of the viewer's own, by name; a ``language`` is the person's and is kept with the person."""

    values: Mapping[str, str]
    language: Language | None = None


def keep_settings(uow: UnitOfWork, command: KeepSettings) -> None:
    """Keep the choices named and leave the others as they are; nobody else reads or changes them."""
    if command.values:
        rows = [{"person_id": uow.person, "name": name, "value": value} for name, value in command.values.items()]
        new = insert_or_leave(OwnSetting).values(rows)
        uow.session.execute(
            new.on_conflict_do_update(index_elements=["person_id", "name"], set_={"value": new.excluded.value})
        )
    if command.language is not None:
        uow.session.execute(update(Person).where(Person.id == uow.person).values(language=command.language))
        mine = (StaffAddress.person_id == uow.person, StaffAddress.authority_id == uow.me)
        uow.session.execute(update(StaffAddress).where(*mine).values(language=command.language))  # of the mails
    record(uow, "person.settings", uow.person)
