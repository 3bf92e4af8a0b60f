"""Keep what a phone sends after its field session was ended, apart from everything, until somebody looks at it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from samsyn.access.queries import staff_names, unit_of_person
from samsyn.access.service.tidying import plan_tidying
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, FileLostError, NotAllowedError, NotFoundError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Quarantine
from samsyn.findings.rules import WRITERS, LateKind, Settled
from samsyn.operations.queries import get_visit

PURPOSE: Final = "quarantine"
KEPT: Final = timedelta(days=7)
"""How long after the end of its session a phone may send, and how long what came is kept; the table's own rule too."""
MOST_ITEMS: Final = 500
MOST_BYTES: Final = 250_000_000
"""Of one ended session, whoever holds the phone."""
SETTLERS: Final = frozenset({"unit_admin", "planner"})
LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class SendLate:
    """What came of an ended session: ``content`` as the phone said it, ``picture`` cleaned, ``asked`` its digest."""

    item_id: UUID
    operation_id: UUID
    visit_id: UUID
    session_id: UUID
    device: str
    what: LateKind
    content: dict[str, Any]
    asked: str
    made_at: datetime
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class LateLine:
    """What waits: what, of whom, from which device, when it was written and when it came; never its content."""

    id: UUID
    operation_id: UUID
    visit_id: UUID
    person_id: UUID
    device: str
    what: LateKind
    size: int
    made_at: datetime
    at: datetime
    name: str = ""

    @property
    def until(self) -> datetime:
        """When it is gone."""
        return self.at + KEPT


@dataclass(frozen=True, slots=True)
class LateItem:
    """One with its content."""

    line: LateLine
    content: dict[str, Any]
    picture: bytes | None
    asked: str


_COLUMNS: Final = (
    *(Quarantine.id, Quarantine.operation_id, Quarantine.visit_id, Quarantine.person_id, Quarantine.device),
    *(Quarantine.what, Quarantine.size, Quarantine.made_at, Quarantine.at),
)


def send_late(uow: UnitOfWork, keys: Keys, command: SendLate) -> bool:
    """Take it into quarantine for the viewer, whose session was ended; return whether a row was written.

    The same again writes nothing, also when it is settled since. ``NotFoundError`` for a visit that is not of the
    session's operation, ``ConflictError`` for a key with another content, ``TooMuchError`` past a session's limits.
    """
    if get_visit(uow, command.visit_id).operation_id != command.operation_id:
        raise NotFoundError("no such visit")
    if (row := uow.session.get(Quarantine, command.item_id)) is not None:
        if (row.person_id, row.what, row.asked) == (uow.person, command.what, command.asked):
            return False
        raise ConflictError("this key stands already")
    body = json.dumps(command.content, ensure_ascii=False).encode()
    size = len(body) + len(command.picture or b"")
    q = Quarantine
    came = select(func.count(), func.coalesce(func.sum(q.size), 0)).where(q.session_id == command.session_id)
    n, total = uow.session.execute(came.where(q.person_id == uow.person)).one()
    if n >= MOST_ITEMS or total + size > MOST_BYTES:
        raise TooMuchError("more than one phone's evening")
    secret, key_name = keys.encrypt(PURPOSE, body, str(command.item_id))
    picture = keys.encrypt(PURPOSE, command.picture, str(command.item_id))[0] if command.picture else None
    uow.session.add(
        Quarantine(
            id=command.item_id,
            authority_id=uow.me,
            person_id=uow.person,
            unit_id=unit_of_person(uow, uow.person),
            operation_id=command.operation_id,
            visit_id=command.visit_id,
            session_id=command.session_id,
            device=command.device[:200],
            what=command.what,
            asked=command.asked,
            size=size,
            body=secret,
            picture=picture,
            key_name=key_name,
            made_at=command.made_at,
            at=uow.now,
        )
    )
    uow.session.flush()
    plan_tidying(uow)
    record(uow, "quarantine.put", command.item_id)
    return True


def late_lines(uow: UnitOfWork) -> list[LateLine]:
    """What waits of the own unit's phones, the oldest first; for who keeps the unit's house or plans, no content."""
    if not uow.viewer.roles & SETTLERS:
        raise NotAllowedError("your role sees no quarantine")
    q = Quarantine
    rows = select(*_COLUMNS).where(q.settled_at.is_(None), q.at > uow.now - KEPT).order_by(q.at, q.id).limit(LISTED)
    found = [LateLine(*row) for row in uow.session.execute(rows)]
    names = staff_names(uow, {line.person_id for line in found}) if found else {}
    return [named(line, names.get((line.person_id, uow.me), "")) for line in found]


def named(line: LateLine, name: str) -> LateLine:
    """Return a line with its person's name."""
    words = (line.id, line.operation_id, line.visit_id, line.person_id, line.device, line.what)
    return LateLine(*words, line.size, line.made_at, line.at, name)


def read_late(uow: UnitOfWork, keys: Keys, item_id: UUID) -> LateItem:
    """Return one with its content (audited), for who may settle it and reads findings; refusals as elsewhere."""
    demand_settler(uow)
    q = Quarantine
    known = q.id == item_id, q.settled_at.is_(None), q.at > uow.now - KEPT
    row = uow.session.execute(select(q.body, q.picture, q.key_name, q.asked).where(*known)).one_or_none()
    if row is None or row.body is None:
        raise NotFoundError("nothing waits under this key")
    line = LateLine(*uow.session.execute(select(*_COLUMNS).where(*known)).one())
    name = staff_names(uow, {line.person_id}).get((line.person_id, uow.me), "")
    try:
        content: dict[str, Any] = json.loads(keys.decrypt(PURPOSE, row.body, str(item_id), row.key_name))
        picture = keys.decrypt(PURPOSE, row.picture, str(item_id), row.key_name) if row.picture else None
    except (InvalidTag, KeyError) as error:
        raise FileLostError("its key is not among the installation's") from error
    record(uow, "quarantine.read", item_id)
    return LateItem(named(line, name), content, picture, row.asked)


def settle_late(uow: UnitOfWork, item_id: UUID, settled: Settled) -> bool:
    """Say what became of it; its content goes at once. Return whether this call settled it: a second one does not."""
    demand_settler(uow)
    row = uow.session.get(Quarantine, item_id, with_for_update=True)
    if row is None:
        raise NotFoundError("nothing waits under this key")
    if row.settled is not None:
        if row.settled is settled:
            return False
        raise ConflictError("it is settled already")
    row.settled, row.settled_at, row.settled_by = settled, uow.now, uow.person
    row.body = row.picture = None
    uow.session.flush()
    record(uow, "quarantine.take" if settled is Settled.TAKEN else "quarantine.discard", item_id)
    return True


def demand_settler(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for who may not look: it holds findings, and who only administers reads none."""
    if not (uow.viewer.roles & SETTLERS and uow.viewer.roles & WRITERS):
        raise NotAllowedError("your role reads nothing of it")


def digest_of(content: bytes) -> str:
    """Return a plain digest, for what is asked."""
    return hashlib.sha256(content).hexdigest()
