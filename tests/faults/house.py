"""The service's own processes and servers, as ``samsyn up`` starts them, for tests that kill them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from samsyn.core import migrate
from samsyn.core.database import SessionFactory, bind, make_engine
from samsyn.core.keys import make_key_file
from samsyn.embedded.child import Child
from samsyn.embedded.postbox import Mailbox
from samsyn.embedded.postgres import SUPERUSER, Postgres
from samsyn.embedded.process import Supervisor
from samsyn.embedded.servers import Servers
from samsyn.embedded.valkey import Valkey

DOMAIN: Final = "samsyn.example"
ROOT: Final = Path(__file__).parents[2]
WORKER: Final = ("worker", "--concurrency", "2", "--loglevel", "WARNING")


@dataclass(frozen=True)
class House:
    """PostgreSQL, Valkey (which keeps nothing over its death) and the mailbox, a worker with two children, a relay."""

    supervisor: Supervisor
    postgres: Postgres
    valkey: Valkey
    mailbox: Mailbox
    settings: Mapping[str, str]

    def start_worker(self, *more: str) -> None:
        self._start("worker", *WORKER, *more)

    def start_relay(self) -> None:
        self._start("relay", "relay")

    def _start(self, name: str, *arguments: str) -> None:
        command = (sys.executable, "-m", "samsyn_workers", *arguments)
        self.supervisor.start(Child(name, command, env={**os.environ, **self.settings}, cwd=ROOT, grace=25))

    def workers_children(self) -> list[psutil.Process]:
        """The processes that run tasks; none while the worker is down."""
        pid = self.supervisor.pid("worker")
        try:
            return psutil.Process(pid).children() if pid else []
        except psutil.NoSuchProcess:
            return []

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Read past every policy: the test is the only one who sees all of it."""
        with psycopg.connect(self.postgres.url(SUPERUSER, "samsyn")) as connection:
            return connection.execute(query.encode(), values).fetchall()

    @contextmanager
    def bound(self) -> Iterator[None]:
        """Let this process write in the house's database."""
        before = SessionFactory.kw.get("bind")
        engine = make_engine(self.postgres.url("samsyn_app", "samsyn"))
        bind(engine)
        try:
            yield
        finally:
            engine.dispose()
            SessionFactory.configure(bind=before)


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    with Supervisor(folder, limit=1000) as supervisor:
        servers = Servers.start(supervisor, mail_domain=DOMAIN, durable=False)
        assert servers.postgres is not None
        assert servers.valkey is not None
        assert servers.mailbox is not None
        migrate.upgrade(servers.postgres.url("samsyn_migrator", "samsyn"))
        make_key_file(folder / "keys.json")
        settings = {
            "SAMSYN_DATABASE_URL": servers.postgres.url("samsyn_app", "samsyn"),
            "SAMSYN_DATABASE_PREPARES": "true",
            "SAMSYN_RELAY_DATABASE_URL": servers.postgres.url("samsyn_relay", "samsyn"),
            "SAMSYN_REDIS_URL": servers.valkey.url,
            "SAMSYN_SMTP_URL": servers.mailbox.smtp_url,
            "SAMSYN_DATA_DIR": str(folder),
            "SAMSYN_MAIL_DOMAIN": DOMAIN,
        }
        house = House(supervisor, servers.postgres, servers.valkey, servers.mailbox, settings)
        house.start_worker()
        house.start_relay()
        yield house
