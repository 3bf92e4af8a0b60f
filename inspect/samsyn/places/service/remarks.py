"""Write remarks on the physical environment: who asks whom to mend what, and what the asked authority answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, text, update

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of, units_of
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.places.models import Remark, RemarkAnswer
from samsyn.places.rules import ANSWER_WITHIN, ANSWERS, MOST_PLACE, MOST_TEXT, RemarkKind, RemarkState
from samsyn.places.service.hot_spots import PERSONAL, find_hot_spot
from samsyn.places.service.signals import demand_writer

TELL_ASKED: Final = "samsyn.places.tell_remark_asked"
TELL_ANSWERED: Final = "samsyn.places.tell_remark_answered"
MENDERS: Final = frozenset({"planner", "inspector", "unit_admin"})
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
# An activity is read by every member of its collaboration; of another's nothing is found.
_OF_ACTIVITY: Final = text("SELECT collaboration_id FROM activity WHERE id = :id AND operation_id IS NULL")


@dataclass(frozen=True, slots=True)
class AddRemark:
    """What is to be mended, where, and which unit of a member is asked; by an activity, or by itself."""

    collaboration_id: UUID
    unit_id: UUID
    kind: RemarkKind
    place: str
    text: str
    noticed_on: date
    due_on: date | None = None
    activity_id: UUID | None = None
    hot_spot_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AnswerRemark:
    """What the asked authority says: it will, it did on a day, or it will not and why."""

    remark_id: UUID
    state: RemarkState
    text: str
    done_on: date | None
    seen_version: int


def add_remark(uow: UnitOfWork, command: AddRemark) -> UUID:
    """Ask a unit to mend something; its planners are told that something waits, never what.

    ``InvalidError`` by field; ``NotFoundError`` for an activity or a hot spot of another collaboration.
    """
    demand_writer(uow)
    due = command.due_on or command.noticed_on + ANSWER_WITHIN
    faults = said_faults(place=(command.place, MOST_PLACE), text=(command.text, MOST_TEXT))
    if command.noticed_on > uow.today:
        faults["noticed_on"] = ["must not be in the future"]
    if due < command.noticed_on:
        faults["due_on"] = ["remark_due"]
    members = {one.id for one in members_of(uow, command.collaboration_id)}
    asked = next((one for one in units_of(uow, members) if one.id == command.unit_id), None) if members else None
    if uow.me not in members:
        raise NotFoundError("no such collaboration of yours")
    if asked is None:
        faults["unit_id"] = ["remark_unit"]
    if faults or asked is None:
        raise InvalidError("that is no remark", fields=faults)
    demand_home(uow, command)
    key = uuid4()
    uow.session.execute(
        insert(Remark).values(
            id=key,
            collaboration_id=command.collaboration_id,
            from_id=uow.me,
            to_id=asked.authority_id,
            to_unit_id=asked.id,
            activity_id=command.activity_id,
            hot_spot_id=command.hot_spot_id,
            remark_kind=command.kind,
            place=command.place,
            text=command.text,
            noticed_on=command.noticed_on,
            due_on=due,
            asked_at=uow.now,
            withdrawn_at=None,
        )
    )
    record(uow, "remark.add", key)
    emit(uow, TELL_ASKED, key, acts_for=asked.authority_id)
    return key


def demand_home(uow: UnitOfWork, command: AddRemark) -> None:
    """Refuse an activity or a hot spot that is not of the collaboration."""
    if command.hot_spot_id and find_hot_spot(uow, command.hot_spot_id).collaboration_id != command.collaboration_id:
        raise NotFoundError("no such hot spot there")
    if command.activity_id:
        home = uow.session.scalar(_OF_ACTIVITY, {"id": command.activity_id})
        if home != command.collaboration_id:
            raise NotFoundError("no such activity there")


def said_faults(**said: tuple[str, int]) -> dict[str, list[str]]:
    """Return the faults of texts that must be there, by field."""
    faults: dict[str, list[str]] = {}
    for field, (words, most) in said.items():
        if not words.strip():
            faults[field] = ["must not be empty"]
        elif len(words) > most:
            faults[field] = ["too long"]
        elif has_personal_number(words):
            faults[field] = [PERSONAL]
    return faults


def withdraw_remark(uow: UnitOfWork, remark_id: UUID) -> None:
    """Take an own remark back that has no answer yet; ``ConflictError`` where it has one."""
    demand_writer(uow)
    row = locked(uow, remark_id)
    if row is None or row.from_id != uow.me or row.withdrawn_at is not None:
        raise NotFoundError("no such remark of yours")
    if uow.session.get(RemarkAnswer, remark_id) is not None:
        raise ConflictError("it was answered")
    uow.session.execute(update(Remark).where(Remark.id == remark_id).values(withdrawn_at=uow.now))
    record(uow, "remark.withdraw", remark_id)


def locked(uow: UnitOfWork, remark_id: UUID) -> Remark | None:
    """Return a remark that is not withdrawn and answered at once."""
    uow.session.execute(_ALONE, {"key": f"remark {remark_id}"})
    return uow.session.get(Remark, remark_id, populate_existing=True)


def answer_remark(uow: UnitOfWork, command: AnswerRemark) -> None:
    """Answer as the asked authority, again where it changed; who asked is told that there is an answer.

    ``NotFoundError`` for a remark to another; ``ChangedMeanwhileError`` where somebody answered since it was read.
    """
    if not uow.viewer.roles & MENDERS:
        raise NotAllowedError("only who plans, inspects or administers answers")
    asked = locked(uow, command.remark_id)
    if asked is None or asked.to_id != uow.me or asked.withdrawn_at is not None:
        raise NotFoundError("no such remark to you")
    refuse_answer(uow, command, asked)
    row = uow.session.get(RemarkAnswer, command.remark_id, with_for_update=True)
    if (row.version if row else 0) != command.seen_version:
        raise ChangedMeanwhileError("somebody answered")
    said = {"state": command.state, "text": command.text, "done_on": command.done_on, "answered_at": uow.now}
    if row is None:
        home = {"remark_id": asked.id, "to_id": asked.to_id, "collaboration_id": asked.collaboration_id}
        uow.session.execute(insert(RemarkAnswer).values(**home, **said, version=1))
    else:
        mine = update(RemarkAnswer).where(RemarkAnswer.remark_id == asked.id)
        uow.session.execute(mine.values(**said, version=command.seen_version + 1))
    record(uow, "remark.answer", asked.id)
    emit(uow, TELL_ANSWERED, asked.id, acts_for=asked.from_id)


def refuse_answer(uow: UnitOfWork, command: AnswerRemark, asked: Remark) -> None:
    """Raise ``InvalidError`` by field for what is no answer."""
    faults: dict[str, list[str]] = {}
    if command.text or command.state is RemarkState.DECLINED:
        faults = said_faults(text=(command.text, MOST_TEXT))
    if command.state not in ANSWERS:
        faults["state"] = ["remark_state"]
    if (command.state is RemarkState.DONE) != (command.done_on is not None):
        faults["done_on"] = ["remark_done"]
    elif command.done_on and not asked.noticed_on <= command.done_on <= uow.today:
        faults["done_on"] = ["remark_done_day"]
    if faults:
        raise InvalidError("that is no answer", fields=faults)
