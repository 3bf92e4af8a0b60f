"""A table that a person works on: columns with a meaning, cells that were mended, rows that were left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from samsyn.businesses.reading.table import Cell, Row, Table

FORM: Final = 1
"""The version of what a draft holds."""


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A table as it was read and what was done to it since. ``mapping`` gives a column's field by its position.

    Columns that mean nothing to us are not in ``mapping``. Never printed: a list may hold personal numbers.
    """

    filename: str
    headings: tuple[str, ...]
    heading_line: int
    rows: tuple[Row, ...]
    digest: str
    mapping: Mapping[int, str] = field(default_factory=dict)
    mended: Mapping[tuple[int, int], str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    @classmethod
    def of(cls, table: Table, filename: str, digest: str, mapping: Mapping[int, str]) -> Self:
        """Return a table as it was read."""
        return cls(filename, table.headings, table.heading_line, table.rows, digest, mapping)

    def standing(self) -> tuple[Row, ...]:
        """Return the rows that are to be read: those left out are gone, mended cells hold what was typed."""
        new: dict[int, dict[int, str]] = {}
        for (line, column), text in self.mended.items():
            new.setdefault(line, {})[column] = text
        return tuple(mended(row, new.get(row.line, {})) for row in self.rows if row.line not in self.left_out)

    def cell(self, line: int, column: int) -> Cell:
        """Return what stands in a cell now; empty where there is none."""
        if (line, column) in self.mended:
            return self.mended[line, column]
        cells = next((row.cells for row in self.rows if row.line == line), ())
        return cells[column] if column < len(cells) else ""

    def position(self) -> dict[str, int]:
        """Return the column of each field; of a field that two columns claim the first."""
        found: dict[str, int] = {}
        for column, name in sorted(self.mapping.items()):
            found.setdefault(name, column)
        return found

    def pack(self) -> dict[str, Any]:
        """Return the sheet as JSON carries it."""
        return {
            "form": FORM,
            "filename": self.filename,
            "headings": self.headings,
            "heading_line": self.heading_line,
            "rows": [[row.line, [_plain(cell) for cell in row.cells]] for row in self.rows],
            "digest": self.digest,
            "mapping": [[column, name] for column, name in self.mapping.items()],
            "mended": [[line, column, text] for (line, column), text in self.mended.items()],
            "left_out": sorted(self.left_out),
        }

    @classmethod
    def unpack(cls, said: Mapping[str, Any]) -> Self:
        """Return what ``pack`` was given."""
        return cls(
            said["filename"],
            tuple(said["headings"]),
            said["heading_line"],
            tuple(Row(line, tuple(_cell(cell) for cell in cells)) for line, cells in said["rows"]),
            said["digest"],
            dict(said["mapping"]),
            {(line, column): text for line, column, text in said["mended"]},
            frozenset(said["left_out"]),
        )


def mended(row: Row, new: Mapping[int, str]) -> Row:
    """Return a row with some cells replaced; a row that is too short grows as far as it must."""
    if not new:
        return row
    cells = list(row.cells) + [""] * (max(new) + 1 - len(row.cells))
    for column, text in new.items():
        cells[column] = text
    return Row(row.line, tuple(cells))


def _plain(cell: Cell) -> str | float | list[str]:
    return [cell.isoformat()] if isinstance(cell, date) else cell


def _cell(cell: str | float | list[str]) -> Cell:
    return date.fromisoformat(cell[0]) if isinstance(cell, list) else cell


def dumps(said: object) -> bytes:
    """Return JSON in bytes."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
