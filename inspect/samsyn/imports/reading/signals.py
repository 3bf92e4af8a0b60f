"""Lists of signals by week: an ISO year, a week, a hot spot or a business, a class of source, how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.businesses.reading.headings import fold
from samsyn.businesses.reading.table import Cell
from samsyn.businesses.reading.values import as_text
from samsyn.imports.reading.cells import Cells, FaultyError
from samsyn.imports.reading.sheet import Sheet
from samsyn.imports.rules import Fault
from samsyn.places.holding import WeekRow
from samsyn.places.rules import MOST_IN_A_WEEK, SignalSource, monday_of

FIRST_YEAR, LAST_YEAR = 2015, 2100
MOST_WEEKS: Final = 53
_SOURCES: Final = {
    fold(word): source
    for source, words in {
        SignalSource.PUBLIC: "public, allmänheten, allmänhet, tips, klagomål, medborgare, public tips",
        SignalSource.OWN: "own, egen, egen iakttagelse, egna iakttagelser, own observation",
        SignalSource.AUTHORITY: "authority, myndighet, annan myndighet, another authority",
        SignalSource.TRADE: "trade, bransch, näringsliv, företag, business",
        SignalSource.STATISTICS: "statistics, statistik, anmälningar, anmälda brott, reports",
        SignalSource.OPEN_SOURCE: "open_source, öppen källa, öppna källor, media, open source",
    }.items()
    for word in words.split(",")
}


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the viewer's collaborations that a list can name."""

    id: UUID
    collaboration_id: UUID
    name: str
    hot_spot: bool


def read_signals(
    sheet: Sheet, places: Mapping[str, tuple[KnownPlace, ...]], today: date
) -> tuple[list[WeekRow], list[Fault]]:
    """Read every row; ``places`` by key and by name in folded letters, several where a name is not one place's."""
    rows: list[WeekRow] = []
    faults: list[Fault] = []
    first: dict[tuple[object, ...], int] = {}
    for row in sheet.standing():
        cells = Cells(row, sheet)
        found = read_week(cells, places, today)
        if found is not None:
            key = (found.place, found.week_on, found.source)
            if first.setdefault(key, row.line) != row.line:
                cells.blame(None, "row_twice", first_line=first[key])
        if found is not None and not cells.faults:
            rows.append(found)
        faults += cells.faults
    return rows, faults


def read_week(cells: Cells, places: Mapping[str, tuple[KnownPlace, ...]], today: date) -> WeekRow | None:
    """Read the cells of a row; nothing where one is faulty, which is noted."""
    year = cells.read("year", as_year, 0, "year_missing")
    week = cells.read("week", as_week, 0, "week_missing")
    place = place_of(cells, places)
    source = cells.read("source", as_source, SignalSource.STATISTICS)
    n = cells.read("n", as_number, 0, "n_missing")
    if cells.faults or place is None:
        return None
    monday = monday_of(year, week)
    if monday is None:
        cells.blame("week", "week_unknown", year=year)
        return None
    if monday > today:
        cells.blame("week", "week_to_come")
        return None
    key = {"hot_spot_id": place.id} if place.hot_spot else {"business_id": place.id}
    return WeekRow(cells.line, monday, source, n, place.collaboration_id, place.name, **key)


def place_of(cells: Cells, places: Mapping[str, tuple[KnownPlace, ...]]) -> KnownPlace | None:
    """Return the place that is named by its key or its name."""
    said = fold(cells.text("place"))
    found = places.get(said, ())
    if not said and not cells.faults:
        cells.blame("place", "place_missing")
    elif said and not found:
        cells.blame("place", "place_unknown")
    elif len(found) > 1:
        cells.blame("place", "place_several")
    return found[0] if len(found) == 1 else None


def whole(cell: Cell) -> int | None:
    """Return a whole number; nothing for anything else."""
    if isinstance(cell, float):
        return int(cell) if cell == int(cell) else None
    said = as_text(cell)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= len("9999") else None


def as_year(cell: Cell) -> int:
    """Return an ISO year."""
    year = whole(cell)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise FaultyError("year_unreadable")
    return year


def as_week(cell: Cell) -> int:
    """Return the number of an ISO week: 7, 07, v. 7, v7, W07."""
    said = as_text(cell).lower().removeprefix("v").removeprefix("w").removeprefix(".").strip()
    week = whole(cell) if isinstance(cell, float) else whole(said)
    if week is None or not 1 <= week <= MOST_WEEKS:
        raise FaultyError("week_unreadable")
    return week


def as_source(cell: Cell) -> SignalSource:
    """Return the class of source."""
    found = _SOURCES.get(fold(as_text(cell)))
    if found is None:
        raise FaultyError("source_unknown")
    return found


def as_number(cell: Cell) -> int:
    """Return how many, 0 to 999."""
    n = whole(cell)
    if n is None or n > MOST_IN_A_WEEK or n < 0:
        raise FaultyError("n_unreadable")
    return n
