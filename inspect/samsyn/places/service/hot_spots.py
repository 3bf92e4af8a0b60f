"""Write hot spots: what happened to them, and which premises lie in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.places.models import HotSpot, HotSpotEvent, HotSpotPremises
from samsyn.places.rules import MOST_TEXT, HotSpotChange, HotSpotState

LEAST: Final = 3  # corners of an area
MOST_CORNERS: Final = 100
MOST_NAME: Final = 100
PERSONAL: Final = "must not hold a personal identity number"
AFTER: Final = {HotSpotChange.IDENTIFIED: HotSpotState.FOLLOWED, HotSpotChange.ENDED: HotSpotState.ENDED}


@dataclass(frozen=True, slots=True)
class AddHotSpot:
    """A new named place; ``outline`` is latitude and longitude of its corners."""

    collaboration_id: UUID
    name: str
    outline: tuple[tuple[float, float], ...]
    on_date: date
    text: str


@dataclass(frozen=True, slots=True)
class NoteHotSpotEvent:
    """A line of a hot spot's history; with a new ``name`` or ``outline`` where these change.

    ``seen``: how many lines the writer had read, where that matters.
    """

    hot_spot_id: UUID
    on_date: date
    change: HotSpotChange
    text: str
    name: str | None = None
    outline: tuple[tuple[float, float], ...] | None = None
    seen: int | None = None


def demand_planner(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner keeps hot spots")


def find_hot_spot(uow: UnitOfWork, hot_spot_id: UUID) -> HotSpot:
    """Return the row; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(HotSpot, hot_spot_id)
    if row is None:
        raise NotFoundError("no such hot spot")
    return row


def add_hot_spot(uow: UnitOfWork, command: AddHotSpot) -> UUID:
    """Write a hot spot with the first line of its history; ``ConflictError`` when the name is taken."""
    demand_planner(uow)
    refuse_place(uow, command.on_date, command.text, command.name, command.outline)
    row = HotSpot(
        id=uuid4(),
        collaboration_id=command.collaboration_id,
        name=command.name,
        outline=[[latitude, longitude] for latitude, longitude in command.outline],
        state=HotSpotState.FOLLOWED,
        changed_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    note_hot_spot_event(uow, NoteHotSpotEvent(row.id, command.on_date, HotSpotChange.IDENTIFIED, command.text))
    return row.id


def note_hot_spot_event(uow: UnitOfWork, command: NoteHotSpotEvent) -> UUID:
    """Add a line to the history; the hot spot is then followed, or ended, as the line says."""
    demand_planner(uow)
    row = find_hot_spot(uow, command.hot_spot_id)
    uow.session.refresh(row, with_for_update=True)
    if command.seen is not None and command.seen != lines_of(uow, row.id):
        raise ChangedMeanwhileError("somebody wrote of the hot spot")
    refuse_place(uow, command.on_date, command.text, command.name, command.outline)
    row.name = command.name or row.name
    if command.outline:
        row.outline = [[latitude, longitude] for latitude, longitude in command.outline]
    row.state, row.changed_at = AFTER.get(command.change, row.state), uow.now
    uow.session.flush()
    event_id = uuid4()
    uow.session.execute(
        insert(HotSpotEvent).values(
            id=event_id,
            hot_spot_id=row.id,
            collaboration_id=row.collaboration_id,
            on_date=command.on_date,
            change=command.change,
            text=command.text,
            name=row.name,
            outline=row.outline,
        )
    )
    record(uow, f"hot_spot.{command.change.value}", row.id)
    return event_id


def lines_of(uow: UnitOfWork, hot_spot_id: UUID) -> int:
    """Return how many lines the history has."""
    many = select(func.count()).select_from(HotSpotEvent).where(HotSpotEvent.hot_spot_id == hot_spot_id)
    return uow.session.scalar(many) or 0


def refuse_place(
    uow: UnitOfWork, day: date, text: str, name: str | None, outline: Sequence[tuple[float, float]] | None
) -> None:
    """Raise ``InvalidError`` by field for what cannot be a place or a line of its history."""
    faults: dict[str, list[str]] = {}
    if day > uow.today:
        faults["on_date"] = ["must not be in the future"]
    for field, words, most in (("text", text, MOST_TEXT), ("name", name or "", MOST_NAME)):
        if len(words) > most:
            faults[field] = ["too long"]
        elif has_personal_number(words):
            faults[field] = [PERSONAL]
    if outline is not None and not (len(outline) == 1 or LEAST <= len(outline) <= MOST_CORNERS):
        faults["outline"] = ["too few corners"]
    if faults:
        raise InvalidError("that is no hot spot", fields=faults)


def place_in_hot_spot(uow: UnitOfWork, hot_spot_id: UUID, premises: Sequence[UUID]) -> None:
    """Say that premises lie in a hot spot (again); what lies in it already stays as it is."""
    demand_planner(uow)
    row = find_hot_spot(uow, hot_spot_id)
    values = [
        {"hot_spot_id": row.id, "premises_id": one, "collaboration_id": row.collaboration_id}
        for one in sorted(premises)
    ]
    if values:
        written = insert_or_leave(HotSpotPremises)
        uow.session.execute(
            written.on_conflict_do_update(index_elements=["hot_spot_id", "premises_id"], set_={"left_on": None}), values
        )
        record(uow, "hot_spot.place", row.id)


def take_out_of_hot_spot(uow: UnitOfWork, hot_spot_id: UUID, premises_id: UUID) -> None:
    """Say that a premises lies in a hot spot no more, from today; what was taken out already keeps its day.

    ``NotFoundError`` for a premises that never lay there.
    """
    demand_planner(uow)
    row = find_hot_spot(uow, hot_spot_id)
    lies = (HotSpotPremises.hot_spot_id == row.id, HotSpotPremises.premises_id == premises_id)
    gone = update(HotSpotPremises).where(*lies, HotSpotPremises.left_on.is_(None)).values(left_on=uow.today)
    if uow.session.scalar(gone.returning(HotSpotPremises.premises_id)) is not None:
        record(uow, "hot_spot.take_out", row.id)
    elif uow.session.scalar(select(HotSpotPremises.premises_id).where(*lies)) is None:
        raise NotFoundError("no such place in the hot spot")
