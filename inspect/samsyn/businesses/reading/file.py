"""The door for a file: what it is by its bytes, and a child process for everything that is not plain text."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import date
from typing import Final, TypedDict, final

from samsyn.businesses.reading.headings import BUSINESS_WORDS, Words
from samsyn.businesses.reading.table import MAX_BYTES, Cell, Refusal, Row, Table, UnreadableFileError, table_of
from samsyn.businesses.reading.text_file import read_text

WALL_SECONDS: Final = 20
MAX_ANSWER: Final = 64_000_000  # bytes of JSON; the child's own limit on characters keeps honest files far below

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_NO_TABLES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"PK\x05\x06", b"{\\rtf")
_SPREADSHEETS: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_CHILD: Final = (sys.executable, "-I", "-m", "samsyn.businesses.reading.sheet")


@final
class _Refused(TypedDict):
    refused: str
    line: int | None


@final
class _Read(TypedDict):
    sheet: str
    rows: list[tuple[int, list[str | float | list[str]]]]


def read_table(data: bytes, filename: str, words: Words = BUSINESS_WORDS) -> Table:
    """Return the file as a table, or raise UnreadableFileError with the reason. The bytes decide, the name only hints.

    ``words`` are the headings by which the list is found under its titles and among the sheets.

    A spreadsheet is read in a child process with 10 s of processor, 512 MiB of memory and 20 s by the clock.
    """
    if not data.strip():
        raise UnreadableFileError(Refusal.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(Refusal.TOO_BIG)
    if data.startswith(_OLE):
        raise UnreadableFileError(Refusal.PASSWORD if _ENCRYPTED in data else Refusal.OLD_FORMAT)
    if data.startswith(_ZIP):
        return _read_sheet(data, words)
    if data.startswith(_NO_TABLES) or filename.lower().endswith(_SPREADSHEETS):
        raise UnreadableFileError(Refusal.NOT_A_TABLE)
    return read_text(data, words)


def _read_sheet(data: bytes, words: Words) -> Table:
    answer = _ask_child(data, words)
    if "refused" in answer:
        raise UnreadableFileError(Refusal(answer["refused"]), answer["line"])
    rows = [Row(line, tuple(_cell(cell) for cell in cells)) for line, cells in answer["rows"]]
    table = table_of(rows, words, sheet=answer["sheet"])
    width = len(table.headings)  # remarks to the right of a table belong to nobody
    cut = tuple(Row(row.line, row.cells[:width]) for row in table.rows)
    return Table(table.headings, table.heading_line, cut, sheet=table.sheet)


def _cell(cell: str | float | list[str]) -> Cell:
    return date.fromisoformat(cell[0]) if isinstance(cell, list) else cell


def _ask_child(data: bytes, words: Words) -> _Refused | _Read:
    """Run the reader with an empty environment: it needs no secrets, and what it reads is hostile."""
    with subprocess.Popen(  # noqa: S603  our own interpreter and module, no shell, our own headings
        (*_CHILD, json.dumps(dict(words))),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    ) as child:
        clock = threading.Timer(WALL_SECONDS, child.kill)
        clock.start()
        try:
            answer = _talk(child, data)
        finally:
            clock.cancel()
            child.kill()  # nothing to do when it has ended
    if child.returncode or len(answer) > MAX_ANSWER:
        raise UnreadableFileError(_why_dead(child.returncode, len(answer)))
    decoded: _Refused | _Read = json.loads(answer)
    return decoded


def _talk(child: subprocess.Popen[bytes], data: bytes) -> bytes:
    """Write all, then read all: the child answers only when it has read everything, so nobody waits in a circle."""
    if child.stdin is None or child.stdout is None:
        return b""
    with suppress(BrokenPipeError):  # it died while reading; its end says why
        child.stdin.write(data)
    with suppress(BrokenPipeError):
        child.stdin.close()
    answer = child.stdout.read(MAX_ANSWER + 1)
    if len(answer) <= MAX_ANSWER:
        child.wait()
    return answer


def _why_dead(returncode: int, length: int) -> Refusal:
    if length > MAX_ANSWER or returncode == -signal.SIGABRT:  # an allocation failed in compiled code
        return Refusal.UNPACKS_TOO_BIG
    if returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Refusal.TOOK_TOO_LONG
    return Refusal.BROKEN_SPREADSHEET
