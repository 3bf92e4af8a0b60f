"""Beside an operation that has lost its quorum: the next times that suit everybody, one press to move or to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.common_times.queries import Offer, common_times, read_plan
from samsyn.lifecycle.common_times.wishes import Wish, first_week, usual_hours
from samsyn.lifecycle.polls.rules import FEWEST, SOONEST
from samsyn.web.localtime import to_local
from samsyn.web.pages.operation_view import OperationView
from samsyn.web.pages.poll_view import usual_deadline
from samsyn.web.pages.times_view import TimesView

MARGIN: Final = 2


@dataclass(frozen=True, slots=True)
class WaysOut:
    """The next times, with what is known of each; ``deadline`` of a poll about them, where there are enough for one."""

    times: TimesView
    offers: Sequence[Offer]
    deadline: datetime | None

    @property
    def local_deadline(self) -> datetime | None:
        """The deadline on Sweden's clock, as a form's fields have it."""
        return to_local(self.deadline) if self.deadline else None


def ways_out(uow: UnitOfWork, view: OperationView) -> WaysOut | None:
    """Search as the page of common times does; None where it is not in danger, or not the viewer's to move."""
    operation = view.seen.operation
    if not (operation.in_danger and view.may.arranges) or view.recused:
        return None
    plan = read_plan(uow, operation.id)
    wish = Wish(first_week(operation, uow.today), hours=usual_hours(operation))
    found = common_times(uow, plan, wish)
    others = [one for one in found.offers if one.starts_at != operation.starts_at]
    offers = sorted(others[:FEWEST], key=lambda one: one.starts_at)
    units = {unit.id: unit.name for unit in view.units.values()}
    times = TimesView(found, plan, view.names, units, view.staff)
    return WaysOut(times, offers, deadline_for(uow.now, offers) if len(offers) == FEWEST else None)


def deadline_for(now: datetime, offers: Sequence[Offer]) -> datetime | None:
    """Return until when a poll asks: as a rule, or half way to the first of the times; None where that is too soon."""
    first = min(one.begins_at for one in offers)
    usual = usual_deadline(now)
    found = usual if usual < first else now + (first - now) / MARGIN
    return found if now + SOONEST * MARGIN < found else None
