"""Look at, or change, a database as the owner of its tables: the migrator's way in, past no policy but its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, pool, text

from samsyn.core.database import SessionFactory, bind, make_engine
from tests.cluster import Cluster


@contextmanager
def connected(cluster: Cluster, role: str, database: str) -> Iterator[Connection]:
    """A connection as a role that may sign in; rolled back at the end unless it was committed."""
    url = cluster.url(role, database).replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"options": "-c lock_timeout=5000"})
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def as_owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    """The same as the owner of every table."""
    with connected(cluster, "samsyn_migrator", database) as connection:
        connection.execute(text("SET ROLE samsyn_owner"))
        connection.commit()
        yield connection


@contextmanager
def acting_in(cluster: Cluster, database: str, *, connections: int = 5, **options: Any) -> Iterator[None]:
    """Let this process's units of work act in another database, or with more connections, for a while."""
    before = SessionFactory.kw.get("bind")
    engine = make_engine(cluster.url("samsyn_app", database), pool_size=connections, **options)
    bind(engine)
    try:
        yield
    finally:
        engine.dispose()
        SessionFactory.configure(bind=before)
