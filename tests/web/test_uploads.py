"""A photo that came whole and was not taken is taken without being sent again; one that is refused leaves nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from samsyn.core.errors import BusyError
from samsyn.operations.rules import OperationState
from samsyn.web.api import evidence
from tests.factories import Town
from tests.findings.scene import Scene, make_scene
from tests.web.test_findings_api import caller, photo, post_finding

PHOTO = photo("JPEG").getvalue()


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


def begun(plain: FlaskClient, scene: Scene) -> tuple[str, dict[str, str]]:
    """Return where a photo of a finding is sent to, and by whom."""
    who = caller(scene.town, scene.town.tobacco)
    made: Any = post_finding(plain, scene, who).json
    return f"/api/v1/findings/{made['finding_id']}/uploads/{uuid4()}", who


def send(plain: FlaskClient, where: str, who: dict[str, str], start: int, part: bytes, length: int) -> TestResponse:
    headers = {**who, "Upload-Offset": str(start), "Upload-Length": str(length)}
    return plain.patch(where, data=part, headers=headers, content_type="application/partial-upload")


def come(plain: FlaskClient, where: str, who: dict[str, str]) -> tuple[int, bool]:
    said: Any = plain.get(where, headers=who).json
    return said["offset"], said["complete"]


def test_all_bytes_came_and_no_row_was_written_then_no_byte_finishes_it(
    plain: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, who = begun(plain, scene)

    def busy(*_: object) -> None:
        raise BusyError("somebody else holds it")

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "add_evidence", busy)
        assert send(plain, where, who, 0, PHOTO, len(PHOTO)).status_code == 409
    assert come(plain, where, who) == (len(PHOTO), False)
    assert send(plain, where, who, len(PHOTO), b"", len(PHOTO) + 1).status_code == 422
    done = send(plain, where, who, len(PHOTO), b"", len(PHOTO))
    assert done.status_code == 201
    assert done.json is not None
    assert plain.get(f"/api/v1/evidence/{done.json['id']}", headers=who).status_code == 200
    assert come(plain, where, who) == (0, True)
    assert send(plain, where, who, len(PHOTO), b"", len(PHOTO)).status_code == 409


def test_no_bytes_at_all_are_no_photo(plain: FlaskClient, scene: Scene) -> None:
    where, who = begun(plain, scene)
    assert send(plain, where, who, 0, b"", 0).status_code == 422
    assert send(plain, where, who, 0, b"", 10).status_code == 422


def test_what_is_refused_when_it_is_whole_leaves_no_half(plain: FlaskClient, scene: Scene) -> None:
    where, who = begun(plain, scene)
    scene.set_state(OperationState.REPORTED)
    assert send(plain, where, who, 0, PHOTO, len(PHOTO)).status_code == 409
    assert come(plain, where, who) == (0, False)
    scene.set_state(OperationState.ONGOING)
    key = {**who, "Idempotency-Key": where.rsplit("/", 1)[1]}
    assert post_finding(plain, scene, key).status_code == 201
    other, _ = begun(plain, scene)
    reused = f"{other.rsplit('/', 1)[0]}/{key['Idempotency-Key']}"
    assert send(plain, reused, who, 0, PHOTO, len(PHOTO)).status_code == 409
