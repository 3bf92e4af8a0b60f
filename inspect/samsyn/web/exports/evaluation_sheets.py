"""A compilation of a pledge as a workbook: a sheet for each table, and one of the words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from samsyn.pledges.evaluation.queries import EvaluationCard
from samsyn.pledges.evaluation.telling import Cell, Section, Teller
from samsyn.texts import say
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.writers import Table


def evaluation_xlsx(card: EvaluationCard, language: str) -> bytes:
    """Return the workbook in a language: the same words and numbers as its page; the same bytes each time."""
    teller = Teller(card, language)
    said = [(teller.title(), teller.standing()), (teller.title(), teller.whole())]
    sections = list(teller.sections())
    return write_xlsx(*as_tables(sections, said, language), at=card.line.compiled_at)


def as_tables(sections: Sequence[Section], said: Iterable[tuple[str, str]], language: str) -> Iterator[Table]:
    """Yield a sheet per table, then the words."""
    for one in sections:
        yield sheet(one.heading, one.columns, one.numeric, one.rows)
    words: list[tuple[Cell, ...]] = [pair for pair in said if pair[1]]
    words += [pair for one in sections for pair in one.said]
    heads = tuple(say(language, f"evaluations.column.{key}") for key in ("about", "text"))
    yield sheet(say(language, "evaluations.heading.texts"), heads, (False, False), words)


def sheet(title: str, heads: Sequence[str], numeric: Sequence[bool], rows: Sequence[Sequence[Cell]]) -> Table:
    """Return a table whose headings are words already."""
    columns: list[Column[Any]] = [
        Column(str(n), head, Kind.NUMBER if number else Kind.TEXT, lambda row, n=n: row[n])  # type: ignore[misc]
        for n, (head, number) in enumerate(zip(heads, numeric, strict=True))
    ]
    return Table(title, columns, heads, rows)
