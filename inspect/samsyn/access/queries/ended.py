"""Whose a field session was that opens nothing any more: asked alone for what its phone still has to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.models import Token
from samsyn.access.rules import Purpose
from samsyn.core.errors import NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer


class Over(StrEnum):
    """Why a field session opens nothing: somebody ended it, its time is out, or it stands as far as its row says."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class FieldSession:
    """A field session, ended or not. ``viewer`` has no role: whose it was reads nothing with it."""

    viewer: Viewer
    id: UUID
    operation_id: UUID
    device: str
    over: Over
    ended_at: datetime
    read_at: datetime


def field_session_of(secret: str, now: datetime | None = None) -> FieldSession:
    """Return the field session of a secret, also one that was ended; ``NotKnownError`` for any other secret.

    ``ended_at`` is when it was ended or ran out, whichever came first; in the future while it stands.
    """
    with unit_of_work(Viewer.presenting(fingerprint(secret))) as uow:
        row = uow.session.execute(
            select(
                *(Token.id, Token.purpose, Token.person_id, Token.authority_id, Token.operation_id, Token.device),
                *(Token.revoked_at, Token.expires_at, Token.created_at, func.now().label("at")),
            ).where(Token.hash == uow.viewer.presented)
        ).one_or_none()
    if row is None or row.purpose is not Purpose.FIELD_SESSION or row.operation_id is None or row.expires_at is None:
        raise NotKnownError("unknown")
    at = now or row.at
    ended_at = min(row.revoked_at or row.expires_at, row.expires_at)
    over = Over.STANDS if ended_at > at else Over.REVOKED if row.revoked_at is not None else Over.EXPIRED
    viewer = Viewer(row.authority_id, row.person_id)
    return FieldSession(viewer, row.id, row.operation_id, row.device or "", over, ended_at, at)
