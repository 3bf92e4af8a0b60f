"""The roles of the house and an empty database for them, on the embedded server or a real one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

LOGIN_ROLES: Final = ("samsyn_migrator", "samsyn_app", "samsyn_relay", "samsyn_sealer", "samsyn_backup")
FOLDER: Final = Path(__file__).with_name("sql")
ROLES: Final = (FOLDER / "roles.sql").read_bytes()
DATABASE: Final = (FOLDER / "database.sql").read_bytes()
# The same on every server, whatever its own default is: code points, and upper and lower case of all of Unicode.
CREATE: Final = (
    "CREATE DATABASE {} OWNER samsyn_owner TEMPLATE template0 ENCODING 'UTF8'"
    " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
)


def prepare_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Make or mend the roles, and set the ``passwords`` given (by role); twice the same changes nothing.

    A password leaves this process only as its SCRAM verifier (RFC 5803): no log of the server can hold it.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(ROLES)
        for role, password in passwords.items():
            verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            change = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(change.format(sql.Identifier(role), sql.Literal(verifier.decode())))


def create_database(superuser_url: str, name: str) -> None:
    """Make or mend a database that the house owns and only its roles enter; twice the same changes nothing.

    ``superuser_url`` names any database of the same server. Run ``prepare_roles`` first.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL(CREATE).format(sql.Identifier(name)))
    with psycopg.connect(make_conninfo(superuser_url, dbname=name), autocommit=True) as connection:
        connection.execute(DATABASE)


def bootstrap_script(database: str) -> str:
    """Return the same as one script for psql, for an administrator who lets no program be superuser.

    Raises ``ValueError`` for a name that is not a plain one (lower case, digits, underscore).
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", database):
        raise ValueError(f"{database!r} is no plain database name")
    create = CREATE.format(database).replace("'", "''")
    return "\n".join(
        [
            r"\set ON_ERROR_STOP on",
            ROLES.decode(),
            f"SELECT '{create}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec",  # noqa: S608 a plain name
            f"\\connect {database}",
            DATABASE.decode(),
            *(rf"\password {role}" for role in LOGIN_ROLES),
            "",
        ]
    )
