"""One child process: what it shall be, and the running thing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from samsyn.embedded import launch
from samsyn.embedded.account import Account

MARK = "SUPERVISED_BY"  # in every child's environment: the data folder, by which a stray grandchild is known again
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside as `.1` when its process starts


@dataclass(frozen=True)
class Child:
    """What the supervisor keeps alive.

    ``argv[0]`` is an absolute path. ``env`` is the whole environment (None: ours). ``ready`` is asked with the pid
    until it says yes; without it the child counts as ready at once. ``before`` runs ahead of every start, also a
    restart. ``stop_signal`` asks it to end; after ``grace`` seconds it is killed.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    ready: Callable[[int], bool] | None = None
    before: Callable[[], None] | None = None


def launched(argv: Sequence[str], account: Account | None, stop_signal: signal.Signals) -> list[str]:
    """Return ``argv`` so wrapped that it runs as ``account`` and is sent ``stop_signal`` when the caller's thread ends.

    The *thread*, not the process (prctl(2)): call from one that outlives the program.
    """
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    numbers = (str(number) for number in (os.getpid(), int(stop_signal), uid, gid))
    return [sys.executable, "-I", "-S", str(Path(launch.__file__)), *numbers, *argv]


class Running:
    """A child that was started, in a session of its own: the terminal's Ctrl-C does not reach it."""

    def __init__(self, child: Child, log: Path, mark: str) -> None:
        self.child = child
        self.log = log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_name(f"{log.name}.1"))
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 our own programs, no shell
                launched(child.argv, child.account, child.stop_signal),
                env={**(os.environ if child.env is None else child.env), MARK: mark},
                cwd=child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
        self.pid = self._process.pid
        self.created = psutil.Process(self.pid).create_time()

    def alive(self) -> bool:
        """Say whether it runs; when it does not, what it left in its process group is ended too."""
        if self._process.poll() is None:
            return True
        self._sweep()
        return False

    def signal(self, number: signal.Signals) -> None:
        """Send it ``number``, unless it has ended."""
        self._process.send_signal(number)

    def end(self, seconds: float) -> bool:
        """Wait for its end at most ``seconds``, then kill it and its group; say whether it went by itself."""
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        finally:
            self._sweep()
        return True

    def code(self) -> int | None:
        """Return how it ended (minus the signal's number when by a signal), None while it runs."""
        return self._process.poll()

    def last_words(self, lines: int = 15) -> str:
        """Return the end of what it wrote since it was started."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(self._log_start, self.log.stat().st_size - 10_000))
                return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _sweep(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
