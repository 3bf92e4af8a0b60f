"""What every answer carries, and the line that every request leaves in the log: ids only (R12, SECRECY R8)."""

from __future__ import annotations

import re
import secrets
import traceback
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from samsyn.texts import LANGUAGES
from samsyn.web import metrics
from samsyn.web.house import house
from samsyn.web.identity import LANGUAGE_COOKIE, Identified
from samsyn.web.problems import reference

POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address of ours may hold a secret
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR: Final = 31_536_000
MAY_BE_LOGGED: Final = frozenset({"operation_id", "job_id", "feed_id"})
"""Not a business or a visit: who reads logs could otherwise tell where an operation goes."""
PREFIX: Final = re.compile(r"^.*/(?:site-packages|inspect|python3\.\d+)/")
log = structlog.get_logger()


def csp_nonce() -> str:
    """Return this answer's nonce: 128 random bits; the only scripts that run carry it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    found: str = g.csp_nonce
    return found


def begin() -> None:
    """Name the request; the name is ours, never the caller's."""
    g.request_id, g.began = uuid4().hex, perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def finish(response: Response) -> Response:
    """Set the headers (what a route set itself stays), remember the language asked for, write the log line."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    response.headers.setdefault("Cache-Control", "no-store")  # private unless a route says otherwise
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if house().secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    remember_language(response)
    leave_line(response.status_code)
    return response


def remember_language(response: Response) -> None:
    """Keep ``?lang=`` for a year, on pages."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and response.mimetype == "text/html":
        response.set_cookie(
            LANGUAGE_COOKIE, asked, max_age=YEAR, secure=house().secure, httponly=True, samesite="Lax", path="/"
        )


def leave_line(status: int) -> None:
    """Log the route's pattern and the ids that tell nothing; never the path, a query, or another value."""
    rule = request.url_rule.rule if request.url_rule else "(none)"
    seconds = perf_counter() - g.get("began", perf_counter())
    metrics.count(request.method, rule, status, seconds)
    ids = {name: str(value) for name, value in (request.view_args or {}).items() if name in MAY_BE_LOGGED}
    who: Identified | None = g.get("identified")
    person = {"person": str(who.viewer.person_id), "authority": str(who.viewer.authority_id)} if who else {}
    log.info("request", method=request.method, route=rule, status=status, ms=round(seconds * 1000), **ids, **person)


def log_unexpected(error: BaseException | None) -> None:
    """Log what went wrong and where in the code, never the message, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    ours = [frame for frame in frames[:-2] if "/samsyn/" in frame.filename]
    log.error(
        "unexpected",
        kind=f"{type(error).__module__}.{type(error).__qualname__}",
        at=[f"{PREFIX.sub('', frame.filename)}:{frame.lineno}:{frame.name}" for frame in [*ours, *frames[-2:]]],
        reference=reference(),
    )


def register_headers(app: Flask) -> None:
    """Name each request first, finish each answer last."""
    app.before_request(begin)
    app.after_request(finish)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
