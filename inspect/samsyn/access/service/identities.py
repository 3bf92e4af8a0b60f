"""Write identities: linked by an explicit act of a person who is signed in or invited, never by a mail address."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, update

from samsyn.access.models import Identity
from samsyn.access.queries import viewer_now
from samsyn.access.rules import Way
from samsyn.access.service.passwords import refuse
from samsyn.access.service.sessions import NOWHERE, Client, open_session
from samsyn.access.service.ways_in import demand_another_way_in
from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError, NotKnownError
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
    gone = delete(Identity).where(Identity.id == identity_id, Identity.person_id == uow.person)
    if uow.session.scalar(gone.returning(Identity.id)) is None:
        raise NotFoundError("no such identity")
    demand_another_way_in(uow, identity_id)
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
