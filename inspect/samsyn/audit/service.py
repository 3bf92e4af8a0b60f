"""Write an entry of the trail in the transaction that it describes."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.audit.models import Audit
from samsyn.core.uow import UnitOfWork


def record(
    uow: UnitOfWork, action: str, object_id: UUID, *, owner: UUID | None = None, reason: str | None = None
) -> None:
    """Say that the viewer did ``action`` to an object of ``owner`` (default: the viewer's authority).

    Ids and a reason code only, never content (R12).
    """
    uow.session.execute(
        insert(Audit).values(
            id=uuid4(),
            at=uow.now,
            actor_authority_id=uow.me,
            actor_person_id=uow.viewer.person_id,
            action=action,
            object_authority_id=owner or uow.me,
            object_id=object_id,
            reason=reason,
        )
    )
