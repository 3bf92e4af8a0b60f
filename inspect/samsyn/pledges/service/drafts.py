"""Correct a pledge that is not signed yet: its words and parties, its areas, its promises; take out, and put back."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Commitment, FocusArea, Pledge
from samsyn.pledges.queries import commitment_line
from samsyn.pledges.service.commitments import (
    AddCommitment,
    add_commitment,
    commitment_faults,
    pledge_of,
    second_way,
    terms_of,
)
from samsyn.pledges.service.promising import (
    ONE_WAY,
    AddFocusArea,
    add_focus_area,
    agreement_faults,
    check_parties,
    demand_party,
    draft_of,
    refuse,
    text_faults,
)
from samsyn.pledges.service.returning import wanted_of

LEAP_DAY: Final = (2, 29)


@dataclass(frozen=True, slots=True)
class CorrectPledge:
    """The name, the parties and the agreement of a draft."""

    pledge_id: UUID
    name: str
    parties: tuple[UUID, ...]
    seen_version: int
    agreement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CorrectArea:
    """The name and the picture of an area of a draft; ``seen_version``: the pledge's."""

    area_id: UUID
    name: str
    picture: str
    seen_version: int


def correct_pledge(uow: UnitOfWork, command: CorrectPledge) -> None:
    """Correct a draft; ``InvalidError`` names the field, ``ConflictError`` where it is signed."""
    row = draft_of(uow, command.pledge_id, command.seen_version)
    check_parties(uow, row.collaboration_id, command.parties, ())
    faults = text_faults(name=command.name)
    if uow.me not in command.parties:
        faults["parties"] = ["must be one of the parties yourselves"]
    refuse(faults | agreement_faults(uow, command.agreement_id, row.collaboration_id))
    row.name, row.parties, row.agreement_id = command.name, list(command.parties), command.agreement_id
    uow.session.flush()
    record(uow, "pledge.change", row.id)


def correct_area(uow: UnitOfWork, command: CorrectArea) -> None:
    """Correct an area of a draft; ``ConflictError`` for a name that the pledge has."""
    area = area_row(uow, command.area_id)
    pledge = draft_of(uow, area.pledge_id, command.seen_version)
    refuse(text_faults(area=command.name) | text_faults(needed=False, picture=command.picture))
    refuse_name(uow, area, command.name)
    area.name, area.picture = command.name, command.picture
    uow.session.flush()
    record(uow, "pledge.change", pledge.id)


def correct_commitment(uow: UnitOfWork, commitment_id: UUID, command: AddCommitment, seen_version: int) -> None:
    """Correct what a promise of a draft counts; ``seen_version``: the pledge's. ``InvalidError`` as for a new one."""
    row = uow.session.get(Commitment, commitment_id)
    if row is None:
        raise NotFoundError("no such commitment")
    pledge = draft_of(uow, pledge_of(uow, row.focus_area_id).id, seen_version)
    second = second_way(uow, pledge.id, command, but=row.id)
    refuse(commitment_faults(command, pledge.year) | text_faults(text=command.text) | second)
    for name, value in terms_of(command).items():
        setattr(row, name, value)
    row.version += 1
    uow.session.flush()
    record(uow, "pledge.change", pledge.id)


def remove(uow: UnitOfWork, pledge_id: UUID, key: UUID, seen_version: int) -> None:
    """Take a draft, or an area or a promise of it, away; nothing is lost, ``put_back`` undoes it."""
    draft_of(uow, pledge_id, seen_version)
    row = of_draft(uow, pledge_id, key)
    if row.removed_at is not None:
        raise ConflictError("it was removed already")
    row.removed_at = uow.now
    uow.session.flush()
    leave_earlier(uow, pledge_id, key)
    record(uow, "pledge.remove", pledge_id)


def leave_earlier(uow: UnitOfWork, pledge_id: UUID, key: UUID) -> None:
    """Let no earlier promise say that it is carried on by what was taken out: it may be carried over again."""
    a, c = FocusArea, Commitment
    of_pledge = select(a.id).where(a.pledge_id == pledge_id)
    gone = c.id == key
    if key == pledge_id:
        gone = c.focus_area_id.in_(of_pledge)
    elif uow.session.get(FocusArea, key) is not None:
        gone = c.focus_area_id == key
    uow.session.execute(
        update(c)
        .where(c.carried_to_id.in_(select(c.id).where(gone).scalar_subquery()))
        .values(carried_to_id=None, version=c.version + 1)
        .execution_options(synchronize_session=False)
    )


def put_back(uow: UnitOfWork, pledge_id: UUID, key: UUID, seen_version: int) -> None:
    """Put back what was removed; ``ConflictError`` where its year or its name was taken meanwhile."""
    pledge = draft_of(uow, pledge_id, seen_version, removed=key == pledge_id)
    row = of_draft(uow, pledge_id, key)
    if isinstance(row, FocusArea):
        refuse_name(uow, row, row.name)
    if isinstance(row, Pledge):
        p = Pledge
        same = (p.collaboration_id == pledge.collaboration_id, p.year == pledge.year, p.removed_at.is_(None))
        if uow.session.scalar(select(p.id).where(*same, p.id != pledge.id)):
            raise ConflictError("there is a pledge for that year", fields={"year": ["already has its pledge"]})
    row.removed_at = None
    uow.session.flush()
    if len(wanted_of(uow, pledge_id)) > 1:
        raise ConflictError("returns are promised in one way", fields={"within_days": [ONE_WAY]})
    record(uow, "pledge.put_back", pledge_id)


def carry_over(uow: UnitOfWork, pledge_id: UUID, commitment_id: UUID, seen_version: int) -> UUID:
    """Promise again in a draft what an earlier pledge promised: the same words and terms, in the area of that name.

    The earlier one says that it is carried on here; ``ConflictError`` where it is carried on already.
    """
    pledge = draft_of(uow, pledge_id, seen_version)
    earlier = uow.session.get(Commitment, commitment_id)
    if earlier is None or earlier.removed_at is not None or earlier.collaboration_id != pledge.collaboration_id:
        raise NotFoundError("no such commitment")
    of = pledge_of(uow, earlier.focus_area_id)
    demand_party(uow, of)
    if of.year >= pledge.year:
        raise InvalidError("not earlier", fields={"commitment_id": ["must be of an earlier pledge"]})
    if earlier.carried_to_id is not None:
        raise ConflictError("it is carried on already")
    line = commitment_line(earlier)
    command = AddCommitment(
        area_named(uow, pledge, area_row(uow, earlier.focus_area_id)),
        *(line.form, line.text, line.target, line.counts, tuple(sorted(line.fields)), line.least, line.not_led_by),
        *(line.permit_kind, line.hot_spot_id, line.whole, line.within_days, line.serious),
        by_on=None if line.by_on is None else in_year(line.by_on, pledge.year),
    )
    key = add_commitment(uow, replace(command))
    uow.session.execute(
        update(Commitment)
        .where(Commitment.id == earlier.id)
        .values(carried_to_id=key, version=Commitment.version + 1)
        .execution_options(synchronize_session=False)
    )
    record(uow, "pledge.change", of.id)
    return key


def in_year(day: date, year: int) -> date:
    """Return the same day of another year; of 29 February the day before where there is none."""
    leap_day = (day.month, day.day) == LEAP_DAY and not isleap(year)
    return day.replace(year=year, day=28 if leap_day else day.day)


def area_named(uow: UnitOfWork, pledge: Pledge, like: FocusArea) -> UUID:
    """Return the draft's area of the same name; a new one with the same picture where it has none."""
    a = FocusArea
    same: UUID | None = uow.session.scalar(
        select(a.id).where(a.pledge_id == pledge.id, a.name == like.name, a.removed_at.is_(None))
    )
    return same or add_focus_area(uow, AddFocusArea(pledge.id, like.name, like.picture))


def area_row(uow: UnitOfWork, area_id: UUID) -> FocusArea:
    """Return an area that can be read."""
    row = uow.session.get(FocusArea, area_id)
    if row is None:
        raise NotFoundError("no such focus area")
    return row


def of_draft(uow: UnitOfWork, pledge_id: UUID, key: UUID) -> Pledge | FocusArea | Commitment:
    """Return the pledge itself, or the area or promise of it, that a key names."""
    found = uow.session.get(Pledge, key) or uow.session.get(FocusArea, key) or uow.session.get(Commitment, key)
    of: UUID | None
    if isinstance(found, Commitment):
        of = area_row(uow, found.focus_area_id).pledge_id
    elif isinstance(found, FocusArea):
        of = found.pledge_id
    else:
        of = None if found is None else found.id
    if found is None or of != pledge_id:
        raise NotFoundError("nothing of that pledge")
    return found


def refuse_name(uow: UnitOfWork, area: FocusArea, name: str) -> None:
    """Refuse a name that another area of the pledge has."""
    a = FocusArea
    same = select(a.id).where(a.pledge_id == area.pledge_id, a.name == name, a.id != area.id, a.removed_at.is_(None))
    if uow.session.scalar(same):
        raise ConflictError("the pledge has that focus area", fields={"area": ["is there already"]})
