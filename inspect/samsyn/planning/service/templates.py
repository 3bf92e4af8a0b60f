"""Write the own authority's templates: a change is a new version of the same name, nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Template
from samsyn.planning.templates import Content, faults_of, kind_of, texts_of, to_json

KEEPERS: Final = frozenset({"planner", "decider", "unit_admin"})


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """A template under a name; ``seen_version`` 0 for a new one, else the version that is changed."""

    name: str
    content: Content
    seen_version: int = 0


def demand_keeper(uow: UnitOfWork) -> None:
    """Refuse who keeps no templates."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("your role keeps no templates")


def save_template(uow: UnitOfWork, command: SaveTemplate) -> UUID:
    """Write a new version, or the first one.

    ``InvalidError`` names the field: a taken name, times that cannot be, a personal identity number in a text (R5).
    ``ChangedMeanwhileError`` where another version was written meanwhile.
    """
    demand_keeper(uow)
    faults = faults_of(command.content)
    for field, text in (("name", command.name), *texts_of(command.content)):
        if has_personal_number(text):
            faults[field] = ["must not hold a personal identity number"]
    kind = kind_of(command.content)
    t = Template
    newest = uow.session.scalar(
        select(t)
        .where(t.authority_id == uow.me, t.template_kind == kind, t.name == command.name)
        .order_by(t.version.desc())
        .limit(1)
    )
    stands = newest.version if newest is not None and newest.withdrawn_at is None else 0
    if stands and not command.seen_version:
        faults["name"] = ["taken"]
    if faults:
        raise InvalidError("that template is not kept", fields=faults)
    if command.seen_version != stands:
        raise ChangedMeanwhileError(f"you saw version {command.seen_version}, it is now {stands}")
    row = Template(
        id=uuid4(),
        authority_id=uow.me,
        template_kind=kind,
        name=command.name,
        version=(newest.version if newest is not None else 0) + 1,
        content=to_json(command.content),
        changed_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, "template.save", row.id)
    return row.id


def withdraw_template(uow: UnitOfWork, template_id: UUID) -> None:
    """Take a template out of every choice; what was made from it stands."""
    demand_keeper(uow)
    row = uow.session.get(Template, template_id)
    if row is None or row.authority_id != uow.me:
        raise NotFoundError("no such template")
    row.withdrawn_at = row.withdrawn_at or uow.now
    uow.session.flush()
    record(uow, "template.withdraw", row.id)
