"""Write hot spots: what happened to them, and which premises lie in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.places.models import HotSpot, HotSpotEvent, HotSpotPremises
from samsyn.places.rules import HotSpotChange, HotSpotState

LEAST: Final = 3  # corners of an outline
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
    """A line of a hot spot's history."""

    hot_spot_id: UUID
    on_date: date
    change: HotSpotChange
    text: str


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
    if len(command.outline) < LEAST:
        raise InvalidError("an outline has at least three corners", fields={"outline": ["too few corners"]})
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
        )
    )
    record(uow, f"hot_spot.{command.change.value}", row.id)
    return event_id


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
