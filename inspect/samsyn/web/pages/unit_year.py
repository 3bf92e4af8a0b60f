"""A unit's year in numbers: each with its definition, the visits behind it, and what is not known and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from pydantic import Field as Bound

from samsyn.authorities.queries import UnitLine, units_of
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.yearly.fields import CONDITIONS, EVERY_FIELD, NATIONAL, What
from samsyn.pledges.yearly.queries import FIRST_YEAR, LAST_YEAR, MOST, Year, visits_behind, year_of
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("unit_year")
READERS: Final = ("planner", "decider")
BACK: Final = 5
"""Years that the page offers."""


class StatisticsQuery(PageQuery):
    """Which unit's year, and behind which number the visits are to be shown."""

    unit: UUID | None = None
    year: int | None = Bound(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    what: What | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A number with its words; ``n`` is none where it has no source, and ``says`` tells why."""

    what: What
    name: str
    n: int | None
    says: str
    national: int | None = None

    @property
    def unknown(self) -> bool:
        """Say whether nobody knows."""
        return self.n is None


def own_units(uow: UnitOfWork) -> list[UnitLine]:
    """Return the own authority's units, those of tobacco first."""
    assert uow.me is not None  # noqa: S101  a guarded page
    found = [one for one in units_of(uow, {uow.me}) if one.authority_id == uow.me]
    return sorted(found, key=lambda one: (one.field is not Field.TOBACCO, one.name, one.id))


def tobacco_fields(uow: UnitOfWork, year: int) -> str:
    """Return where the fourteen tobacco fields of a year are, for who may read them; empty for others."""
    if not uow.viewer.roles & set(READERS):
        return ""
    found = next((one for one in own_units(uow) if one.field is Field.TOBACCO), None)
    return f"/statistics?unit={found.id}&year={year}" if found else ""


def chosen(uow: UnitOfWork, query: StatisticsQuery) -> tuple[list[UnitLine], UnitLine | None, int]:
    """Return the own units, the one that is asked for (else the first), and the year (else this one)."""
    units = own_units(uow)
    unit = next((one for one in units if one.id == query.unit), units[0] if units else None)
    return units, unit, query.year or uow.today.year


def lines_of(found: Year, unit: UnitLine) -> tuple[list[Line], list[Line]]:
    """Return the national fields of a tobacco unit, and the same terms that every field of work has."""
    tobacco = NATIONAL if unit.field is Field.TOBACCO else ()
    national = [line_of(found, what, n) for n, what in enumerate(tobacco, 1)]
    return national, [line_of(found, what) for what in EVERY_FIELD]


def line_of(found: Year, what: What, national: int | None = None) -> Line:
    """Return a number with its words."""
    known = what in CONDITIONS
    says = t(f"statistics.says.{what}" if known else f"statistics.unknown.{what}")
    return Line(what, t(f"statistics.what.{what}"), found.numbers[what] if known else None, says, national)


def read_lines(uow: UnitOfWork, query: StatisticsQuery) -> Sequence[Line]:
    """Return what the page shows as one list; empty for an authority without units."""
    _, unit, year = chosen(uow, query)
    if unit is None:
        return []
    national, every = lines_of(year_of(uow, unit.id, year), unit)
    return [*national, *every]


@blueprint.get("/statistics")
@guarded(*READERS)
@blueprint.input(StatisticsQuery, location="query", arg_name="query")
def get_statistics(query: StatisticsQuery) -> str:
    """The year, counted now; with ``what`` also the visits behind that number."""
    with unit_of_work(current_viewer()) as uow:
        units, unit, year = chosen(uow, query)
        if unit is None:
            return page("statistics.html.j2", unit=None)
        found = year_of(uow, unit.id, year)
        rows = visits_behind(uow, unit.id, year, query.what) if query.what else []
        this_year = uow.today.year
    national, every = lines_of(found, unit)
    years = sorted({*range(this_year - BACK, this_year + 1), year}, reverse=True)
    return page(
        "statistics.html.j2",
        unit=unit,
        units=units,
        year=year,
        years=years,
        found=found,
        national=national,
        every=every,
        what=query.what,
        rows=rows,
        most=MOST,
        asked={"unit": str(unit.id), "year": str(year)},
    )
