"""A decision that was begun and not taken: sealed for its writer, gone after some weeks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select

from samsyn.core.keys import Keys
from samsyn.core.models import Draft
from samsyn.core.uow import UnitOfWork

PURPOSE: Final = "disclosure-draft"
LIFE: Final = timedelta(days=30)


def keep_begun(uow: UnitOfWork, keys: Keys, visit_id: UUID, said: dict[str, Any]) -> None:
    """Keep what was typed for a visit, in place of what was kept before."""
    drop_begun(uow, visit_id)
    body, name = keys.encrypt(PURPOSE, json.dumps(said).encode(), _bound(uow))
    values = {"reader_id": uow.me, "person_id": uow.person, "form": _form(visit_id), "body": body, "key_name": name}
    uow.session.execute(insert(Draft).values(id=uuid4(), **values, changed_at=uow.now, until=uow.now + LIFE))


def begun_for(uow: UnitOfWork, keys: Keys, visit_id: UUID) -> dict[str, Any] | None:
    """Return what the viewer has begun for a visit, or nothing."""
    mine = select(Draft.body, Draft.key_name).where(
        Draft.form == _form(visit_id), Draft.person_id == uow.person, Draft.until > uow.now
    )
    row = uow.session.execute(mine.limit(1)).one_or_none()
    if row is None:
        return None
    said: dict[str, Any] = json.loads(keys.decrypt(PURPOSE, row.body, _bound(uow), row.key_name))
    return said


def drop_begun(uow: UnitOfWork, visit_id: UUID) -> None:
    """Throw it away; nothing to throw away is nothing."""
    uow.session.execute(delete(Draft).where(Draft.form == _form(visit_id), Draft.person_id == uow.person))


def _form(visit_id: UUID) -> str:
    return f"disclosure.{visit_id}"


def _bound(uow: UnitOfWork) -> str:
    return f"{uow.me} {uow.person}"
