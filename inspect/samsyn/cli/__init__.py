"""The ``samsyn`` command. Exit code 0 done, 1 refused, 2 usage. Commands import what they need when they run."""

from __future__ import annotations

import sys

import click

from samsyn.cli import accounts, calendars, demo, dossiers, plan_solving, planning, providers, registry, running, trail
from samsyn.core.errors import SamsynError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="samsyn")
def cli() -> None:
    """Joint inspections between authorities: run the service, look after it, read and write as an authority."""


for command in (
    running.up,
    running.migrate,
    running.roles,
    running.make_keys,
    running.doctor,
    running.worker,
    running.relay,
    running.beat,
    running.openapi,
    accounts.bootstrap,
    accounts.person,
    accounts.token,
    accounts.feed,
    providers.providers,
    registry.import_group,
    dossiers.compile_command,
    dossiers.words_command,
    planning.plan,
    calendars.replies,
    calendars.outbox,
    demo.demo,
    trail.audit,
):
    cli.add_command(command)
planning.plan.add_command(plan_solving.solve_command)


def main() -> None:
    """Run a command; a refusal is one sentence and what is missing, on standard error."""
    if sys.argv[1:2] != ["up"]:
        running.take_running_settings()
    try:
        cli(standalone_mode=True)
    except SamsynError as error:
        click.echo(f"refused ({error.code}): {error}", err=True)
        for name in error.missing:
            click.echo(f"  missing: {name}", err=True)
        for name, texts in error.fields.items():
            click.echo(f"  {name}: {' '.join(texts)}", err=True)
        sys.exit(1)
