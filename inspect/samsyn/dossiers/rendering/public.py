"""The public version as lines of words and numbers, for its page, its document and its workbook alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from samsyn.dossiers.rendering.document import Data
from samsyn.dossiers.rendering.letters import printable
from samsyn.dossiers.report.public import PublicContent
from samsyn.dossiers.report.small import PublicTable
from samsyn.texts import say

NAMES: Final = {
    "visits": "dossiers.visit_state.{}",
    "notice": "report.public.notice.{}",
    "together": "report.public.together.{}",
    "deficiencies": "report.public.deficiency.{}",
    "fields": "operations.field.{}",
    "outcomes": "report.public.outcome.{}",
}
"""The words of each table's kinds."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A table in words: its heading, its rows, and what is to be said of it."""

    key: str
    heading: str
    rows: tuple[tuple[str, int | str], ...]
    says: str


def tables(content: PublicContent, language: str) -> Iterator[Lines]:
    """Yield every table that there is."""
    found: dict[str, PublicTable | None] = {
        "visits": content["visits"],
        "notice": content["notice"],
        "together": content["together"],
        "deficiencies": content["deficiencies"],
        "fields": content["fields"],
        "outcomes": content["outcomes"],
    }
    for key, table in found.items():
        if table is not None:
            yield lines(key, table, language)


def lines(key: str, table: PublicTable, language: str) -> Lines:
    """Return a table in words; its total stands first."""

    def number(n: int | None) -> int | str:
        return n if n is not None else say(language, "report.public.under_5")

    kinds = table["kinds"] or {}
    rows = [(say(language, "report.public.total"), number(table["total"]))]
    rows += [(say(language, NAMES[key].format(kind)), number(n)) for kind, n in kinds.items()]
    says = "" if table["kinds"] or table["total"] is None else say(language, "report.public.left_out")
    return Lines(key, say(language, f"report.public.heading.{key}"), tuple(rows), says)


def about(content: PublicContent, language: str) -> tuple[tuple[str, str], ...]:
    """Return of what it is, and who decided it."""
    year, week = content["week"].split("-W")
    when = say(language, "report.public.week", week=int(week), year=int(year))
    return (
        (say(language, "report.plan.when"), when),
        (say(language, "report.plan.lead"), content["lead"]),
        (say(language, "report.public.publisher"), content["publisher"]),
        (say(language, "report.public.there"), ", ".join(content["authorities"])),
    )


def public_data(content: PublicContent, language: str) -> Data:
    """Return all that the document's template shows."""
    said = {key: printable(say(language, f"report.public.{key}")) for key in ("kind", "rule", "own", "what", "n")}
    name = printable(say(language, "report.name", code_word=content["code_word"]))
    return {
        "language": language,
        "label": {
            **said,
            "page": say(language, "dossiers.document.page"),
            "of": say(language, "dossiers.document.of"),
            "h_plan": say(language, "report.heading.plan"),
        },
        "title": printable(say(language, "report.public.title", code_word=content["code_word"])),
        "name": name,
        "header": [name, said["kind"]],
        "footer": said["kind"],
        "plan": [[label, printable(value)] for label, value in about(content, language)],
        "tables": [
            {
                "heading": printable(one.heading),
                "rows": [[printable(label), str(n)] for label, n in one.rows],
                "says": printable(one.says),
            }
            for one in tables(content, language)
        ],
    }
