"""The door for a photo: what it is by its bytes, and a child process that makes a clean picture of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from samsyn.findings.picture import MAX_BYTES, REFUSED, kind_of
from samsyn.findings.rules import Refusal, RefusedError

WALL_SECONDS: Final = 20
_CHILD: Final = (sys.executable, "-I", "-m", "samsyn.findings.picture")


@dataclass(frozen=True, slots=True, repr=False)
class CleanPicture:
    """A JPEG that went through ``clean_picture``; made nowhere else."""

    jpeg: bytes


def clean_picture(photo: bytes) -> CleanPicture:
    """Return the photo without metadata, upright, at most 4096 pixels a side; raise ``RefusedError`` (field ``photo``).

    JPEG, PNG, WebP and HEIC of at most 25 MB and 40 million pixels, told by content. Decoded in a child process with
    10 s of processor, 1 GiB of memory and 20 s by the clock: call it before a unit of work is opened.
    """
    if len(photo) > MAX_BYTES:
        raise RefusedError("photo", Refusal.TOO_BIG)
    if kind_of(photo) is None:
        raise RefusedError("photo", Refusal.NOT_A_PICTURE)
    try:
        # An empty environment: the child needs no secrets, and what it reads is hostile.
        child = subprocess.run(  # noqa: S603  our own interpreter and module, no shell, no argument from outside
            _CHILD,
            input=photo,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RefusedError("photo", Refusal.TOOK_TOO_LONG) from None
    if child.returncode == REFUSED:
        raise RefusedError("photo", Refusal(child.stdout.decode()))
    if child.returncode:
        raise RefusedError("photo", Refusal.TOOK_TOO_LONG if child.returncode < 0 else Refusal.BROKEN_PICTURE)
    return CleanPicture(child.stdout)
