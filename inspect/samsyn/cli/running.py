"""Commands that run the service and look after it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final

import click

SETTINGS_FILE: Final = "settings.env"
"""What `up` runs with, in the data folder while it runs; it holds passwords (mode 0600)."""


def take_running_settings() -> None:
    """Let a command without settings of its own work on what `samsyn up` runs in the data folder."""
    file = data_folder() / SETTINGS_FILE
    if file.exists() and not {"SAMSYN_CONFIG", "SAMSYN_DATABASE_URL"} & os.environ.keys():
        os.environ["SAMSYN_CONFIG"] = str(file)


def data_folder() -> Path:
    """Return ``$SAMSYN_DATA`` or ``.samsyn`` here."""
    return Path(os.environ.get("SAMSYN_DATA", ".samsyn"))


@click.command()
@click.option("--demo", is_flag=True, help="practice mode: invented people and businesses, sign-ins shown")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="the web's port")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="the data folder (default $SAMSYN_DATA)")
def up(*, demo: bool, port: int, data: Path | None) -> None:
    """Run everything here: PostgreSQL, Valkey, a mailbox, web, worker, relay, beat, sealer; until Ctrl-C."""
    from samsyn.cli.up import run_up
    from samsyn.embedded.errors import EmbeddedError

    try:
        run_up(data or data_folder(), port=port, demo=demo)
    except EmbeddedError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@click.command()
def migrate() -> None:
    """Bring the database to the newest shape and load the house's checklists (SAMSYN_MIGRATOR_DATABASE_URL)."""
    from samsyn.cli.schema import migrate_and_load
    from samsyn.core.settings import load_settings

    migrate_and_load(load_settings().migrator_database_url)


@click.command()
@click.option("--script", is_flag=True, help="print SQL for psql instead, for an administrator to run")
@click.option("--database", default="samsyn", show_default=True)
def roles(*, script: bool, database: str) -> None:
    """Make the roles and an empty database on a real server (SAMSYN_SUPERUSER_DATABASE_URL, SAMSYN_..._PASSWORD)."""
    from samsyn.embedded.roles import bootstrap_script, create_database, prepare_roles

    if script:
        click.echo(bootstrap_script(database))
        return
    url = os.environ.get("SAMSYN_SUPERUSER_DATABASE_URL")
    if not url:
        raise click.UsageError("SAMSYN_SUPERUSER_DATABASE_URL is not set")
    names = {role: f"SAMSYN_{role.upper()}_PASSWORD" for role in ("app", "relay", "migrator", "sealer", "backup")}
    passwords = {f"samsyn_{role}": os.environ[name] for role, name in names.items() if name in os.environ}
    prepare_roles(url, passwords)
    create_database(url, database)
    click.echo(f"roles and database {database} are there; passwords set for {', '.join(sorted(passwords)) or 'none'}")


@click.command()
def make_keys() -> None:
    """Make the key files of the settings, for data and for the trail's signed ends, unless they stand there."""
    from samsyn.audit.heads import make_seal_keys
    from samsyn.core.keys import make_key_file
    from samsyn.core.settings import load_settings

    settings = load_settings()
    make_key_file(settings.key_file or settings.data_dir / "keys.json")
    make_seal_keys(settings.seal_keys())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def doctor(*, as_json: bool) -> None:
    """Look at settings, database, role, migrations, broker, mail, clock: a line each; exit 1 if any is bad."""
    from samsyn.cli.doctor import look

    findings = look()
    for name, good, words in findings:
        if not as_json:
            click.echo(f"{'ok ' if good else 'BAD'} {name}: {words}")
    if as_json:
        click.echo(json.dumps([{"name": n, "ok": good, "words": words} for n, good, words in findings]))
    sys.exit(0 if all(good for _, good, _ in findings) else 1)


def hand_over_to(which: str, arguments: tuple[str, ...]) -> None:
    """Become one of the processes beside the web."""
    os.execv(sys.executable, [sys.executable, "-m", "samsyn_workers", which, *arguments])  # noqa: S606


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def worker(arguments: tuple[str, ...]) -> None:
    """Run a Celery worker; further arguments are Celery's."""
    hand_over_to("worker", arguments)


@click.command()
def relay() -> None:
    """Run the relay, which tells the workers that there may be work."""
    hand_over_to("relay", ())


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def beat(arguments: tuple[str, ...]) -> None:
    """Run the clock that looks for incoming mail."""
    hand_over_to("beat", arguments)


@click.command()
def openapi() -> None:
    """Print the OpenAPI document; needs no server."""
    from samsyn.cli.schema import openapi_document

    click.echo(openapi_document())
