"""Activities under their days, as the month and the week show them: of every member, named by whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.queries.activities import ActivityAt, activities_between
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class ActivityDays:
    """The activities of a span of days, and the names of whose they are."""

    lines: Sequence[ActivityAt]
    names: Mapping[UUID, str]

    def on(self, day: date) -> list[ActivityAt]:
        """Return those of a day."""
        return [one for one in self.lines if one.on_date == day]

    def whose(self, one: ActivityAt) -> str:
        """Return the authority's name."""
        return self.names.get(one.authority_id, "")


def read_activities(uow: UnitOfWork, first: date, last: date) -> ActivityDays:
    """Read a span of days, both its ends too, in two statements."""
    found = activities_between(uow, first, last)
    return ActivityDays(found, authority_names(uow, {one.authority_id for one in found}))


def kind_of(one: ActivityAt) -> str:
    """Return what kind it is, as a heading says it."""
    word = t(f"pledges.kinds.{one.kind}")
    return word[:1].upper() + word[1:]


def said_of(one: ActivityAt) -> str:
    """Return kind and title in one line."""
    return f"{kind_of(one)}: {one.title}"


def address_of(one: ActivityAt) -> str:
    """Return the activity's page."""
    return f"/activities/{one.id}"
