"""Read refused entries and requests for help, as far as the viewer's authority is a side of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from samsyn.access.rules import KEEPERS
from samsyn.assistance.models import EntryRefusal, HelpAnswer, HelpRequest
from samsyn.assistance.rules import BY_LAW, READERS, Helped, HelpGround, HelpLaw
from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork

LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """That entry was refused."""

    id: UUID
    part_id: UUID
    visit_id: UUID
    operation_id: UUID
    unit_id: UUID | None
    unit_only: bool
    at: datetime
    by_role: str
    said: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What came of a request: who noted what, and when it was or is to be."""

    id: UUID
    request_id: UUID
    authority_id: UUID
    what: Helped
    at: datetime
    text: str
    presence_id: UUID | None
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A request with what came of it, oldest first."""

    id: UUID
    part_id: UUID
    visit_id: UUID
    operation_id: UUID
    authority_id: UUID
    unit_id: UUID | None
    refusal_id: UUID | None
    answers_id: UUID
    law: HelpLaw
    ground: HelpGround | None
    reason: str
    at: datetime
    written_by: UUID
    written_at: datetime
    answers_unit_id: UUID | None
    answers: tuple[AnswerLine, ...] = ()

    @property
    def section(self) -> str:
        """Return act and section."""
        return BY_LAW[self.law].section

    @property
    def by_phone(self) -> bool:
        """Say whether it was asked for outside the house."""
        return self.answers_id == self.authority_id

    @property
    def given(self) -> bool:
        """Say whether help was given."""
        return any(one.what is Helped.GIVEN for one in self.answers)


@dataclass(frozen=True, slots=True)
class Asked:
    """That something was asked: of which operation, when, and when the house heard of it."""

    id: UUID
    operation_id: UUID
    at: datetime
    heard_at: datetime


_REFUSAL: Final = (
    *(EntryRefusal.id, EntryRefusal.part_id, EntryRefusal.visit_id, EntryRefusal.operation_id),
    *(EntryRefusal.unit_id, EntryRefusal.unit_only, EntryRefusal.at, EntryRefusal.by_role, EntryRefusal.said),
    *(EntryRefusal.written_by, EntryRefusal.written_at),
)
_ANSWER: Final = (
    *(HelpAnswer.id, HelpAnswer.request_id, HelpAnswer.authority_id, HelpAnswer.what, HelpAnswer.at, HelpAnswer.text),
    *(HelpAnswer.presence_id, HelpAnswer.written_by, HelpAnswer.written_at),
)
_REQUEST: Final = (
    *(HelpRequest.id, HelpRequest.part_id, HelpRequest.visit_id, HelpRequest.operation_id, HelpRequest.authority_id),
    *(HelpRequest.unit_id, HelpRequest.refusal_id, HelpRequest.answers_id, HelpRequest.law, HelpRequest.ground),
    *(HelpRequest.reason, HelpRequest.at, HelpRequest.written_by, HelpRequest.written_at),
    HelpRequest.answers_unit_id,
)


def demand_reader(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for an observer, and for who only administers."""
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads nothing of it")


def refusals_at(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[RefusalLine]]:
    """Return the own authority's refused entries at some visits, by visit, oldest first; a line in the trail each."""
    demand_reader(uow)
    return _logged(uow, _refusals(uow, visits))


def help_at(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[HelpLine]]:
    """Return the requests at some visits of which the own authority is a side, as ``refusals_at`` does."""
    demand_reader(uow)
    return _by_visit(_read(uow, _at(visits)))


def entry_for_report(
    uow: UnitOfWork, visits: Collection[UUID], *, by_unit: bool
) -> tuple[dict[UUID, list[RefusalLine]], dict[UUID, list[HelpLine]]]:
    """Return the own refused entries and the own requests at some visits for a report, all of them; logged.

    Just what the whole authority reads: nothing that one unit keeps to itself, with ``by_unit`` nothing of any unit
    (R1). Of requests those that the own authority made: what it was asked for is the asker's to tell.
    """
    demand_reader(uow)
    r, h = EntryRefusal, HelpRequest
    shared = [r.unit_id.is_(None)] if by_unit else []
    refusals = _logged(uow, _refusals(uow, visits, r.authority_id == uow.me, ~r.unit_only, *shared, most=None))
    asked = select(*_REQUEST).where(h.visit_id.in_(visits), h.authority_id == uow.me).order_by(h.at, h.id)
    return refusals, _by_visit(_read(uow, asked.where(h.unit_id.is_(None)) if by_unit else asked))


def entry_for_records(
    uow: UnitOfWork, visits: Collection[UUID]
) -> tuple[dict[UUID, list[RefusalLine]], dict[UUID, list[HelpLine]]]:
    """Return the same of some visits for a request to read the authority's records (R16); logged as they are read."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")
    return _logged(uow, _refusals(uow, visits)), _by_visit(_read(uow, _at(visits)))


def get_help(uow: UnitOfWork, request_id: UUID) -> HelpLine:
    """Return one request (logged); ``NotFoundError`` where the own authority is no side of it."""
    demand_reader(uow)
    found = _read(uow, select(*_REQUEST).where(HelpRequest.id == request_id))
    if not found:
        raise NotFoundError("no such request")
    return found[0]


def list_help(uow: UnitOfWork, operation_id: UUID | None = None) -> list[HelpLine]:
    """Return the newest requests of which the own authority is a side, all or of one operation; logged."""
    demand_reader(uow)
    asked = select(*_REQUEST).order_by(HelpRequest.at.desc(), HelpRequest.id).limit(LISTED)
    return _read(uow, asked if operation_id is None else asked.where(HelpRequest.operation_id == operation_id))


def unanswered(uow: UnitOfWork) -> list[Asked]:
    """Return what the own authority is asked and has not answered, the oldest first; no content."""
    if not uow.viewer.roles & READERS:
        return []
    h = HelpRequest
    said = select(HelpAnswer.id).where(HelpAnswer.request_id == h.id)
    columns = (h.id, h.operation_id, h.at, h.written_at)
    rows = select(*columns).where(h.answers_id == uow.me, h.authority_id != uow.me, ~said.exists())
    return [Asked(*row) for row in uow.session.execute(rows.order_by(h.at).limit(LISTED))]


def operation_of_help(uow: UnitOfWork, request_id: UUID) -> UUID:
    """Return the operation of a request, and no content; ``NotFoundError`` where it is hidden or absent."""
    found = uow.session.scalar(select(HelpRequest.operation_id).where(HelpRequest.id == request_id))
    if found is None:
        raise NotFoundError("no such request")
    return found


def _at(visits: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    asked = select(*_REQUEST).where(HelpRequest.visit_id.in_(visits))
    return asked.order_by(HelpRequest.at, HelpRequest.id).limit(LISTED)


def _by_visit(asked: Sequence[HelpLine]) -> dict[UUID, list[HelpLine]]:
    found: dict[UUID, list[HelpLine]] = {}
    for line in asked:
        found.setdefault(line.visit_id, []).append(line)
    return found


def _logged(uow: UnitOfWork, found: dict[UUID, list[RefusalLine]]) -> dict[UUID, list[RefusalLine]]:
    for line in sorted((line for lines in found.values() for line in lines), key=lambda line: line.id):
        record(uow, "refusal.read", line.id)
    return found


def _refusals(
    uow: UnitOfWork, visits: Collection[UUID], *which: ColumnElement[bool], most: int | None = LISTED
) -> dict[UUID, list[RefusalLine]]:
    rows = select(*_REFUSAL).where(EntryRefusal.visit_id.in_(visits), *which)
    found: dict[UUID, list[RefusalLine]] = {}
    for row in uow.session.execute(rows.order_by(EntryRefusal.at, EntryRefusal.id).limit(most)):
        found.setdefault(row.visit_id, []).append(RefusalLine(*row))
    return found


def _read(uow: UnitOfWork, asked: Select[*tuple[Any, ...]]) -> list[HelpLine]:
    rows = uow.session.execute(asked).all()
    answers = _answers(uow, [row.id for row in rows])
    for key in sorted(row.id for row in rows):
        record(uow, "help.read", key)
    return [replace(HelpLine(*row), answers=tuple(answers.get(row.id, ()))) for row in rows]


def _answers(uow: UnitOfWork, requests: Sequence[UUID]) -> dict[UUID, list[AnswerLine]]:
    if not requests:
        return {}
    order = HelpAnswer.written_at, HelpAnswer.at, HelpAnswer.id
    found: dict[UUID, list[AnswerLine]] = {}
    for row in uow.session.execute(select(*_ANSWER).where(HelpAnswer.request_id.in_(requests)).order_by(*order)):
        found.setdefault(row.request_id, []).append(AnswerLine(*row))
    return found
