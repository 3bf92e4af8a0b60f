"""CSV as Swedish offices write it (DOMAIN.md 4.4): encoding and delimiter are found out, never assumed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Final

from samsyn.businesses.reading.headings import BUSINESS_WORDS, Words, find_headings
from samsyn.businesses.reading.table import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Refusal,
    Row,
    Table,
    UnreadableFileError,
    table_of,
)

_DELIMITERS: Final = (";", "\t", ",")
_SEP_LINE: Final = re.compile(r'\A"?sep=([;,\t|])"?(?:\r\n|\n|\r)', re.IGNORECASE)
_LOOK: Final = 20  # rows read on trial with each delimiter
_SPARE_ROWS: Final = 1_000  # titles, empty rows and the sum row stand beside the rows that count


def read_text(data: bytes, words: Words = BUSINESS_WORDS) -> Table:
    """Read CSV bytes; a quoted line break stays inside its cell. Raises UnreadableFileError."""
    text, encoding = decode(data)
    if text.lstrip()[:1] == "<":
        raise UnreadableFileError(Refusal.NOT_A_TABLE)  # a web page or XML under a spreadsheet's name
    delimiter: str | None = None
    if said := _SEP_LINE.match(text):
        delimiter, text = said[1], text[said.end() :]
    delimiter = delimiter or _find_delimiter(text, words)
    return table_of(_rows(text, delimiter), words, encoding=encoding, delimiter=delimiter)


def decode(data: bytes) -> tuple[str, str]:
    """Return text and encoding: byte order mark, else strict UTF-8, else cp1252 (also strict)."""
    if b"\0" in data or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFileError(Refusal.WRONG_ENCODING)
    encodings = ("utf-8-sig",) if data.startswith(codecs.BOM_UTF8) else ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(Refusal.WRONG_ENCODING)


def _find_delimiter(text: str, words: Words) -> str:
    """Take the first delimiter under which headings appear; without any, the first one that stands in the text."""
    for delimiter in _DELIMITERS:
        try:
            head = _rows(text, delimiter, _LOOK)
        except UnreadableFileError:
            continue  # broken quotes under the wrong delimiter say nothing about the file
        if find_headings([row.cells for row in head], words) is not None:
            return delimiter
    start = text[:2_000]
    return next((delimiter for delimiter in _DELIMITERS if delimiter in start), ";")


def _rows(text: str, delimiter: str, limit: int | None = None) -> list[Row]:
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line, cells in enumerate(reader, start=1):
            rows.append(Row(line, tuple(cells)))
            if limit is not None and line >= limit:
                break
            if line > MAX_ROWS + _SPARE_ROWS:
                raise UnreadableFileError(Refusal.TOO_MANY_ROWS)
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFileError(Refusal.TOO_MANY_COLUMNS, line)
            if cells and len(max(cells, key=len)) > MAX_CELL:
                raise UnreadableFileError(Refusal.CELL_TOO_LONG, line)
    except csv.Error:
        line = len(rows) + 1
        raise UnreadableFileError(Refusal.BROKEN_QUOTES, line) from None
    return rows
