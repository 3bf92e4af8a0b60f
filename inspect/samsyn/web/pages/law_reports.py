"""The report under lag 2023:196 of a pledge's year, as PDF, workbook and data."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from flask import Response

from samsyn.audit.service import record
from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.documents import law_pdf
from samsyn.pledges.evaluation.law_report import LawReport, law_report, report_json
from samsyn.web.api.dossiers import as_document
from samsyn.web.exports.book import write_xlsx
from samsyn.web.exports.evaluation_sheets import as_tables
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("law_reports")


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.pdf")
@guarded("planner", "decider")
def get_pdf(evaluation_id: UUID) -> Response:
    """The report as a tagged PDF."""
    return hand_out(evaluation_id, "pdf", lambda found: law_pdf(found, current_language()))


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.xlsx")
@guarded("planner", "decider")
def get_xlsx(evaluation_id: UUID) -> Response:
    """The same as a workbook, a sheet for each section."""

    def render(found: LawReport) -> bytes:
        said = [(found.title, found.standing), (found.title, found.digest)]
        return write_xlsx(*as_tables(found.sections, said, current_language()), at=found.made_at)

    return hand_out(evaluation_id, "xlsx", render)


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.json")
@guarded("planner", "decider")
def get_json(evaluation_id: UUID) -> Response:
    """The same as data."""
    return hand_out(
        evaluation_id, "json", lambda found: json.dumps(report_json(found), ensure_ascii=False, indent=1).encode()
    )


def hand_out(evaluation_id: UUID, form: str, render: Callable[[LawReport], bytes]) -> Response:
    """Answer with the report of a year (logged), named by its digest."""
    with unit_of_work(current_viewer()) as uow:
        found = law_report(uow, evaluation_id, current_language())
        record(uow, "evaluation.download", evaluation_id, reason=f"law_{form}")
    return as_document(render(found), form, f"samsyn-lag-2023-196-{found.year}-{found.digest[:8]}")
