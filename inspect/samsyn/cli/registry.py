"""Commands that bring in lists: businesses, people, shifts; the same rules as the page's, faults by row and column."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from samsyn.audit.service import record
from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.reading.faults import presentable
from samsyn.businesses.reading.file import read_table
from samsyn.cli.acting import acts_as, as_json, first_with, house, keys_of, show
from samsyn.cli.progress import bar_of_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.queries import Begun, Readings, look_at
from samsyn.imports.reading.admitting import admit
from samsyn.imports.reading.fields import FIELDS, guess, missing
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import BIG, WRITE_LIST, Fault, Look, Outcome, Subject
from samsyn.imports.service import write_people, write_readings
from samsyn.texts import say

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY = click.option("--dry-run", is_flag=True, help="look, write nothing")
LANG = click.option("--lang", type=click.Choice(["sv", "en"]), default="sv")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command was asked for."""

    subject: Subject
    authority: str
    file: Path
    dry_run: bool
    lang: str
    as_json: bool
    collaboration: str | None = None


@click.group("import")
def import_group() -> None:
    """Imports."""


@import_group.command("businesses")
@acts_as
@FILE
@click.option("--collaboration", default=None, help="its name; needed where the authority is in several")
@DRY
@LANG
@as_json
def import_businesses_command(**said: Any) -> None:
    """Import businesses from CSV or XLSX as Swedish offices write them: all or nothing, faults by row and column."""
    run(Asked(Subject.BUSINESSES, **said))


@import_group.command("people")
@acts_as
@FILE
@DRY
@LANG
@as_json
def import_people_command(**said: Any) -> None:
    """Import people: name and work address, also phone, unit, roles, competences, service number, language."""
    run(Asked(Subject.PEOPLE, **said))


@import_group.command("shifts")
@acts_as
@FILE
@DRY
@LANG
@as_json
def import_shifts_command(**said: Any) -> None:
    """Import shifts and leave: person (work address or service number), date, from, to, kind; all or nothing."""
    run(Asked(Subject.SHIFTS, **said))


@import_group.command("signals")
@acts_as
@FILE
@DRY
@LANG
@as_json
def import_signals_command(**said: Any) -> None:
    """Import signals by week: ISO year, week, place (hot spot or business), source, number; all or nothing."""
    run(Asked(Subject.SIGNALS, **said))


def run(asked: Asked) -> None:
    """Read, look, and write unless it is a dry run or has a fault; exit 1 with a fault or somebody not written."""
    keys = keys_of(house())
    role = "unit_admin" if asked.subject is Subject.PEOPLE else "planner"
    viewer = first_with(asked.authority, role)
    data = asked.file.read_bytes()
    table = admit(read_table(data, asked.file.name, FIELDS[asked.subject].words), asked.subject)
    with unit_of_work(viewer) as uow:
        mapping = guess(table, asked.subject, uow.today)
        sheet = Sheet.of(table, asked.file.name, hashlib.sha256(data).hexdigest(), mapping)
        begun = Begun(UUID(int=0), asked.subject, sheet, collaboration_of(uow, asked), uow.now, uow.now)
        lacking = missing(asked.subject, mapping)
        readings = Readings(Look((), no_columns(asked, sheet, lacking))) if lacking else look_at(uow, keys, begun)
        if not readings.look.faults and not asked.dry_run and asked.subject is not Subject.PEOPLE:
            with watched(viewer, asked, len(sheet.rows)) as tell:
                write_readings(uow, keys, begun, readings, tell)
            if asked.subject is Subject.SHIFTS:
                record(uow, "shifts.import", viewer.person_id or uow.me)
    failed: set[int] = set()
    if asked.subject is Subject.PEOPLE and not readings.look.faults and not asked.dry_run:
        failed = people(viewer, readings, asked)
    tell_outcome(asked, sheet, readings, failed)


def people(viewer: Viewer, readings: Readings, asked: Asked) -> set[int]:
    """Write people, each in a transaction of their own; return the lines that were not written."""
    with unit_of_work(viewer) as uow:
        now = uow.now
        record(uow, "people.import", uow.person)
    with watched(viewer, asked, len(readings.people)) as tell:
        return write_people(viewer, now, readings.people, tell)


def watched(viewer: Viewer, asked: Asked, rows: int) -> AbstractContextManager[Callable[[int, int], None]]:
    """Return the bar of an import; of one that the page would make a job of, a job of the same kind."""
    return bar_of_job(viewer, WRITE_LIST, asked.file.name, long=rows > BIG[asked.subject])


def collaboration_of(uow: UnitOfWork, asked: Asked) -> UUID | None:
    """Return where businesses go; exit 2 where that is not clear."""
    if asked.subject is not Subject.BUSINESSES:
        return None
    mine = [c.id for c in my_collaborations(uow) if asked.collaboration in {None, c.name}]
    if len(mine) != 1:
        raise click.UsageError("say which collaboration: --collaboration NAME")
    return mine[0]


def no_columns(asked: Asked, sheet: Sheet, lacking: list[str]) -> list[Fault]:
    """Return a fault per column that the list cannot do without."""
    names = [say(asked.lang, f"imports.field.{asked.subject}.{name.lower()}") for name in lacking]
    return [
        Fault(sheet.heading_line, None, name, "businesses.fault.column_missing", {"column": name}) for name in names
    ]


def tell_outcome(asked: Asked, sheet: Sheet, readings: Readings, failed: set[int]) -> None:
    """Say what was, or would be, done; a fault per line on standard error."""
    look = readings.look
    faults = [as_said(asked, sheet, fault) for fault in look.faults]
    for one in faults:
        click.echo(f"row {one['line']}, {one['column'] or '-'}: {one['text']}", err=True)
    for line in sorted(failed):
        click.echo(f"row {line}: {say(asked.lang, 'imports.outcome.failed')}", err=True)
    written = not look.faults and not asked.dry_run
    counts = look.counts
    created, changed, same = (counts[one] for one in (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED))
    created -= len(failed) if written else 0
    data = {
        "rows": len(sheet.rows),
        "created": created,
        "changed": changed,
        "unchanged": same,
        "failed": sorted(failed),
        "faults": faults,
        "ignored": [presentable(text) for at, text in enumerate(sheet.headings) if at not in sheet.mapping and text],
        "written": written,
    }
    words = f"{len(sheet.rows)} rows: {created} new, {changed} changed, {same} unchanged"
    show(data, as_json=asked.as_json, words=words + ("" if written else "; nothing written"))
    sys.exit(1 if faults or failed else 0)


def as_said(asked: Asked, sheet: Sheet, fault: Fault) -> dict[str, Any]:
    """Return a fault in words, with nothing that may not be shown."""
    heading = presentable(sheet.headings[fault.column]) if fault.column is not None else fault.words.get("column", "")
    text = say(asked.lang, fault.key, **{**fault.words, "column": heading})
    code = fault.key.rpartition(".")[2]
    return {"line": fault.line, "column": heading or None, "value": fault.value, "code": code, "text": text}
