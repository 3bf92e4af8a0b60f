"""Write follow-ups as versions: who of the own staff sees to a finding or an outcome, until when, how it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from samsyn.access.queries import list_staff
from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, GateClosedError
from samsyn.core.home import HOME
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PartCard
from samsyn.outcomes.models import FollowUp
from samsyn.outcomes.queries.follow_ups import newest_follow_up, open_of_operation
from samsyn.outcomes.queries.outcomes import newest_version
from samsyn.outcomes.rules import (
    FOLLOW_UP_NEXT,
    MOST_NOTE,
    REMIND_FOLLOW_UP,
    UNFINISHED,
    Fault,
    FollowUpState,
    NotTakenError,
    checked,
)
from samsyn.outcomes.service.parts import grounds_of, keys_of, whose, writable_part

MORNING: Final = time(7)
"""When its owner is reminded, on the day."""
COLLEAGUES: Final = 2_000
SAID: Final = ("owner_id", "due_on", "state", "text", "reason")


@dataclass(frozen=True, slots=True)
class WriteFollowUp:
    """A follow-up as it shall stand, of one finding or of one outcome. ``follow_up_id`` is made by the client;
    ``base_version`` is what was seen (0: none).
    """

    follow_up_id: UUID
    base_version: int
    part_id: UUID
    owner_id: UUID
    due_on: date
    finding_id: UUID | None = None
    outcome_id: UUID | None = None
    state: FollowUpState = FollowUpState.OPEN
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Carry over what is still open at an operation; each keeps its owner and its day."""

    operation_id: UUID


def write_follow_up(uow: UnitOfWork, command: WriteFollowUp) -> int:
    """Write a version of a follow-up at a part of the viewer's authority; return the version that stands.

    The same content again writes nothing. Raises ``NotTakenError`` naming a field, ``ChangedMeanwhileError`` where the
    viewer did not see the newest, ``GateClosedError`` for a step that its state does not know.
    """
    part = writable_part(uow, command.part_id)
    stands = newest_follow_up(uow, command.follow_up_id)
    demand_step(stands, command)
    said = checked_follow_up(uow, command)
    if stands is not None:
        if all(getattr(stands, name) == getattr(said, name) for name in SAID):
            return stands.version
        if stands.part_id != part.id:
            raise NotTakenError(("part_id", Fault.NO_SUBJECT))
        about = {name: getattr(stands, name) for name in SUBJECT}
    else:
        about = subject_of(uow, part, said)
    row = {**keys_of(part), **about, **{name: getattr(said, name) for name in SAID}}
    version = _write(uow, {**row, "follow_up_id": said.follow_up_id}, command.base_version + 1)
    before = None if stands is None or stands.state not in UNFINISHED else (stands.due_on, stands.owner_id)
    if said.state in UNFINISHED and before != (said.due_on, said.owner_id):
        remind_on(uow, said.follow_up_id, said.due_on)
    return version


SUBJECT: Final = ("finding_id", "finding_version", "outcome_id", "outcome_version", "unit_id", "unit_only")


def carry_over(uow: UnitOfWork, command: CarryOver) -> int:
    """Carry over every own follow-up of an operation that is open, as far as the viewer sees them; return how many."""
    found = open_of_operation(uow, command.operation_id)
    for line in found:
        row = newest_follow_up(uow, line.follow_up_id)
        if row is None:
            continue
        kept = {name: getattr(row, name) for name in (*KEYS, *SUBJECT, *SAID, "follow_up_id")}
        _write(uow, {**kept, "state": FollowUpState.CARRIED}, row.version + 1)
    return len(found)


KEYS: Final = ("part_id", "visit_id", "operation_id", "authority_id")


def demand_step(stands: FollowUp | None, command: WriteFollowUp) -> None:
    """Refuse a step from a version that is not the newest, or that its state does not know."""
    newest = 0 if stands is None else stands.version
    if command.base_version != newest:
        raise ChangedMeanwhileError(f"you saw version {command.base_version}, it is now {newest}")
    allowed = {FollowUpState.OPEN} if stands is None else FOLLOW_UP_NEXT[stands.state] | {stands.state}
    if command.state not in allowed:
        raise GateClosedError("a follow-up does not take this step", ("state",))


def checked_follow_up(uow: UnitOfWork, command: WriteFollowUp) -> WriteFollowUp:
    """Return it as it may be kept; ``NotTakenError`` naming each field that is not right."""
    said = replace(
        command,
        text=checked("text", command.text, MOST_NOTE),
        reason=checked("reason", command.reason, MOST_NOTE),
    )
    if faults := list(_faults(uow, said)):
        raise NotTakenError(*faults)
    return said


def _faults(uow: UnitOfWork, said: WriteFollowUp) -> Iterator[tuple[str, Fault]]:
    if said.owner_id not in {one.person_id for one in list_staff(uow, uow.me, COLLEAGUES)}:
        yield "owner_id", Fault.NO_OWNER
    if said.state is FollowUpState.DROPPED and not said.reason:
        yield "reason", Fault.REASON_NEEDED
    if said.base_version == 0 and (said.finding_id is None) is (said.outcome_id is None):
        yield "finding_id", Fault.NO_SUBJECT


def subject_of(uow: UnitOfWork, part: PartCard, said: WriteFollowUp) -> dict[str, object]:
    """Return what it follows up, in the version that stands, and whose row it is."""
    if said.finding_id is not None:
        grounds = grounds_of(uow, part, frozenset({said.finding_id}), "finding_id")
        of = {"finding_id": grounds[0].finding_id, "finding_version": grounds[0].version}
        return {**of, "outcome_id": None, "outcome_version": None, **whose(uow, part, grounds)}
    outcome = newest_version(uow, said.outcome_id) if said.outcome_id is not None else None
    if outcome is None or outcome.part_id != part.id:
        raise NotTakenError(("outcome_id", Fault.NO_SUBJECT))
    return {
        "finding_id": None,
        "finding_version": None,
        "outcome_id": outcome.outcome_id,
        "outcome_version": outcome.version,
        "unit_id": outcome.unit_id,
        "unit_only": outcome.unit_only,
    }


def remind_on(uow: UnitOfWork, follow_up_id: UUID, due_on: date) -> None:
    """Queue the reminder of its owner for the morning of the day, if that is to come."""
    morning = datetime.combine(due_on, MORNING, HOME)
    if morning > uow.now:
        emit(uow, REMIND_FOLLOW_UP, follow_up_id, acts_for=uow.me, after=morning - uow.now)


def _write(uow: UnitOfWork, row: dict[str, object], version: int) -> int:
    """Insert one version; ``ChangedMeanwhileError`` where another device took the number first."""
    by = {"written_by": uow.person, "written_at": uow.now}
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(FollowUp).values(**row, **by, version=version))
    except IntegrityError as error:
        if isinstance(error.orig, pg.UniqueViolation):
            raise ChangedMeanwhileError("somebody wrote at the same time") from error
        raise ConflictError("this key cannot be used") from error
    key = row["follow_up_id"]
    assert isinstance(key, UUID)  # noqa: S101 - put there by the callers above
    record(uow, "follow_up.write", key)
    return version


__all__ = ["CarryOver", "WriteFollowUp", "carry_over", "write_follow_up"]
