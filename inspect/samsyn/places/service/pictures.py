"""Write the picture (lägesbild): dated entries in versions, of a focus area or a hot spot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.places.models import PictureEntry
from samsyn.places.queries.pictures import PictureLine, get_entry
from samsyn.places.rules import MOST_PLACE, MOST_TEXT, SignalSource
from samsyn.places.service.hot_spots import demand_planner, find_hot_spot
from samsyn.places.service.remarks import said_faults

_HOME = text("SELECT collaboration_id FROM focus_area WHERE id = :id")


@dataclass(frozen=True, slots=True)
class WriteEntry:
    """An entry as it shall stand: a day, a class of source, what is known, where."""

    on_date: date
    source: SignalSource
    text: str
    place: str = ""
    focus_area_id: UUID | None = None
    hot_spot_id: UUID | None = None


def add_entry(uow: UnitOfWork, command: WriteEntry) -> UUID:
    """Write a new entry and return its key; ``InvalidError`` by field, ``NotFoundError`` for what is hidden."""
    refuse_entry(uow, command)
    key = uuid4()
    put(uow, command, key, 1, home_of(uow, command))
    record(uow, "picture.add", key)
    return key


def change_entry(uow: UnitOfWork, entry_id: UUID, command: WriteEntry, seen_version: int) -> None:
    """Write a new version of an entry; the older ones stay to be read."""
    before = newest(uow, entry_id, seen_version)
    about = replace(command, focus_area_id=before.focus_area_id, hot_spot_id=before.hot_spot_id)
    refuse_entry(uow, about)
    put(uow, about, entry_id, before.version + 1, before.collaboration_id)
    record(uow, "picture.change", entry_id)


def withdraw_entry(uow: UnitOfWork, entry_id: UUID, seen_version: int) -> None:
    """Let an entry stand no more; its versions stay."""
    demand_planner(uow)
    one = newest(uow, entry_id, seen_version)
    said = WriteEntry(one.on_date, one.source, one.text, one.place, one.focus_area_id, one.hot_spot_id)
    put(uow, said, entry_id, one.version + 1, one.collaboration_id, withdrawn=True)
    record(uow, "picture.withdraw", entry_id)


def newest(uow: UnitOfWork, entry_id: UUID, seen_version: int) -> PictureLine:
    """Return an entry as it stands, as the writer saw it."""
    one = get_entry(uow, entry_id)
    if one.version != seen_version:
        raise ChangedMeanwhileError("somebody wrote a newer version")
    return one


def home_of(uow: UnitOfWork, command: WriteEntry) -> UUID:
    """Return the collaboration of what an entry is about; both must be of one."""
    homes: set[UUID] = set()
    if command.focus_area_id:
        found = uow.session.scalar(_HOME, {"id": command.focus_area_id})
        if found is None:
            raise NotFoundError("no such focus area")
        homes.add(found)
    if command.hot_spot_id:
        homes.add(find_hot_spot(uow, command.hot_spot_id).collaboration_id)
    if len(homes) != 1:
        raise InvalidError("about one thing", fields={"hot_spot_id": ["picture_about"]})
    return homes.pop()


def refuse_entry(uow: UnitOfWork, command: WriteEntry) -> None:
    """Raise ``InvalidError`` by field for what is no entry."""
    demand_planner(uow)
    faults = said_faults(text=(command.text, MOST_TEXT), place=(command.place or "-", MOST_PLACE))
    if command.on_date > uow.today:
        faults["on_date"] = ["must not be in the future"]
    if faults:
        raise InvalidError("that is no entry", fields=faults)


def put(
    uow: UnitOfWork, said: WriteEntry, entry_id: UUID, version: int, home: UUID, *, withdrawn: bool = False
) -> None:
    """Write a version."""
    uow.session.execute(
        insert(PictureEntry).values(
            id=uuid4(),
            entry_id=entry_id,
            version=version,
            collaboration_id=home,
            authority_id=uow.me,
            focus_area_id=said.focus_area_id,
            hot_spot_id=said.hot_spot_id,
            on_date=said.on_date,
            source=said.source,
            place=said.place,
            text=said.text,
            withdrawn=withdrawn,
            written_at=uow.now,
        )
    )
