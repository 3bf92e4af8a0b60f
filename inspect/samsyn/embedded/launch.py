"""Become another program that ends when its supervisor ends: ``launch.py PARENT SIGNAL UID GID PROGRAM ARGUMENT...``.

A program of its own, run with ``-I -S`` (12 ms), because the two other ways are unsafe: code between fork and exec in
a process with threads can hang, and a parent that is killed with SIGKILL can clean up nothing. UID -1 keeps the user.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, stop_signal: int, uid: int, gid: int, argv: list[str]) -> None:
    """Change user, ask the kernel for ``stop_signal`` at the parent's end (prctl(2)), and exec ``argv``."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After setuid, which clears it; exec keeps it. Elsewhere the next start ends what was left over.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # the supervisor ended before the kernel was asked
    # Python ignores it and exec would pass that on: a program writing to a closed pipe must end.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        os.execv(argv[0], argv)  # noqa: S606 without a shell on purpose
    except OSError as error:
        sys.exit(f"{argv[0]}: {error.strerror}")


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[1:5]]
    main(numbers[0], numbers[1], numbers[2], numbers[3], sys.argv[5:])
