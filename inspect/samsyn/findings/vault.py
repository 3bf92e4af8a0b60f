"""Files of an authority on the disk: encrypted, addressed by an HMAC of the content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final
from uuid import uuid4

from samsyn.core.errors import FileLostError
from samsyn.core.keys import Keys

PURPOSE: Final = "evidence"


def address_of(keys: Keys, owner: str, data: bytes) -> str:
    """Return the content's address within one authority: a plain hash would tell that another silo holds the same."""
    return keys.digest(PURPOSE, owner, hashlib.sha256(data).hexdigest()).hex()


def store(keys: Keys, folder: Path, owner: str, address: str, data: bytes) -> str:
    """Write the encrypted file unless it stands readable; return the name of the key that it is encrypted with.

    The first line is that name: one file may serve several rows written before and after a change of key.
    """
    path = _path(folder, address)
    if path.exists():
        return path.read_bytes().split(b"\n", 1)[0].decode()
    secret, name = keys.encrypt(PURPOSE, data, owner)
    for own in (path.parent.parent, path.parent):
        _keep_to_ourselves(own)
    half = path.with_name(f".{uuid4().hex}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(name.encode() + b"\n" + secret)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)  # at once or not at all: nobody ever reads half a file
    finally:
        half.unlink(missing_ok=True)
    _sync(path.parent)
    return name


def fetch(keys: Keys, folder: Path, owner: str, address: str) -> bytes:
    """Return the clear bytes; ``InvalidTag`` if the file was changed or is another authority's.

    ``FileLostError`` where there is no file: a restore that left the folder out, a disk that failed.
    """
    try:
        name, secret = _path(folder, address).read_bytes().split(b"\n", 1)
    except FileNotFoundError as error:
        raise FileLostError("the file of a picture is not where it was kept") from error
    return keys.decrypt(PURPOSE, secret, owner, name.decode())


def forget(folder: Path, address: str) -> None:
    """Take a file off the disk that no row names any more; one that is gone already is no fault."""
    _path(folder, address).unlink(missing_ok=True)


def _path(folder: Path, address: str) -> Path:
    return folder / "evidence" / address[:2] / address


def _keep_to_ourselves(folder: Path) -> None:
    """Make a folder that nobody but the service's own user looks into; one of before is closed likewise."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
