"""Repeated and outdated requests: one effect and one answer per key, and no change of what the caller has not seen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Response, g, redirect, request
from pydantic import BaseModel
from sqlalchemy import text

from samsyn.core.errors import ChangedMeanwhileError, InvalidError, KeyReusedError, PreconditionMissingError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.identity import current_viewer

KEY_FIELD: Final = "idempotency_key"
VERSION_FIELD: Final = "version"
HOUSE_FIELDS: Final = frozenset({"csrf_token", KEY_FIELD, VERSION_FIELD, "lang"})
"""Fields of every form that are the house's own and no part of what is asked."""
KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"')

# Without a conflict target: a parallel repetition waits here until the first one's transaction ends.
_TAKE = text("""
    INSERT INTO idempotency_key (authority_id, person_id, key, asked, at)
    VALUES (:authority, :person, :key, :asked, :now) ON CONFLICT DO NOTHING RETURNING key""")
_READ = text("""
    SELECT asked, answer FROM idempotency_key
     WHERE authority_id = :authority AND person_id = :person AND key = :key""")
_KEEP = text("""
    UPDATE idempotency_key SET answer = :answer
     WHERE authority_id = :authority AND person_id = :person AND key = :key""")


def answer_once(uow: UnitOfWork, key: str | None, asked: str, make: Callable[[], str]) -> str:
    """Return what ``make`` answers, or what it answered before to this key; effect and answer are one transaction.

    Without a key it is made every time. ``KeyReusedError`` when the key came with another request before.
    """
    if key is None:
        return make()
    mine = {"authority": uow.me, "person": uow.person, "key": key}
    if uow.session.scalar(_TAKE, {**mine, "asked": asked, "now": uow.now}) is None:
        before = uow.session.execute(_READ, mine).one()
        if before.asked != asked or before.answer is None:
            raise KeyReusedError("the key came with another request before")
        return str(before.answer)
    answer = make()
    uow.session.execute(_KEEP, {**mine, "answer": answer})
    return answer


def answered(uow: UnitOfWork, key: str) -> bool:
    """Say whether a key has come before, and was answered."""
    mine = {"authority": uow.me, "person": uow.person, "key": key}
    before = uow.session.execute(_READ, mine).one_or_none()
    return before is not None and before.answer is not None


def request_key() -> str | None:
    """Return the Idempotency-Key (header, or a form's hidden field), or nothing; ``InvalidError`` if malformed."""
    key = request.headers.get("Idempotency-Key") or request.form.get(KEY_FIELD)
    if key is not None and not KEY.fullmatch(key):
        raise InvalidError("Idempotency-Key: 1 to 200 visible ASCII characters", fields={KEY_FIELD: ["malformed"]})
    return key


def what_is_asked() -> str:
    """Return a digest of method, path, version and content; the order of JSON's members and of fields is no content."""
    if request.is_json:
        content = json.dumps(request.get_json(silent=True), sort_keys=True)
    else:
        fields = {k: v for k, v in request.form.lists() if k not in HOUSE_FIELDS}
        files = {k: [file_digest(file.stream) for file in v] for k, v in request.files.lists()}
        content = json.dumps([fields, files], sort_keys=True)
    seen = request.headers.get("If-Match") or request.form.get(VERSION_FIELD, "")
    return digest(request.method, request.path, seen, content)


def asked_of(method: str, path: str, body: Mapping[str, Any] | None = None, file: str | None = None) -> str:
    """Return what ``what_is_asked`` gives of such a request: JSON, or a form with one file, whose digest this is."""
    content = json.dumps(body, sort_keys=True) if file is None else json.dumps([{}, {"file": [file]}])
    return digest(method, path, "", content)


def digest(*asked: str) -> str:
    """Return the digest of a request's parts."""
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()


def file_digest(stream: Any) -> str:
    """Digest an upload and wind it back."""
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return digest


def seen_version() -> int:
    """Return the version that the caller saw: ``If-Match`` (RFC 9110, 13.1.1), or the hidden field of a form.

    ``PreconditionMissingError`` (428) when there is none, ``InvalidError`` when it is no version of ours.
    """
    given = request.headers.get("If-Match")
    if given is not None:
        match = ETAG.fullmatch(given.strip())
        if match is None:
            raise InvalidError('If-Match: a version in quotes, as in "3"', fields={"If-Match": ["malformed"]})
        return int(match[1])
    field = request.form.get(VERSION_FIELD)
    if field is None:
        raise PreconditionMissingError("say which version you saw: If-Match")
    if not field.isascii() or not field.isdigit() or len(field) > 9:  # noqa: PLR2004 - what an integer column holds
        raise InvalidError("no version", fields={VERSION_FIELD: ["malformed"]})
    return int(field)


def etag(version: int) -> dict[str, str]:
    """Return the header that carries a version, for a route to answer with."""
    return {"ETag": f'"{version}"'}


def once(
    make: Callable[[UnitOfWork], BaseModel],
    *,
    status: int = 200,
    location: Callable[[Mapping[str, Any]], str] | None = None,
    standing: Callable[[UnitOfWork], BaseModel] | None = None,
) -> Response:
    """Change something for the current viewer, once per key, and answer it as JSON with its version as ETag.

    ``make`` writes in its unit of work and returns what is shown. ``location`` says where a new thing is. ``standing``
    reads how the thing stands now: a 412 then shows it beside what was sent.
    """
    try:
        with unit_of_work(current_viewer()) as uow:
            answer = answer_once(uow, request_key(), what_is_asked(), lambda: make(uow).model_dump_json())
    except ChangedMeanwhileError:
        show_both(standing)
        raise
    said = json.loads(answer)
    response = Response(answer, status, content_type="application/json")
    if isinstance(said.get("version"), int):
        response.headers.update(etag(said["version"]))
    if location is not None:
        response.headers["Location"] = location(said)
    return response


def once_then_go(make: Callable[[UnitOfWork], str]) -> Response:
    """Change something for the current viewer, once per key, and send the browser to the local path that it returns."""
    with unit_of_work(current_viewer()) as uow:
        path = answer_once(uow, request_key(), what_is_asked(), lambda: make(uow))
    response: Response = redirect(landing(path), 303)  # type: ignore[assignment]
    return response


def landing(path: str) -> str:
    """Return where the keyboard stands after a form: at the place named, at the receipt asked for, else at the content.

    A place takes the focus by its ``tabindex``, a receipt by ``autofocus``, which a named place would keep it from.
    """
    return path if "#" in path or "?" in path else f"{path}#content"


def show_both(standing: Callable[[UnitOfWork], BaseModel] | None) -> None:
    """Put what was sent and what stands now into the problem that follows."""
    g.problem_extras = {"yours": request.get_json(silent=True)}
    if standing is not None:
        with unit_of_work(current_viewer()) as uow:
            g.problem_extras["current"] = standing(uow).model_dump(mode="json")
