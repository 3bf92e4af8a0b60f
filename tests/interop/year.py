"""A feed of 500 events for real programs to subscribe to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from samsyn.calendars.rules import FeedLevel
from samsyn.calendars.service import create_feed
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from tests.bench.place import Place
from tests.factories import Town, make_town
from tests.interop.clients import Listed
from tests.lifecycle.walk import Walk, walk_to

EVENTS = 500
MANY = Path(__file__).parents[1] / "bench" / "many_assignments.sql"
ROWS = text(
    "SELECT a.starts_at, a.ends_at, o.code_word FROM assignment a JOIN operation o ON o.id = a.operation_id"
    " WHERE a.person_id = me_person()"
)


@dataclass
class Year:
    """A person with 499 operations eight hours apart, over the spring night too, and one more at the end."""

    town: Town
    viewer: Viewer
    walk: Walk
    feed: UUID
    secret: str

    def rows(self) -> list[Listed]:
        """What stands in the database, to the minute."""
        with unit_of_work(self.viewer) as uow:
            rows = uow.session.execute(ROWS).all()
        return sorted(Listed(a.astimezone(UTC), b.astimezone(UTC), f"Samsyn: Insats {word}") for a, b, word in rows)


def a_year(place: Place, database: str) -> Year:
    """Fill it, and make its feed."""
    town = make_town()
    viewer = town.inspector(town.tobacco)
    root = place.superuser(database)
    ids = {"lead": town.police.id, "c": town.collaboration, "me": viewer.authority_id, "person": viewer.person_id}
    quoted = {name: f"'{value}'" for name, value in (ids | {"mark": town.mark, "apart": "8 hours"}).items()}
    place.fill(root, MANY, events=EVENTS - 1, **quoted)
    root.dispose()
    last = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=200)
    walk = walk_to(town, OperationState.INVITED, starts_at=last)
    with unit_of_work(viewer) as uow:
        feed, secret = create_feed(uow, FeedLevel.FULL)
    return Year(town, viewer, walk, feed, secret)
