"""What a phone still has after its field session was ended: taken into quarantine, for seven days, and nothing shown.

The session's cookie says whose it was; ended it opens these two addresses and nothing else. Under the findings' scope.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, jsonify, request, session
from flask_wtf.csrf import CSRFError
from pydantic import StringConstraints, ValidationError

from samsyn.access.queries.ended import FieldSession, Over, field_session_of
from samsyn.core.errors import GateClosedError, InvalidError, NotFoundError, NotKnownError, TooLateError, TooMuchError
from samsyn.core.uow import unit_of_work
from samsyn.findings.cleaning import clean_picture
from samsyn.findings.quarantine import KEPT, SendLate, send_late
from samsyn.findings.rules import LateKind
from samsyn.operations.queries import goes_to
from samsyn.web.api.assistance import blueprint
from samsyn.web.guards import open_by_secret
from samsyn.web.identity import SECRET
from samsyn.web.installation import current_keys
from samsyn.web.late import About, asked_as, checked, kept_of
from samsyn.web.parsing import Body, Moment, Shown, invalid

__all__ = ["blueprint"]

MARK: Final = "X-Samsyn-Field"
"""A header that no form and no other site's script can send without asking first (Fetch: not safelisted)."""
LARGEST_ITEM: Final = 131_072


class LateIn(Body):
    """One item of a phone's queue; ``body`` is what its own address would have been sent, ``mask`` stands in it."""

    id: UUID
    what: LateKind
    visit_id: UUID
    part_id: UUID | None = None
    finding_id: UUID | None = None
    made_at: Moment
    label: Annotated[str, StringConstraints(max_length=1000)] = ""
    body: dict[str, Any]


class LateOut(Shown):
    """Until when the phone may send; ``over``: why its session opens nothing more."""

    over: str
    operation_id: UUID
    person_id: UUID
    authority_id: UUID
    until: datetime


class LateTakenOut(Shown):
    """The receipt; ``written`` is false where the same was taken before. It says nothing of what is done with it."""

    id: UUID
    written: bool
    until: datetime


def ended_session() -> FieldSession:
    """Return the ended field session of the cookie that asks.

    ``NotFoundError`` for no such cookie, ``GateClosedError`` while it stands, ``TooLateError`` after seven days.
    """
    secret = session.get(SECRET)
    if not isinstance(secret, str) or "Authorization" in request.headers:
        raise NotFoundError("no field session")
    try:
        found = field_session_of(secret)
    except NotKnownError:
        raise NotFoundError("no field session") from None
    if found.over is Over.STANDS:
        with unit_of_work(found.viewer) as uow:
            if goes_to(uow, found.operation_id) is not None:
                raise GateClosedError("the field session stands", ("session_stands",))
    if found.read_at > found.ended_at + KEPT:
        raise TooLateError("more than seven days after the end")
    return found


def read_item() -> LateIn:
    """Return the item that came; ``InvalidError`` for one that is none, ``TooMuchError`` for one too long."""
    given = request.form.get("item", "")
    if len(given.encode()) > LARGEST_ITEM:
        raise TooMuchError("an item of a phone's queue is shorter")
    try:
        return LateIn.model_validate_json(given, strict=True)
    except ValidationError as error:
        raise invalid(error) from None


@blueprint.get("/quarantine")
@open_by_secret
@blueprint.output(LateOut)
def get_quarantine() -> Any:
    """Whether this device may still hand over what it has, and until when; 410 when it is too late."""
    found = ended_session()
    return LateOut(
        over=found.over if found.over is not Over.STANDS else "over",
        operation_id=found.operation_id,
        person_id=found.viewer.person_id or found.id,
        authority_id=found.viewer.authority_id or found.id,
        until=found.ended_at + KEPT,
    )


@blueprint.post("/quarantine")
@open_by_secret
@blueprint.output(LateTakenOut, status_code=201)
@blueprint.doc(description="multipart/form-data: item, JSON; file, the photo of an item that is one, at most 25 MB.")
def post_quarantine() -> Response:
    """Take one item; nothing is done with it before somebody of the authority has looked at it."""
    found = ended_session()
    if MARK not in request.headers or request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise CSRFError("another site asked")
    item, upload = read_item(), request.files.get("file")
    if (upload is not None) is not (item.what is LateKind.PHOTO):
        raise InvalidError(
            "what was sent cannot be taken", fields={"file": ["missing" if upload is None else "unknown"]}
        )
    about = About(item.visit_id, item.part_id, item.finding_id)
    checked(item.what, about, item.body)
    photo = upload.read() if upload is not None else None
    picture = clean_picture(photo).jpeg if photo is not None else None
    content = {
        **json.loads(item.model_dump_json(include={"part_id", "finding_id", "label"})),
        "body": kept_of(item.body),
    }
    command = SendLate(
        item.id,
        found.operation_id,
        item.visit_id,
        found.id,
        found.device,
        item.what,
        content,
        asked_as(item.what, about, item.body, photo),
        item.made_at,
        picture,
    )
    with unit_of_work(found.viewer) as uow:
        written = send_late(uow, current_keys(), command)
    said = LateTakenOut(id=item.id, written=written, until=found.read_at + KEPT)
    response = jsonify(said.model_dump(mode="json"))
    response.status_code = 201
    return response
