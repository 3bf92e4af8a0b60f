"""A dossier as a workbook: a sheet for each of its parts, one line per thing, with the habits of every list's file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from samsyn.core.errors import TooMuchError
from samsyn.disclosures.grounds import find_basis
from samsyn.disclosures.rules import Copy
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rules import MOST_FINDINGS, Content, FindingEntry, ReceivedEntry, VisitEntry
from samsyn.texts import has
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.columns import Column, Kind, Value
from samsyn.web.exports.measure_sheets import FOLLOW_UP, OUTCOME, follow_up_lines, outcome_lines, starts_of
from samsyn.web.exports.writers import Table
from samsyn.web.identity import current_language
from samsyn.web.shell import t

Cells = tuple[Value, ...]
Heads = Sequence[tuple[str, Kind]]
TEXT, DAY, TIME, NUMBER = Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.NUMBER
ANSWERED: Final = (
    *(("point", TEXT), ("question", TEXT), ("answer", TEXT), ("text", TEXT)),
    *(("law", TEXT), ("observed", TIME), ("evidence", NUMBER)),
)
OF_VISIT: Final = (("day", DAY), ("insats", TEXT))


@dataclass(frozen=True, slots=True)
class Said:
    """A visit as a line begins: its day and the operation's code word."""

    day: date
    code_word: str

    @classmethod
    def of(cls, visit: VisitEntry) -> Said:
        """Return how a line of the visit begins."""
        return cls(date.fromisoformat(visit["date"]), visit["code_word"])

    @property
    def cells(self) -> Cells:
        """Return it as cells."""
        return self.day, self.code_word


def dossier_xlsx(card: DossierCard, reader: str, made: datetime) -> bytes:
    """Return the dossier as a workbook in the reader's language: the same that its page and its PDF say.

    No cell is ever a formula, dates and numbers are such, and a sole trader's number is not in it (R11).
    ``TooMuchError`` for a dossier with more findings than one document takes.
    """
    if card.content["counts"]["findings"] > MOST_FINDINGS:
        raise TooMuchError("the dossier is too large for one document")
    return write_xlsx(*sheets(card, reader, made))


def sheets(card: DossierCard, reader: str, made: datetime) -> Iterator[Table]:
    """Yield what it is first, then what is open, then every part, as far as there is something of it."""
    content = card.content
    yield sheet("about", (("what", TEXT), ("value", NUMBER)), list(about(card, reader, made)))
    yield sheet("open", (("day", DAY), *ANSWERED), list(open_lines(content)))
    yield sheet("visits", VISIT, [visit_line(visit) for visit in content["visits"]])
    yield sheet(
        "parts", (*OF_VISIT, ("authority", TEXT), ("unit", TEXT), ("state", TEXT)), list(parts(content["visits"]))
    )
    yield sheet(
        "facts", (*OF_VISIT, ("question", TEXT), ("answer", TEXT), ("authority", TEXT)), list(facts(content["visits"]))
    )
    yield sheet("findings", (*OF_VISIT, *ANSWERED), list(findings(content["visits"])))
    starts = starts_of(content["visits"])
    yield sheet("outcomes", OUTCOME, list(outcome_lines(content["outcomes"], starts)))
    yield sheet("follow_ups", FOLLOW_UP, list(follow_up_lines(content["follow_ups"], starts)))
    yield sheet("received", RECEIVED, list(received_lines(content["received"])))


def sheet(name: str, heads: Heads, rows: Sequence[Cells]) -> Table:
    """Return a sheet with its words; a row gives a value for each heading."""
    columns: list[Column[Any]] = [
        Column(key, f"dossiers.sheet_column.{key}", kind, lambda row, at=at: row[at])  # type: ignore[misc]
        for at, (key, kind) in enumerate(heads)
    ]
    return Table(t(f"dossiers.sheet.{name}"), columns, [t(column.heading) for column in columns], rows)


def about(card: DossierCard, reader: str, made: datetime) -> Iterator[Cells]:
    """Yield whose it is, of whom, and how much there is."""
    business, counts = card.content["business"], card.content["counts"]

    def line(key: str, value: Value) -> Cells:
        return t(f"dossiers.sheet_about.{key}"), value

    yield line("reader", reader)
    yield line("only", t("dossiers.sheet_about.only_says", reader=reader))
    yield line("name", business["name"])
    yield line("operator", business["operator"])
    if business["form"] == "sole_trader":
        yield line("number", t("dossiers.document.sole_trader"))
    else:
        yield line("number", business["number"])
    yield line("address", ", ".join(filter(None, (business["address"], business["postcode"], business["town"]))))
    yield line("compiled", card.compiled_at)
    yield line("made", made)
    yield line("digest", card.digest)
    for key in ("open", "serious", "visits", "joint_visits", "findings", "deficiencies"):
        yield line(key, counts[key])


def open_lines(content: Content) -> Iterator[Cells]:
    """Yield the open deficiencies."""
    days = {visit["visit_id"]: date.fromisoformat(visit["date"]) for visit in content["visits"]}
    for one in content["open_deficiencies"]:
        yield days.get(one["visit_id"]), *answered(one["finding"])


VISIT: Final = (
    *OF_VISIT,
    *(("place", TEXT), ("address", TEXT), ("how", TEXT), ("notice", TEXT)),
    *(("starts", TIME), ("ends", TIME), ("ended", TIME), ("authorities", TEXT)),
    *(("findings", NUMBER), ("deficiencies", NUMBER), ("common", TEXT)),
)


def visit_line(visit: VisitEntry) -> Cells:
    """Return one visit."""
    moment = datetime.fromisoformat
    return (
        *Said.of(visit).cells,
        visit["place"],
        visit["address"],
        t(f"dossiers.visit_state.{visit['state']}"),
        t(f"dossiers.notice.{'announced' if visit['announced'] else 'unannounced'}"),
        moment(visit["starts_at"]),
        moment(visit["ends_at"]),
        moment(visit["ended_at"]) if visit["ended_at"] else None,
        ", ".join(dict.fromkeys(part["authority"] for part in visit["parts"])),
        len(visit["findings"]),
        sum(one["answer"] == "deficiency" for one in visit["findings"]),
        visit["common_text"],
    )


def parts(visits: Sequence[VisitEntry]) -> Iterator[Cells]:
    """Yield each authority's part as all may read it (R2)."""
    for visit in visits:
        for part in visit["parts"]:
            said = "waiting" if not part["handed_in"] else "nothing" if part["nothing_to_report"] else part["summary"]
            yield *Said.of(visit).cells, part["authority"], part["unit"], t(f"dossiers.part.{said}")


def facts(visits: Sequence[VisitEntry]) -> Iterator[Cells]:
    """Yield the answers to the common questions."""
    for visit in visits:
        for one in visit["facts"]:
            question = t(f"dossiers.question.{one['question']}")
            yield *Said.of(visit).cells, question, one["answer"], one["authority"]


def findings(visits: Sequence[VisitEntry]) -> Iterator[Cells]:
    """Yield the own findings of every visit."""
    for visit in visits:
        for one in visit["findings"]:
            yield *Said.of(visit).cells, *answered(one)


def answered(one: FindingEntry) -> Cells:
    """Return a finding with its question as it was asked."""
    return (
        one["point"],
        question_of(one),
        answer_of(one),
        one["text"],
        one["law"],
        datetime.fromisoformat(one["observed_at"]),
        one["evidence"],
    )


RECEIVED: Final = (
    *(("giver", TEXT), ("decided", TIME), ("decider", TEXT), ("basis", TEXT), ("marking", TEXT)),
    *ANSWERED,
    *(("by", TEXT), ("digest", TEXT)),
)


def received_lines(received: Sequence[ReceivedEntry]) -> Iterator[Cells]:
    """Yield each copy that was received, with who gave it and on which ground."""
    for one in received:
        for copy in one["items"]:
            yield (
                one["giver"],
                datetime.fromisoformat(one["decided_at"]),
                one["decider"],
                basis_name(one["legal_basis"]),
                copy["marking"],
                copy["point"],
                question_of(copy),
                answer_of(copy),
                copy["text"],
                copy["law"],
                datetime.fromisoformat(copy["observed_at"]),
                len(copy["pictures"]),
                copy["by"],
                one["digest"],
            )


def basis_name(code: str) -> str:
    """Return a ground in words; a code that is no longer in the file, or no disclosure's, as it is called here."""
    if (found := find_basis(code)) is not None:
        return found.words(current_language()).name
    key = f"dossiers.basis.{code}"
    return t(key) if has(key) else code


def question_of(one: FindingEntry | Copy) -> str:
    """Return the question in the reader's language, or that nothing was asked."""
    asked = one["point_en"] if current_language() == "en" else one["point_sv"]
    return asked or t("dossiers.finding.free")


def answer_of(one: FindingEntry | Copy) -> str:
    """Return the answer in words."""
    return t(f"dossiers.answer.{'serious' if one['serious'] else one['answer']}")
