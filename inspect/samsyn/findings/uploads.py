"""Half of a photo that was cut off on its way: its parts encrypted on the disk, so that only the rest is sent.

The shape is that of the IETF's "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload-15, work in progress):
parts are appended at the offset that both sides agree on. The phone's own key of the item is the upload's.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag

from samsyn.core.errors import ConflictError, InvalidError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.findings.picture import MAX_BYTES

PURPOSE: Final = "upload"
PART: Final = re.compile(r"(\d+)-([1-9]\d*)")
KEPT: Final = timedelta(days=7)
"""How long half a photo is kept after its last part came; then the tidying or the next photo clears it away."""
MOST_HALVES: Final = 30
"""Of one person, at once."""
MOST_PART: Final = 1_048_576
"""Bytes of one part; the phone's own are a quarter of it."""
LEAST_PART: Final = 65_536
"""Bytes of every part but the last: else one photo would be millions of files."""


@dataclass(frozen=True, slots=True)
class Half:
    """A photo on its way: whose it is and of which finding, where its parts lie."""

    keys: Keys
    folder: Path
    owner: str
    person: str
    finding_id: UUID
    upload_id: UUID

    @property
    def home(self) -> Path:
        """Where the halves of the person lie, under a name that tells nobody whose they are."""
        return self.folder / "uploads" / self.keys.digest(PURPOSE, self.owner, self.person).hex()

    @property
    def place(self) -> Path:
        """Where the parts lie; another finding's or another person's upload of the same key lies elsewhere."""
        return self.home / self.keys.digest(PURPOSE, self.owner, str(self.finding_id), str(self.upload_id)).hex()

    def bound(self, start: int) -> str:
        """Return what a part's ciphertext is bound to."""
        return f"{self.owner}:{self.person}:{self.finding_id}:{self.upload_id}:{start}"


def offset_of(half: Half) -> int:
    """Return how many bytes have come without a gap; 0 for none."""
    offset, sizes = 0, _sizes(half)
    while offset in sizes:
        offset += sizes[offset]
    return offset


def append(half: Half, start: int, length: int, data: bytes, now: datetime) -> int:
    """Keep a part, whole or not at all; return the new offset.

    Raises ``ConflictError`` for another offset than the standing one, ``TooMuchError`` for a part or a photo that is
    too large or for more halves than a person has, ``InvalidError`` for a part past the photo's end or too small.
    """
    if length > MAX_BYTES or len(data) > MOST_PART:
        raise TooMuchError("a photo has at most 25 MB, a part 1 MiB")
    if not data or start + len(data) > length:
        raise InvalidError("not a part of it", fields={"Upload-Length": ["unknown"]})
    if len(data) < LEAST_PART and start + len(data) < length:
        raise InvalidError("a part that is not the last has at least 64 KiB", fields={"Upload-Length": ["unknown"]})
    if start != (offset := offset_of(half)):
        raise ConflictError(f"the next byte is {offset}")
    if start == 0:
        clear_old(half.folder, now)
        if len(_names(half.home)) >= MOST_HALVES:
            raise TooMuchError(f"at most {MOST_HALVES} photos at once")
    for own in (half.home.parent, half.home, half.place):
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret, name = half.keys.encrypt(PURPOSE, data, half.bound(start))
    try:
        _keep(half.place / f"{start}-{len(data)}", name.encode() + b"\n" + secret)
    except FileNotFoundError as error:  # another request was through with it, or cleared it away
        raise ConflictError("a part was lost") from error
    return start + len(data)


def _keep(place: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    hidden = place.with_name(f".{uuid4().hex}")
    try:
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(place)
    finally:
        hidden.unlink(missing_ok=True)


def whole(half: Half, length: int) -> bytes:
    """Return the photo; ``ConflictError`` where a part cannot be read or is gone: it is then sent anew."""
    found, offset, sizes = [], 0, _sizes(half)
    try:
        while offset in sizes:
            name, secret = (half.place / f"{offset}-{sizes[offset]}").read_bytes().split(b"\n", 1)
            found.append(half.keys.decrypt(PURPOSE, secret, half.bound(offset), name.decode()))
            offset += sizes[offset]
    except (InvalidTag, KeyError, ValueError, FileNotFoundError) as error:
        forget(half)
        raise ConflictError("a part was lost") from error
    if offset != length:
        raise ConflictError("a part was lost")
    return b"".join(found)


def forget(half: Half) -> None:
    """Remove the parts; again is nothing."""
    shutil.rmtree(half.place, ignore_errors=True)


def clear_old(folder: Path, now: datetime) -> int:
    """Remove what got no further part for seven days, of everybody; return how many."""
    gone = 0
    for place in (folder / "uploads").glob("*/*"):
        with suppress(FileNotFoundError):  # what vanished meanwhile is gone as well
            if place.stat().st_mtime < (now - KEPT).timestamp():
                shutil.rmtree(place, ignore_errors=True)
                gone += 1
    return gone


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where it is not, or no longer."""
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _sizes(half: Half) -> dict[int, int]:
    """Return the parts' sizes by where they begin; what was being written when the power went is none."""
    parts = (PART.fullmatch(name) for name in _names(half.place))
    return {int(part[1]): int(part[2]) for part in parts if part is not None}
