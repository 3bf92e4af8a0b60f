"""The own authority's people as its administrator sees them, those who have left among them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from samsyn.access.models import Competence, Identity, Staff, StaffAddress, Token
from samsyn.access.rules import Purpose, Role, ShownAs
from samsyn.core.database import one_of
from samsyn.core.errors import NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.texts import sort_key

MOST: Final = 20_000
"""More than any authority has; names are read whole and sorted here: the database has no Swedish order."""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A person's place in the own authority. ``seen_at``: the last sign-in that is still kept (30 days)."""

    staff_id: UUID
    person_id: UUID
    unit_id: UUID
    shown_name: str
    service_number: str | None
    shown_as: ShownAs
    roles: tuple[str, ...]
    from_on: date
    until_on: date | None
    address: str
    phone: str | None
    competences: tuple[str, ...] = ()
    seen_at: datetime | None = None

    def left(self, today: date) -> bool:
        """Say whether the last day is over."""
        return self.until_on is not None and self.until_on < today

    def out(self, today: date) -> bool:
        """Say whether nothing opens any more: on the last day already, where it was noted on that day."""
        return self.until_on is not None and self.until_on <= today

    @property
    def digest(self) -> str:
        """What a form carries, so that nobody overwrites what a colleague changed meanwhile."""
        said = (self.unit_id, self.shown_name, self.service_number, self.shown_as, sorted(self.roles))
        kept = (*said, self.until_on, self.address, self.phone, sorted(self.competences))
        return hashlib.sha256(repr(kept).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which of the own people; ``left``: those whose last day is over instead of those who are here."""

    unit_id: UUID | None = None
    text: str = ""
    left: bool = False


def list_places(uow: UnitOfWork, seek: Seek, wanted: PlaceFilter = PlaceFilter()) -> Page[PlaceCard]:
    """The own authority's people in Swedish order of the shown name; four statements however many there are."""
    s, today = Staff, uow.today
    names = select(s.person_id, s.shown_name).where(s.authority_id == uow.me)
    names = names.where(s.until_on < today if wanted.left else or_(s.until_on.is_(None), s.until_on >= today))
    if wanted.unit_id is not None:
        names = names.where(s.unit_id == wanted.unit_id)
    if wanted.text:
        names = names.where(func.lower(s.shown_name).contains(wanted.text.lower(), autoescape=True))
    found = [(sort_key(row.shown_name), str(row.person_id)) for row in uow.session.execute(names.limit(MOST))]
    keys = sorted(key for key in found if key > seek.after)
    page = cut(keys[: seek.limit + 1], seek, lambda key: key)
    read = read_cards(uow, [UUID(person) for _, person in page.items])
    return Page([read[UUID(person)] for _, person in page.items], page.next_cursor)


def get_place(uow: UnitOfWork, person_id: UUID) -> PlaceCard:
    """One of the own people; ``NotFoundError`` for anybody else."""
    found = read_cards(uow, [person_id])
    if person_id not in found:
        raise NotFoundError("no such person")
    return found[person_id]


def read_cards(uow: UnitOfWork, people: Sequence[UUID]) -> dict[UUID, PlaceCard]:
    """Return the places of some of the own people by person."""
    a = StaffAddress
    rows = select(Staff, a.address, a.phone).outerjoin(a, a.staff_id == Staff.id)
    found = uow.session.execute(rows.where(Staff.authority_id == uow.me, one_of(Staff.person_id, people))).all()
    codes, seen = codes_of(uow, [row.Staff.id for row in found]), last_sign_ins(uow, people)
    return {one.person_id: card(one, codes, seen, address or "", phone) for one, address, phone in found}


def card(
    row: Staff, codes: Mapping[UUID, Sequence[str]], seen: Mapping[UUID, datetime], address: str, phone: str | None
) -> PlaceCard:
    """Copy a mapped row into the public type."""
    return PlaceCard(
        row.id,
        row.person_id,
        row.unit_id,
        row.shown_name,
        row.service_number,
        row.shown_as,
        tuple(row.roles),
        row.from_on,
        row.until_on,
        address,
        phone,
        tuple(codes.get(row.id, ())),
        seen.get(row.person_id),
    )


def codes_of(uow: UnitOfWork, staff: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Return the competences that have not run out, by place."""
    c, found = Competence, dict[UUID, list[str]]()
    valid = or_(c.valid_until.is_(None), c.valid_until >= uow.today)
    rows = select(c.staff_id, c.code).where(one_of(c.staff_id, staff), valid).order_by(c.code)
    for staff_id, code in uow.session.execute(rows):
        found.setdefault(staff_id, []).append(code)
    return found


def last_sign_ins(uow: UnitOfWork, people: Sequence[UUID]) -> dict[UUID, datetime]:
    """When people began their last session here, of those that are still kept; an administrator may read that."""
    t = Token
    rows = (
        select(t.person_id, func.max(t.created_at))
        .where(t.authority_id == uow.me, t.purpose == Purpose.SESSION, one_of(t.person_id, people))
        .group_by(t.person_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(rows)}


def other_administrators(uow: UnitOfWork, person_id: UUID) -> int:
    """How many administrators the authority has beside one, whose place has no last day."""
    rows = select(Staff.roles).where(
        Staff.authority_id == uow.me, Staff.person_id != person_id, Staff.until_on.is_(None)
    )
    return sum(Role.UNIT_ADMIN in roles for roles in uow.session.scalars(rows.limit(MOST)))


@dataclass(frozen=True, slots=True)
class Openings:
    """How much of a colleague's opens something here, by kind; never what opens it. Own keys are the person's alone."""

    sign_ins: int
    sessions: int
    tokens: int
    feeds: int


def openings_of(uow: UnitOfWork, person_id: UUID) -> Openings:
    """Count what ends when a colleague leaves."""
    t = Token
    mine = select(t.purpose, func.count()).where(t.authority_id == uow.me, t.person_id == person_id)
    stand = mine.where(t.revoked_at.is_(None), or_(t.expires_at.is_(None), t.expires_at > func.now()))
    n = {row[0]: row[1] for row in uow.session.execute(stand.group_by(t.purpose))}
    i = Identity
    linked = select(func.count()).select_from(i).where(i.authority_id == uow.me, i.person_id == person_id)
    return Openings(
        n.get(Purpose.SIGN_IN, 0) + (uow.session.scalar(linked) or 0),
        n.get(Purpose.SESSION, 0) + n.get(Purpose.FIELD_SESSION, 0),
        n.get(Purpose.API, 0),
        n.get(Purpose.FEED, 0),
    )
