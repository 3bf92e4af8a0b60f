"""Write what a pledge promises, in numbers to reach; what was reached is counted and never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from samsyn.audit.service import record
from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Commitment, FocusArea, Pledge
from samsyn.pledges.returns import Wanted
from samsyn.pledges.rules import MOST_DAYS, MOST_TARGET, ActivityKind, CommitmentForm
from samsyn.pledges.service.promising import ONE_WAY, demand_party, demand_planner, draft_of, refuse, text_faults
from samsyn.pledges.service.returning import wanted_of

MOST_COMMITMENTS: Final = 50
UNUSED: Final = "is not counted that way"
OTHER_YEAR: Final = "must be in the pledge's year"
BEFORE_ITS_YEAR: Final = "must not be before the pledge's year"


@dataclass(frozen=True, slots=True)
class AddCommitment:
    """One countable promise; which fields are wanted follows from its form (``CommitmentForm``)."""

    focus_area_id: UUID
    form: CommitmentForm
    text: str
    target: int | None = None
    counts: ActivityKind = ActivityKind.OPERATION
    fields: tuple[Field, ...] = ()
    least: int = 1
    not_led_by: UUID | None = None
    permit_kind: PermitKind | None = None
    hot_spot_id: UUID | None = None
    whole: bool = False
    within_days: int | None = None
    serious: bool = False
    by_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeCommitment:
    """What people may say of a commitment afterwards: why it was not done, what carries it on, the day it was done."""

    commitment_id: UUID
    seen_version: int
    not_done_reason: str | None = None
    carried_to_id: UUID | None = None
    done_on: date | None = None


def add_commitment(uow: UnitOfWork, command: AddCommitment) -> UUID:
    """Add a promise to a focus area of a pledge that is not signed yet; ``InvalidError`` names what its form wants."""
    area = uow.session.get(FocusArea, command.focus_area_id)
    if area is None or area.removed_at is not None:
        raise NotFoundError("no such focus area")
    pledge = draft_of(uow, area.pledge_id)
    second = second_way(uow, pledge.id, command)
    refuse(commitment_faults(command, pledge.year) | text_faults(text=command.text) | second)
    c = Commitment
    count = uow.session.scalar(select(func.count()).where(c.focus_area_id == area.id, c.removed_at.is_(None))) or 0
    if count >= MOST_COMMITMENTS:
        raise ConflictError("a focus area has at most so many", fields={"text": ["there are too many"]})
    key = uuid4()
    uow.session.execute(
        insert(c).values(
            id=key,
            collaboration_id=area.collaboration_id,
            focus_area_id=area.id,
            **terms_of(command),
            position=count + 1,
            version=1,
        )
    )
    record(uow, "pledge.change", pledge.id)
    return key


def terms_of(command: AddCommitment) -> dict[str, Any]:
    """Return what a commitment promises, as its row keeps it."""
    return {
        "form": command.form,
        "text": command.text,
        "target": command.target,
        "counts": command.counts,
        "fields": sorted(command.fields),
        "least": command.least,
        "not_led_by": command.not_led_by,
        "permit_kind": command.permit_kind,
        "hot_spot_id": command.hot_spot_id,
        "whole": command.whole,
        "within_days": command.within_days,
        "serious": command.serious,
        "by_on": command.by_on,
    }


def change_commitment(uow: UnitOfWork, command: ChangeCommitment) -> None:
    """Say why a commitment was not kept, what carries it on, or on which day it was done."""
    demand_planner(uow)
    row = uow.session.get(Commitment, command.commitment_id)
    if row is None:
        raise NotFoundError("no such commitment")
    pledge = pledge_of(uow, row.focus_area_id)
    demand_party(uow, pledge)
    uow.session.refresh(row, with_for_update=True)
    if row.version != command.seen_version:
        raise ChangedMeanwhileError("somebody changed the commitment")
    faults = text_faults(needed=False, not_done_reason=command.not_done_reason or "")
    if command.done_on is not None and (row.form is not CommitmentForm.DATE or command.done_on > uow.today):
        faults["done_on"] = ["must not be in the future"]
    elif command.done_on is not None and command.done_on.year < pledge.year:
        faults["done_on"] = [BEFORE_ITS_YEAR]
    if command.carried_to_id is not None and not carries_on(uow, row, command.carried_to_id):
        faults["carried_to_id"] = ["must be a commitment of a later pledge"]
    refuse(faults)
    row.not_done_reason, row.carried_to_id = command.not_done_reason or None, command.carried_to_id
    row.done_on, row.version = command.done_on, row.version + 1
    uow.session.flush()
    record(uow, "pledge.change", pledge.id)


def carries_on(uow: UnitOfWork, row: Commitment, later: UUID) -> bool:
    """Say whether a commitment is of a later pledge of the same collaboration."""
    to = uow.session.get(Commitment, later)
    if to is None or to.collaboration_id != row.collaboration_id or to.removed_at is not None:
        return False
    return pledge_of(uow, to.focus_area_id).year > pledge_of(uow, row.focus_area_id).year


def pledge_of(uow: UnitOfWork, focus_area_id: UUID) -> Pledge:
    """Return the pledge of a focus area that can be read."""
    area = uow.session.get(FocusArea, focus_area_id)
    row = None if area is None else uow.session.get(Pledge, area.pledge_id)
    if row is None:
        raise NotFoundError("no such pledge")
    return row


def commitment_faults(command: AddCommitment, year: int) -> dict[str, list[str]]:
    """Return what a form wants and does not have, in the pledge of a year."""
    faults: dict[str, list[str]] = {}
    if command.form in {CommitmentForm.OCCASIONS, CommitmentForm.SHARE}:
        most = 100 if command.form is CommitmentForm.SHARE else MOST_TARGET
        if command.target is None or not 1 <= command.target <= most:
            per_cent = command.form is CommitmentForm.SHARE
            faults["target"] = ["must be 1 to 100 per cent" if per_cent else "must be a number of occasions"]
    if command.form is CommitmentForm.SHARE and command.not_led_by is None:
        faults["not_led_by"] = ["say whose lead does not count"]
    if command.form is CommitmentForm.COVERAGE:
        if not command.permit_kind:
            faults["permit_kind"] = ["say which permit"]
        if not command.fields:
            faults["fields"] = ["say which field of work is to come"]
    if command.form is CommitmentForm.RETURN_VISIT and not 1 <= (command.within_days or 0) <= MOST_DAYS:
        faults["within_days"] = ["must be a number of days"]
    if command.least < 1:
        faults["least"] = ["must be 1 or more"]
    return faults | day_faults(command, year) | {name: [UNUSED] for name in unused(command)}


def day_faults(command: AddCommitment, year: int) -> dict[str, list[str]]:
    """Return the fault of a day that is missing, or of another year than the pledge's."""
    if command.form is CommitmentForm.DATE and command.by_on is None:
        return {"by_on": ["say by which day"]}
    return {"by_on": [OTHER_YEAR]} if command.by_on is not None and command.by_on.year != year else {}


def second_way(
    uow: UnitOfWork, pledge_id: UUID, command: AddCommitment, *, but: UUID | None = None
) -> dict[str, list[str]]:
    """Return the fault of returns promised in a second way: two like numbers of a silo say what neither does."""
    if command.within_days is None or wanted_of(uow, pledge_id, but=but) <= {
        Wanted(command.within_days, command.serious)
    }:
        return {}
    return {"within_days": [ONE_WAY]}


def unused(command: AddCommitment) -> list[str]:
    """Return the fields that are filled in and that the form does not count: a promise says what it counts."""
    operations = command.form is CommitmentForm.OCCASIONS and command.counts is ActivityKind.OPERATION
    share, coverage = command.form is CommitmentForm.SHARE, command.form is CommitmentForm.COVERAGE
    dated, occasions = command.form is CommitmentForm.DATE, command.form is CommitmentForm.OCCASIONS
    back = command.form is CommitmentForm.RETURN_VISIT
    filled = {
        "not_led_by": command.not_led_by is not None and not share,
        "permit_kind": command.permit_kind is not None and not coverage,
        "fields": bool(command.fields) and not (operations or coverage),
        "least": command.least > 1 and not operations,
        "hot_spot_id": command.hot_spot_id is not None and (operations or not occasions),
        "by_on": command.by_on is not None and not dated,
        "target": command.target is not None and not (occasions or share),
        "within_days": command.within_days is not None and not back,
        "serious": command.serious and not back,
    }
    return [name for name, is_filled in filled.items() if is_filled]
