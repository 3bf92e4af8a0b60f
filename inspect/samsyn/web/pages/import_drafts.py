"""A list that was begun: say what its columns mean, look, mend cell by cell, write, or throw it away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request

from samsyn.access.rules import Role
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.imports.queries import Begun, look_at, open_draft, open_result
from samsyn.imports.reading.admitting import IdentityNumbersError
from samsyn.imports.reading.fields import doubled, missing
from samsyn.imports.rules import Fault, Look
from samsyn.imports.service import ImportFaultyError, Mend, drop_draft, keep_columns, mend, open_job, write_or_start
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages import import_words as words
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("import_drafts")
SHOWN_FAULTS: Final = 200
"""Faults that a page offers to mend; the rest comes when those are done."""
SHOWN_LINES: Final = 100
CELL: Final = re.compile(r"cell_(\d{1,9})_(\d{1,4})")
COLUMN: Final = re.compile(r"col_(\d{1,4})")
MAY_IMPORT: Final = (Role.PLANNER, Role.UNIT_ADMIN)


def go(path: str) -> Response:
    """Send the browser on."""
    response: Response = redirect(path, 303)  # type: ignore[assignment]
    return response


def column_faults(begun: Begun, mapping: Mapping[int, str]) -> list[str]:
    """Return why a list cannot be read under these columns."""
    lacking = [words.field_name(begun.subject, name) for name in missing(begun.subject, mapping)]
    said = [t("imports.columns.missing", names=", ".join(lacking))] if lacking else []
    twice = [words.heading(begun.sheet, at) for at in doubled(mapping)]
    return said + ([t("imports.columns.twice", names=", ".join(twice))] if twice else [])


def show_columns(begun: Begun, mapping: Mapping[int, str], faults: Sequence[str] = ()) -> str:
    """Render each column with its first values and what it seems to mean."""
    sheet = begun.sheet
    columns = [
        {
            "at": at,
            "heading": words.heading(sheet, at),
            "samples": words.samples(sheet, at),
            "chosen": mapping.get(at, ""),
            "twice": at in doubled(mapping),
        }
        for at in range(len(sheet.headings))
    ]
    more = {"columns": columns, "options": words.options(begun.subject), "faults": faults}
    return page("imports/columns.html.j2", begun=begun, **more)


@blueprint.get("/import/<uuid:draft_id>/columns")
@guarded(*MAY_IMPORT)
def get_columns(draft_id: UUID) -> str:
    """What each column means, as it was guessed or chosen."""
    with unit_of_work(current_viewer()) as uow:
        begun = open_draft(uow, current_keys(), draft_id)
    return show_columns(begun, begun.sheet.mapping)


@blueprint.post("/import/<uuid:draft_id>/columns")
@guarded(*MAY_IMPORT)
def post_columns(draft_id: UUID) -> Response:
    """Keep what the columns mean, and look at the list under them."""
    chosen = {
        int(found[1]): value
        for name, value in request.form.items()
        if (found := COLUMN.fullmatch(name)) is not None and value
    }
    with unit_of_work(current_viewer()) as uow:
        begun = open_draft(uow, current_keys(), draft_id)
    if faults := column_faults(begun, chosen):
        return make_response(show_columns(begun, chosen, faults), 422)

    def make(uow: UnitOfWork) -> str:
        keep_columns(uow, current_keys(), draft_id, chosen)
        return f"/import/{draft_id}/preview"

    return once_then_go(make)


def show_preview(begun: Begun, look: Look, message: str = "") -> str:
    """Render what the list would do, each fault with a field to mend it, and the rows that are left out."""
    sheet, shown = begun.sheet, look.faults[:SHOWN_FAULTS]
    return page(
        "imports/preview.html.j2",
        begun=begun,
        found=look,
        message=message,
        faults=[fault_view(fault, begun, shown[:n]) for n, fault in enumerate(shown)],
        more_faults=len(look.faults) - len(shown),
        lines=[(line, words.line_words(begun.subject, line)) for line in look.lines[:SHOWN_LINES]],
        more_lines=len(look.lines) - SHOWN_LINES,
        headings=words.line_headings(begun.subject),
        left_out=sorted(sheet.left_out),
        ignored=[words.heading(sheet, at) for at in range(len(sheet.headings)) if at not in sheet.mapping],
        outcome_tag=words.outcome_tag,
    )


def fault_view(fault: Fault, begun: Begun, before: Sequence[Fault]) -> dict[str, Any]:
    """Return a fault as the page shows it; a cell has one field, and a row one box, however many faults they have."""
    return {
        "line": fault.line,
        "column": fault.column,
        "heading": words.heading(begun.sheet, fault.column),
        "text": words.fault_text(fault, begun.sheet),
        "value": words.to_mend(fault, begun.sheet),
        "shown": fault.value,
        "first": (fault.line, fault.column) not in {(one.line, one.column) for one in before},
        "first_of_line": fault.line not in {one.line for one in before},
    }


@blueprint.get("/import/<uuid:draft_id>/preview")
@guarded(*MAY_IMPORT)
def get_preview(draft_id: UUID) -> Response:
    """What would be created, changed or left as it is; every fault by row and column."""
    with unit_of_work(current_viewer()) as uow:
        begun = open_draft(uow, current_keys(), draft_id)
        if (job_id := open_job(uow, draft_id)) is not None:
            return go(f"/jobs/{job_id}")
        if column_faults(begun, begun.sheet.mapping):
            return go(f"/import/{draft_id}/columns")
        look = look_at(uow, current_keys(), begun).look
    return make_response(show_preview(begun, look))


def read_mend(uow: UnitOfWork, draft_id: UUID) -> Mend:
    """Return what was typed and ticked; rows that the page did not show stay as they were."""
    cells = {
        (int(found[1]), int(found[2])): value
        for name, value in request.form.items()
        if (found := CELL.fullmatch(name)) is not None and request.form.get(f"was_{name}") != value
    }
    seen, out = numbers("seen"), numbers("out")
    begun = open_draft(uow, current_keys(), draft_id)
    left_out = (begun.sheet.left_out - seen) | out
    if request.form.get("do") == "leave":
        left_out |= look_at(uow, current_keys(), begun).look.faulty_lines
    return Mend(draft_id, cells, left_out)


def numbers(name: str) -> frozenset[int]:
    """Return the lines that a field names."""
    return frozenset(int(text) for text in request.form.getlist(name) if text.isascii() and text.isdigit())


@blueprint.post("/import/<uuid:draft_id>/preview")
@guarded(*MAY_IMPORT)
def post_preview(draft_id: UUID) -> Response:
    """Keep what was mended and look again, or write all of it; with any fault nothing is written."""

    def make(uow: UnitOfWork) -> str:
        mend(uow, current_keys(), read_mend(uow, draft_id))
        if request.form.get("do") == "write":
            started = write_or_start(uow, current_keys(), draft_id)
            return f"/jobs/{started.job_id}" if started.job_id else f"/import/{started.result_id}/result"
        return f"/import/{draft_id}/preview"

    try:
        return once_then_go(make)
    except ImportFaultyError:
        with unit_of_work(current_viewer()) as uow:
            begun = mend(uow, current_keys(), read_mend(uow, draft_id))
            look = look_at(uow, current_keys(), begun).look
        return make_response(show_preview(begun, look, t("imports.preview.nothing_written")), 422)
    except InvalidError as error:
        with unit_of_work(current_viewer()) as uow:
            begun = open_draft(uow, current_keys(), draft_id)
            look = look_at(uow, current_keys(), begun).look
        said = words.identity_text(error) if isinstance(error, IdentityNumbersError) else t("imports.preview.untakable")
        return make_response(show_preview(begun, look, said), 422)


@blueprint.post("/import/<uuid:draft_id>/discard")
@guarded(*MAY_IMPORT)
def post_discard(draft_id: UUID) -> Response:
    """Throw a list or its result away."""

    def make(uow: UnitOfWork) -> str:
        drop_draft(uow, draft_id)
        return "/import"

    return once_then_go(make)


@blueprint.get("/import/<uuid:draft_id>/result")
@guarded(*MAY_IMPORT)
def get_result(draft_id: UUID) -> str:
    """What became of each row."""
    with unit_of_work(current_viewer()) as uow:
        result = open_result(uow, current_keys(), draft_id)
    counts = Look(result.lines, ()).counts
    return page(
        "imports/result.html.j2",
        result=result,
        counts=counts,
        lines=[(line, words.line_words(result.subject, line)) for line in result.lines[:SHOWN_LINES]],
        more_lines=len(result.lines) - SHOWN_LINES,
        headings=words.line_headings(result.subject),
        outcome_tag=words.outcome_tag,
    )
