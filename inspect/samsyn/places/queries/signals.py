"""Read signals: the own ones in full, of the others' only whether there are some or several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from samsyn.core.uow import UnitOfWork
from samsyn.places.holding import HOLDING, TOLD_STILL, WeekRow
from samsyn.places.models import SignalCount, SignalImport
from samsyn.places.rules import Bucket, SignalSource

MOST: Final = 300
WEEKS: Final = 53
_OF_PLACE: Final = " AND (s.business_id = :place OR s.hot_spot_id = :place) AND s.expires_on >= :today"
_LISTED: Final = text(f"""
  SELECT x.id, x.business_id, x.hot_spot_id, x.source, x.weight, x.n, x.on_date, x.text, x.expires_on, x.import_id,
         coalesce(h.name, p.name) AS place
    FROM ({HOLDING.format(where="")}) x
    LEFT JOIN hot_spot h ON h.id = x.hot_spot_id
    LEFT JOIN business b ON b.id = x.business_id LEFT JOIN premises p ON p.id = b.premises_id
   WHERE (CAST(:place AS uuid) IS NULL OR x.business_id = :place OR x.hot_spot_id = :place)
     AND (:typed IS FALSE OR x.import_id IS NULL)
   ORDER BY x.on_date DESC, x.id LIMIT :most""")  # noqa: S608  made of constants; values are parameters
_WEEKS: Final = text(f"""
  SELECT CAST(date_trunc('week', x.on_date) AS date) AS week_on, sum(x.n) AS n
    FROM ({HOLDING.format(where=" AND s.hot_spot_id = :place AND s.on_date >= :first")}) x GROUP BY 1""")  # noqa: S608  made of constants; values are parameters
# What a list by week says now of each place, source and week, also where it says none.
_STANDING: Final = text("""
  SELECT DISTINCT ON (s.business_id, s.hot_spot_id, s.source, s.on_date)
         coalesce(s.business_id, s.hot_spot_id) AS place, s.source, s.on_date, s.n
    FROM signal s JOIN signal_import i ON i.id = s.import_id
   WHERE i.undone_at IS NULL AND coalesce(s.business_id, s.hot_spot_id) = ANY (:places)
   ORDER BY s.business_id, s.hot_spot_id, s.source, s.on_date, i.at DESC, s.id""")


_ABOUT: Final = text(f"""
  SELECT (SELECT coalesce(sum(x.n), 0) FROM ({HOLDING.format(where=_OF_PLACE)}) x) AS own,
         (SELECT coalesce(max(CASE bucket WHEN 'several' THEN 2 ELSE 1 END), 0) FROM signal_count
           WHERE authority_id <> (SELECT me()) AND (business_id = :place OR hot_spot_id = :place)
             AND {TOLD_STILL}) AS others""")  # noqa: S608  made of constants; values are parameters


@dataclass(frozen=True, slots=True)
class About:
    """Own signals of a place that hold today, and the others' level: 0 none, 1 some, 2 several."""

    own: int
    others: int


@dataclass(frozen=True, slots=True)
class SignalLine:
    """An own signal, or the number of a week that a list told."""

    id: UUID
    business_id: UUID | None
    hot_spot_id: UUID | None
    source: SignalSource
    weight: int
    n: int
    on_date: date
    text: str
    expires_on: date
    import_id: UUID | None
    place: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A list that was taken in."""

    id: UUID
    filename: str
    rows: int
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class OtherLine:
    """That another authority has some, or several, signals of a place."""

    authority_id: UUID
    bucket: Bucket


def list_signals(
    uow: UnitOfWork, place: UUID | None = None, *, typed: bool = False, most: int = MOST
) -> list[SignalLine]:
    """The own signals that were not taken back, newest first; ``typed``: only those that a person wrote."""
    rows = uow.session.execute(_LISTED, {"place": place, "typed": typed, "most": most})
    return [SignalLine(row[0], row[1], row[2], SignalSource(row[3]), *row[4:]) for row in rows]


def about(uow: UnitOfWork, place: UUID) -> About:
    """How many own signals of a place hold, and what the others tell; one statement."""
    row = uow.session.execute(_ABOUT, {"place": place, "today": uow.today}).one()
    return About(row.own, row.others)


def weeks_of(uow: UnitOfWork, hot_spot_id: UUID, weeks: int = WEEKS) -> list[tuple[date, int]]:
    """How many own signals there were in each of the last weeks, by Monday; a week without any says 0."""
    today = uow.today
    last = today - timedelta(days=today.weekday())
    first = last - timedelta(weeks=weeks - 1)
    found = {row.week_on: row.n for row in uow.session.execute(_WEEKS, {"place": hot_spot_id, "first": first})}
    return [(day, found.get(day, 0)) for day in (first + timedelta(weeks=n) for n in range(weeks))]


def others_of_place(uow: UnitOfWork, place: UUID) -> list[OtherLine]:
    """What the other members have told of a place."""
    c = SignalCount
    rows = select(c.authority_id, c.bucket).where(c.authority_id != uow.me)
    rows = rows.where((c.business_id == place) | (c.hot_spot_id == place), text(TOLD_STILL)).order_by(c.authority_id)
    return [OtherLine(*row) for row in uow.session.execute(rows)]


def list_imports(uow: UnitOfWork, most: int = 50) -> list[ImportLine]:
    """The lists that the own authority took in, newest first."""
    i = SignalImport
    rows = select(i.id, i.filename, i.rows, i.at, i.undone_at).order_by(i.at.desc(), i.id).limit(most)
    return [ImportLine(*row) for row in uow.session.execute(rows)]


def standing_weeks(uow: UnitOfWork, places: Iterable[UUID]) -> Mapping[tuple[UUID, SignalSource, date], int]:
    """What lists say now, by place, source and week."""
    rows = uow.session.execute(_STANDING, {"places": sorted(places)})
    return {(row.place, SignalSource(row.source), row.on_date): row.n for row in rows}


def differing(uow: UnitOfWork, rows: Iterable[WeekRow]) -> dict[int, bool]:
    """Return by line, of rows that would change something, whether they are new; those missing say what holds."""
    found = list(rows)
    stand = standing_weeks(uow, {row.place for row in found})
    keys = {row.line: (row.place, row.source, row.week_on) for row in found}
    return {row.line: keys[row.line] not in stand for row in found if stand.get(keys[row.line]) != row.n}
