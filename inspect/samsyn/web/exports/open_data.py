"""A pledge's public version as a workbook and as open data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from samsyn.pledges.evaluation.open_data import COLUMNS, lines_of
from samsyn.pledges.evaluation.public import PublicEvaluation
from samsyn.pledges.evaluation.telling import public_sections
from samsyn.texts import say
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.evaluation_sheets import as_tables
from samsyn.web.exports.writers import Table, write_csv


def public_xlsx(content: PublicEvaluation, language: str, at: datetime) -> bytes:
    """Return the workbook in a language; a hidden number is a word."""
    said = [
        (content["name"], say(language, "evaluations.public.rule")),
        (content["name"], content.get("whole", "")),
    ]
    found = public_sections(content, language, content.get("said", ()))
    return write_xlsx(*as_tables(found, said, language), at=at)


def public_csv(content: PublicEvaluation) -> bytes:
    """Return the open data: codes and not words, the same in every language; ``described`` says what they mean."""
    columns: list[Column[Any]] = [
        Column(name, name, Kind.NUMBER if kind == "integer" else Kind.TEXT, lambda row, n=n: row[n])  # type: ignore[misc]
        for n, (name, kind, *_) in enumerate(COLUMNS)
    ]
    heads = [name for name, *_ in COLUMNS]
    return write_csv(Table(content["name"], columns, heads, list(lines_of(content))))
