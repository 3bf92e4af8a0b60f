"""Lists of businesses: read by the registry's own rules, under the columns that a person chose."""

from __future__ import annotations

from datetime import date

from samsyn.businesses.reading.faults import Fault as BusinessFault
from samsyn.businesses.reading.headings import Field
from samsyn.businesses.reading.meaning import BusinessRow, interpret
from samsyn.businesses.reading.table import Table
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault


def as_table(sheet: Sheet) -> Table:
    """Return the sheet as the registry reads it: the chosen meaning over each column, nothing over the others."""
    width = len(sheet.headings)
    headings = tuple(Field[sheet.mapping[at]].value if at in sheet.mapping else "" for at in range(width))
    return Table(headings, sheet.heading_line, sheet.standing())


def read_businesses(sheet: Sheet, today: date) -> tuple[tuple[BusinessRow, ...], list[Fault]]:
    """Read every row; a row with any fault is not among the good ones. Raises nothing: a lone fault has no row."""
    if not sheet.standing():
        return (), []
    found = interpret(as_table(sheet), today)
    return found.rows, [placed(sheet, fault) for fault in found.faults]


def placed(sheet: Sheet, fault: BusinessFault) -> Fault:
    """Return a fault with the position of its column."""
    names = {Field[name].value: at for name, at in sheet.position().items()}
    column = names.get(fault.column) if fault.column is not None else None
    heading = sheet.headings[column] if column is not None else fault.column or ""
    words = {**fault.words, "column": heading or fault.column or ""}
    return Fault(fault.line, column, fault.value or "", f"businesses.fault.{fault.code}", words)


def shown(row: BusinessRow) -> tuple[str, ...]:
    """Return what tells a row apart; a sole trader's number is nowhere in it (R11)."""
    number = row.identity.shown if row.identity else ""
    return (row.place_name, f"{row.address}, {row.postcode} {row.town}", row.operator_name, number)
