"""XLSX: frozen headings, a filter, real dates and numbers, and text that no program runs. Nothing touches the disk."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import xlsxwriter

from samsyn.web.exports.columns import Kind, Value, week_of
from samsyn.web.exports.text import carried, cut
from samsyn.web.exports.writers import Table, countable
from samsyn.web.localtime import to_local

NARROWEST, WIDEST = 8, 60  # characters
WIDTHS: Final = {Kind.DATE: 11, Kind.DATETIME: 17, Kind.WEEK: 10}
EXACT: Final = 2**53  # beyond it a spreadsheet's numbers lose their last digits
FIRST_DAY: Final = date(1900, 3, 1)  # Excel believes in 29 February 1900; earlier days are written as text
A4: Final = 9
OPTIONS: Final = {
    "in_memory": True,  # no temporary file of ours holds what a list says
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def sheet_name(title: str, taken: Sequence[str] = ()) -> str:
    """Return a name that Excel takes: up to 31 characters without ``[]:*?/\\``, and used once."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")
    name = cut(name, 31).strip(" '") or "1"
    return name if name.casefold() not in {one.casefold() for one in taken} else f"{cut(name, 27)} {len(taken) + 1}"


def write_xlsx(*tables: Table, at: datetime | None = None) -> bytes:
    """Return a workbook with a sheet per table; with ``at`` as its time the same tables give the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    try:
        names: list[str] = []
        for table in tables:
            names.append(sheet_name(table.title, names))
            fill_sheet(book, book.add_worksheet(names[-1]), table)
        made = {} if at is None else {"created": at.astimezone(UTC).replace(tzinfo=None)}
        book.set_properties({"title": carried(tables[0].title)[:200], **made})
    finally:
        book.close()
    return out.getvalue()


def fill_sheet(book: Any, sheet: Any, table: Table) -> None:
    """Write headings and rows, and set how the sheet looks and prints."""
    head = book.add_format({"bold": True, "bg_color": "#DCE9EC", "bottom": 1, "valign": "top", "text_wrap": True})
    forms = {
        Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        Kind.DATETIME: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        Kind.TEXT: book.add_format({"num_format": "@", "valign": "top"}),
    }
    shown = table.shown()
    for place, at in enumerate(shown):
        sheet.write_string(0, place, carried(table.headings[at]), head)
        longest = len(table.headings[at]) + 3
        for line, row in enumerate(table.rows, start=1):
            longest = max(longest, write_cell(sheet, line, place, row[at], table.columns[at].kind, forms))
        width = max(longest, WIDTHS.get(table.columns[at].kind, NARROWEST))
        sheet.set_column(place, place, min(width + 1, WIDEST))
    sheet.freeze_panes(1, 0)
    if shown:
        sheet.autofilter(0, 0, len(table.rows), len(shown) - 1)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_cell(sheet: Any, line: int, place: int, value: Value, kind: Kind, forms: dict[Kind, Any]) -> int:
    """Write a cell as what it is and return how wide it reads; only ``write_string`` is ever given a text."""
    if value is None or value == "":
        return 0
    if kind is Kind.WEEK:
        value = week_of(value)
    if isinstance(value, datetime):
        value = to_local(value).replace(tzinfo=None)
        if value.date() >= FIRST_DAY:
            sheet.write_datetime(line, place, value, forms[Kind.DATETIME])
            return WIDTHS[Kind.DATETIME]
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), forms[Kind.DATE])  # noqa: DTZ001
        return WIDTHS[Kind.DATE]
    number = countable(value) if kind is Kind.NUMBER else None
    if number is not None and abs(number) <= EXACT:
        sheet.write_number(line, place, number)
        return len(str(number))
    text = carried(str(value))
    sheet.write_string(line, place, text, forms[Kind.TEXT])
    return max(map(len, text.splitlines()), default=0)
