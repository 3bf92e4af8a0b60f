"""Read what a secret opens, and the own sessions and tokens; never what opens them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from samsyn.access.models import Staff, Token
from samsyn.access.rules import IDLE, SEEN_STEP, Purpose, field_roles
from samsyn.core.errors import NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Credential:
    """What a secret opens: a person in an authority, and the one thing that it belongs to."""

    purpose: Purpose
    person_id: UUID
    authority_id: UUID
    assignment_id: UUID | None
    feed_id: UUID | None
    id: UUID
    created_at: datetime
    read_at: datetime  # by the database's clock
    seen_at: datetime | None
    scopes: frozenset[str] | None = None
    operation_id: UUID | None = None
    poll_ask_id: UUID | None = None

    @property
    def use_is_due(self) -> bool:
        """Whether its use is to be noted: not with every request."""
        return self.seen_at is None or self.seen_at < self.read_at - SEEN_STEP


def find_credential(secret: str, purposes: frozenset[Purpose], now: datetime | None = None) -> Credential:
    """Read the one credential row of a secret; ``NotKnownError`` if unknown, of another purpose, ended or revoked.

    A session is also over when nobody used it for half an hour. The clock is the database's, unless ``now`` says else.
    """
    with unit_of_work(Viewer.presenting(fingerprint(secret)), now) as uow:
        return presented_credential(uow, purposes, now)


# Written once: every request asks these two.
_FIELDS: Final = (
    *(Token.purpose, Token.person_id, Token.authority_id, Token.assignment_id, Token.feed_id, Token.id),
    *(Token.created_at, Token.seen_at, Token.scopes, Token.operation_id, Token.poll_ask_id),
)
_PRESENTED: Final = select(*_FIELDS, Token.expires_at, Token.revoked_at, func.now().label("at")).where(
    Token.hash == bindparam("presented")
)
_THERE: Final = select(Staff.roles, Staff.until_on).where(
    Staff.person_id == bindparam("person"), Staff.authority_id == bindparam("me")
)


def presented_credential(uow: UnitOfWork, purposes: frozenset[Purpose], now: datetime | None = None) -> Credential:
    """Read the credential that the viewer presents; ``NotKnownError`` as above."""
    row = uow.session.execute(_PRESENTED, {"presented": uow.viewer.presented}).one_or_none()
    if row is None or not stands(row, purposes, now or row.at):
        raise NotKnownError("unknown or ended")
    return Credential(
        row.purpose,
        row.person_id,
        row.authority_id,
        row.assignment_id,
        row.feed_id,
        row.id,
        row.created_at,
        now or row.at,
        row.seen_at,
        None if row.scopes is None else frozenset(row.scopes),
        row.operation_id,
        row.poll_ask_id,
    )


def stands(row: Any, purposes: frozenset[Purpose], at: datetime) -> bool:
    """Say whether a credential opens something at a moment."""
    idle = row.purpose is Purpose.SESSION and (row.seen_at or row.created_at) < at - IDLE
    ended = row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= at)
    return row.purpose in purposes and not ended and not idle


def identify(secret: str, purposes: frozenset[Purpose], now: datetime | None = None) -> tuple[Viewer, Credential]:
    """Return the viewer that a secret stands for, with today's roles; somebody who left is ``NotKnownError``.

    A field session has an inspector's alone.
    """
    found = find_credential(secret, purposes, now)
    with unit_of_work(Viewer(found.authority_id, found.person_id), now) as uow:
        roles = roles_of(uow)
        if found.purpose is Purpose.FIELD_SESSION:
            roles = field_roles(roles)
        return Viewer(found.authority_id, found.person_id, roles), found


def roles_of(uow: UnitOfWork) -> frozenset[str]:
    """Return the roles that the viewer has in the own authority today; ``NotKnownError`` for who is not there."""
    staff = uow.session.execute(_THERE, {"person": uow.person, "me": uow.me}).one_or_none()
    if staff is None or (staff.until_on is not None and staff.until_on < uow.today):
        raise NotKnownError("unknown or ended")
    return frozenset(staff.roles)


@contextmanager
def acting_by(secret: str, purposes: frozenset[Purpose]) -> Iterator[tuple[UnitOfWork, Credential]]:
    """Act as who bears the secret of an address, without any role, in the transaction in which it was looked up.

    ``NotKnownError`` as for ``identify``.
    """
    with unit_of_work(Viewer.presenting(fingerprint(secret))) as nobody:
        found = presented_credential(nobody, purposes)
        uow = nobody.become(Viewer(found.authority_id, found.person_id))
        roles_of(uow)
        yield uow, found


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One of the viewer's own sessions, or a token for the API; never what opens it."""

    id: UUID
    purpose: Purpose
    device: str
    origin: str
    name: str
    scopes: tuple[str, ...] | None
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime | None
    operation_id: UUID | None


def my_credentials(uow: UnitOfWork, purposes: frozenset[Purpose], limit: int = 100) -> list[SessionLine]:
    """The viewer's own sessions or tokens that stand, the one used last first."""
    rows = (
        select(Token)
        .where(
            Token.person_id == uow.person,
            Token.authority_id == uow.me,
            Token.purpose.in_(purposes),
            Token.revoked_at.is_(None),
            Token.expires_at > func.now(),
            or_(Token.purpose != Purpose.SESSION, Token.seen_at > func.now() - IDLE),
        )
        .order_by(func.coalesce(Token.seen_at, Token.created_at).desc(), Token.id)
        .limit(limit)
    )
    return [
        SessionLine(
            row.id,
            row.purpose,
            row.device or "",
            row.origin or "",
            row.name or "",
            None if row.scopes is None else tuple(row.scopes),
            row.created_at,
            row.seen_at,
            row.expires_at,
            row.operation_id,
        )
        for row in uow.session.scalars(rows)
    ]
