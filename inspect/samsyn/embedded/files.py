"""Folders and files that only their owner reads."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path
from typing import IO

from samsyn.embedded.errors import FolderInUseError, ServerSetupError

SEEN_BY_OTHERS = stat.S_IRWXG & ~stat.S_IXGRP | stat.S_IRWXO & ~stat.S_IXOTH


def make_folder(path: Path) -> Path:
    """Make ``path`` for its owner alone and return it resolved; one that is there is closed to others' eyes.

    The right to pass through is left as it stands: PostgreSQL, which refuses to be root, may need it.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = path.resolve()
        status = folder.stat()
        if status.st_uid == os.geteuid() and status.st_mode & SEEN_BY_OTHERS:
            folder.chmod(stat.S_IMODE(status.st_mode) & ~SEEN_BY_OTHERS)
    except OSError as error:
        raise ServerSetupError(f"the folder {path} cannot be made: {error.strerror}") from None
    return folder


def lock_folder(folder: Path) -> IO[str]:
    """Hold ``folder`` until the returned file is closed or the process ends, however it ends (flock).

    Raises ``FolderInUseError`` naming the process that holds it.
    """
    try:
        file = os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        raise ServerSetupError(f"the folder {folder} cannot be used by this user: {error.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = file.read().strip()
        file.close()
        raise FolderInUseError(
            f"the data folder {folder} is in use" + (f" by process {holder}" if holder else "") + ":"
            " stop that one first, or choose another folder"
        ) from None
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def write_private(path: Path, content: str, *, durable: bool = True) -> None:
    """Write ``path`` whole or not at all (rename), mode 0600; with ``durable`` it is on disk when this returns."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    unfinished.replace(path)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in ``folder`` on disk: a rename survives a power cut only after this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
