"""The system user that PostgreSQL runs as when we are root, which PostgreSQL refuses to be."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from samsyn.embedded.errors import ServerSetupError

log = logging.getLogger(__name__)

NAME = "samsyn-postgres"
OTHERS_PASS = stat.S_IXOTH
OTHERS_READ = stat.S_IROTH


@dataclass(frozen=True)
class Account:
    """A user of this machine, by its numbers."""

    uid: int
    gid: int


def server_account(cluster: Path) -> Account | None:
    """Return whom to run as: None (ourselves) unless we are root; then the owner of ``cluster``, or a user of our own.

    Raises ``ServerSetupError`` when that user is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _find() or _make()


def _find() -> Account | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _make() -> Account:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise ServerSetupError(f"PostgreSQL will not run as root and there is no useradd: make a system user {NAME}")
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", NAME]
    said = ""
    for _ in range(20):  # another start may be making it at this moment and hold the lock on the file of users
        done = subprocess.run([program, *options], capture_output=True, text=True, check=False)  # noqa: S603 constants
        if (account := _find()) is not None:
            return account
        said = done.stderr.strip()
        time.sleep(0.1)
    raise ServerSetupError(f"PostgreSQL will not run as root and the system user {NAME} cannot be made: {said}")


def open_way(account: Account, program: Path, folder: Path) -> None:
    """Let ``account`` reach ``program`` and ``folder``: pass through the folders above, read the program's own tree.

    Nothing more than passage (o+x) is given to others on a folder above; it is logged, since it is the user's folder.
    """
    for target in (program, folder):
        for above in target.parents:
            if not _may_pass(account, above.stat()):
                above.chmod(stat.S_IMODE(above.stat().st_mode) | OTHERS_PASS)
                log.warning("others may now pass through %s (not list it): PostgreSQL cannot run as root", above)
    if not program.stat().st_mode & OTHERS_READ:  # installed under a strict umask
        tree = program.parent.parent
        for path in (tree, *tree.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | OTHERS_READ | (OTHERS_PASS if path.is_dir() or mode & stat.S_IXUSR else 0))


def _may_pass(account: Account, folder: os.stat_result) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & OTHERS_PASS)
