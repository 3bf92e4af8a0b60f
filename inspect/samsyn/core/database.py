"""The database connection: one engine per process, bound after a worker's fork, and the session that says who looks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from psycopg import Connection as PsycopgConnection
from sqlalchemy import ARRAY, ColumnElement, Connection, Engine, Uuid, any_, bindparam, create_engine, event, text
from sqlalchemy.orm import InstrumentedAttribute, Session, SessionTransaction, sessionmaker

from samsyn.core.viewer import Viewer

SET_IDENTITY = text(
    "SELECT set_config('app.authority', :authority, true), set_config('app.person', :person, true),"
    " set_config('app.roles', :roles, true), set_config('app.presented', :presented, true)"
)


class HouseSession(Session):
    """A session that sets its viewer at the start of every transaction."""


SessionFactory = sessionmaker(class_=HouseSession, expire_on_commit=False)


@event.listens_for(HouseSession, "after_begin")
def say_who_looks(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Local to the transaction: the next user of a pooled connection starts as nobody."""
    viewer: Viewer = session.info["viewer"]
    connection.execute(SET_IDENTITY, viewer.settings())


PREPARE_AFTER: Final = 2  # uses of a statement in a connection
PREPARED: Final = 300  # statements a connection keeps; a page asks some thirty, the whole service some hundreds

WAITS: Final = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"


def make_engine(
    url: str, *, pool_size: int = 5, prepares: bool = False, hurried: bool = False, **options: Any
) -> Engine:
    """Return an engine whose every wait ends: 5 s to connect, 15 s per statement, 5 s for a lock, 10 s for the pool.

    Prepared statements are off, so that a transaction-pooling proxy may stand between (SECRECY 2, no. 9); who knows
    that none does may ask for them (``prepares``): under the policies PostgreSQL spends as long on planning a short
    statement as on running it. ``hurried``: a commit does not wait for the disk, for a long run of writes none of which
    must outlive a crash alone.
    """
    usual: dict[str, Any] = {"pool_pre_ping": True, "pool_recycle": 1800}
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=10,
        hide_parameters=True,  # a database error must not carry what somebody wrote into a log
        connect_args={
            "connect_timeout": 5,
            "prepare_threshold": PREPARE_AFTER if prepares else None,
            "application_name": "samsyn",
            "options": WAITS + (" -c synchronous_commit=off" if hurried else ""),
        },
        **(usual | options),
    )
    if prepares:
        event.listen(engine, "connect", keep_many)
    return engine


def keep_many(connection: PsycopgConnection[Any], _record: object) -> None:
    """Let a new connection keep more than psycopg's hundred: what is in use must not be thrown out and planned anew."""
    connection.prepared_max = PREPARED


def bind(engine: Engine) -> None:
    """Give every later unit of work of this process its engine."""
    SessionFactory.configure(bind=engine)


def one_of(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that a column is one of many ids, as one array: a parameter each would be slow."""
    return column == any_(bindparam(None, list(ids), type_=ARRAY(Uuid)))


FORBIDDEN_ROLE = text(
    "SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR EXISTS ("
    " SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace)"
    " FROM pg_roles r WHERE r.rolname = current_user"
)


def refuse_strong_role(engine: Engine) -> None:
    """Raise ``RuntimeError`` if the role could see past the policies (superuser, BYPASSRLS, owner of a table)."""
    with engine.connect() as connection:
        if connection.scalar(FORBIDDEN_ROLE):
            raise RuntimeError(
                "the database role of SAMSYN_DATABASE_URL is a superuser, bypasses row security or owns tables:"
                " use the role samsyn_app"
            )
