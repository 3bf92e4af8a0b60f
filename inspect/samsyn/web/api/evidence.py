"""Photos of findings: in, cleaned and encrypted; out, to the own authority alone."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from flask import Response, request

from samsyn.core.errors import BusyError, ConflictError, InvalidError, SamsynError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.evidence import AddEvidence, add_evidence, clean_picture, read_evidence
from samsyn.findings.quarantine import digest_of
from samsyn.findings.queries import history_of_finding, operation_of_finding
from samsyn.findings.uploads import Half, append, forget, offset_of, whole
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import answer_once, answered, asked_of, once
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.findings import NewEvidenceOut, UploadOut

blueprint = api_blueprint("evidence")
MOST_DIGITS: Final = 9
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


def half_of(uow: UnitOfWork, finding_id: UUID, upload_id: UUID) -> Half:
    """Return the viewer's photo on its way to a finding; ``NotFoundError`` for one that is hidden or absent."""
    operation_of_finding(uow, finding_id)
    return Half(current_keys(), house().settings.data_dir, str(uow.me), str(uow.person), finding_id, upload_id)


@blueprint.get("/findings/<uuid:finding_id>/uploads/<uuid:upload_id>")
@guarded("inspector", "planner", "decider")
@blueprint.output(UploadOut)
def get_upload(finding_id: UUID, upload_id: UUID) -> Any:
    """How much of a photo has come, also by HEAD (``Upload-Offset``); 0 for none, ``complete`` when it is taken."""
    with unit_of_work(current_viewer()) as uow:
        half = half_of(uow, finding_id, upload_id)
        complete = answered(uow, str(upload_id))
    offset = offset_of(half)
    headers = {"Upload-Offset": str(offset), "Upload-Complete": "?1" if complete else "?0"}
    return UploadOut(upload_id=upload_id, offset=offset, complete=complete), 200, headers


@blueprint.patch("/findings/<uuid:finding_id>/uploads/<uuid:upload_id>")
@guarded("inspector", "planner", "decider")
@blueprint.doc(
    description="application/partial-upload: bytes of a photo from Upload-Offset on, of Upload-Length;"
    " Upload-Complete ?1 with the last. The key is made by the caller; a part that was cut off is sent again,"
    " and no bytes at all where the whole photo has come and is not complete.",
    responses={201: "The photo is kept.", 204: "The part is kept."},
)
def patch_upload(finding_id: UUID, upload_id: UUID) -> Response:
    """Add a part of a photo; with the last one it is opened, cleaned and kept as a photo sent in one piece."""
    with unit_of_work(current_viewer()) as uow:
        half = half_of(uow, finding_id, upload_id)
        complete, now = answered(uow, str(upload_id)), uow.now
    start, length = (number_of(name) for name in ("Upload-Offset", "Upload-Length"))
    if complete:
        raise ConflictError("it is complete")
    part = request.get_data()
    if not part and 0 < start == length == offset_of(half):  # all of it came before, and was not taken
        return finish(half, upload_id, length)
    offset = append(half, start, length, part, now)
    if offset < length:
        return Response(status=204, headers={"Upload-Offset": str(offset), "Upload-Complete": "?0"})
    return finish(half, upload_id, length)


def number_of(header: str) -> int:
    """Return a header's number; ``InvalidError`` for none."""
    given = request.headers.get(header, "")
    if not given.isascii() or not given.isdigit() or len(given) > MOST_DIGITS:
        raise InvalidError(f"{header}: a number of bytes", fields={header: ["malformed"]})
    return int(given)


def finish(half: Half, upload_id: UUID, length: int) -> Response:
    """Keep the whole photo, once per key: as the request that it would have been in one piece.

    What is refused is forgotten, unless somebody else is in the way at this moment: it would be refused again.
    """
    with unit_of_work(current_viewer()) as uow:
        if answered(uow, str(upload_id)):  # by a parallel one, since this one began
            raise ConflictError("it is complete")
    photo = whole(half, length)
    try:
        answer = taken(half, upload_id, photo)
    except BusyError:
        raise
    except SamsynError:
        forget(half)
        raise
    forget(half)
    headers = {"Upload-Offset": str(length), "Upload-Complete": "?1"}
    return Response(answer, 201, headers, content_type="application/json")


def taken(half: Half, upload_id: UUID, photo: bytes) -> str:
    """Open, clean and keep a photo; return the answer, that of the first where two come at once."""
    asked = asked_of("POST", f"/api/v1/findings/{half.finding_id}/evidence", file=digest_of(photo))
    picture = clean_picture(photo)  # in a process of its own, before the transaction

    def make(uow: UnitOfWork) -> str:
        command = AddEvidence(uuid4(), half.finding_id, picture)
        kept = add_evidence(uow, current_keys(), house().settings.data_dir, command)
        return NewEvidenceOut(id=kept, finding_id=half.finding_id).model_dump_json()

    with unit_of_work(current_viewer()) as uow:
        return answer_once(uow, str(upload_id), asked, lambda: make(uow))


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
