"""The words of an import: what fields are called, how a row and a cell may be shown, why a file is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from samsyn.businesses.identity import IdentityKind, classify
from samsyn.businesses.reading.faults import presentable
from samsyn.businesses.reading.table import Cell, UnreadableFileError
from samsyn.core.errors import InvalidError
from samsyn.core.home import local_day
from samsyn.imports.reading.admitting import IdentityNumbersError
from samsyn.imports.reading.fields import FIELDS
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault, Line, Subject
from samsyn.web.identity import current_language
from samsyn.web.localtime import show_moment
from samsyn.web.shell import t

SAMPLES: Final = 3


def field_name(subject: Subject, name: str) -> str:
    """Return what a field is called; it is also the heading of the template."""
    return t(f"imports.field.{subject}.{name.lower()}")


def options(subject: Subject) -> list[tuple[str, str]]:
    """Return what a column can mean, with its words."""
    wanted = FIELDS[subject].wanted
    return [
        (name, field_name(subject, name) + (f" ({t('imports.columns.wanted')})" if name in wanted else ""))
        for name in FIELDS[subject].names
    ]


def sample(cell: Cell) -> str:
    """Return a cell as it may be shown: an organisation's number as it is, any other long number hidden (R11)."""
    text = str(cell).strip()
    if isinstance(cell, float) and cell == int(cell):
        text = str(int(cell))
    found = classify(text, local_day(datetime.now(UTC)))
    return found.shown if found.kind is IdentityKind.ORGANISATION else presentable(text)


def samples(sheet: Sheet, column: int) -> list[str]:
    """Return the first values of a column."""
    shown: list[str] = []
    for row in sheet.rows:
        if column < len(row.cells) and row.cells[column] != "" and (text := sample(row.cells[column])) not in shown:
            shown.append(text)
        if len(shown) == SAMPLES:
            break
    return shown


def heading(sheet: Sheet, column: int | None) -> str:
    """Return a column's heading as it may be shown, or its number where it has none."""
    if column is None:
        return ""
    text = presentable(sheet.headings[column]) if column < len(sheet.headings) else ""
    return text or t("imports.columns.number", n=column + 1)


def fault_text(fault: Fault, sheet: Sheet) -> str:
    """Return what is wrong, in words."""
    return t(fault.key, **{**fault.words, "column": heading(sheet, fault.column)})


def to_mend(fault: Fault, sheet: Sheet) -> str:
    """Return what stands in the field beside a fault: the cell, unless some of it may not be shown."""
    if fault.column is None:
        return ""
    cell = sheet.cell(fault.line, fault.column)
    text = " ".join(str(cell).split())
    return text if text in {fault.value, presentable(text), sample(cell)} else ""


def line_headings(subject: Subject) -> list[str]:
    """Return the headings over the rows of a preview."""
    return [t(f"imports.line.{subject}.{n}") for n in range(1, 5)]


def line_words(subject: Subject, line: Line) -> list[str]:
    """Return a row in the reader's words."""
    shown = list(line.shown)
    if subject is Subject.PEOPLE:
        shown[3] = ", ".join(t(f"imports.role.{role}") for role in shown[3].split(",") if role)
    if subject is Subject.SIGNALS:
        shown[2] = t(f"signals.sources.{shown[2]}")
    if subject is Subject.SHIFTS:
        shown[1:3] = [show_moment(datetime.fromisoformat(moment), current_language()) for moment in shown[1:3]]
        shown[3] = t(f"imports.leave.{shown[3]}") if shown[3] else t("imports.leave.none")
    return shown


def refusal(error: InvalidError) -> Mapping[str, Sequence[str]] | None:
    """Return why a file is not taken at all, under its field; nothing for another refusal."""
    if isinstance(error, UnreadableFileError):
        return {"file": [t(f"businesses.refusal.{error.refusal}", line=error.line or "")]}
    if isinstance(error, IdentityNumbersError):
        return {"file": [identity_text(error)]}
    return None


def identity_text(error: IdentityNumbersError) -> str:
    """Return where identity numbers stand, without them."""
    places = [t("imports.refusal.place", line=line, column=column or "–") for line, column in error.places]
    more = [t("imports.refusal.more", n=error.more)] if error.more else []
    return t("imports.refusal.identity", places="; ".join([*places, *more]))


def outcome_tag(outcome: Any) -> tuple[str, str, str]:
    """Return words, colour and sign of what becomes of a row."""
    look = {"created": ("success", "plus"), "changed": ("info", "edit"), "failed": ("danger", "x")}
    return (t(f"imports.outcome.{outcome}"), *look.get(str(outcome), ("neutral", "check")))
