"""Read what a person has begun: the lists, one of them, and what it would do; nobody else can."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import Row, select

from samsyn.access.queries import find_colleagues
from samsyn.authorities.queries import units_of
from samsyn.businesses.queries import list_businesses
from samsyn.businesses.reading.headings import fold
from samsyn.businesses.reading.meaning import BusinessRow
from samsyn.businesses.service import WriteBusinesses, write_businesses
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.keys import Keys
from samsyn.core.models import Draft
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.imports.reading.businesses import read_businesses, shown
from samsyn.imports.reading.people import PersonRow, read_people
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.reading.shifts import ShiftRow, read_shifts
from samsyn.imports.reading.signals import KnownPlace, read_signals
from samsyn.imports.rules import MAY, Line, Look, Outcome, Subject
from samsyn.places.holding import WeekRow
from samsyn.places.queries import list_hot_spots
from samsyn.places.queries.signals import differing
from samsyn.planning.models import Leave, Shift

PURPOSE: Final = "draft"
BEGUN, DONE = "import", "imported"
MOST_PLACES: Final = 5_000


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """A list that a person has begun; ``collaboration_id`` is where businesses go."""

    id: UUID
    subject: Subject
    sheet: Sheet
    collaboration_id: UUID | None
    changed_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A begun list among the others."""

    id: UUID
    subject: Subject
    filename: str
    rows: int
    changed_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did. ``left_out``: lines that the person left out; ``draft_id`` goes on where rows failed."""

    id: UUID
    subject: Subject
    filename: str
    lines: Sequence[Line]
    left_out: Sequence[int]
    draft_id: UUID | None
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Readings:
    """A look with the typed rows behind it, for the write that may follow in the same transaction."""

    look: Look
    businesses: Sequence[BusinessRow] = ()
    people: Sequence[PersonRow] = ()
    shifts: Sequence[ShiftRow] = ()
    signals: Sequence[WeekRow] = ()


def bound_to(uow: UnitOfWork) -> str:
    """Return whose draft it is: sealed under this, nobody else's row can be put in its place."""
    return f"{uow.me}:{uow.person}"


def demand(uow: UnitOfWork, subject: Subject) -> None:
    """Refuse who may not bring in such a list."""
    if not uow.viewer.roles & MAY[subject]:
        raise NotAllowedError("needs one of: " + ", ".join(sorted(MAY[subject])))


def find_draft(uow: UnitOfWork, keys: Keys, draft_id: UUID, kind: str) -> tuple[Draft, Subject, dict[str, Any]]:
    """Return a row with its clear content; ``NotFoundError`` where it is hidden, over, absent, or not of that kind."""
    row = uow.session.get(Draft, draft_id)
    if row is None or row.until <= uow.now or not row.form.startswith(f"{kind}."):
        raise NotFoundError("no such draft")
    subject = Subject(row.form.partition(".")[2])
    demand(uow, subject)
    return row, subject, opened(uow, keys, row.body, row.key_name)


def opened(uow: UnitOfWork, keys: Keys, body: bytes, key_name: str) -> dict[str, Any]:
    """Return the content of a draft; one that was sealed for somebody else is not found."""
    try:
        said: dict[str, Any] = json.loads(keys.decrypt(PURPOSE, body, bound_to(uow), key_name))
    except (InvalidTag, KeyError, ValueError):
        raise NotFoundError("no such draft") from None
    return said


def open_draft(uow: UnitOfWork, keys: Keys, draft_id: UUID) -> Begun:
    """Return a begun list of the viewer's own; ``NotFoundError`` where there is none."""
    row, subject, said = find_draft(uow, keys, draft_id, BEGUN)
    collaboration = UUID(said["collaboration_id"]) if said["collaboration_id"] else None
    return Begun(row.id, subject, Sheet.unpack(said["sheet"]), collaboration, row.changed_at, row.until)


def open_result(uow: UnitOfWork, keys: Keys, result_id: UUID) -> Result:
    """Return what an import of the viewer's own did, for a day."""
    row, subject, said = find_draft(uow, keys, result_id, DONE)
    lines = [Line(line, tuple(words), Outcome(outcome)) for line, words, outcome in said["lines"]]
    draft_id = UUID(said["draft_id"]) if said["draft_id"] else None
    return Result(row.id, subject, said["filename"], lines, said["left_out"], draft_id, row.until)


def my_drafts(uow: UnitOfWork, keys: Keys) -> list[DraftLine]:
    """Return what the viewer has begun and not finished, newest first."""
    rows = (
        select(Draft.id, Draft.form, Draft.body, Draft.key_name, Draft.changed_at, Draft.until)
        .where(Draft.person_id == uow.person, Draft.form.startswith(f"{BEGUN}."), Draft.until > uow.now)
        .order_by(Draft.changed_at.desc())
        .limit(50)
    )
    found = [draft_line(uow, keys, row) for row in uow.session.execute(rows)]
    return [line for line in found if line is not None and uow.viewer.roles & MAY[line.subject]]


def draft_line(uow: UnitOfWork, keys: Keys, row: Row[*tuple[Any, ...]]) -> DraftLine | None:
    """Return a draft as a list shows it; nothing for what cannot be opened."""
    try:
        subject = Subject(row.form.partition(".")[2])
        sheet = opened(uow, keys, row.body, row.key_name)["sheet"]
    except (NotFoundError, ValueError):
        return None
    return DraftLine(row.id, subject, sheet["filename"], len(sheet["rows"]), row.changed_at, row.until)


def look_at(uow: UnitOfWork, keys: Keys, begun: Begun) -> Readings:
    """Read a list and say what it would do; writes nothing. A constant number of statements for any length."""
    match begun.subject:
        case Subject.BUSINESSES:
            return look_at_businesses(uow, keys, begun)
        case Subject.PEOPLE:
            return look_at_people(uow, begun.sheet)
        case Subject.SHIFTS:
            return look_at_shifts(uow, begun.sheet)
        case Subject.SIGNALS:
            return look_at_signals(uow, begun.sheet)


def look_at_businesses(uow: UnitOfWork, keys: Keys, begun: Begun) -> Readings:
    """Businesses: new, changed or as before, by the registry's own comparison."""
    if begun.collaboration_id is None:
        raise NotFoundError("no collaboration")
    rows, faults = read_businesses(begun.sheet, uow.today)
    command = WriteBusinesses(begun.collaboration_id, rows, begun.sheet.digest, dry_run=True)
    outcomes = write_businesses(uow, keys, command)
    lines = [Line(row.line, shown(row), Outcome(said)) for row, said in zip(rows, outcomes, strict=True)]
    return Readings(Look(lines, faults), businesses=rows)


def look_at_people(uow: UnitOfWork, sheet: Sheet) -> Readings:
    """People: new, or there already by their work address."""
    units = {unit.id: unit.name for unit in units_of(uow, {uow.me})}
    rows, faults = read_people(sheet, units)
    stand = find_colleagues(uow, {row.address for row in rows})
    lines = [
        Line(
            row.line,
            (row.name, row.address, row.unit, ",".join(sorted(row.roles))),
            Outcome.UNCHANGED if row.address in stand else Outcome.CREATED,
        )
        for row in rows
    ]
    return Readings(Look(lines, faults), people=[row for row in rows if row.address not in stand])


def look_at_shifts(uow: UnitOfWork, sheet: Sheet) -> Readings:
    """Shifts and leave: new, or there already."""
    at = sheet.position().get("person")
    said = {str(row.cells[at]).strip().lower() for row in sheet.standing() if at is not None and at < len(row.cells)}
    rows, faults = read_shifts(sheet, find_colleagues(uow, said))
    stand = standing(uow, {row.person_id for row in rows})
    new = [row for row in rows if (row.person_id, row.starts_at, row.ends_at, row.leave is not None) not in stand]
    fresh = {row.line for row in new}
    lines = [
        Line(
            row.line,
            (row.person, row.starts_at.isoformat(), row.ends_at.isoformat(), row.leave or ""),
            Outcome.CREATED if row.line in fresh else Outcome.UNCHANGED,
        )
        for row in rows
    ]
    return Readings(Look(lines, faults), shifts=new)


def look_at_signals(uow: UnitOfWork, sheet: Sheet) -> Readings:
    """Signals by week: new, another number than before, or as they stand."""
    rows, faults = read_signals(sheet, known_places(uow), uow.today)
    new = differing(uow, rows)
    outcome = {line: Outcome.CREATED if fresh else Outcome.CHANGED for line, fresh in new.items()}
    lines = [
        Line(
            row.line,
            (row.name, f"{row.week_on:%G-W%V}", row.source.value, str(row.n)),
            outcome.get(row.line, Outcome.UNCHANGED),
        )
        for row in rows
    ]
    return Readings(Look(lines, faults), signals=[row for row in rows if row.line in new])


def known_places(uow: UnitOfWork) -> dict[str, tuple[KnownPlace, ...]]:
    """Return what a list can name: hot spots and businesses by key and by name, as far as the viewer knows them."""
    spots = [KnownPlace(one.id, one.collaboration_id, one.name, hot_spot=True) for one in list_hot_spots(uow)]
    found = list_businesses(uow, Seek(MOST_PLACES)).items
    known = spots + [KnownPlace(one.id, one.collaboration_id, one.name, hot_spot=False) for one in found]
    by: dict[str, tuple[KnownPlace, ...]] = {}
    for one in known:
        for word in (fold(str(one.id)), fold(one.name)):
            by[word] = (*by.get(word, ()), one)
    return by


def standing(uow: UnitOfWork, people: set[UUID]) -> set[tuple[UUID, datetime, datetime, bool]]:
    """Return the shifts and the leave of some people that have not been taken back."""
    found: set[tuple[UUID, datetime, datetime, bool]] = set()
    for model in (Shift, Leave):
        rows = select(model.person_id, model.during).where(
            model.person_id.in_(people), model.authority_id == uow.me, model.withdrawn_at.is_(None)
        )
        for person_id, during in uow.session.execute(rows):
            if during.lower is not None and during.upper is not None:
                found.add((person_id, during.lower, during.upper, model is Leave))
    return found
