"""Reads one spreadsheet in a process of its own: bytes on standard input, JSON on standard output, hard limits.

Run as ``python -I -m samsyn.businesses.reading.sheet``, with the words of the headings as JSON in its
one argument. What a hostile file can break or fill is this process only.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from samsyn.businesses.reading.headings import BUSINESS_WORDS, Words, find_headings
from samsyn.businesses.reading.table import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Refusal, UnreadableFileError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Plain: TypeAlias = str | float | list[str]
"""A cell in JSON: text, number, or a real date as a list of its one ISO form."""

CPU_SECONDS: Final = 10
MEMORY_BYTES: Final = 512 * 1024 * 1024
MAX_CHARACTERS: Final = 10_000_000  # of all cells together

_MAX_PARTS: Final = 500
_MAX_UNPACKED: Final = 100 * 1024 * 1024
_MAX_RATIO: Final = 200  # a sheet of 20,000 real rows packs about 10 to 30 times
_RATIO_FROM: Final = 1024 * 1024  # bytes; small parts may pack as well as they like
_MAX_SHEETS: Final = 50
_SPARE_ROWS: Final = 100
_PROLOGUE: Final = 4_096  # bytes; a document type stands before the first element


def main() -> int:
    """Answer with ``{"sheet": ..., "rows": [[line, cells], ...]}`` or ``{"refused": reason, "line": n}``."""
    limit_myself()
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        answer = _read(data, json.loads(sys.argv[1]) if sys.argv[1:] else BUSINESS_WORDS)
    except UnreadableFileError as refused:
        answer = {"refused": refused.refusal, "line": refused.line}
    except MemoryError:
        answer = {"refused": Refusal.UNPACKS_TOO_BIG, "line": None}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    return 0


def limit_myself() -> None:
    """Set processor time, memory and core size for this process; beyond them the kernel ends it."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_package(data: bytes) -> None:
    """Judge the zip directory before anything is unpacked: what it is, how many parts, how big, how tightly packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _check_parts(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as opened:
                        _check_prologue(opened.read(_PROLOGUE))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        raise UnreadableFileError(Refusal.BROKEN_SPREADSHEET) from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise UnreadableFileError(Refusal.UNPACKS_TOO_BIG)
    for part in parts:
        if part.file_size > _RATIO_FROM and part.file_size > _MAX_RATIO * max(part.compress_size, 1):
            raise UnreadableFileError(Refusal.UNPACKS_TOO_BIG)
        if part.flag_bits & 1:
            raise UnreadableFileError(Refusal.PASSWORD)
    if "xl/workbook.xml" not in {part.filename.lstrip("/") for part in parts}:
        raise UnreadableFileError(Refusal.NOT_A_TABLE)


def _check_prologue(start: bytes) -> None:
    """Refuse a document type: spreadsheets have none, entity bombs and outside references need one."""
    if b"<!DOCTYPE" in start.replace(b"\0", b""):
        raise UnreadableFileError(Refusal.XML_ENTITIES)


def _read(data: bytes, words: Words) -> dict[str, object]:
    check_package(data)
    import python_calamine

    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            name, rows = _first_list(workbook, words)
    except python_calamine.PasswordError:
        raise UnreadableFileError(Refusal.PASSWORD) from None
    except python_calamine.CalamineError:
        raise UnreadableFileError(Refusal.BROKEN_SPREADSHEET) from None
    return {"sheet": name, "rows": rows}


def _first_list(workbook: CalamineWorkbook, words: Words) -> tuple[str, list[tuple[int, list[Plain]]]]:
    """Return the first visible sheet with headings; without any, the first visible one with content."""
    import python_calamine as calamine

    first: str | None = None
    for sheet in itertools.islice(workbook.sheets_metadata, _MAX_SHEETS):
        if sheet.typ is not calamine.SheetTypeEnum.WorkSheet or sheet.visible is not calamine.SheetVisibleEnum.Visible:
            continue
        head = list(itertools.islice(_filled(workbook, sheet.name), 20))
        if find_headings([cells for _, cells in head], words) is not None:
            first = sheet.name
            break
        if head and first is None:
            first = sheet.name
    if first is None:
        raise UnreadableFileError(Refusal.EMPTY)
    return first, _limited(_filled(workbook, first))


def _filled(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[Plain]]]:
    """Yield line number and cells of each row with content."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.width > MAX_COLUMNS:
        raise UnreadableFileError(Refusal.TOO_MANY_COLUMNS)
    for line, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            yield line, [_plain(cell) for cell in row]


def _limited(rows: Iterator[tuple[int, list[Plain]]]) -> list[tuple[int, list[Plain]]]:
    kept: list[tuple[int, list[Plain]]] = []
    characters = 0
    for line, cells in rows:
        lengths = [len(cell) for cell in cells if isinstance(cell, str)]
        if lengths and max(lengths) > MAX_CELL:
            raise UnreadableFileError(Refusal.CELL_TOO_LONG, line)
        characters += sum(lengths)
        kept.append((line, cells))
        if len(kept) > MAX_ROWS + _SPARE_ROWS:
            raise UnreadableFileError(Refusal.TOO_MANY_ROWS)
        if characters > MAX_CHARACTERS:
            raise UnreadableFileError(Refusal.UNPACKS_TOO_BIG)
    return kept


def _plain(cell: object) -> Plain:
    """Return a cell as JSON can carry it; a ticked box becomes a Swedish yes."""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, int | float):
        return cell if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime):
        return [cell.date().isoformat()]
    return [cell.isoformat()] if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    sys.exit(main())
