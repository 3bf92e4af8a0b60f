"""The report of an operation as a workbook: in short, its numbers, then a sheet for each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from samsyn.core.errors import TooMuchError
from samsyn.dossiers.rendering.report import amounts
from samsyn.dossiers.report.queries import ReportCard
from samsyn.dossiers.report.shape import ReportContent, ReportVisit
from samsyn.dossiers.rules import MOST_FINDINGS, VisitEntry
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind, Value
from samsyn.web.exports.dossier_sheets import (
    ANSWERED,
    RECEIVED,
    VISIT,
    Cells,
    Heads,
    facts,
    findings,
    parts,
    received_lines,
    sheet,
    visit_line,
)
from samsyn.web.exports.measure_sheets import FOLLOW_UP, OUTCOME, follow_up_lines, outcome_lines, starts_of
from samsyn.web.exports.writers import Table
from samsyn.web.shell import t

TEXT, DAY, NUMBER = Kind.TEXT, Kind.DATE, Kind.NUMBER
OF_PLACE: Final = (("day", DAY), ("place", TEXT))
FIELDS: Final = ("field", "parts", "handed_in", "with_deficiency", "own", "copied")


def report_xlsx(card: ReportCard, reader: str, made: datetime) -> bytes:
    """Return the report as a workbook in the reader's language: the same that its page and its PDF say.

    ``TooMuchError`` for a report with more findings than one document takes.
    """
    if card.content["numbers"]["findings"] > MOST_FINDINGS:
        raise TooMuchError("the report is too large for one document")
    return write_xlsx(*sheets(card, reader, made))


def sheets(card: ReportCard, reader: str, made: datetime) -> Iterator[Table]:
    """Yield what it is first, then the numbers, then every part, as far as there is something of it."""
    content = card.content
    visits = [placed(one["visit"]) for one in content["visits"]]
    starts = starts_of(visits)
    yield own_sheet("about", (("what", TEXT), ("n", NUMBER)), list(about(card, reader, made)))
    yield own_sheet("numbers", (("what", TEXT), ("n", NUMBER)), list(numbers(content)))
    yield own_sheet("fields", tuple((key, NUMBER if key != "field" else TEXT) for key in FIELDS), list(fields(content)))
    heads = (("authority", TEXT), ("visits", NUMBER), ("handed_in", NUMBER))
    yield own_sheet(
        "authorities",
        heads,
        [(one["authority"], one["visits"], one["handed_in"]) for one in content["authorities"]],
    )
    yield sheet("visits", VISIT, [visit_line(one["visit"]) for one in content["visits"]])
    yield sheet("parts", (*OF_PLACE, ("authority", TEXT), ("unit", TEXT), ("state", TEXT)), list(parts(visits)))
    asked = (*OF_PLACE, ("question", TEXT), ("answer", TEXT), ("authority", TEXT))
    yield sheet("facts", asked, list(facts(visits)))
    yield sheet("findings", (*OF_PLACE, *ANSWERED), list(findings(visits)))
    told = [(*starts[one["visit"]["visit_id"]], *line) for one in content["visits"] for line in entry(one)]
    said = (("day", DAY), ("business", TEXT), ("at", Kind.DATETIME), ("what", TEXT), ("says", TEXT))
    yield own_sheet("entry", said, told)
    outcomes = [line for one in content["visits"] for line in one["outcomes"]]
    yield sheet("outcomes", (*OF_PLACE, *OUTCOME[2:]), list(outcome_lines(outcomes, starts)))
    follow_ups = [line for one in content["visits"] for line in one["follow_ups"]]
    yield sheet("follow_ups", (*OF_PLACE, *FOLLOW_UP[2:]), list(follow_up_lines(follow_ups, starts)))
    copies = [
        (starts[one["visit"]["visit_id"]][1], *line)
        for one in content["visits"]
        for line in received_lines(one["received"])
    ]
    yield sheet("received", (("place", TEXT), *RECEIVED), copies)


def placed(visit: VisitEntry) -> VisitEntry:
    """Return a visit that lines name by its place: the operation's code word would be the same on all of them."""
    return {**visit, "code_word": visit["place"]}


def own_sheet(name: str, heads: Heads, rows: list[Cells]) -> Table:
    """Return a sheet with the report's own words."""
    columns: list[Column[Any]] = [
        Column(key, f"report.column.{key}", kind, lambda row, at=at: row[at])  # type: ignore[misc]
        for at, (key, kind) in enumerate(heads)
    ]
    return Table(t(f"report.sheet.{name}"), columns, [t(column.heading) for column in columns], rows)


def about(card: ReportCard, reader: str, made: datetime) -> Iterator[Cells]:
    """Yield whose report it is, of what, and the plan in short."""
    operation = card.content["operation"]

    def line(key: str, value: Value) -> Cells:
        return t(key), value

    yield line("dossiers.sheet_about.reader", reader)
    yield line("dossiers.sheet_about.only", t("dossiers.sheet_about.only_says", reader=reader))
    yield line("dossiers.column.insats", operation["code_word"])
    yield line("report.plan.purpose", operation["title"])
    yield line("dossiers.sheet_column.starts", datetime.fromisoformat(operation["starts_at"]))
    yield line("dossiers.sheet_column.ends", datetime.fromisoformat(operation["ends_at"]))
    yield line("report.plan.lead", operation["lead"])
    yield line("report.plan.form", t("report.plan.ad_hoc" if operation["ad_hoc"] else "report.plan.planned"))
    yield line("report.plan.state", t(f"operations.state.{operation['state']}"))
    yield line("dossiers.sheet_column.common", operation["common_text"])
    yield line("dossiers.sheet_about.compiled", card.compiled_at)
    yield line("dossiers.sheet_about.made", made)
    yield line("dossiers.sheet_about.digest", card.digest)
    if card.content["not_compiled"]:
        yield line("report.heading.visits", t("report.not_compiled", n=card.content["not_compiled"]))


def entry(one: ReportVisit) -> Iterator[Cells]:
    """Yield each refused entry, request for help and what came of it: when, what, and the words."""
    for refusal in one["refusals"]:
        said = f"{refusal['by_role']}: {refusal['said']}".removesuffix(": ")
        yield datetime.fromisoformat(refusal["at"]), t("assistance.refused"), said
    for asked in one["help"]:
        yield datetime.fromisoformat(asked["at"]), f"{t('assistance.help')}, {asked['section']}", asked["reason"]
        for line in asked["answers"]:
            yield datetime.fromisoformat(line["at"]), t(f"assistance.what.{line['what']}"), line["text"]


def numbers(content: ReportContent) -> Iterator[Cells]:
    """Yield the numbers, how the visits ended first."""
    yield t("dossiers.sheet_about.visits"), content["numbers"]["visits"]
    for state, n in content["numbers"]["states"].items():
        yield t("report.amount.state", state=t(f"dossiers.visit_state.{state}")), n
    for key, n in amounts(content["numbers"]).items():
        yield t(f"report.amount.{key}"), n


def fields(content: ReportContent) -> Iterator[Cells]:
    """Yield the numbers of each field."""
    for line in content["numbers"]["by_field"]:
        name = t(f"operations.field.{line['field']}") if line["field"] else t("report.many_fields")
        yield name, line["parts"], line["handed_in"], line["with_deficiency"], line["own"], line["received"]
