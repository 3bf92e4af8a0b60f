"""What a place has to bear, in the reader's words: shown where a visit is added and where a time is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import visit_gap
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import TargetLine, VisitLine
from samsyn.operations.rules import VisitState
from samsyn.planning.burden import Burden, Known, Near, burden_on
from samsyn.planning.queries import known_of
from samsyn.web.identity import current_language
from samsyn.web.localtime import day_of, show_day
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("burden")
SHOWN: Final = 3
"""Near visits that are named at one place; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Places:
    """What the viewer may know of some places, and the days within which the own authority wants to be warned."""

    known: Mapping[UUID, Known]
    within: int

    def on(self, premises_id: UUID, day: date, but: Collection[UUID] = ()) -> Burden:
        """Return what a place has to bear on a day, without the visits that are asked about."""
        return burden_on(self.known.get(premises_id, Known()), day, self.within, but)


def places_of(uow: UnitOfWork, premises: Collection[UUID]) -> Places:
    """Read about places; three statements, none where there are no places."""
    return Places(known_of(uow, premises), visit_gap(uow)) if premises else Places({}, 0)


def burdens_of(uow: UnitOfWork, visits: Sequence[VisitLine], targets: Mapping[UUID, TargetLine]) -> dict[UUID, Burden]:
    """Return what each place bears on the day of its visit, of visits to be whose place the viewer knows."""
    planned = {one.id: one for one in visits if one.state is VisitState.PLANNED and one.id in targets}
    places = places_of(uow, {targets[one].premises_id for one in planned})
    return {one: places.on(targets[one].premises_id, day_of(visit.starts_at), {one}) for one, visit in planned.items()}


def moved_lines(
    places: Places, visits: Sequence[VisitLine], targets: Mapping[UUID, TargetLine]
) -> Callable[[date], list[str]]:
    """Return what says of a day which of an operation's places are visited near it, if all of it moved there.

    The operation's own visits move along, so they are no warning.
    """
    own = {one.id for one in visits}
    known = [targets[one.id] for one in visits if one.state is VisitState.PLANNED and one.id in targets]

    def on(day: date) -> list[str]:
        found = []
        for target in {one.premises_id: one for one in known}.values():
            near = places.on(target.premises_id, day, own).near
            if near:
                found.append(t("burden.of_place", place=target.name, says=near_words(near[0])))
        return found

    return on


@blueprint.app_template_global()
def near_words(near: Near) -> str:
    """Return in words that another visit is near: when, how far away, and who or which operation."""
    day, away = show_day(near.on_date, current_language()), away_words(near.days)
    if near.coming is not None:
        return t("burden.planned", day=day, away=away, code_word=near.coming.code_word)
    return t("burden.been", day=day, away=away, who=", ".join(near.names))


def away_words(days: int) -> str:
    """Return how far a visit is from the day that is asked about."""
    if days == 0:
        return t("burden.same_day")
    return t(f"burden.{'before' if days < 0 else 'after'}{'_one' if abs(days) == 1 else ''}", n=abs(days))


@blueprint.app_template_global()
def burden_lines(burden: Burden, day: date) -> list[str]:
    """Return what is known of a place on a day, and where nothing is known, that."""
    if not burden.traced:
        return [t("burden.untraced")]
    if burden.last_on is None:
        said = t("burden.never")
    else:
        away = away_words(-(burden.days_since or 0))
        said = t("burden.last", day=show_day(burden.last_on, current_language()), away=away)
    years = t("burden.years", year=day.year, n=burden.this_year, before=day.year - 1, m=burden.last_year)
    planned = [t("burden.planned_n", n=burden.planned)] if burden.planned else []
    return [said, years, *planned]


@blueprint.app_template_global()
def near_shown(burden: Burden) -> tuple[tuple[Near, ...], int]:
    """Return the nearest other visits, and how many more there are."""
    return burden.near[:SHOWN], max(len(burden.near) - SHOWN, 0)


def short_words(burden: Burden) -> str:
    """Return the nearest other visit in few words, for a list of choices; nothing where none is near."""
    if not burden.near:
        return ""
    near = burden.near[0]
    return t("burden.short_planned" if near.coming else "burden.short_been", day=near.on_date.isoformat())
