"""Read the picture (lägesbild): the newest version of each entry, and all versions of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.places.rules import SignalSource

MOST: Final = 300
_COLUMNS: Final = """e.entry_id, e.version, e.collaboration_id, e.authority_id, e.focus_area_id, e.hot_spot_id,
         e.on_date, e.source, e.place, e.text, e.withdrawn, e.written_at"""
_STANDING: Final = f"""
  SELECT {_COLUMNS} FROM picture_entry e
   WHERE NOT e.withdrawn
     AND NOT EXISTS (SELECT 1 FROM picture_entry n WHERE n.entry_id = e.entry_id AND n.version > e.version)"""  # noqa: S608  made of constants
_LISTED: Final = text(f"""{_STANDING}
     AND (CAST(:area AS uuid) IS NULL OR e.focus_area_id = :area)
     AND (CAST(:spot AS uuid) IS NULL OR e.hot_spot_id = :spot)
   ORDER BY e.on_date DESC, e.entry_id LIMIT :most""")
_DECIDED: Final = text(f"""{_STANDING}
     AND e.focus_area_id = :area AND e.on_date < :before AND e.written_at <= :written
     AND e.authority_id = ANY (CAST(:authorities AS uuid[]))
   ORDER BY e.on_date DESC, e.entry_id LIMIT :most""")
_VERSIONS: Final = text(f"""
  SELECT {_COLUMNS} FROM picture_entry e WHERE e.entry_id = :id ORDER BY e.version DESC LIMIT 100""")  # noqa: S608  made of constants; values are parameters


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A version of an entry."""

    entry_id: UUID
    version: int
    collaboration_id: UUID
    authority_id: UUID
    focus_area_id: UUID | None
    hot_spot_id: UUID | None
    on_date: date
    source: SignalSource
    place: str
    text: str
    withdrawn: bool
    written_at: datetime


def list_entries(
    uow: UnitOfWork, area_id: UUID | None = None, hot_spot_id: UUID | None = None, most: int = MOST
) -> list[PictureLine]:
    """The entries that stand, newest day first; of a focus area or a hot spot where one is named."""
    values = {"area": area_id, "spot": hot_spot_id, "most": most}
    return [_line(dict(row)) for row in uow.session.execute(_LISTED, values).mappings()]


def decided_entries(
    uow: UnitOfWork, area_id: UUID, before: date, written: datetime, authorities: Sequence[UUID]
) -> list[PictureLine]:
    """The entries of a focus area that authorities had written at a time, of days before one, oldest day first.

    As they stand: one that was changed or taken back since is left out, as what it said then may be wrong.
    """
    values = {"area": area_id, "before": before, "written": written, "authorities": list(authorities), "most": MOST}
    return [_line(dict(row)) for row in uow.session.execute(_DECIDED, values).mappings()][::-1]


def versions_of(uow: UnitOfWork, entry_id: UUID) -> list[PictureLine]:
    """Every version of an entry, newest first; ``NotFoundError`` where it is hidden or absent."""
    found = [_line(dict(row)) for row in uow.session.execute(_VERSIONS, {"id": entry_id}).mappings()]
    if not found:
        raise NotFoundError("no such entry")
    return found


def get_entry(uow: UnitOfWork, entry_id: UUID) -> PictureLine:
    """Return an entry that stands; ``NotFoundError`` for one that was taken back."""
    found = versions_of(uow, entry_id)[0]
    if found.withdrawn:
        raise NotFoundError("no such entry any more")
    return found


def _line(row: Mapping[str, Any]) -> PictureLine:
    return PictureLine(**{**row, "source": SignalSource(row["source"])})
