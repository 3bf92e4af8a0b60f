"""One row under reading: hands out cells by field and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from samsyn.businesses.reading.columns import Columns
from samsyn.businesses.reading.faults import CellFaultError, Fault, FaultCode, presentable
from samsyn.businesses.reading.headings import Field
from samsyn.businesses.reading.table import Cell, Row

T = TypeVar("T")
_WHOLE_ROW = -1


class RowReading:
    """Cells by field, and the row's faults; with another number of fields than headings it is faulty as a whole."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.line = row.line
        self._cells = row.cells
        self._columns = columns
        self._faults: list[tuple[int, Fault]] = []
        width = len(columns.shown)
        if len(row.cells) < width:
            self.blame_row(FaultCode.TOO_FEW_FIELDS)
        elif any(cell != "" for cell in row.cells[width:]):
            self.blame_row(FaultCode.TOO_MANY_FIELDS)

    @property
    def faulty(self) -> bool:
        """Whether anything was blamed so far."""
        return bool(self._faults)

    def cell(self, field: Field) -> Cell:
        """Return the cell of a field; empty when the file has no such column."""
        at = self._columns.position.get(field)
        return "" if at is None else self._cells[at]

    def has(self, field: Field) -> bool:
        """Whether the file has the column."""
        return field in self._columns.position

    def take(self, field: Field, parse: Callable[[Cell], T], empty: T, missing: FaultCode | None = None) -> T:
        """Parse a cell; ``empty`` when there is nothing in it (blamed with ``missing``, if given) or it is faulty."""
        cell = self.cell(field)
        try:
            value = empty if cell == "" else parse(cell)
        except CellFaultError as fault:
            self.blame(field, fault.code, fault.shown)
            return empty
        if missing is not None and value == empty:
            self.blame(field, missing)
        return value

    def blame(self, field: Field, code: FaultCode, shown: str | None = None) -> None:
        """Note a fault of a cell; ``shown`` replaces what was typed, and long runs of digits are hidden in either."""
        typed = self.cell(field)
        value = shown if shown is not None else presentable(typed if isinstance(typed, str) else str(typed))
        fault = Fault(self.line, self._columns.heading(field), value, code)
        self._faults.append((self._columns.position[field], fault))

    def blame_row(self, code: FaultCode, first_line: int | None = None) -> None:
        """Note a fault of the whole row."""
        self._faults.append((_WHOLE_ROW, Fault(self.line, None, None, code, first_line)))

    def blamed(self, *fields: Field) -> bool:
        """Whether any of the fields is faulty."""
        at = {self._columns.position.get(field) for field in fields}
        return any(position in at for position, _ in self._faults)

    def sorted_faults(self) -> list[Fault]:
        """Return the faults in the order of the columns, those of the whole row first."""
        return [fault for _, fault in sorted(self._faults, key=lambda pair: pair[0])]
