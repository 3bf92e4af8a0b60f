"""The registry: businesses, and the import of a list."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Response, request

from samsyn.businesses.queries import get_business, list_businesses, permits_of
from samsyn.businesses.service import ImportBusinesses, ImportReport, import_businesses
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.texts import say
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.listing import PageQuery, listed
from samsyn.web.parsing import Line
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.businesses import BusinessDetailOut, BusinessPage, FaultOut, ImportOut

blueprint = api_blueprint("businesses")
YES = frozenset({"1", "true", "yes", "on"})


class BusinessQuery(PageQuery):
    """Businesses whose place's name begins with a text."""

    begins_with: Line | None = None


@blueprint.get("/businesses")
@guarded()
@blueprint.input(BusinessQuery, location="query", arg_name="query")
@blueprint.output(BusinessPage)
def get_businesses(query: BusinessQuery) -> dict[str, object]:
    """Businesses of the own collaborations, in Swedish order of the place's name."""
    with unit_of_work(current_viewer()) as uow:
        return listed(list_businesses(uow, query.seek(), begins_with=query.begins_with or ""))


@blueprint.get("/businesses/<uuid:business_id>")
@guarded()
@blueprint.output(BusinessDetailOut)
def get_one(business_id: UUID) -> Any:
    """One business with its public permits."""
    with unit_of_work(current_viewer()) as uow:
        return BusinessDetailOut.of(get_business(uow, business_id), permits_of(uow, business_id))


def read_upload() -> ImportBusinesses:
    """Read the form of an import: ``file``, ``collaboration_id``, ``dry_run``."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidError("what was sent cannot be taken", fields={"file": ["choose a file"]})
    try:
        collaboration_id = UUID(request.form.get("collaboration_id", ""))
    except ValueError:
        raise InvalidError("what was sent cannot be taken", fields={"collaboration_id": ["not an id"]}) from None
    dry_run = request.form.get("dry_run", "").lower() in YES
    return ImportBusinesses(collaboration_id, upload.filename or "", upload.read(), dry_run)


def shown_report(report: ImportReport, language: str) -> ImportOut:
    """Show a report with its faults as sentences."""
    return ImportOut(
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        written=report.written,
        ignored=list(report.ignored),
        faults=[
            FaultOut(
                line=fault.line,
                column=fault.column,
                value=fault.value,
                code=fault.code,
                text=say(language, f"businesses.fault.{fault.code}", **fault.words),
            )
            for fault in report.faults
        ],
    )


@blueprint.post("/businesses/import")
@guarded("planner")
@blueprint.doc(description="multipart/form-data: file, collaboration_id, dry_run. All or nothing; 422 with any fault.")
def post_import() -> Response:
    """Import a list of businesses (CSV or XLSX); with any fault nothing is written and each is named."""
    command = read_upload()

    def make(uow: UnitOfWork) -> ImportOut:
        return shown_report(import_businesses(uow, current_keys(), command), current_language())

    answer = once(make)
    report = answer.get_json()
    if not report["faults"]:
        return answer
    title = say(current_language(), "web.problem_invalid.happened")
    said = {"type": "about:blank", "title": title, "status": 422, "code": "invalid", **report}
    return Response(json.dumps(said, ensure_ascii=False), 422, content_type="application/problem+json")
