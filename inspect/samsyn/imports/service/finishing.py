"""Write a list that was looked at: businesses and shifts all or nothing, people one by one with who was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from samsyn.access.rules import Role
from samsyn.access.service import AddPerson, add_person
from samsyn.audit.service import record
from samsyn.businesses.service import WriteBusinesses, write_businesses
from samsyn.core.errors import InvalidError, NotFoundError, SamsynError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.queries import DONE, Begun, Readings, look_at, open_draft
from samsyn.imports.reading.people import PersonRow
from samsyn.imports.reading.shifts import ShiftRow
from samsyn.imports.rules import Line, Look, Outcome, Subject
from samsyn.imports.service.drafts import add_draft, drop_draft
from samsyn.places.service.signals import import_weeks
from samsyn.planning.queries import reach
from samsyn.planning.service import AddLeave, add_leave, add_shifts, refresh_unavailable

Tell = Callable[[int, int], None]
AROUND: Final = timedelta(days=7)
"""Before the first and after the last row: others learn again what they may know of a person's time there."""


class ImportFaultyError(InvalidError):
    """A list that still has faults; nothing was written."""

    def __init__(self, look: Look) -> None:
        super().__init__("faults in the list")
        self.look = look


def finish_import(
    uow: UnitOfWork, keys: Keys, draft_id: UUID, *, result_id: UUID | None = None, tell: Tell | None = None
) -> UUID:
    """Write a begun list, throw its draft away, and return the id of its result, which is kept for a day.

    ``ImportFaultyError`` with any fault in a row that is not left out. Where a person could not be written, the draft
    stays: who was written is there already when it is looked at again. ``tell`` hears how far it is.
    """
    begun = open_draft(uow, keys, draft_id)
    readings = look_at(uow, keys, begun)
    if readings.look.faults:
        raise ImportFaultyError(readings.look)
    lines = write_readings(uow, keys, begun, readings, tell)
    failed = any(line.outcome is Outcome.FAILED for line in lines)
    if not failed:
        drop_draft(uow, draft_id)
    said = {
        "filename": begun.sheet.filename,
        "lines": [[line.line, line.shown, line.outcome] for line in lines],
        "left_out": sorted(begun.sheet.left_out),
        "draft_id": str(draft_id) if failed else None,
    }
    result_id = add_draft(uow, keys, f"{DONE}.{begun.subject}", said, result_id)
    record(uow, f"{begun.subject}.import", result_id)
    return result_id


def write_readings(
    uow: UnitOfWork, keys: Keys, begun: Begun, readings: Readings, tell: Tell | None = None
) -> Sequence[Line]:
    """Write what was read, and return what became of each row. ``tell`` hears how many are done."""
    match begun.subject:
        case Subject.BUSINESSES:
            if begun.collaboration_id is None:
                raise NotFoundError("no collaboration")
            command = WriteBusinesses(begun.collaboration_id, readings.businesses, begun.sheet.digest)
            write_businesses(uow, keys, command, tell)
            return readings.look.lines
        case Subject.PEOPLE:
            failed = write_people(uow.viewer, uow.now, readings.people, tell)
            return [replace(one, outcome=Outcome.FAILED) if one.line in failed else one for one in readings.look.lines]
        case Subject.SHIFTS:
            write_shifts(uow, readings.shifts, tell)
            return readings.look.lines
        case Subject.SIGNALS:
            import_weeks(uow, readings.signals, begun.sheet.filename)
            return readings.look.lines


def write_people(viewer: Viewer, now: datetime, rows: Sequence[PersonRow], tell: Tell | None = None) -> set[int]:
    """Write each person in a transaction of their own, and return the lines that were not written.

    A person's place is taken by the person that it is for (POLICIES, staff), so there is no transaction for all of
    them. After the first that is refused none is tried: what is wrong may be wrong for all.
    """
    if Role.UNIT_ADMIN not in viewer.roles or viewer.authority_id is None:
        raise NotFoundError("not a unit administrator")
    for done, row in enumerate(rows):
        person_id = uuid4()
        try:
            adder = replace(viewer, person_id=person_id, roles=frozenset({Role.UNIT_ADMIN}))
            with unit_of_work(adder, now) as uow:
                add_person(uow, command_of(person_id, row))
        except SamsynError:
            return {left.line for left in rows[done:]}
        if tell is not None:
            tell(done + 1, len(rows))
    return set()


def command_of(person_id: UUID, row: PersonRow) -> AddPerson:
    """Return the command that adds a person of a list."""
    return AddPerson(
        person_id,
        row.name,
        row.unit_id,
        row.roles,
        row.address,
        phone=row.phone,
        service_number=row.service_number,
        competences=row.competences,
        language=row.language,
    )


def write_shifts(uow: UnitOfWork, rows: Sequence[ShiftRow], tell: Tell | None = None) -> None:
    """Write shifts and leave, and let others learn again when those people cannot."""
    people = list(dict.fromkeys(row.person_id for row in rows))
    for done, person_id in enumerate(people):
        mine = [row for row in rows if row.person_id == person_id]
        add_shifts(uow, person_id, [(row.starts_at, row.ends_at) for row in mine if row.leave is None])
        for row in mine:
            if row.leave is not None:
                add_leave(uow, AddLeave(person_id, (row.starts_at, row.ends_at), row.leave))
        horizon = (min(row.starts_at for row in mine) - AROUND, max(row.ends_at for row in mine) + AROUND)
        refresh_unavailable(uow, person_id, reach(uow, person_id, horizon))
        if tell is not None:
            tell(done + 1, len(people))
