"""One request to a provider: a deadline for the whole of it, a size, no redirect, no second try."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

from samsyn.access.oidc.errors import RefusedSignInError, Why

WITHIN: Final = 6.0
"""Seconds for one request, from the first packet to the last byte; a person waits for it."""
CONNECT: Final = 3.0
MOST: Final = 256 * 1024
"""Bytes of an answer; a provider's keys are a few thousand."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def safe_address(url: str) -> SplitResult | None:
    """Return an address that may be asked: https, or plain http on this machine; nothing for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    good = url.isascii() and url.isprintable() and " " not in url and parts.hostname and not parts.fragment
    no_name = parts.username is None and parts.password is None
    return parts if good and no_name and port != 0 and (parts.scheme == "https" or plain) else None


class Deadline:
    """Cuts a connection when the time is up, whatever it waits for: a drop a second would keep a timeout away."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._timer = Timer(WITHIN, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connection.close()

    def _cut(self) -> None:
        with suppress(OSError):
            if (sock := self._connection.sock) is not None:
                sock.shutdown(socket.SHUT_RDWR)


def ask(url: str, *, form: Mapping[str, str] | str | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """Return the JSON object that an address answers with status 200; ``RefusedSignInError`` (away) for all else.

    A form is posted. A 400 is an answer too: the token endpoint says its errors so (RFC 6749, 5.2).
    """
    parts = safe_address(url)
    if parts is None:
        raise RefusedSignInError(Why.AWAY, "address")
    body = form if isinstance(form, str) or form is None else urlencode(form)
    connection = connect(parts)
    try:
        with Deadline(connection):
            answer, data = exchange(connection, parts, body, headers or {})
    except (OSError, HTTPException, ValueError) as error:
        raise RefusedSignInError(Why.AWAY, type(error).__name__) from error
    return as_object(answer, data, form is not None)


def connect(parts: SplitResult) -> HTTPConnection:
    """Return a connection that is not open yet."""
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port or 443, timeout=CONNECT, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port or 80, timeout=CONNECT)


def exchange(
    connection: HTTPConnection, parts: SplitResult, body: str | None, headers: Mapping[str, str]
) -> tuple[HTTPResponse, bytes]:
    """Send the request and read no more of the answer than may be."""
    said = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Samsyn", **headers}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET" if body is None else "POST", path, body, said)
    answer = connection.getresponse()
    data = answer.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError("too large")
    return answer, data


def as_object(answer: HTTPResponse, data: bytes, posted: bool) -> dict[str, Any]:
    """Return the answer as an object; a redirect is no answer."""
    if answer.status != 200 and not (posted and answer.status in {400, 401}):  # noqa: PLR2004
        raise RefusedSignInError(Why.AWAY, f"status {answer.status}")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RefusedSignInError(Why.AWAY, "no JSON") from error
    if not isinstance(said, dict):
        raise RefusedSignInError(Why.AWAY, "no object")
    return said
