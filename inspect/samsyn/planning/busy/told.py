"""What is asked of a calendar and what it tells; the readers themselves are loaded where it is read, and only there."""

from __future__ import annotations

from dataclasses import dataclass, field

from samsyn.planning.rules import Span


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: by ``addresses`` (lower case) somebody in it is known to be the person.

    ``invitations``: the UIDs of what the person was invited to from here. The house knows better when that is, and
    whether it still is, than a calendar's copy of it.
    """

    addresses: frozenset[str] = field(default_factory=frozenset)
    invitations: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Reading:
    """When somebody is taken, in order and without overlaps, and for which time the calendar tells it."""

    busy: tuple[Span, ...]
    tells: Span
