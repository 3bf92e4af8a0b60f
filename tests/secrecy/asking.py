"""A house full of people, one of each role in each authority, who ask every route; nothing that they do is kept.

Each of them has a session as a browser has it, with a form token. A request runs whole, its writes are flushed, and the
transaction that would have committed them is rolled back: so each is asked of the same town, and a refusal is the
route's own and not what an earlier request left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from apiflask import APIFlask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from samsyn.access.rules import Purpose, Role
from samsyn.access.service import new_token
from samsyn.core.database import HouseSession
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.identity import LANGUAGE_COOKIE
from tests.factories import ADMIN, Office, make_person
from tests.secrecy.planting import Planted

PLAIN: Final = "plain"
"""Somebody with a place in the authority and no role in it."""
ROLES: Final = (*(role.value for role in Role), PLAIN)
RELATIONS: Final = ("lead", "own", "partner", "member", "outside")
CSRF: Final = "0123456789abcdef0123456789abcdef01234567"
PASSING: Final = (
    (re.compile(rb"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}|(?:[0-9a-f]{8}%2D(?:[0-9a-f]{4}%2D){3}))[0-9a-f]{12}"), b"ID"),
    (re.compile(rb'name="csrf_token" value="[^"]+"'), b"CSRF"),
    (re.compile(rb'name="idempotency_key" value="[^"]+"'), b"KEY"),
    (re.compile(rb'nonce="[^"]+"'), b"NONCE"),
    (re.compile(rb"\b[0-9A-F]{4}-[0-9A-F]{4}\b"), b"REFERENCE"),
)
"""What differs between two answers to the same question: tokens of forms, the request's own name, and ids."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: what it means, and all that it says apart from what is new in every answer."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def cell(self) -> str:
        """Name it as the table does."""
        if self.status == 500:  # 503 is an answer: the broker is away here
            return "a fault"
        if self.status in {301, 302, 303} and "/sign-in?" in dict(self.headers).get("Location", ""):
            return "who"
        return {401: "who", 403: "no", 404: "none"}.get(self.status, "in")


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Flush what a request writes, and roll it back where it would have been committed."""

    def undo(session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        session.connection().exec_driver_sql("ROLLBACK")

    event.listen(HouseSession, "before_commit", undo)
    try:
        yield
    finally:
        event.remove(HouseSession, "before_commit", undo)


class People:
    """Who asks: by relation and role, each with the cookie of a session; nobody has none."""

    def __init__(self, app: APIFlask, planted: Planted, db: Any) -> None:
        town = planted.town
        self.app, self.client = app, app.test_client(use_cookies=False)
        offices = (town.police, town.tobacco, town.environment, town.health, town.outsider)
        self.offices: dict[str, Office] = dict(zip(RELATIONS, offices, strict=True))
        self.cookies: dict[tuple[str, str] | None, str] = {None: self.cookie({})}
        self.persons: dict[tuple[str, str], UUID] = {}
        for relation, office in self.offices.items():
            for role, person in people_of(office, db).items():
                self.persons[relation, role] = person
                self.cookies[relation, role] = self.cookie(session_of(office, person))
        signed = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")  # type: ignore[arg-type]
        self.form_token = str(signed.dumps(CSRF))

    def cookie(self, held: Mapping[str, str]) -> str:
        """Return what a browser sends that has the house's form token, and perhaps a session."""
        interface: Any = self.app.session_interface
        sealed = interface.get_signing_serializer(self.app).dumps({**held, "csrf_token": CSRF})
        return f"{interface.get_cookie_name(self.app)}={sealed}; {LANGUAGE_COOKIE}=sv"

    def ask(
        self,
        who: tuple[str, str] | None,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        briefly: bool = False,
        secret: str = "",
    ) -> Asked:
        """Ask once; ``briefly``: a refusal as a program gets it, which costs half of what its page costs.

        ``secret``: by a token instead of in a session.
        """
        headers = {"X-CSRFToken": self.form_token, "Cookie": self.cookies[who]}
        if secret:
            headers = {"Authorization": f"Bearer {secret}"}
        if briefly:
            headers["Accept"] = "application/json"
        sent: dict[str, Any] = {}
        if method != "GET":
            as_json = path.startswith("/api/") and "file" not in (body or {})
            sent = {"json": body or {}} if as_json else {"data": body or {}}
            headers["If-Match"] = '"1"' if path.startswith("/api/") else ""
            headers = {name: value for name, value in headers.items() if value}
        answer: Any = self.client.open(path, method=method, headers=headers, **sent)
        return Asked(answer.status_code, plain(answer.data), tuple(lasting(answer.headers)))


def session_of(office: Office, person: UUID) -> dict[str, str]:
    """Sign somebody in and return what the browser's cookie holds."""
    with unit_of_work(Viewer(office.id, person, ADMIN)) as uow:
        secret = new_token(uow, Purpose.SESSION, person)
    return {"secret": secret, "person": str(person)}


def people_of(office: Office, db: Any) -> dict[str, UUID]:
    """One person of each role: its planner keeps that role alone, its first inspector goes to the visit."""
    db.execute(
        text("UPDATE staff SET roles = jsonb_build_array('planner') WHERE person_id = :p"), {"p": office.planner}
    )
    db.commit()
    found = {Role.PLANNER.value: office.planner, Role.INSPECTOR.value: office.inspectors[0]}
    for role in ROLES:
        if role not in found:
            has = set[Role]() if role == PLAIN else {Role(role)}
            found[role] = make_person(office.id, office.unit, f"Någon {role}", has)
    return found


def plain(body: bytes) -> bytes:
    for pattern, name in PASSING:
        body = pattern.sub(name, body)
    return body


def lasting(headers: Any) -> Iterator[tuple[str, str]]:
    """Each header but the request's name, without nonces, ids and the value of a cookie."""
    for name, value in headers.items():
        if name == "X-Request-ID":
            continue
        said = value.partition("=")[0] if name == "Set-Cookie" else re.sub(r"'nonce-[^']+'", "NONCE", value)
        yield name, plain(said.encode()).decode()
