"""Write sessions: begun with a new secret, used, ended; the clock is the database's."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from samsyn.access.models import Staff, Token
from samsyn.access.rules import LIFE, LISTED, SEEN_STEP, Purpose, Role, Way
from samsyn.access.service.tidying import plan_tidying
from samsyn.audit.service import record
from samsyn.authorities.service import end_stewardship
from samsyn.core.errors import NotFoundError, SamsynError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Client:
    """What a person recognises a session by: browser and system, and the network it came from."""

    device: str = ""
    origin: str = ""


NOWHERE: Final = Client()


def open_session(uow: UnitOfWork, way: Way, client: Client = NOWHERE, *, since: datetime | None = None) -> str:
    """Return the secret of a new session of the viewer's, who has just proved who it is.

    ``since``: when that was, for who goes over to another place; the session then lasts no longer than it would have.
    """
    roles = uow.session.scalar(select(Staff.roles).where(Staff.person_id == uow.person, Staff.authority_id == uow.me))
    if Role.UNIT_ADMIN in (roles or ()):
        end_stewardship(uow)
    secret = keep_session(uow, Purpose.SESSION, client, since=since)
    record(uow, "session.begin", uow.person, reason=way.value)
    plan_tidying(uow)
    return secret


def open_field_session(uow: UnitOfWork, operation_id: UUID, client: Client = NOWHERE) -> str:
    """Return the secret of a session for one operation on one device. Who calls has seen that the viewer goes to it."""
    secret = keep_session(uow, Purpose.FIELD_SESSION, client, operation_id)
    record(uow, "session.begin", operation_id, reason=Way.FIELD.value)
    return secret


def halfway(uow: UnitOfWork) -> str:
    """Return the secret of somebody whose password was right and whose code is asked for; it opens nothing else."""
    return keep_session(uow, Purpose.HALFWAY, NOWHERE)


def keep_session(
    uow: UnitOfWork,
    purpose: Purpose,
    client: Client,
    operation_id: UUID | None = None,
    *,
    since: datetime | None = None,
) -> str:
    """Write the row; the secret is 256 random bits and is kept nowhere."""
    secret = f"samsyn_{purpose.value}_{secrets.token_urlsafe(32)}"
    uow.session.execute(
        insert(Token).values(
            hash=fingerprint(secret),
            purpose=purpose,
            person_id=uow.person,
            authority_id=uow.me,
            operation_id=operation_id,
            device=client.device or None,
            origin=client.origin or None,
            created_at=since or func.now(),
            seen_at=func.now(),
            expires_at=(since or func.now()) + LIFE[purpose],
        )
    )
    return secret


def note_use(viewer: Viewer, token_id: UUID) -> None:
    """Note that a credential was used, unless that was noted within a minute; reading goes on where it cannot be."""
    with suppress(DBAPIError, SamsynError), unit_of_work(Viewer(viewer.authority_id, viewer.person_id)) as uow:
        due = or_(Token.seen_at.is_(None), Token.seen_at < func.now() - SEEN_STEP)
        uow.session.execute(update(Token).where(Token.id == token_id, due).values(seen_at=func.now()))


def sign_out(uow: UnitOfWork, secret: str) -> None:
    """End the session at once."""
    uow.session.execute(update(Token).where(Token.hash == fingerprint(secret)).values(revoked_at=uow.now))
    record(uow, "session.end", uow.person)


def end_session(uow: UnitOfWork, token_id: UUID) -> None:
    """End one of the viewer's own sessions, wherever it is; ``NotFoundError`` for one that is not."""
    ended = update(Token).where(
        Token.id == token_id, Token.person_id == uow.person, Token.authority_id == uow.me, Token.purpose.in_(LISTED)
    )
    if uow.session.execute(ended.values(revoked_at=func.now()).returning(Token.id)).first() is None:
        raise NotFoundError("no such session")
    record(uow, "session.end", uow.person)


def end_other_sessions(uow: UnitOfWork, but: UUID | None) -> None:
    """End all sessions of the viewer's own except one (none: all of them)."""
    ended = update(Token).where(
        Token.person_id == uow.person,
        Token.authority_id == uow.me,
        Token.purpose.in_(LISTED | {Purpose.HALFWAY}),
        Token.revoked_at.is_(None),
    )
    if but is not None:
        ended = ended.where(Token.id != but)
    uow.session.execute(ended.values(revoked_at=func.now()))
    record(uow, "session.end_others", uow.person)


def end_token(uow: UnitOfWork, token_id: UUID) -> None:
    """End a token for the API: the viewer's own, or as unit administrator a colleague's."""
    ended = update(Token).where(Token.id == token_id, Token.authority_id == uow.me, Token.purpose == Purpose.API)
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        ended = ended.where(Token.person_id == uow.person)
    whose = uow.session.scalar(ended.values(revoked_at=func.now()).returning(Token.person_id))
    if whose is None:
        raise NotFoundError("no such token")
    record(uow, "token.end", whose)
