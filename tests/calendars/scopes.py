"""A feed of each scope of one person of the tobacco unit, with each level that it may have."""

from __future__ import annotations

from typing import Final

from samsyn.calendars.rules import LEVELS_OF, FeedOf, FeedScope
from tests.factories import Town
from tests.lifecycle.walk import Walk

EVERY: Final = [(scope, level) for scope in FeedScope for level in LEVELS_OF[scope]]


def made_of(town: Town, walk: Walk, scope: FeedScope) -> FeedOf:
    """Return what a feed of the scope is of."""
    return {
        FeedScope.OWN: FeedOf(),
        FeedScope.UNIT: FeedOf(scope, unit_id=town.tobacco.unit),
        FeedScope.OPERATIONS: FeedOf(scope, operations=frozenset({walk.operation})),
        FeedScope.COLLABORATION: FeedOf(scope, collaboration_id=town.collaboration),
    }[scope]
