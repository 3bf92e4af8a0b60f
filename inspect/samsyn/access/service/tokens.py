"""Write credentials: addresses, links, and tokens for the API. What opens stands in the database as its digest."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from samsyn.access.models import Staff, Token
from samsyn.access.rules import LIFE, Purpose, unknown_scopes
from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork


def new_token(
    uow: UnitOfWork,
    purpose: Purpose,
    person_id: UUID,
    *,
    expires_at: datetime | None = None,
    feed_id: UUID | None = None,
    secret: str | None = None,
    assignment_id: UUID | None = None,
    derived: bool = False,
) -> str:
    """Write a credential of the viewer's authority and return its secret (256 random bits), which is kept nowhere.

    ``derived``: the secret follows from keys, so that another worker may write the same row at the same moment.
    """
    secret = secret or f"samsyn_{purpose.value}_{secrets.token_urlsafe(32)}"
    values = {
        "hash": fingerprint(secret),
        "purpose": purpose,
        "person_id": person_id,
        "authority_id": uow.me,
        "feed_id": feed_id,
        "assignment_id": assignment_id,
        "created_at": uow.now,
        "expires_at": expires_at,
    }
    if derived:
        uow.session.execute(insert_or_leave(Token).values(values).on_conflict_do_nothing())
    else:
        uow.session.execute(insert(Token).values(values))
    return secret


@dataclass(frozen=True, slots=True)
class Derived:
    """A credential whose secret follows from keys: a reply address, an answer link."""

    purpose: Purpose
    person_id: UUID
    secret: str
    expires_at: datetime | None = None
    assignment_id: UUID | None = None
    poll_ask_id: UUID | None = None


def ensure_tokens(uow: UnitOfWork, wanted: Sequence[Derived]) -> None:
    """Write those that do not stand already; another worker may write the same ones at the same moment."""
    values = [
        {
            "hash": fingerprint(one.secret),
            "purpose": one.purpose,
            "person_id": one.person_id,
            "authority_id": uow.me,
            "assignment_id": one.assignment_id,
            "poll_ask_id": one.poll_ask_id,
            "created_at": uow.now,
            "expires_at": one.expires_at,
        }
        for one in wanted
    ]
    if values:  # in one order everywhere, or two workers could wait for each other
        uow.session.execute(
            insert_or_leave(Token).on_conflict_do_nothing(), sorted(values, key=lambda it: str(it["hash"]))
        )


def end_other_links(uow: UnitOfWork, assignments: set[UUID], but: set[str]) -> None:
    """End every answer link of the assignments, except those with the secrets ``but`` (one link per version)."""
    uow.session.execute(
        update(Token)
        .where(
            Token.assignment_id.in_(assignments),
            Token.purpose == Purpose.ANSWER,
            Token.revoked_at.is_(None),
            Token.hash.not_in({fingerprint(secret) for secret in but}),
        )
        .values(revoked_at=uow.now)
        .execution_options(synchronize_session=False)
    )


def end_feed_tokens(uow: UnitOfWork, feed_id: UUID) -> None:
    """End the address of a feed at once."""
    uow.session.execute(update(Token).where(Token.feed_id == feed_id).values(revoked_at=uow.now))


@dataclass(frozen=True, slots=True)
class MakeToken:
    """A token of the viewer's own: ``scopes`` is what it may of what its person may; ``None``: all of that."""

    name: str = ""
    scopes: frozenset[str] | None = None
    life: timedelta = LIFE[Purpose.API]


def make_token(uow: UnitOfWork, command: MakeToken) -> str:
    """Return a token of the viewer itself, shown once, at most a year long.

    Nobody makes one for a colleague, whatever the role: who holds it acts as that person (R4).
    """
    person_id = uow.person
    if uow.session.scalar(select(Staff.id).where(Staff.person_id == person_id, Staff.authority_id == uow.me)) is None:
        raise NotFoundError("no such person")
    if command.scopes is not None and (not command.scopes or unknown_scopes(command.scopes)):
        raise InvalidError("no such scope", fields={"scopes": ["unknown"]})
    if not timedelta() < command.life <= LIFE[Purpose.API]:
        raise InvalidError("a year at most", fields={"days": ["token_life"]})
    secret = f"samsyn_{Purpose.API.value}_{secrets.token_urlsafe(32)}"
    uow.session.execute(
        insert(Token).values(
            hash=fingerprint(secret),
            purpose=Purpose.API,
            person_id=person_id,
            authority_id=uow.me,
            name=command.name or None,
            scopes=None if command.scopes is None else sorted(command.scopes),
            created_at=uow.now,
            expires_at=func.now() + command.life,
        )
    )
    record(uow, "token.create", person_id)
    return secret


def create_api_token(uow: UnitOfWork) -> str:
    """Return a token for all that the viewer may, valid for a year."""
    return make_token(uow, MakeToken())
