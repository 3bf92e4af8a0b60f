"""``samsyn up``: the whole service on this machine, from wheels, as supervised child processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import click

from samsyn.audit.heads import make_seal_keys
from samsyn.cli.running import SETTINGS_FILE
from samsyn.cli.schema import migrate_and_load
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.embedded import ports
from samsyn.embedded.child import Child
from samsyn.embedded.files import write_private
from samsyn.embedded.process import Supervisor
from samsyn.embedded.servers import Servers
from samsyn.texts.say import say

DOMAIN: Final = "samsyn.example"
CONCURRENCY: Final = "2"
KNOWN: Final = frozenset(f"SAMSYN_{name.upper()}" for name in Settings.model_fields)


def run_up(folder: Path, *, port: int, demo: bool) -> None:
    """Start everything in ``folder``, say where it is, stay until SIGINT or SIGTERM, stop everything.

    Raises ``EmbeddedError``: folder in use, port taken, a server that does not start.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    ports.demand(port)
    with Supervisor(folder) as supervisor:
        settings = start_servers(supervisor, port=port, demo=demo)
        os.environ.update(settings)
        file = supervisor.folder / SETTINGS_FILE
        write_private(file, "".join(f'{n}="{v}"\n' for n, v in settings.items() if n in KNOWN))
        url = settings["SAMSYN_BASE_URL"]
        with ThreadPoolExecutor(1) as pool:
            # The practice town is loaded while the web starts. What carries hints to the workers waits for it: what
            # the town's past would have sent is not to be sent now.
            people = pool.submit(load_practice, supervisor.folder) if demo else None
            web, *others = children(settings, port)
            supervisor.start(web, timeout=60)
            persons = people.result() if people else []
            supervisor.start(*others, timeout=60)

        def announce(persons: list[dict[str, object]]) -> None:
            supervisor.announce(
                {
                    "url": url,
                    "smtp": settings["SAMSYN_SMTP_URL"].removeprefix("smtp://"),
                    "mailbox_dir": settings.get("SAMSYN_MAILBOX_DIR", ""),
                    "pid": os.getpid(),
                    "persons": persons,
                }
            )

        announce(persons)
        greet(url, persons)
        try:
            with watched(supervisor, others, announce) if demo else nullcontext():
                supervisor.run_until(stop)
        finally:
            file.unlink(missing_ok=True)
        click.echo("stopping ...")


@contextmanager
def watched(
    supervisor: Supervisor, workers: list[Child], announce: Callable[[list[dict[str, object]]], None]
) -> Iterator[None]:
    """Empty and load the practice town whenever a page or a command asks for it; the web stays up meanwhile."""
    from samsyn.cli.practice import Watcher

    def resume(people: list[dict[str, object]]) -> None:
        supervisor.start(*workers, timeout=60)
        announce(people)
        click.echo("practice town: loaded anew")

    watcher = Watcher(supervisor.folder, lambda: supervisor.stop(*(child.name for child in workers)), resume)
    watcher.start()
    try:
        yield
    finally:
        watcher.close()


def start_servers(supervisor: Supervisor, *, port: int, demo: bool) -> dict[str, str]:
    """Start the servers that no setting replaces, migrate, and return the settings of every process."""
    given = {name: value for name, value in os.environ.items() if name.startswith("SAMSYN_")}
    which = {"postgres", "valkey", "mailbox"}
    for setting, server in (("DATABASE_URL", "postgres"), ("REDIS_URL", "valkey"), ("SMTP_URL", "mailbox")):
        if f"SAMSYN_{setting}" in given:
            which.discard(server)
    servers = Servers.start(supervisor, mail_domain=given.get("SAMSYN_MAIL_DOMAIN", DOMAIN), which=which)
    folder = supervisor.folder
    make_key_file(folder / "keys.json")
    make_seal_keys(folder / "seal-keys.json")
    settings = {
        "SAMSYN_DATA_DIR": str(folder),
        "SAMSYN_BASE_URL": f"http://127.0.0.1:{port}",
        "SAMSYN_MAIL_DOMAIN": DOMAIN,
        "SAMSYN_SERVICE_NAME": "Samsyn Arboga" if demo else "Samsyn",
        "SAMSYN_DEMO": "1" if demo else "0",
        # Beside the folder, not in it: who empties the one leaves the other.
        "SAMSYN_SEAL_COPY": str(folder.with_name(f"{folder.name}-seals")),
    }
    if servers.postgres:
        settings["SAMSYN_DATABASE_URL"] = servers.postgres.url("samsyn_app", "samsyn")
        settings["SAMSYN_DATABASE_PREPARES"] = "true"
        settings["SAMSYN_RELAY_DATABASE_URL"] = servers.postgres.url("samsyn_relay", "samsyn")
        settings["SAMSYN_SEALER_DATABASE_URL"] = servers.postgres.url("samsyn_sealer", "samsyn")
        settings["SAMSYN_MIGRATOR_DATABASE_URL"] = servers.postgres.url("samsyn_migrator", "samsyn")
    if servers.valkey:
        settings["SAMSYN_REDIS_URL"] = servers.valkey.url
    if servers.mailbox:
        settings["SAMSYN_SMTP_URL"] = servers.mailbox.smtp_url
        settings["SAMSYN_INBOUND_URL"] = servers.mailbox.inbound_url
        settings["SAMSYN_MAILBOX_DIR"] = str(servers.mailbox.mail)
    settings.update(given)
    migrate_and_load(settings["SAMSYN_MIGRATOR_DATABASE_URL"])
    return settings


def children(settings: dict[str, str], port: int) -> list[Child]:
    """Return the service's own processes."""
    environment = {**os.environ, **settings}
    python = sys.executable

    def alive(_pid: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004
        except OSError:
            return False

    web = (
        python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "8", "--no-ws", "--log-level", "error", "--factory", "samsyn.web.wsgi:serve",
    )  # fmt: skip
    worker = (python, "-m", "samsyn_workers", "worker", "--concurrency", CONCURRENCY, "--loglevel", "WARNING")
    sealer = Child("sealer", (python, "-m", "samsyn_workers", "sealer"), env=environment)
    return [
        Child("web", web, env=environment, ready=alive),
        Child("worker", worker, env=environment, grace=25),
        Child("relay", (python, "-m", "samsyn_workers", "relay"), env=environment),
        Child("beat", (python, "-m", "samsyn_workers", "beat", "--loglevel", "WARNING"), env=environment),
        *([sealer] if environment.get("SAMSYN_SEALER_DATABASE_URL") else []),
    ]


def load_practice(folder: Path) -> list[dict[str, object]]:
    """Load the practice town at the first start; return its people with their sign-ins."""
    from samsyn.cli.practice import practice_people

    return practice_people(folder, Progress())


class Progress:
    """Says on the console which step of the loading has begun, and how far a long one is."""

    def __init__(self) -> None:
        self.step = ""
        self.shown = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say a step once, and a long one again at every quarter."""
        if step != self.step:
            self.step, self.shown = step, 0
            click.echo(f"practice town: {say('en', f'walk.step.{step}')} ...")
        elif total and 4 * done // total > self.shown:
            self.shown = 4 * done // total
            click.echo(f"practice town: {say('en', f'walk.step.{step}')} {done}/{total}")
        sys.stdout.flush()


def greet(url: str, persons: list[dict[str, object]]) -> None:
    """Say where it is and how to get in."""
    click.echo(f"\nSamsyn is ready: {url}   (Ctrl-C stops it)")
    for person in persons:
        roles = ", ".join(str(role) for role in person["roles"])  # type: ignore[attr-defined]
        click.echo(f"  {person['email']:<38} {person['password']:<16} {person['name']}, {person['unit']}: {roles}")
    sys.stdout.flush()
