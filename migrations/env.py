"""How Alembic runs here: as the migrator acting as the owner, one migration a transaction, one runner at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool, text
from sqlalchemy.schema import SchemaItem

from samsyn.core.tables import load

LOCK = 7_268_779  # an arbitrary number: only one migration runs at a time in a database


SEALERS = {("column", "xid"), ("column", "digest"), ("index", "ix_audit_xid_at_id")}
"""What the trail has for the sealer alone."""


def include(what: SchemaItem, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    """Leave out what the models do not map: the trail's yearly partitions, and what it has for the sealer."""
    partition = kind == "table" and name is not None and name.startswith("audit_")
    of_trail = getattr(getattr(what, "table", None), "name", "") == "audit"
    return not partition and not (of_trail and (kind, name) in SEALERS)


def run() -> None:
    """Upgrade, downgrade or compare, whatever the command is."""
    given = context.config.attributes.get("connection")
    if given is not None:
        context.configure(connection=given, target_metadata=load(), include_object=include, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET ROLE samsyn_owner"))
        # Before the timeouts: a second runner waits for as long as the first one works.
        connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SET statement_timeout = '30s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=load(),
            include_object=include,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
