"""Write identities: linked by an explicit act of a person who is signed in or invited, never by a mail address."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, or_, select, update

from samsyn.access.models import Identity, Token
from samsyn.access.queries import viewer_now
from samsyn.access.rules import Purpose, Way
from samsyn.access.service.passwords import refuse
from samsyn.access.service.sessions import NOWHERE, Client, open_session
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotFoundError, NotKnownError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


def link_identity(uow: UnitOfWork, issuer: str, hashed: str) -> UUID:
    """Let the viewer sign in with an identity (``identity_hash``) from now on, in the viewer's authority.

    Who calls has seen the provider prove it and the viewer say yes. ``ConflictError`` for one that is somebody's
    already, the viewer's own among them.
    """
    made = uuid4()
    row = {"id": made, "hash": hashed, "issuer": issuer, "person_id": uow.person, "authority_id": uow.me}
    uow.session.execute(insert(Identity).values(**row, since=uow.now))
    record(uow, "identity.link", uow.person)
    return made


def unlink_identity(uow: UnitOfWork, identity_id: UUID) -> None:
    """Take one of the viewer's own identities away; ``ConflictError`` for the only way in."""
    password = select(Token.hash).where(
        Token.person_id == uow.person, Token.purpose == Purpose.SIGN_IN, Token.revoked_at.is_(None)
    )
    another = select(Identity.id).where(Identity.person_id == uow.person, Identity.id != identity_id)
    if not uow.session.scalar(select(or_(password.exists(), another.exists()))):
        raise ConflictError("the only way in")
    gone = delete(Identity).where(Identity.id == identity_id, Identity.person_id == uow.person)
    if uow.session.scalar(gone.returning(Identity.id)) is None:
        raise NotFoundError("no such identity")
    record(uow, "identity.unlink", uow.person)


def sign_in_by_identity(viewer: Viewer, hashed: str, client: Client = NOWHERE) -> str:
    """Return the secret of a new session of somebody whom a provider has just vouched for.

    ``NotKnownError`` for who has left; the trail of the authority says so.
    """
    with unit_of_work(viewer) as uow:
        if here := viewer_now(uow, uow.person) is not None:
            mine = update(Identity).where(Identity.hash == hashed, Identity.person_id == uow.person)
            uow.session.execute(mine.values(used_at=func.now()))
            return open_session(uow, Way.IDENTITY, client)
    if not here:
        refuse(viewer, "left")
    raise NotKnownError("unknown or ended")
