"""Checklists: which there are, and a part's questions with the own answers in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from samsyn.core.uow import unit_of_work
from samsyn.findings.queries import checklist_of_part, list_checklists
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery, cut_here
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.findings import ChecklistList, PartChecklistOut

blueprint = api_blueprint("checklists")


@blueprint.get("/checklists")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(ChecklistList)
def get_checklists(query: PageQuery) -> dict[str, object]:
    """The house's checklists and the own authority's, by code."""
    with unit_of_work(current_viewer()) as uow:
        return cut_here(list_checklists(uow, current_language()), query, lambda line: (line.code, str(line.id)))


@blueprint.get("/parts/<uuid:part_id>/checklist")
@guarded()
@blueprint.output(PartChecklistOut)
def get_part_checklist(part_id: UUID) -> Any:
    """The questions of an own part, each with the newest own answer; logged."""
    with unit_of_work(current_viewer()) as uow:
        return PartChecklistOut.of(checklist_of_part(uow, part_id, current_language()))
