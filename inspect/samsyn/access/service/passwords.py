"""Passwords: dear to check on purpose; a wrong one and an unknown address are one answer that takes as long."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from samsyn.access.models import Token
from samsyn.access.rules import Purpose, Way, sign_in_name
from samsyn.access.service.sessions import NOWHERE, Client, end_other_sessions, open_session
from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError, NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer

HASHER: Final = PasswordHasher()
NOBODY: Final = HASHER.hash("nobody's password, checked so that an unknown address takes as long as a known one")


MOST_ADDRESSES: Final = 3
"""So many addresses of one person are tried; each costs a check."""


def hash_password(password: str) -> str:
    """Return what is kept of a password (argon2id), dear on purpose."""
    return HASHER.hash(password)


def set_password(uow: UnitOfWork, person_id: UUID, address: str, password: str, *, hashed: str | None = None) -> None:
    """Let a person sign in with a work address and a password; ``hashed`` is what ``hash_password`` made of it.

    A password that stands is replaced where it is the same person's; ``NotFoundError`` where it is somebody else's.
    """
    values = {
        "hash": fingerprint(sign_in_name(address)),
        "purpose": Purpose.SIGN_IN,
        "person_id": person_id,
        "authority_id": uow.me,
        "password": hashed or hash_password(password),
        "created_at": uow.now,
    }
    again = {"password": values["password"], "created_at": uow.now, "revoked_at": None}
    new = insert(Token).values(values)
    kept = new.on_conflict_do_update(
        index_elements=["hash"],
        set_=again,
        where=(Token.person_id == person_id) & (Token.authority_id == uow.me),
    )
    if uow.session.scalar(kept.returning(Token.hash)) is None:  # the condition is asked before row security is
        raise NotFoundError("the address is somebody else's")
    record(uow, "password.set", person_id)


def has_password(uow: UnitOfWork) -> bool:
    """Say whether the viewer signs in with a password in this authority."""
    return uow.session.scalar(select(Token.id).where(*_own(uow))) is not None


def is_own_password(viewer: Viewer, password: str) -> bool:
    """Say whether this is the viewer's password, at any of the addresses; dear, and a wrong one goes into the trail."""
    with unit_of_work(viewer) as uow:
        kept = uow.session.scalars(select(Token.password).where(*_own(uow)).limit(MOST_ADDRESSES)).all()
    for hashed in filter(None, kept):
        with suppress(VerificationError):
            return HASHER.verify(hashed, password)
    refuse(viewer, "password")
    return False


def change_password(uow: UnitOfWork, hashed: str, session: UUID | None) -> None:
    """Replace the viewer's own password with what ``hash_password`` made, and end every session but the one named.

    Who calls has just seen the old one. ``NotFoundError`` for who signs in another way.
    """
    changed = update(Token).where(*_own(uow)).values(password=hashed, created_at=uow.now).returning(Token.id)
    if not uow.session.execute(changed).all():
        raise NotFoundError("no password to change")
    end_other_sessions(uow, session)
    record(uow, "password.set", uow.person)


def _own(uow: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    """Return what finds the viewer's own password."""
    mine = Token.person_id == uow.person, Token.authority_id == uow.me
    return (*mine, Token.purpose == Purpose.SIGN_IN, Token.revoked_at.is_(None))


def check_password(address: str, password: str, now: datetime | None = None) -> Viewer:
    """Return whose address and password these are, without roles; ``NotKnownError`` says no more than that.

    That the password was wrong is written into the trail of the authority whose person it is.
    """
    with unit_of_work(Viewer.presenting(fingerprint(sign_in_name(address))), now) as uow:
        row = uow.session.scalar(
            select(Token).where(
                Token.hash == uow.viewer.presented, Token.purpose == Purpose.SIGN_IN, Token.revoked_at.is_(None)
            )
        )
    try:
        HASHER.verify(row.password or NOBODY if row else NOBODY, password)
    except VerificationError:
        if row is not None:
            refuse(Viewer(row.authority_id, row.person_id), "password", now)
        raise NotKnownError("address or password is wrong") from None
    if row is None or row.password is None:
        raise NotKnownError("address or password is wrong")
    return Viewer(row.authority_id, row.person_id)


def refuse(viewer: Viewer, reason: str, now: datetime | None = None) -> None:
    """Write into the trail that somebody was refused who said to be this person."""
    with unit_of_work(viewer, now) as uow:
        record(uow, "session.refuse", uow.person, reason=reason)


def sign_in(address: str, password: str, now: datetime | None = None, client: Client = NOWHERE) -> str:
    """Check address and password and return the secret of a new session; ``NotKnownError`` says no more than that.

    It asks for no code: the page asks ``has_totp`` before it calls this a sign-in.
    """
    viewer = check_password(address, password, now)
    with unit_of_work(viewer, now) as uow:
        return open_session(uow, Way.PASSWORD, client)
