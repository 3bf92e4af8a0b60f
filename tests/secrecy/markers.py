"""Markers: unique words planted in a field, and every way in which a surface may carry one."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import quopri
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from sqlalchemy import JSON, Column, Enum, LargeBinary, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from samsyn.core.personal_numbers import has_personal_number

FORM: Final = re.compile(rb"canary[0-9a-f]{32}")
FOLD: Final = re.compile(rb"\r?\n[ \t]")
BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-][A-Za-z0-9+/_\r\n-]{26,}={0,2}")
HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){20,}")
GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
DEPTH: Final = 3
"""A calendar in a mail part is folded, then quoted; a stored feed is packed, then shown as hex."""


def a_word() -> str:
    """A new word that reads like no personal identity number, as one in some thousands would by chance (R5)."""
    while has_personal_number(word := f"canary{uuid4().hex}"):
        pass
    return word


@dataclass
class Markers:
    """Which field each marker was planted in, and whose it is: ``("tobacco", "finding.text")`` by marker."""

    places: dict[bytes, tuple[str, str]] = field(default_factory=dict)

    def plant(self, owner: str, place: str) -> str:
        marker = a_word()
        self.places[marker.encode()] = (owner, place)
        return marker

    def row(self, owner: str, table: Table, **fixed: object) -> dict[str, Any]:
        """Values for one row: a marker in every field that may hold a word, except what is ``fixed``."""
        values = dict(fixed)
        for column in table.columns:
            if column.name not in fixed and may_hold_a_word(column):
                values[column.name] = shaped(column, self.plant(owner, f"{table.name}.{column.name}"))
        return values

    def seen_in(self, chunks: Iterable[bytes]) -> set[tuple[str, str]]:
        """The planted places whose marker stands in what a surface gave, however it is wrapped."""
        return {self.places[word] for chunk in chunks for word in words(chunk) if word in self.places}


def may_hold_a_word(column: Column[Any]) -> bool:
    """Text, JSON and bytes that people fill; not enums, and not references, whose word is planted where it stands."""
    words_of = isinstance(column.type, (String, JSON, JSONB, LargeBinary))
    return words_of and not isinstance(column.type, Enum) and not column.foreign_keys


def shaped(column: Column[Any], marker: str) -> object:
    if isinstance(column.type, LargeBinary):
        return marker.encode()
    if isinstance(column.type, (JSON, JSONB)):
        return [marker] if column.type.python_type is list else {"said": marker}
    return marker


def words(chunk: bytes, depth: int = DEPTH) -> set[bytes]:
    """Every marker-shaped word in the bytes, also folded, quoted, percent-encoded, hex, base64 or packed."""
    found = set(FORM.findall(chunk))
    if depth:
        for inner in unwrapped(chunk):
            if inner != chunk:
                found |= words(inner, depth - 1)
    return found


def unwrapped(chunk: bytes) -> Iterator[bytes]:
    yield FOLD.sub(b"", chunk)
    if b"=" in chunk:
        yield quopri.decodestring(chunk)
    if b"%" in chunk:
        yield unquote_to_bytes(chunk)
    for run in HEX.findall(chunk):
        yield binascii.unhexlify(run)
    for run in BASE64.findall(chunk):
        letters = re.sub(rb"[\r\n=]", b"", run).replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            shifted = letters[start:]
            yield base64.b64decode(shifted + b"A" * (-len(shifted) % 4))
    if chunk.startswith(ZIP):
        yield from unzipped(chunk)
    if (at := chunk.find(GZIP)) >= 0:
        try:
            yield gzip.decompress(chunk[at:])
        except (OSError, EOFError, zlib.error):
            return


def unzipped(chunk: bytes) -> list[bytes]:
    """The parts of a package such as a workbook; nothing where it only looks like one."""
    try:
        with zipfile.ZipFile(io.BytesIO(chunk)) as package:
            return [package.read(name) for name in package.namelist()]
    except (zipfile.BadZipFile, ValueError, EOFError, zlib.error, NotImplementedError, OSError):
        return []
