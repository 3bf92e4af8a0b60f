"""Read the evening: the order, the teams, the numbers to tap, what is said about the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.access.queries import staff_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import ContactCard, Message, OperationOrder, Recusal, Team, TeamMember, VisitOrder


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The operation order, for those whom its policy lets read it: planners, and from ``open_at`` those who go."""

    operation_id: UUID
    title: str | None
    briefing_at: datetime | None
    stop_word: str | None
    safety_note: str | None
    open_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team, the visits that it goes to in their order, and the places of its people."""

    id: UUID
    name: str
    visit_ids: tuple[UUID, ...]
    assignment_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class MessageLine:
    """What somebody said about the plan. ``shown_name`` is empty where the viewer may not see it."""

    id: UUID
    authority_id: UUID
    person_id: UUID
    text: str
    at: datetime
    shown_name: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A number to tap, under the shown name or service number (R18)."""

    person_id: UUID
    authority_id: UUID
    phone: str
    shown_as: str


def order_of(uow: UnitOfWork, operation_id: UUID) -> OrderLine | None:
    """The order, or None: not written yet, or not open to this viewer; the two are not told apart."""
    row = uow.session.get(OperationOrder, operation_id)
    if row is None:
        return None
    return OrderLine(
        row.operation_id, row.title, row.briefing_at, row.stop_word, row.safety_note, row.open_at, row.version
    )


def titles_of(uow: UnitOfWork, operation_ids: set[UUID]) -> dict[UUID, str]:
    """The titles of operations whose order the viewer may read; one statement for all."""
    o = OperationOrder
    rows = select(o.operation_id, o.title).where(o.operation_id.in_(operation_ids), o.title.is_not(None))
    return {row.operation_id: row.title or "" for row in uow.session.execute(rows)}


def teams_of(uow: UnitOfWork, operation_id: UUID) -> list[TeamLine]:
    """The teams by name; three statements, whatever their number."""
    teams = select(Team.id, Team.name).where(Team.operation_id == operation_id, Team.withdrawn_at.is_(None))
    goes = (
        select(VisitOrder.team_id, VisitOrder.visit_id)
        .where(VisitOrder.operation_id == operation_id, VisitOrder.withdrawn_at.is_(None))
        .order_by(VisitOrder.position)
        .limit(2000)
    )
    members = select(TeamMember.team_id, TeamMember.assignment_id).where(
        TeamMember.operation_id == operation_id, TeamMember.team_id.is_not(None)
    )
    visits, people = uow.session.execute(goes).all(), uow.session.execute(members.limit(500)).all()
    return [
        TeamLine(
            row.id,
            row.name,
            tuple(visit_id for team_id, visit_id in visits if team_id == row.id),
            frozenset(assignment_id for team_id, assignment_id in people if team_id == row.id),
        )
        for row in uow.session.execute(teams.order_by(Team.name).limit(50))
    ]


def contacts_given(uow: UnitOfWork, operation_id: UUID) -> list[ContactLine]:
    """The numbers that people gave for the evening, and did not take back, by name."""
    c = ContactCard
    rows = select(c).where(c.operation_id == operation_id, c.withdrawn_at.is_(None)).order_by(c.shown_as).limit(200)
    return [ContactLine(row.person_id, row.authority_id, row.phone, row.shown_as) for row in uow.session.scalars(rows)]


@dataclass(frozen=True, slots=True)
class MessageOrigin:
    """Who said something about which operation, without what was said."""

    operation_id: UUID
    person_id: UUID


def find_message(uow: UnitOfWork, message_id: UUID) -> MessageOrigin:
    """Return where a message belongs; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.execute(
        select(Message.operation_id, Message.person_id).where(Message.id == message_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("no such message")
    return MessageOrigin(*row)


def messages_of(uow: UnitOfWork, operation_id: UUID, limit: int = 100) -> list[MessageLine]:
    """The latest that was said about the plan, newest last."""
    m = Message
    rows = select(m).where(m.operation_id == operation_id).order_by(m.at.desc(), m.id).limit(limit)
    found = list(uow.session.scalars(rows))
    names = staff_names(uow, {row.person_id for row in found}) if found else {}
    return [
        MessageLine(
            row.id, row.authority_id, row.person_id, row.text, row.at, names.get((row.person_id, row.authority_id), "")
        )
        for row in reversed(found)
    ]


def is_recused(uow: UnitOfWork, operation_id: UUID) -> bool:
    """Say whether the viewer declared a conflict of interest for one of the operation's visits."""
    mine = select(Recusal.visit_id).where(
        Recusal.operation_id == operation_id, Recusal.person_id == uow.viewer.person_id
    )
    return uow.viewer.person_id is not None and uow.session.scalar(mine.limit(1)) is not None


def recused_people(uow: UnitOfWork, operation_id: UUID) -> set[UUID]:
    """Return who of the viewer's own authority declared a conflict of interest for one of the operation's visits."""
    r = Recusal
    rows = select(r.person_id).where(r.operation_id == operation_id, r.authority_id == uow.me).distinct()
    return set(uow.session.scalars(rows.limit(2000)))
