"""One embedded PostgreSQL per test run, with the roles of the house; databases are made by migrations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from samsyn.core import migrate
from samsyn.embedded.postgres import SUPERUSER, Postgres
from samsyn.embedded.roles import create_database


@dataclass
class Cluster:
    """A running server; ``url`` gives an address per role and database."""

    server: Postgres

    def url(self, role: str, database: str) -> str:
        return self.server.url(role, database)

    def create(self, database: str | None = None) -> str:
        name = database or f"t{uuid4().hex[:12]}"
        create_database(self.server.url(SUPERUSER), name)
        return name

    def migrate(self, database: str, revision: str = "head") -> None:
        migrate.upgrade(self.url("samsyn_migrator", database), revision)
