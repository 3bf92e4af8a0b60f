"""Refused sign-ins, counted in the database: several web processes hold one limit, whether Valkey is there or not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select

from samsyn.access.models import Attempt
from samsyn.core.errors import ConflictError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer


def count_attempts(name: str) -> int:
    """Return how many refusals under a name count still, by the database's clock."""
    with unit_of_work(Viewer.presenting(fingerprint(f"attempt:{name}"))) as uow:
        mine = select(func.count()).where(Attempt.hash == uow.viewer.presented, Attempt.until > func.now())
        return uow.session.scalar(mine) or 0


def note_attempt(name: str, within: timedelta) -> None:
    """Count one refusal under a name for a while; what no longer counts is cleared away."""
    with unit_of_work(Viewer.presenting(fingerprint(f"attempt:{name}"))) as uow:
        uow.session.execute(delete(Attempt).where(Attempt.until < func.now()))
        row = {"id": uuid4(), "hash": uow.viewer.presented, "until": func.now() + within}
        uow.session.execute(insert(Attempt).values(**row))


def take_once(name: str, within: timedelta) -> bool:
    """Say whether a name is taken for the first time in a while; of two who take it in one moment one is told no."""
    digest = fingerprint(f"once:{name}")
    try:
        with unit_of_work(Viewer.presenting(digest)) as uow:
            uow.session.execute(delete(Attempt).where(Attempt.until < func.now()))
            # The key follows from the name, so that the database refuses the second.
            row = {"id": UUID(digest[:32]), "hash": digest, "until": func.now() + within}
            uow.session.execute(insert(Attempt).values(**row))
    except ConflictError:
        return False
    return True
