"""A file as a table of cells with the line numbers that a person sees; hostile files are refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from samsyn.businesses.reading.headings import BUSINESS_WORDS, Words, find_headings
from samsyn.core.errors import InvalidError

Cell: TypeAlias = str | float | date
"""Text ("" when empty), a spreadsheet's number, or a spreadsheet's real date."""

MAX_BYTES: Final = 10_000_000
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 20_000  # characters

_SUM_WORDS: Final = frozenset({"summa", "summa:", "totalt", "totalt:", "total", "antal", "antal:", "sum", "sum:"})


class Refusal(StrEnum):
    """Why a whole file cannot be taken; the texts stand under ``businesses.refusal``."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    WRONG_ENCODING = "wrong_encoding"
    BROKEN_QUOTES = "broken_quotes"
    NOT_A_TABLE = "not_a_table"
    OLD_FORMAT = "old_format"
    PASSWORD = "password"  # noqa: S105  a word for people, no secret
    BROKEN_SPREADSHEET = "broken_spreadsheet"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    XML_ENTITIES = "xml_entities"
    TOOK_TOO_LONG = "took_too_long"


class UnreadableFileError(InvalidError):
    """A file that is not read at all. ``line`` is set where one line is to blame. Never quotes the file."""

    def __init__(self, refusal: Refusal, line: int | None = None) -> None:
        super().__init__(f"the file is refused: {refusal}", fields={"file": (refusal,)})
        self.refusal = refusal
        self.line = line


class Row(NamedTuple):
    """One row and its number in the sheet (the heading's row is counted, line breaks inside cells are not)."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and the rows under them, empty rows and a sum row left out."""

    headings: tuple[str, ...] = field(repr=False)  # a file without headings has its first row here
    heading_line: int
    rows: tuple[Row, ...] = field(repr=False)  # may hold personal numbers
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def table_of(
    rows: Sequence[Row],
    words: Words = BUSINESS_WORDS,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Find the headings and cut title, empty rows and sum row away; refuse what is over the limits."""
    filled = [row for row in rows if any(not isinstance(cell, str) or cell.strip() for cell in row.cells)]
    if not filled:
        raise UnreadableFileError(Refusal.EMPTY)
    at = find_headings([row.cells for row in filled[:20]], words) or 0
    headings = tuple(cell if isinstance(cell, str) else "" for cell in filled[at].cells)
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    body = filled[at + 1 :]
    if body and _is_sum(body[-1].cells):
        body.pop()
    _check_limits(headings, body)
    return Table(headings, filled[at].line, tuple(body), encoding, delimiter, sheet)


def _check_limits(headings: tuple[str, ...], body: Sequence[Row]) -> None:
    if len(body) > MAX_ROWS:
        raise UnreadableFileError(Refusal.TOO_MANY_ROWS)
    if max(len(headings), max((len(row.cells) for row in body), default=0)) > MAX_COLUMNS:
        raise UnreadableFileError(Refusal.TOO_MANY_COLUMNS)
    for row in body:
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in row.cells):
            raise UnreadableFileError(Refusal.CELL_TOO_LONG, row.line)


def _is_sum(cells: Sequence[Cell]) -> bool:
    """Whether a row is "Summa" and numbers: a shop called Total has an address as well."""
    words = [cell.strip().casefold() for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    return len(words) == 1 and words[0] in _SUM_WORDS
