"""The report under lag 2023:196 of a pledge's year, as PDF, workbook and data."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.documents import law_pdf
from samsyn.pledges.evaluation.law_report import law_sections, sections_json
from samsyn.pledges.evaluation.queries import EvaluationCard, get_evaluation
from samsyn.pledges.evaluation.rules import is_year
from samsyn.pledges.evaluation.telling import Section, Teller
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
    return hand_out(evaluation_id, "pdf", lambda card, found: law_pdf(card, found, current_language()))


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.xlsx")
@guarded("planner", "decider")
def get_xlsx(evaluation_id: UUID) -> Response:
    """The same as a workbook, a sheet for each section."""

    def render(card: EvaluationCard, found: Sequence[Section]) -> bytes:
        said = [(Teller(card, current_language()).title(), card.line.period)]
        return write_xlsx(*as_tables(found, said, current_language()), at=card.line.compiled_at)

    return hand_out(evaluation_id, "xlsx", render)


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.json")
@guarded("planner", "decider")
def get_json(evaluation_id: UUID) -> Response:
    """The same as data."""
    return hand_out(
        evaluation_id, "json", lambda _, found: json.dumps(sections_json(found), ensure_ascii=False, indent=1).encode()
    )


def hand_out(evaluation_id: UUID, form: str, render: Callable[[EvaluationCard, Sequence[Section]], bytes]) -> Response:
    """Answer with the report of a year; ``NotFoundError`` for a quarter, of which the act asks no report."""
    with unit_of_work(current_viewer()) as uow:
        card = get_evaluation(uow, evaluation_id)
        if not is_year(card.line.period):
            raise NotFoundError("a report is of a year")
        found = law_sections(uow, card, current_language())
    return as_document(render(card, found), form, f"samsyn-lag-2023-196-{card.line.period}")
