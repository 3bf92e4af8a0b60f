"""What feeds somebody can have: one of each scope, of all that the scope offers."""

from __future__ import annotations

from sqlalchemy import text

from samsyn.authorities.queries import my_collaborations
from samsyn.calendars.queries import units_to_follow
from samsyn.calendars.rules import FeedOf, FeedScope
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer


def feeds_of(viewer: Viewer) -> list[FeedOf]:
    """Everything that somebody can make a feed of."""
    with unit_of_work(viewer) as uow:
        seen = frozenset(uow.session.scalars(text("SELECT id FROM operation LIMIT 50")))
        units = [FeedOf(FeedScope.UNIT, unit_id=unit.id) for unit in units_to_follow(uow)]
        joined = [FeedOf(FeedScope.COLLABORATION, collaboration_id=one.id) for one in my_collaborations(uow)]
    chosen = [FeedOf(FeedScope.OPERATIONS, operations=seen)] if seen else []
    return [FeedOf(), *units, *joined, *chosen]
