"""Photos of findings: in, cleaned and encrypted; out, to the own authority alone."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from flask import Response, request

from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.evidence import AddEvidence, add_evidence, clean_picture, read_evidence
from samsyn.findings.queries import history_of_finding
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.findings import NewEvidenceOut

blueprint = api_blueprint("evidence")
PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The picture.", "content": {"image/jpeg": {"schema": {"type": "string"}}}}
}


@blueprint.post("/findings/<uuid:finding_id>/evidence")
@guarded("inspector", "planner", "decider")
@blueprint.output(NewEvidenceOut, status_code=201)
@blueprint.doc(
    description="multipart/form-data: file, a JPEG, PNG, WebP or HEIC of at most 25 MB; metadata is removed."
)
def post_evidence(finding_id: UUID) -> Response:
    """Add a photo to an own finding; the same photo again is the one that stands."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidError("what was sent cannot be taken", fields={"file": ["missing"]})
    with unit_of_work(current_viewer()) as uow:
        history_of_finding(uow, finding_id)  # hidden and absent are refused before a picture is opened
    photo = upload.read()
    upload.seek(0)  # its digest is part of what is asked
    picture = clean_picture(photo)  # in a process of its own, before the transaction

    def make(uow: UnitOfWork) -> NewEvidenceOut:
        kept = add_evidence(uow, current_keys(), house().settings.data_dir, AddEvidence(uuid4(), finding_id, picture))
        return NewEvidenceOut(id=kept, finding_id=finding_id)

    return once(make, status=201, location=lambda said: f"/api/v1/evidence/{said['id']}")


@blueprint.get("/evidence/<uuid:evidence_id>")
@guarded()
@blueprint.doc(responses=PICTURE)
def get_evidence(evidence_id: UUID) -> Response:
    """A photo of the own authority; each reading is logged, and nobody on the way may keep it."""
    with unit_of_work(current_viewer()) as uow:
        body, media_type = read_evidence(uow, current_keys(), house().settings.data_dir, evidence_id)
    response = Response(body, content_type=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'inline; filename="underlag.jpg"'
    return response
