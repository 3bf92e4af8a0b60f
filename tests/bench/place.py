"""Where benches run: one durable embedded cluster a run, a migrated database for each subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from samsyn.core.database import SessionFactory, bind, make_engine
from samsyn.embedded.postgres import SUPERUSER
from tests.cluster import Cluster


@dataclass(frozen=True)
class Place:
    """A folder that is thrown away afterwards, and the cluster in it."""

    folder: Path
    cluster: Cluster

    def database(self) -> str:
        """Make and migrate an empty database."""
        name = self.cluster.create()
        self.cluster.migrate(name)
        return name

    def superuser(self, database: str) -> Engine:
        """One connection as the superuser, whom no policy limits; for filling, and for baselines."""
        url = self.cluster.url(SUPERUSER, database).replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(url, pool_size=1, max_overflow=0)

    def fill(self, engine: Engine, file: Path, **values: str | int) -> None:
        """Run a file of statements with ``:name`` replaced, then gather statistics."""
        whole = re.sub(r"(?<![:\w]):([a-z]+)", lambda found: str(values[found[1]]), file.read_text("utf-8"))
        with engine.begin() as db:
            for statement in whole.replace("%", "%%").split(";\n"):
                db.exec_driver_sql(statement)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(text("VACUUM ANALYZE"))

    @contextmanager
    def acting(self, database: str) -> Iterator[Engine]:
        """Let this process's units of work act in ``database`` as the application's role, over one connection."""
        engine = make_engine(self.cluster.url("samsyn_app", database), pool_size=1, prepares=True)
        before = SessionFactory.kw.get("bind")
        bind(engine)
        try:
            yield engine
        finally:
            engine.dispose()
            SessionFactory.configure(bind=before)
