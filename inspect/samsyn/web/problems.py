"""Every refusal as problem+json (RFC 9457) or as a page: what happened, what is saved, what to do.

Two doors, because APIFlask's own errors are not ours; one table from code to status.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from samsyn.core.errors import SamsynError
from samsyn.texts import catalogue, say
from samsyn.web.house import house
from samsyn.web.identity import current_language
from samsyn.web.refusals import note_refusal

STATUS: Final = {
    "refused": 400,
    "not_known": 401,
    "not_allowed": 403,
    "field_session": 403,
    "second_person": 403,
    "not_found": 404,
    "gate_closed": 409,
    "conflict": 409,
    "waiting": 409,
    "too_soon": 409,
    "file_lost": 410,
    "too_late": 410,
    "changed_meanwhile": 412,
    "too_much": 413,
    "invalid": 422,
    "key_reused": 422,
    "precondition_missing": 428,
}
CODES: Final = {
    400: "bad_request",
    401: "not_known",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_much",
    415: "unsupported_type",
    422: "invalid",
    429: "too_often",
    500: "unexpected",
    503: "unavailable",
}
ALL_CODES: Final = tuple(sorted({*STATUS, *CODES.values(), "form_expired"}))
log = structlog.get_logger()


MASKABLE: Final = "personal_number"
"""The word of a text that its own service would mask, sent again with ``mask``; a model that cannot says a sentence."""


def reference() -> str:
    """Return a short code of this request, which is in the log and says nothing about what was asked."""
    request_id: str = g.get("request_id", "00000000")
    return f"{request_id[:4]}-{request_id[4:8]}".upper()


def wants_json() -> bool:
    """Say whether the caller is a program: the API, or somebody who asks for JSON before HTML."""
    if request.path.startswith("/api/"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def problem(
    status: int,
    code: str,
    *,
    reason: str = "",
    missing: Sequence[str] = (),
    fields: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a refusal in the caller's language and form; ``code`` is stable, hidden and absent are the same 404."""
    if code == "not_found":  # nothing may tell the two apart: no reason, no reference
        reason, missing, fields = "", (), None
    faults = {field: [in_words(text) for text in texts] for field, texts in (fields or {}).items()}
    if maskable := [field for field, texts in (fields or {}).items() if MASKABLE in texts]:
        g.problem_extras = {**g.get("problem_extras", {}), "maskable": maskable}
    response = as_json(status, code, reason, missing, faults) if wants_json() else as_page(status, code, faults)
    response.headers.update(dict(headers or {}))
    if status == 401 and wants_json():  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def in_words(text: str) -> str:
    """Return the sentence of a short fault that a service named (``unknown``); a sentence stays as it is."""
    sentence = catalogue(current_language()).get(f"web.fault.{text}", text)
    return text if "{" in sentence else sentence


def as_json(
    status: int, code: str, reason: str, missing: Sequence[str], fields: Mapping[str, Sequence[str]]
) -> Response:
    """Build the problem object (RFC 9457, 3.1) with our members ``code``, ``fields``, ``missing``, ``reference``."""
    language = current_language()
    body: dict[str, Any] = {
        "type": f"{house().settings.base_url}/api/v1/docs#{code}",
        "title": say(language, f"web.problem_{code}.title"),
        "status": status,
        "detail": say(language, f"web.problem_{code}.happened"),
        "code": code,
    }
    optional = {"reason": reason, "missing": list(missing), "fields": fields, **g.get("problem_extras", {})}
    body.update({name: value for name, value in optional.items() if value})
    if code != "not_found":
        body["reference"] = reference()
    response = jsonify(body)
    response.status_code, response.content_type = status, "application/problem+json"
    return response


def as_page(status: int, code: str, fields: Mapping[str, Sequence[str]]) -> Response:
    """Build the page; who only has to sign in is sent there and back."""
    if code == "not_known" and request.method == "GET":
        return make_response(redirect(f"/sign-in?{urlencode({'next': request.full_path.rstrip('?')})}", 303))
    shown = None if code == "not_found" else reference()
    return make_response(render_template("error.html.j2", code=code, faults=fields, reference=shown), status)


def register_problems(app: APIFlask) -> None:
    """Open both doors, and name the database's passing troubles."""

    @app.error_processor
    def _http(error: HTTPError) -> Response:
        status = error.status_code
        code = CODES.get(status, "bad_request" if status < 500 else "unexpected")  # noqa: PLR2004
        faults = {f: texts for part in dict(error.detail or {}).values() for f, texts in part.items()}
        return problem(
            status,
            code,
            fields=faults,
            headers={k: str(v) for k, v in dict(error.headers).items() if k != "Content-Type"},
        )

    @app.errorhandler(SamsynError)
    def _ours(error: SamsynError) -> Response:
        note_refusal(error)
        return problem(STATUS[error.code], error.code, reason=str(error), missing=error.missing, fields=error.fields)

    @app.errorhandler(CSRFError)
    def _forged(_error: CSRFError) -> Response:
        return problem(400, "form_expired")

    @app.errorhandler(DataError)
    def _untakable(error: DataError) -> Response:
        log.warning("untakable", sqlstate=getattr(error.orig, "sqlstate", None), reference=reference())
        return problem(422, "invalid")

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeoutError)
    def _away(error: Exception) -> Response:
        cause = getattr(error, "orig", None)
        log.error("database_away", kind=type(cause or error).__name__, reference=reference())
        return problem(503, "unavailable", headers={"Retry-After": "5"})
