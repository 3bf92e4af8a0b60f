"""A table as bytes: XLSX, CSV as Swedish Excel opens it, and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from samsyn.web.exports.columns import Column, Kind, Value, plain, week_of
from samsyn.web.exports.text import carried, neutral
from samsyn.web.localtime import to_local


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it is written: its words in the reader's language, and a row of values per line."""

    title: str
    columns: Sequence[Column[Any]]
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]

    def shown(self) -> list[int]:
        """Return the positions of the columns that people see."""
        return [at for at, column in enumerate(self.columns) if not column.machine]


def write_csv(table: Table) -> bytes:
    """Return UTF-8 with a byte order mark, ``;``, CRLF, ISO dates and decimal comma (DOMAIN.md 4.4).

    A cell that could be run begins with an apostrophe; a number stays a number.
    """
    out, shown = io.StringIO(newline=""), table.shown()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(carried(table.headings[at])) for at in shown])
    for row in table.rows:
        writer.writerow([csv_cell(row[at], table.columns[at].kind) for at in shown])
    return out.getvalue().encode("utf-8-sig")


def csv_cell(value: Value, kind: Kind) -> str:
    """Return a cell of a CSV file; a moment on Sweden's clock."""
    if value is None:
        return ""
    if kind is Kind.WEEK:
        return neutral(carried(week_of(value)))
    if isinstance(value, datetime):
        return to_local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if kind is Kind.NUMBER and (number := countable(value)) is not None:
        return f"{Decimal(str(number)):f}".replace(".", ",")
    return neutral(carried(str(value)))


def countable(value: Value) -> int | float | None:
    """Return a number that a spreadsheet counts with; nothing for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return value


def write_json(table: Table) -> bytes:
    """Return a list of objects, one per row, keys as the columns declare them; moments in UTC."""
    rows = [
        {column.key: plain(value, column.kind) for column, value in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()
