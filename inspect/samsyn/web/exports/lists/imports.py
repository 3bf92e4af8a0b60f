"""An import as files: the faults of a list that was begun, to mend at home, and what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samsyn.access.rules import Role
from samsyn.core.uow import UnitOfWork
from samsyn.imports.queries import look_at, open_draft, open_result
from samsyn.imports.rules import Line, Subject
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.installation import current_keys
from samsyn.web.listing import PageQuery
from samsyn.web.pages import import_words as words
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault in words; its value is what may be shown."""

    line: int
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class DoneRow:
    """A row and what became of it."""

    line: int
    shown: str
    outcome: str


def read_faults(uow: UnitOfWork, _query: PageQuery, draft_id: UUID) -> Sequence[FaultRow]:
    """Every fault of a begun list of the viewer's own."""
    begun = open_draft(uow, current_keys(), draft_id)
    faults = look_at(uow, current_keys(), begun).look.faults
    return [
        FaultRow(one.line, words.heading(begun.sheet, one.column), one.value, words.fault_text(one, begun.sheet))
        for one in faults
    ]


def read_result(uow: UnitOfWork, _query: PageQuery, draft_id: UUID) -> Sequence[DoneRow]:
    """Every row of an import of the viewer's own, those left out as well."""
    result = open_result(uow, current_keys(), draft_id)
    rows = [done_row(result.subject, line) for line in result.lines]
    return sorted(
        [*rows, *(DoneRow(line, "", t("imports.outcome.left_out")) for line in result.left_out)],
        key=lambda row: row.line,
    )


def done_row(subject: Subject, line: Line) -> DoneRow:
    """Return a row in words."""
    shown = " · ".join(text for text in words.line_words(subject, line) if text)
    return DoneRow(line.line, shown, t(f"imports.outcome.{line.outcome}"))


IMPORT_FAULTS: Final[Listing[PageQuery, FaultRow]] = Listing(
    name="import_faults",
    own=True,
    path="/import/<uuid:draft_id>/preview",
    query=PageQuery,
    read=read_faults,
    roles=(Role.PLANNER, Role.UNIT_ADMIN),
    columns=(
        Column("line", "operations.column.line", Kind.NUMBER, lambda row: row.line),
        Column("column", "operations.column.column", Kind.TEXT, lambda row: row.column),
        Column("value", "operations.column.value", Kind.TEXT, lambda row: row.value),
        Column("fault", "operations.column.fault", Kind.TEXT, lambda row: row.text),
    ),
)
IMPORT_RESULT: Final[Listing[PageQuery, DoneRow]] = Listing(
    name="import_result",
    own=True,
    path="/import/<uuid:draft_id>/result",
    query=PageQuery,
    read=read_result,
    roles=(Role.PLANNER, Role.UNIT_ADMIN),
    columns=(
        Column("line", "operations.column.line", Kind.NUMBER, lambda row: row.line),
        Column("row", "tables.column.row", Kind.TEXT, lambda row: row.shown),
        Column("outcome", "tables.column.outcome", Kind.TEXT, lambda row: row.outcome),
    ),
)
