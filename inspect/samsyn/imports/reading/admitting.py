"""What may be kept of a list of people, even for a day in a draft: no identity number, nothing of health (R5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from samsyn.businesses.reading.faults import presentable
from samsyn.businesses.reading.headings import meaning_of
from samsyn.businesses.reading.table import Cell, Row, Table
from samsyn.businesses.reading.values import as_text
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.imports.reading.fields import PEOPLE
from samsyn.imports.reading.people import holds_identity
from samsyn.imports.reading.shifts import without_health
from samsyn.imports.rules import Subject

SHOWN: Final = 5
_MOBILE: Final = re.compile(r"07[0-9]{8}|07[0-9]-[0-9 ]{7,10}|\+46[0-9 -]{9,14}")


class IdentityNumbersError(InvalidError):
    """A list of people with identity numbers in it; ``places`` are lines and headings, never the numbers."""

    def __init__(self, places: list[tuple[int, str]]) -> None:
        super().__init__("the list holds personal identity numbers", fields={"file": ("identity_numbers",)})
        self.places = places[:SHOWN]
        self.more = len(places) - len(self.places)


def admit(table: Table, subject: Subject) -> Table:
    """Return a table as it may be kept; raise ``IdentityNumbersError`` for staff's identity numbers.

    A list of businesses is kept as it is: a sole trader's number is what the registry matches by (R11), sealed.
    """
    if subject is Subject.BUSINESSES:
        return table
    if places := list(identity_numbers(table)):
        raise IdentityNumbersError(places)
    if subject is Subject.SHIFTS:
        rows = tuple(Row(row.line, tuple(without_health(cell) for cell in row.cells)) for row in table.rows)
        return replace(table, rows=rows)
    return table


def identity_numbers(table: Table) -> Iterator[tuple[int, str]]:
    """Yield line and heading of each column of identity numbers, and of each cell that holds one."""
    phones = {at for at, heading in enumerate(table.headings) if meaning_of(heading, PEOPLE) == "phone"}
    for at, heading in enumerate(table.headings):
        cells = [row.cells[at] for row in table.rows if at < len(row.cells)]
        if holds_identity(heading, cells):
            yield table.heading_line, presentable(heading)
        if has_personal_number(heading):
            yield table.heading_line, ""
    for row in table.rows:
        for at, cell in enumerate(row.cells):
            if looks_like_one(cell, phone=at in phones):
                yield row.line, presentable(table.headings[at]) if at < len(table.headings) else ""


def looks_like_one(cell: Cell, *, phone: bool) -> bool:
    """Whether a cell holds a personal identity number; under a heading of phone numbers a mobile number is none."""
    if isinstance(cell, date):
        return False
    text = cell if isinstance(cell, str) else as_text(cell)
    if phone and _MOBILE.fullmatch(text.strip() if isinstance(cell, str) else f"0{text}"):
        return False
    return has_personal_number(text)
