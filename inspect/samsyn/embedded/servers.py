"""All three servers in one data folder, started side by side."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from samsyn.embedded import postbox, postgres, valkey
from samsyn.embedded.postbox import Mailbox
from samsyn.embedded.postgres import Postgres
from samsyn.embedded.process import Supervisor
from samsyn.embedded.valkey import Valkey

T = TypeVar("T")
ALL = frozenset({postgres.NAME, valkey.NAME, postbox.NAME})


@dataclass(frozen=True)
class Servers:
    """What runs; None stands for a server that a setting replaced by a real one."""

    postgres: Postgres | None
    valkey: Valkey | None
    mailbox: Mailbox | None

    @classmethod
    def start(
        cls,
        supervisor: Supervisor,
        *,
        mail_domain: str,
        database: str = "samsyn",
        durable: bool = True,
        which: Collection[str] = ALL,
    ) -> Servers:
        """Start ``which`` in the supervisor's folder, with roles and ``database`` made or mended.

        They end with the supervisor. Raises ``EmbeddedError``; close the supervisor then.
        """
        folder = supervisor.folder

        def start_postgres() -> Postgres:
            server = Postgres.start(folder / postgres.NAME, durable=durable, supervisor=supervisor)
            server.prepare(database)
            return server

        with ThreadPoolExecutor(3, thread_name_prefix="servers") as pool:
            data = pool.submit(start_postgres) if postgres.NAME in which else None
            queue = (
                pool.submit(Valkey.start, folder / valkey.NAME, durable=durable, supervisor=supervisor)
                if valkey.NAME in which
                else None
            )
            mail = (
                pool.submit(Mailbox.start, folder, domain=mail_domain, supervisor=supervisor)
                if postbox.NAME in which
                else None
            )
        return cls(_result(data), _result(queue), _result(mail))


def _result(future: Future[T] | None) -> T | None:
    return None if future is None else future.result()
