"""Commands for the registry of businesses."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.service import ImportBusinesses, import_businesses
from samsyn.cli.acting import acts_as, as_json, house, keys_of, planner_of, show
from samsyn.core.uow import unit_of_work
from samsyn.texts import say


@click.group("import")
def import_group() -> None:
    """Imports."""


@import_group.command("businesses")
@acts_as
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collaboration", default=None, help="its name; needed where the authority is in several")
@click.option("--dry-run", is_flag=True, help="look, write nothing")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv")
@as_json
def import_list(
    *, authority: str, file: Path, collaboration: str | None, dry_run: bool, lang: str, as_json: bool
) -> None:
    """Import businesses from CSV or XLSX as Swedish offices write them: all or nothing, faults by row and column."""
    settings = house()
    with unit_of_work(planner_of(authority)) as uow:
        mine = [c.id for c in my_collaborations(uow) if collaboration in {None, c.name}]
        if len(mine) != 1:
            raise click.UsageError("say which collaboration: --collaboration NAME")
        report = import_businesses(
            uow, keys_of(settings), ImportBusinesses(mine[0], file.name, file.read_bytes(), dry_run)
        )
    for fault in report.faults:
        text = say(lang, f"businesses.fault.{fault.code}", **fault.words)
        click.echo(f"row {fault.line}, {fault.column or '-'}: {text}", err=True)
    words = f"{report.rows} rows: {report.created} new, {report.changed} changed, {report.unchanged} unchanged"
    show(asdict(report), as_json=as_json, words=words + ("" if report.written else "; nothing written"))
    sys.exit(1 if report.faults else 0)
