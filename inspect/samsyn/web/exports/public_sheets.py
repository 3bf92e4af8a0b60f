"""The public version of an operation's report as a workbook: one sheet of words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from samsyn.dossiers.rendering.public import about, tables
from samsyn.dossiers.report.public import PublicContent
from samsyn.texts import say
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.writers import Table

Line = tuple[str, str, int | str]
HEADS: Final = ("table", "what", "n")


def public_xlsx(content: PublicContent, language: str) -> bytes:
    """Return the workbook in a language; a number below five is a text."""
    columns: list[Column[Any]] = [
        Column(key, f"report.public.{key}", Kind.NUMBER if key == "n" else Kind.TEXT, lambda row, at=at: row[at])  # type: ignore[misc]
        for at, key in enumerate(HEADS)
    ]
    heads = [say(language, column.heading) for column in columns]
    return write_xlsx(Table(say(language, "report.public.sheet"), columns, heads, list(lines(content, language))))


def lines(content: PublicContent, language: str) -> Iterator[Line]:
    """Yield what it is of, then each table, then the rule."""
    name = say(language, "report.name", code_word=content["code_word"])
    for label, value in about(content, language):
        yield name, label, value
    for one in tables(content, language):
        for label, n in one.rows:
            yield one.heading, label, n
        if one.says:
            yield one.heading, one.says, ""
    yield name, say(language, "report.public.rule"), ""
