"""The trail as the log reviewer of an authority reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text, tuple_

from samsyn.audit.models import Audit, SealState
from samsyn.audit.rules import BY_COMMAND, GROUPS
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act on an object of the viewer's authority."""

    id: UUID
    at: datetime
    actor_authority_id: UUID
    actor_person_id: UUID | None
    action: str
    object_id: UUID
    reason: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the trail is looked for; ``action`` is a group of ``rules.GROUPS`` or one action; ``until`` is not in."""

    person_id: UUID | None = None
    object_id: UUID | None = None
    action: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what it asks of an act."""
        patterns = GROUPS.get(self.action, (escaped(self.action),))
        asked = {
            "person": Audit.actor_person_id == self.person_id if self.person_id else None,
            "object": Audit.object_id == self.object_id if self.object_id else None,
            "action": or_(*(Audit.action.like(p, escape="\\") for p in patterns)) if self.action else None,
            "reason": Audit.reason.ilike(f"%{escaped(self.reason)}%", escape="\\") if self.reason else None,
            "since": Audit.at >= self.since if self.since else None,
            "until": Audit.at < self.until if self.until else None,
        }
        return [condition for condition in asked.values() if condition is not None]


def escaped(said: str) -> str:
    """Return a text that LIKE takes as it is."""
    return said.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


@dataclass(frozen=True, slots=True)
class SealCard:
    """How the sealer fares: when it last chained, since when something waits, when all was checked, what was found."""

    sealed_at: datetime | None
    waiting_since: datetime | None
    head_at: datetime | None
    copied_at: datetime | None
    checked_at: datetime | None
    check_fault: str | None


def seal_card(uow: UnitOfWork) -> SealCard:
    """The sealer's state; the same for everybody, and nothing of what was done."""
    s = SealState
    row = uow.session.execute(
        select(s.sealed_at, s.waiting_since, s.head_at, s.copied_at, s.checked_at, s.check_fault)
    ).one_or_none()
    return SealCard(*row) if row else SealCard(None, None, None, None, None, None)


def list_audit(uow: UnitOfWork, seek: Seek, wanted: AuditFilter | None = None) -> Page[AuditLine]:
    """Newest first; empty for anyone but a log reviewer (the policy says so)."""
    rows = select(
        Audit.id, Audit.at, Audit.actor_authority_id, Audit.actor_person_id, Audit.action, Audit.object_id, Audit.reason
    ).order_by(Audit.at.desc(), Audit.id.desc())
    rows = rows.where(*(wanted.conditions() if wanted else ()))
    if seek.after:
        try:
            at, last = datetime.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((Audit.at < at) | ((Audit.at == at) & (Audit.id < last)))
    lines = [AuditLine(*row) for row in uow.session.execute(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.at.isoformat(), str(line.id)))


def first_act(uow: UnitOfWork) -> datetime | None:
    """Return when the first act on an own object was; nothing for anybody but a log reviewer."""
    own = select(Audit.at).where(Audit.object_authority_id == uow.me).order_by(Audit.at).limit(1)
    return uow.session.scalar(own)


def lines_by_id(uow: UnitOfWork, wanted: Collection[tuple[datetime, UUID]]) -> dict[UUID, AuditLine]:
    """Return acts by id, looked for by time and id together, as the trail is keyed."""
    rows = select(
        Audit.id, Audit.at, Audit.actor_authority_id, Audit.actor_person_id, Audit.action, Audit.object_id, Audit.reason
    ).where(tuple_(Audit.at, Audit.id).in_(list(wanted)), Audit.object_authority_id == uow.me)
    return {row.id: AuditLine(*row) for row in uow.session.execute(rows)} if wanted else {}


# Of people, and what the machine's keeper did by a command in somebody's name; what the workers do is no sample.
_DRAW: Final = text("""
    SELECT at, id FROM audit
     WHERE object_authority_id = (SELECT me()) AND at >= :since AND at < :until
       AND (actor_person_id IS NOT NULL OR split_part(reason, ' ', 1) = :command)
     ORDER BY sha256(decode(:seed, 'hex') || uuid_send(id)), id LIMIT :size""")
_LINES: Final = text("""
    SELECT count(*) FROM audit
     WHERE object_authority_id = (SELECT me()) AND at >= :since AND at < :until
       AND (actor_person_id IS NOT NULL OR split_part(reason, ' ', 1) = :command)""")
_NEWEST_COMMAND: Final = text("""
    SELECT id FROM audit
     WHERE object_authority_id = (SELECT me()) AND at >= :since AND actor_person_id IS NULL
       AND split_part(reason, ' ', 1) = :command
     ORDER BY at DESC, id DESC LIMIT 1""")


def newest_command(uow: UnitOfWork, since: datetime) -> UUID | None:
    """Return the newest act on an own object that a command on the server did in somebody's name."""
    found: UUID | None = uow.session.scalar(_NEWEST_COMMAND, {"since": since, "command": BY_COMMAND})
    return found


def draw_lines(
    uow: UnitOfWork, seed: str, since: datetime, until: datetime, size: Callable[[int], int]
) -> tuple[int, list[tuple[datetime, UUID]]]:
    """Return how many acts of people and of commands on own objects there were, and those that a seed draws."""
    span = {"since": since, "until": until, "command": BY_COMMAND}
    lines = uow.session.scalar(_LINES, span) or 0
    return lines, [(r.at, r.id) for r in uow.session.execute(_DRAW, {**span, "seed": seed, "size": size(lines)})]
