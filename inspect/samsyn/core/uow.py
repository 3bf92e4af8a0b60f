"""The one place that commits: a unit of work, opened for a viewer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from samsyn.core.database import SET_IDENTITY, SessionFactory
from samsyn.core.errors import BusyError, ChangedMeanwhileError, ConflictError, NotFoundError, SamsynError
from samsyn.core.home import local_day
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One transaction as one viewer; ``now`` is the caller's clock (aware, UTC)."""

    session: Session
    viewer: Viewer
    now: datetime

    @property
    def today(self) -> date:
        """Return the day in Sweden of ``now``: what ends with a day ends at midnight there, not an hour later."""
        return local_day(self.now)

    @property
    def me(self) -> UUID:
        """Return the viewer's authority; raise ``NotFoundError`` for somebody who acts for none."""
        if self.viewer.authority_id is None:
            raise NotFoundError("no authority")
        return self.viewer.authority_id

    @property
    def person(self) -> UUID:
        """Return the viewer's person; raise ``NotFoundError`` for a worker."""
        if self.viewer.person_id is None:
            raise NotFoundError("no person")
        return self.viewer.person_id

    def become(self, viewer: Viewer) -> UnitOfWork:
        """Go on in the same transaction as who was found to present a credential; what was read before is forgotten."""
        self.session.expunge_all()
        self.session.info["viewer"] = viewer
        self.session.execute(SET_IDENTITY, viewer.settings())
        return replace(self, viewer=viewer)


def refusal(error: DBAPIError) -> SamsynError | None:
    """Turn the database's own refusals into ours; hidden, absent and taken tell an outsider the same.

    A policy (42501) and a missing parent (23503) are both "not found"; a unique or exclusion violation is "conflict".
    So is a deadlock: of two that hold one person's time in the same moment PostgreSQL may end one that way (40P01).
    """
    match error.orig:
        case pg.InsufficientPrivilege() | pg.ForeignKeyViolation():
            return NotFoundError("no such thing")
        case pg.ExclusionViolation():
            return ConflictError("that time is already booked", missing=("time",))
        case pg.DeadlockDetected() | pg.LockNotAvailable():
            return BusyError("somebody else is changing the same thing at this moment; try again")
        case pg.UniqueViolation():
            return ConflictError("that stands already")
        case _:
            return None


@contextmanager
def unit_of_work(viewer: Viewer, now: datetime | None = None) -> Iterator[UnitOfWork]:
    """Commit when the block ends well, roll back when it raises.

    Raises ``NotFoundError``, ``ConflictError`` or ``ChangedMeanwhileError`` where the database refused.
    """
    try:
        with SessionFactory(info={"viewer": viewer}) as session, session.begin():
            yield UnitOfWork(session, viewer, now or datetime.now(UTC))
    except StaleDataError as error:
        raise ChangedMeanwhileError("somebody changed it after you read it") from error
    except DBAPIError as error:
        if (known := refusal(error)) is None:
            raise
        raise known from error
