"""Begin a list, say what its columns mean, mend cells, throw it away; sealed for the person, gone after a day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update

from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.reading.table import Table
from samsyn.core.errors import InvalidError, NotFoundError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.core.models import Draft
from samsyn.core.uow import UnitOfWork
from samsyn.imports.queries import BEGUN, PURPOSE, Begun, bound_to, demand, open_draft
from samsyn.imports.reading.admitting import IdentityNumbersError, admit, looks_like_one
from samsyn.imports.reading.fields import FIELDS, guess
from samsyn.imports.reading.sheet import Sheet, dumps
from samsyn.imports.reading.shifts import without_health
from samsyn.imports.rules import LIFE, MOST_DRAFTS, Subject

LONGEST_CELL = 2_000
"""Characters of a cell that was typed."""


@dataclass(frozen=True, slots=True, repr=False)
class BeginImport:
    """A table that was read; ``data`` is the file as it was sent, of which only a digest is kept."""

    subject: Subject
    filename: str
    table: Table
    data: bytes
    collaboration_id: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Mend:
    """Cells as they were typed anew, by line and column, and all the rows that are left out."""

    draft_id: UUID
    cells: Mapping[tuple[int, int], str]
    left_out: frozenset[int]


def begin_import(uow: UnitOfWork, keys: Keys, command: BeginImport) -> UUID:
    """Keep a table as a draft with the guessed meaning of its columns, and return the draft's id.

    Raises ``IdentityNumbersError`` for staff's identity numbers, which are kept nowhere, not even for a day.
    """
    demand(uow, command.subject)
    if command.subject is Subject.BUSINESSES and command.collaboration_id not in {c.id for c in my_collaborations(uow)}:
        raise NotFoundError("no such collaboration")
    uow.session.execute(delete(Draft).where(Draft.person_id == uow.person, Draft.until <= uow.now))
    many = select(func.count()).select_from(Draft).where(Draft.person_id == uow.person)
    if (uow.session.scalar(many) or 0) >= MOST_DRAFTS:
        raise TooMuchError("too many drafts", fields={"file": ["too_many_drafts"]})
    table = admit(command.table, command.subject)
    mapping = guess(table, command.subject, uow.today)
    digest = hashlib.sha256(command.data).hexdigest()
    sheet = Sheet.of(table, command.filename[:200], digest, mapping)
    return add_draft(uow, keys, f"{BEGUN}.{command.subject}", content(sheet, command.collaboration_id))


def content(sheet: Sheet, collaboration_id: UUID | None) -> dict[str, Any]:
    """Return what a draft of a begun list holds."""
    return {"sheet": sheet.pack(), "collaboration_id": str(collaboration_id) if collaboration_id else None}


def add_draft(uow: UnitOfWork, keys: Keys, form: str, said: object, draft_id: UUID | None = None) -> UUID:
    """Write a sealed draft of the viewer's own."""
    draft_id = draft_id or uuid4()
    body, name = keys.encrypt(PURPOSE, dumps(said), bound_to(uow))
    uow.session.execute(
        insert(Draft).values(
            id=draft_id,
            reader_id=uow.me,
            person_id=uow.person,
            form=form,
            body=body,
            key_name=name,
            changed_at=uow.now,
            until=uow.now + LIFE,
        )
    )
    return draft_id


def keep(uow: UnitOfWork, keys: Keys, begun: Begun, sheet: Sheet) -> None:
    """Write what a draft holds now; it lives for another day."""
    body, name = keys.encrypt(PURPOSE, dumps(content(sheet, begun.collaboration_id)), bound_to(uow))
    uow.session.execute(
        update(Draft)
        .where(Draft.id == begun.id)
        .values(body=body, key_name=name, changed_at=uow.now, until=uow.now + LIFE)
    )


def keep_columns(uow: UnitOfWork, keys: Keys, draft_id: UUID, mapping: Mapping[int, str]) -> None:
    """Keep what the columns mean; ``InvalidError`` for a meaning that this list does not have."""
    begun = open_draft(uow, keys, draft_id)
    names = FIELDS[begun.subject].names
    if any(name not in names or not 0 <= at < len(begun.sheet.headings) for at, name in mapping.items()):
        raise InvalidError("no such column", fields={"columns": ["unknown"]})
    keep(uow, keys, begun, replace(begun.sheet, mapping=dict(mapping)))


def mend(uow: UnitOfWork, keys: Keys, command: Mend) -> Begun:
    """Keep cells that were typed anew and rows that are left out, and return the list as it is then.

    Only cells that the list has are taken. A staff's identity number is kept nowhere: ``IdentityNumbersError``.
    """
    begun = open_draft(uow, keys, command.draft_id)
    sheet, lines = begun.sheet, {row.line for row in begun.sheet.rows}
    width = max([len(sheet.headings), *(len(row.cells) for row in sheet.rows)], default=0)
    new: dict[tuple[int, int], str] = {}
    for (line, column), text in command.cells.items():
        if line not in lines or not 0 <= column < width:
            raise InvalidError("no such cell", fields={"cell": ["unknown"]})
        new[line, column] = typed(begun.subject, line, text, phone=sheet.mapping.get(column) == "phone")
    changed = {at: text for at, text in new.items() if text != sheet.cell(*at)}
    sheet = replace(sheet, mended={**sheet.mended, **changed}, left_out=command.left_out & lines)
    keep(uow, keys, begun, sheet)
    return replace(begun, sheet=sheet)


def typed(subject: Subject, line: int, text: str, *, phone: bool) -> str:
    """Return a typed cell as it may be kept."""
    if len(text) > LONGEST_CELL:
        raise InvalidError("too long a cell", fields={"cell": ["string_too_long"]})
    if subject is Subject.BUSINESSES:
        return text
    if looks_like_one(text, phone=phone):
        raise IdentityNumbersError([(line, "")])
    return str(without_health(text)) if subject is Subject.SHIFTS else text


def drop_draft(uow: UnitOfWork, draft_id: UUID) -> None:
    """Throw a draft or a result away; ``NotFoundError`` where the viewer has none such."""
    gone = delete(Draft).where(Draft.id == draft_id, Draft.person_id == uow.person).returning(Draft.id)
    if uow.session.scalar(gone) is None:
        raise NotFoundError("no such draft")
