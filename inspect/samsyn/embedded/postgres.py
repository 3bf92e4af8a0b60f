"""PostgreSQL 18 from a wheel, as a supervised child process on a free port of 127.0.0.1.

The wheel's programs are used directly: its own Python interface counts references in a file, stops the server from an
exit hook and opens all folders above for reading, none of which goes with a supervisor. There is no unix socket, so a
long folder name breaks nothing; every role signs in with a password of its own (scram-sha-256), so no other user of
the machine gets in.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from samsyn.embedded import roles
from samsyn.embedded.account import Account, open_way, server_account
from samsyn.embedded.child import Child, launched
from samsyn.embedded.errors import ServerSetupError
from samsyn.embedded.files import make_folder, sync_folder, write_private
from samsyn.embedded.ports import LOOPBACK
from samsyn.embedded.process import Supervisor
from samsyn.embedded.start import on_a_port, owned
from samsyn.embedded.wheels import postgres_program

NAME = "postgres"
SUPERUSER = "postgres"
READY_LINE = 7  # of postmaster.pid: pid, folder, time, port, socket folder, address, memory, state
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    # Statements and the values of keys may hold what people wrote; the caller gets them, the log does not.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """A running server. ``stop`` ends it; its port and passwords stay the same when it is restarted after a crash."""

    port: int
    passwords: Mapping[str, str]
    supervisor: Supervisor
    owns_supervisor: bool

    @classmethod
    def start(
        cls, folder: Path, *, durable: bool = True, supervisor: Supervisor | None = None, port: int | None = None
    ) -> Postgres:
        """Start the cluster in ``folder``, made at the first start, and return when it takes connections.

        Without ``supervisor`` it gets one of its own, which holds ``folder``. ``durable=False`` is for tests: a
        commit survives a killed process, not a power cut. Raises ``EmbeddedError`` with the server's last words.
        """
        with owned(folder, supervisor) as keeper:
            make_folder(folder)
            cluster = folder.resolve() / "cluster"
            program = postgres_program("postgres")
            account = server_account(cluster)
            if account is not None:
                open_way(account, program, cluster)
            passwords = _passwords(folder / "passwords.json")
            if not cluster.exists():
                _make_cluster(cluster, account, passwords[SUPERUSER], durable=durable)
            child = partial(_child, program, cluster, account, {} if durable else IN_A_HURRY)
            return cls(on_a_port(keeper, child, port), passwords, keeper, supervisor is None)

    def url(self, role: str, database: str = "postgres") -> str:
        """Return ``postgresql://...`` over TCP for a role of the house, or for ``postgres``, the superuser."""
        return f"postgresql://{role}:{self.passwords[role]}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self, database: str) -> None:
        """Make or mend the roles and ``database``; twice the same changes nothing."""
        superuser = self.url(SUPERUSER)
        roles.prepare_roles(superuser, {role: self.passwords[role] for role in roles.LOGIN_ROLES})
        roles.create_database(superuser, database)

    @property
    def pid(self) -> int | None:
        """The server's process, None while it is down."""
        return self.supervisor.pid(NAME)

    def stop(self) -> None:
        """End the server cleanly; open transactions are rolled back, what was committed is kept."""
        self.supervisor.close() if self.owns_supervisor else self.supervisor.stop(NAME)


def _passwords(path: Path) -> dict[str, str]:
    """Return every role's password, from ``path`` (0600); new ones are made for roles that have none."""
    try:
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = {}
    except OSError as error:
        raise ServerSetupError(f"the passwords in {path} cannot be read: {error.strerror}") from None
    missing = [role for role in (SUPERUSER, *roles.LOGIN_ROLES) if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        write_private(path, json.dumps(known, indent=1) + "\n")
    return known


def _child(program: Path, cluster: Path, account: Account | None, extra: Mapping[str, str], port: int) -> Child:
    settings = {**SETTINGS, **extra, "port": str(port)}

    def before() -> None:
        if account is not None:  # at a restart too: somebody may have closed a folder above meanwhile
            open_way(account, program, cluster)
        _clear_crash(cluster)

    return Child(
        NAME,
        (str(program), "-D", str(cluster), *(f"--{key}={value}" for key, value in settings.items())),
        env=ENVIRONMENT,
        cwd=cluster,
        account=account,
        stop_signal=signal.SIGINT,  # fast shutdown; SIGTERM would wait for every connection to end
        grace=30.0,
        ready=lambda pid: _is_ready(cluster, pid),
        before=before,
    )


def _make_cluster(cluster: Path, account: Account | None, password: str, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole: a half-made one is never taken for a real one."""
    new = cluster.with_name("cluster.new")
    secret = cluster.with_name("password.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    write_private(secret, password + "\n", durable=False)
    if account is not None:
        os.chown(new, account.uid, account.gid)
        os.chown(secret, account.uid, account.gid)
    command = [
        *(str(postgres_program("initdb")), "-D", str(new), "-U", SUPERUSER, f"--pwfile={secret}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if durable else ["--no-sync"])),
    ]
    try:
        done = subprocess.run(  # noqa: S603 our own program, no shell
            launched(command, account, signal.SIGTERM),
            env=ENVIRONMENT,
            cwd=new,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
    finally:
        secret.unlink()
    if done.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise ServerSetupError(f"PostgreSQL could not make its files in {cluster.parent}:\n{done.stderr.strip()}")
    new.rename(cluster)
    sync_folder(cluster.parent)


def _is_ready(cluster: Path, pid: int) -> bool:
    """Ask as pg_ctl does: the server writes its state into its own pid file."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return len(lines) > READY_LINE and lines[0].strip() == str(pid) and lines[READY_LINE].strip() == "ready"


def _clear_crash(cluster: Path) -> None:
    """After a killed server: end what it left working on the files, and its pid file, whose number may be reused.

    Raises ``ServerSetupError`` if a whole server, which is not ours, runs on these files.
    """
    pid_file = cluster / "postmaster.pid"
    if not pid_file.exists():
        return
    first_line = pid_file.read_text(encoding="utf-8").partition("\n")[0].strip()
    left: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(cluster) and Path(process.exe()).name == "postgres":
                left.append(process)
    if any(str(process.pid) == first_line for process in left):
        raise ServerSetupError(f"a PostgreSQL that is not ours runs in {cluster} (process {first_line}): stop it first")
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=10)
    pid_file.unlink(missing_ok=True)
