"""Writing into a Maildir: a mail is there whole, under a name of its own, or not at all."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from samsyn.embedded.files import make_folder, sync_folder

PARTS = ("tmp", "new", "cur")


def make_maildir(folder: Path) -> Path:
    """Make ``folder`` a Maildir and clear what a killed writer left in ``tmp``; there must be one writer only."""
    folder = make_folder(folder)
    for part in PARTS:
        make_folder(folder / part)
    for unfinished in (folder / "tmp").iterdir():
        unfinished.unlink()
    return folder


def put(folder: Path, content: bytes) -> Path:
    """Write one mail and return its path in ``new``; it survives a power cut when this returns. Raises ``OSError``."""
    name = f"{time.time_ns()}.{secrets.token_hex(8)}.samsyn"
    unfinished, place = folder / "tmp" / name, folder / "new" / name
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(place)
    sync_folder(place.parent)
    return place
