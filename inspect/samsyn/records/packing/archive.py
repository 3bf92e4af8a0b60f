"""Files in one ZIP with a manifest of their SHA-256: the same files always give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from samsyn.core.personal_numbers import has_personal_number

MANIFEST: Final = "manifest.json"
FIRST: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP knows: the time of packing is no content."""
READABLE: Final = 0o644 << 16
UNIX: Final = 3
LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Packed:
    """A package: its bytes, their SHA-256, and the names of its files."""

    data: bytes
    digest: str
    names: tuple[str, ...]


def pack(files: Mapping[str, bytes], about: Mapping[str, Any]) -> Packed:
    """Return the files with a manifest that says ``about`` and each file's name, size and SHA-256."""
    listed = [
        {"name": name, "bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
        for name in sorted(files)
    ]
    manifest = as_json({**about, "files": listed})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as whole:  # packed bytes would differ between versions of zlib
        for name, data in [(MANIFEST, manifest), *((name, files[name]) for name in sorted(files))]:
            entry = zipfile.ZipInfo(name, FIRST)
            entry.external_attr, entry.create_system = READABLE, UNIX
            whole.writestr(entry, data)
    data = out.getvalue()
    return Packed(data, hashlib.sha256(data).hexdigest(), (MANIFEST, *sorted(files)))


def as_json(said: object) -> bytes:
    """Return JSON that people can read and that has one form."""
    return (json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def file_name(kind: str, day: str, number: str = "", *, secret: bool) -> str:
    """Return a package's name without its ending; it holds a case number only where nothing is given away by it.

    A case number may tell where an operation goes, and file names stand in lists of downloads and in mails: while the
    operation is secret (OSL 17:1), and where it looks like a personal number (R11), the day stands instead.
    """
    safe = re.sub(r"[^A-Za-z0-9]+", "-", number.translate(LETTERS)).strip("-")[:LONGEST]
    return f"samsyn-{kind}-{day if secret or not safe or has_personal_number(number) else safe}"


LETTERS: Final = str.maketrans("åäöÅÄÖ", "aaoAAO")
