"""Things as a workbook: text alone, which no program runs, and the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import xlsxwriter

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST: Final = 32_000
WIDTH: Final = 40


def write_sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], at: datetime) -> bytes:
    """Return a workbook of one sheet; a text longer than a cell takes is cut, and its last sign says so."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
    sheet = book.add_worksheet()
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True})
    for column, words in enumerate(headings):
        sheet.write_string(0, column, words, bold)
    for line, row in enumerate(rows, start=1):
        for column, words in enumerate(row):
            sheet.write_string(line, column, cut(words), wrapped)
    sheet.set_column(0, max(len(headings) - 1, 0), WIDTH)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def cut(words: str) -> str:
    """Return a text that a cell takes."""
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
