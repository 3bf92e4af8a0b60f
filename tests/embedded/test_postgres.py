from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from samsyn.embedded import roles
from samsyn.embedded.errors import ServerSetupError
from samsyn.embedded.postgres import ENVIRONMENT, Postgres
from samsyn.embedded.process import Supervisor
from samsyn.embedded.wheels import postgres_program
from tests.embedded.waiting import wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres.start(tmp_path_factory.mktemp("house"), durable=False)
    server.prepare("house")
    server.prepare("house")
    yield server
    server.stop()


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def answers(url: str) -> bool:
    try:
        return one(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_data_survives_a_stop_a_killed_server_and_a_folder_with_a_long_name(folder: Path) -> None:
    home = folder / ("x" * 120)
    server = Postgres.start(home)
    url = server.url("postgres")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: server.pid not in {None, first} and answers(url))
    assert one(url, "SELECT n FROM kept") == 42
    server.stop()
    assert not (home / "cluster" / "postmaster.pid").exists()
    (home / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n")  # a number that is another's now
    again = Postgres.start(home)
    assert one(again.url("postgres"), "SELECT n FROM kept") == 42
    assert one(again.url("postgres"), "SELECT current_setting('fsync')") == "on"
    again.stop()


def test_two_start_at_once_in_two_folders(folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        a, b = pool.map(lambda name: Postgres.start(folder / name, durable=False), ("a", "b"))
    assert one(a.url("postgres"), "SHOW data_directory") != one(b.url("postgres"), "SHOW data_directory")
    a.stop()
    b.stop()


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    (folder / "cluster.new").mkdir()
    (folder / "cluster.new" / "PG_VERSION").write_text("18\n")
    server = Postgres.start(folder, durable=False)
    assert one(server.url("postgres"), "SHOW server_version_num") >= "180000"  # type: ignore[operator]
    server.stop()


def test_the_roles_may_what_the_design_says(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolbypassrls, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'samsyn%' ORDER BY rolname"
        ).fetchall()
        member = connection.execute(
            "SELECT roleid::regrole::text, member::regrole::text, inherit_option, set_option, admin_option"
            " FROM pg_auth_members WHERE roleid::regrole::text LIKE 'samsyn%' OR member::regrole::text LIKE 'samsyn%'"
        ).fetchall()
    assert rows == [
        ("samsyn_app", True, False, False),
        ("samsyn_backup", True, True, False),
        ("samsyn_migrator", True, False, False),
        ("samsyn_owner", False, False, False),
        ("samsyn_relay", True, False, False),
        ("samsyn_sealer", True, False, False),
    ]
    assert member == [("samsyn_owner", "samsyn_migrator", False, True, False)]


def test_a_role_that_was_given_too_much_is_mended(server: Postgres) -> None:
    superuser = server.url("postgres")
    with psycopg.connect(superuser) as connection:
        connection.execute("ALTER ROLE samsyn_app SUPERUSER BYPASSRLS")
    roles.prepare_roles(superuser, {})
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert one(server.url("samsyn_app", "house"), query) is False


@pytest.mark.parametrize("role", roles.LOGIN_ROLES)
@pytest.mark.parametrize("kind", ["TABLE", "TEMPORARY TABLE", "SCHEMA"])
def test_no_role_makes_anything_as_itself(server: Postgres, role: str, kind: str) -> None:
    statement = f"CREATE {kind} mine" + ("" if kind == "SCHEMA" else " (n int)")
    with psycopg.connect(server.url(role, "house")) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_the_migrator_makes_tables_as_the_owner_and_the_application_cannot_become_it(server: Postgres) -> None:
    with psycopg.connect(server.url("samsyn_migrator", "house")) as connection:
        connection.execute("SET ROLE samsyn_owner")
        connection.execute("CREATE TABLE made (n int)")
        connection.rollback()
    application = psycopg.connect(server.url("samsyn_app", "house"))
    with application, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("SET ROLE samsyn_owner")


def test_the_database_is_the_owners_sorts_by_code_point_and_knows_swedish_letters(server: Postgres) -> None:
    url = server.url("samsyn_app", "house")
    owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert one(url, owner) == "samsyn_owner"
    assert one(url, "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'") == "samsyn_owner"
    assert one(url, "SELECT lower('ÅÄÖÉ') || (upper('ö') < upper('z'))::text") == "åäöéfalse"
    assert one(url, "SHOW timezone") == "UTC"


def test_nobody_gets_in_without_a_password_or_into_the_database_without_a_name(server: Postgres) -> None:
    for password in ("", ":wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://samsyn_app{password}@127.0.0.1:{server.port}/house", passfile="/dev/null")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
        assert connection.execute("SELECT has_database_privilege('stranger', 'house', 'CONNECT')").fetchone() == (
            False,
        )
    assert stat.S_IMODE((server.supervisor.folder / "passwords.json").stat().st_mode) == 0o600


def test_the_log_holds_neither_passwords_nor_what_people_wrote(server: Postgres) -> None:
    twice = (
        "CREATE TEMPORARY TABLE t AS SELECT 'kanariefågel' AS w; CREATE UNIQUE INDEX ON t (w);"
        " INSERT INTO t VALUES ('kanariefågel')"
    )
    connection = psycopg.connect(server.url("postgres", "house"))
    with connection, pytest.raises(psycopg.errors.UniqueViolation, match="kanariefågel"):
        connection.execute(twice.encode())
    log = server.supervisor.log_of("postgres").read_text()
    assert "duplicate key" in log
    assert "kanariefågel" not in log
    assert not any(password in log for password in server.passwords.values())


def test_the_script_for_an_administrator_does_the_same_on_another_server(server: Postgres) -> None:
    script = roles.bootstrap_script("other")
    lines = [line for line in script.splitlines() if not line.startswith("\\password")]  # asks at the terminal
    for _ in range(2):
        subprocess.run(
            [postgres_program("psql"), "-X", "-q", "-d", server.url("postgres")],
            input="\n".join(lines),
            env=ENVIRONMENT,
            text=True,
            check=True,
            timeout=10,
        )
    assert one(server.url("samsyn_app", "other"), "SELECT current_database()") == "other"
    with pytest.raises(ValueError, match="no plain database name"):
        roles.bootstrap_script("a'; DROP")


def test_a_server_that_another_supervisor_runs_on_the_same_files_is_left_alone(folder: Path) -> None:
    with Supervisor(folder / "a") as a, Supervisor(folder / "b") as b:
        server = Postgres.start(folder / "files", durable=False, supervisor=a)
        with pytest.raises(ServerSetupError, match=f"not ours .*process {server.pid}"):
            Postgres.start(folder / "files", durable=False, supervisor=b)
        assert answers(server.url("postgres"))
