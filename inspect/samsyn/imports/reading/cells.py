"""One row under reading: cells by field, and what is wrong with them; no fault carries a personal number (R5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from samsyn.businesses.reading.faults import CellFaultError, presentable
from samsyn.businesses.reading.table import Cell, Row
from samsyn.businesses.reading.values import as_text
from samsyn.core.personal_numbers import has_personal_number
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault

T = TypeVar("T")
_LONGEST = 200


class FaultyError(Exception):
    """A cell that cannot be read; ``code`` is the last part of ``imports.fault.<code>``."""

    def __init__(self, code: str, **words: str | int) -> None:
        super().__init__(code)
        self.code, self.words = code, words


class Cells:
    """The cells of one row by field, and the faults that were found in it."""

    def __init__(self, row: Row, sheet: Sheet) -> None:
        self.line = row.line
        self.faults: list[Fault] = []
        self._cells = row.cells
        self._at = sheet.position()

    def raw(self, name: str) -> Cell:
        """Return a cell as the file has it; empty where the list has no such column."""
        at = self._at.get(name)
        return self._cells[at] if at is not None and at < len(self._cells) else ""

    def text(self, name: str) -> str:
        """Return a cell as one clean line of at most 200 characters without a personal number; else note the fault."""
        return self.read(name, _clean, "")

    def read(self, name: str, parse: Callable[[Cell], T], empty: T, missing: str = "") -> T:
        """Parse a cell; ``empty`` where nothing stands in it (a fault if ``missing`` names one) or it is faulty."""
        cell = self.raw(name)
        try:
            if cell == "" or (isinstance(cell, str) and not cell.strip()):
                if missing:
                    self.blame(name, missing)
                return empty
            return parse(harmless(cell, name))
        except FaultyError as fault:
            self.blame(name, fault.code, **fault.words)
        except CellFaultError as fault:
            self.faults.append(self._fault(name, f"businesses.fault.{fault.code}", {}))
        return empty

    def blame(self, name: str | None, code: str, **words: str | int) -> None:
        """Note a fault of a cell, or of the whole row."""
        self.faults.append(self._fault(name, f"imports.fault.{code}", words))

    def _fault(self, name: str | None, key: str, words: dict[str, str | int]) -> Fault:
        at = self._at.get(name) if name is not None else None
        cell = self.raw(name) if name is not None else ""
        value = presentable(cell if isinstance(cell, str) else str(cell))
        return Fault(self.line, at, value, key, {"value": value, "column": "", "line": self.line, **words})


def harmless(cell: Cell, name: str) -> Cell:
    """Return a cell that holds no personal number; a phone's digits are judged by their own rule."""
    if name != "phone" and not isinstance(cell, date) and has_personal_number(as_text(cell)):
        raise FaultyError("personal_number")
    return cell


def _clean(cell: Cell) -> str:
    text = as_text(cell)
    if len(text) > _LONGEST:
        raise FaultyError("too_long")
    return text
