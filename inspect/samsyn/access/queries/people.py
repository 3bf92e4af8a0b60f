"""Read who somebody is: colleagues, addresses of the own people, the viewer itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from samsyn.access.models import Competence, OwnSetting, Person, Staff, StaffAddress
from samsyn.access.rules import Language, Role
from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A colleague as others see them: the shown name is a service number where the person chose so (R18)."""

    person_id: UUID
    authority_id: UUID
    unit_id: UUID
    shown_name: str
    roles: tuple[str, ...]
    competences: tuple[str, ...]
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the own authority reaches a person."""

    person_id: UUID
    address: str
    shown_name: str
    language: Language


def viewer_now(uow: UnitOfWork, person_id: UUID) -> Viewer | None:
    """Return a person of the viewer's authority with today's roles, or nothing for one who has left."""
    roles = uow.session.scalar(
        select(Staff.roles).where(
            Staff.person_id == person_id,
            Staff.authority_id == uow.me,
            or_(Staff.until_on.is_(None), Staff.until_on >= uow.today),
        )
    )
    return None if roles is None else Viewer(uow.me, person_id, frozenset(roles))


@dataclass(frozen=True, slots=True)
class Place:
    """One of the viewer's own places that stand."""

    authority_id: UUID
    unit_id: UUID
    roles: tuple[str, ...]


def my_places(uow: UnitOfWork) -> list[Place]:
    """The viewer's own places that stand, in every authority."""
    mine = (
        select(Staff.authority_id, Staff.unit_id, Staff.roles)
        .where(Staff.person_id == uow.person, or_(Staff.until_on.is_(None), Staff.until_on >= uow.today))
        .order_by(Staff.from_on, Staff.id)
        .limit(50)
    )
    return [Place(row.authority_id, row.unit_id, tuple(row.roles)) for row in uow.session.execute(mine)]


def my_language(uow: UnitOfWork) -> Language:
    """The language that the viewer chose."""
    return uow.session.scalar(select(Person.language).where(Person.id == uow.person)) or Language.SV


def my_name(uow: UnitOfWork) -> str:
    """The viewer's own name."""
    return uow.session.scalar(select(Person.shown_name).where(Person.id == uow.person)) or ""


@dataclass(frozen=True, slots=True)
class Myself:
    """The viewer as every page needs them: name, language, own choices by name, the unit in the own authority."""

    name: str
    language: Language
    settings: dict[str, str]
    unit_id: UUID | None = None


def myself(uow: UnitOfWork) -> Myself:
    """The viewer's own name, language, choices and unit, in one statement: every page asks."""
    rows = uow.session.execute(
        select(Person.shown_name, Person.language, OwnSetting.name, OwnSetting.value, Staff.unit_id)
        .outerjoin(OwnSetting, OwnSetting.person_id == Person.id)
        .outerjoin(Staff, (Staff.person_id == Person.id) & (Staff.authority_id == uow.me))
        .where(Person.id == uow.person)
        .limit(200)
    ).all()
    if not rows:
        return Myself("", Language.SV, {})
    chosen = {row.name: row.value for row in rows if row.name is not None}
    return Myself(rows[0].shown_name, rows[0].language, chosen, rows[0].unit_id)


def my_settings(uow: UnitOfWork) -> dict[str, str]:
    """The viewer's own choices by name; what was never chosen is absent."""
    rows = uow.session.execute(
        select(OwnSetting.name, OwnSetting.value).where(OwnSetting.person_id == uow.person).limit(200)
    )
    return {row.name: row.value for row in rows}


def list_staff(uow: UnitOfWork, authority_id: UUID | None = None, limit: int = 200) -> list[StaffLine]:
    """Colleagues that the viewer may see who have not left, by authority and name."""
    return staff_of(uow, None if authority_id is None else {authority_id}, limit)


def staff_of(
    uow: UnitOfWork, authorities: Collection[UUID] | None, limit: int, *, able: bool = True
) -> list[StaffLine]:
    """Those of some authorities, or of all, by authority and name; two statements, one without what each is ``able``
    to, which is empty then.
    """
    s = Staff
    rows = select(s.id, s.person_id, s.authority_id, s.unit_id, s.shown_name, s.roles, s.until_on).where(
        or_(s.until_on.is_(None), s.until_on >= uow.today)
    )
    if authorities is not None:
        rows = rows.where(one_of(s.authority_id, authorities))
    staff = uow.session.execute(rows.order_by(s.authority_id, s.shown_name, s.id).limit(limit)).all()
    codes: dict[UUID, list[str]] = {}
    competences = select(Competence.staff_id, Competence.code).where(
        one_of(Competence.staff_id, [row.id for row in staff]),
        or_(Competence.valid_until.is_(None), Competence.valid_until >= uow.today),
    )
    for staff_id, code in uow.session.execute(competences) if able else ():
        codes.setdefault(staff_id, []).append(code)
    return [
        StaffLine(
            row.person_id,
            row.authority_id,
            row.unit_id,
            row.shown_name,
            tuple(row.roles),
            tuple(sorted(codes.get(row.id, ()))),
            row.until_on,
        )
        for row in staff
    ]


def planners_of(uow: UnitOfWork, authorities: set[UUID]) -> list[tuple[UUID, UUID]]:
    """Person and authority of the planners of some authorities that the viewer may see, who have not left."""
    rows = (
        select(Staff.person_id, Staff.authority_id, Staff.roles)
        .where(Staff.authority_id.in_(authorities), or_(Staff.until_on.is_(None), Staff.until_on >= uow.today))
        .order_by(Staff.authority_id, Staff.person_id)
        .limit(10_000)
    )
    return [(row.person_id, row.authority_id) for row in uow.session.execute(rows) if "planner" in row.roles]


def log_reviewers(uow: UnitOfWork) -> list[tuple[UUID, UUID]]:
    """Person and authority of the own log reviewers, who have not left."""
    return colleagues_with(uow, {Role.LOG_REVIEWER})


def colleagues_with(uow: UnitOfWork, roles: Collection[Role]) -> list[tuple[UUID, UUID]]:
    """Person and authority of the own people with one of the roles, who have not left."""
    rows = (
        select(Staff.person_id, Staff.authority_id, Staff.roles)
        .where(Staff.authority_id == uow.me, or_(Staff.until_on.is_(None), Staff.until_on >= uow.today))
        .order_by(Staff.person_id)
        .limit(10_000)
    )
    return [(row.person_id, row.authority_id) for row in uow.session.execute(rows) if set(roles) & set(row.roles)]


def staff_names(uow: UnitOfWork, people: set[UUID]) -> dict[tuple[UUID, UUID], str]:
    """Shown names by person and authority, of those that the viewer may see."""
    rows = select(Staff.person_id, Staff.authority_id, Staff.shown_name).where(Staff.person_id.in_(people))
    return {(row.person_id, row.authority_id): row.shown_name for row in uow.session.execute(rows)}


def unit_of_person(uow: UnitOfWork, person_id: UUID, authority_id: UUID | None = None) -> UUID | None:
    """The unit of a person in the viewer's authority, or in another one that the viewer may see."""
    there = Staff.authority_id == (authority_id or uow.me)
    return uow.session.scalar(select(Staff.unit_id).where(Staff.person_id == person_id, there))


def people_of_unit(uow: UnitOfWork, unit_id: UUID) -> set[UUID]:
    """The own people of one unit, also those who have left: what they went to stays the unit's."""
    return set(
        uow.session.scalars(select(Staff.person_id).where(Staff.authority_id == uow.me, Staff.unit_id == unit_id))
    )


def last_day_of(uow: UnitOfWork, person_id: UUID, authority_id: UUID) -> date | None:
    """The last day of somebody that the viewer may see, where one is set."""
    mine = select(Staff.until_on).where(Staff.person_id == person_id, Staff.authority_id == authority_id)
    return uow.session.scalar(mine)


def contacts(uow: UnitOfWork, people: set[UUID]) -> dict[UUID, Contact]:
    """How to reach people of the viewer's own authority."""
    rows = (
        select(StaffAddress.person_id, StaffAddress.address, Staff.shown_name, StaffAddress.language)
        .join(Staff, Staff.id == StaffAddress.staff_id)
        .where(StaffAddress.person_id.in_(people), StaffAddress.authority_id == uow.me)
    )
    return {row.person_id: Contact(*row) for row in uow.session.execute(rows)}


def colleague_at(uow: UnitOfWork, address: str) -> UUID | None:
    """Return who of the viewer's authority has a work address and has not left; capitals make no difference."""
    rows = (
        select(StaffAddress.person_id)
        .join(Staff, Staff.id == StaffAddress.staff_id)
        .where(
            StaffAddress.authority_id == uow.me,
            func.lower(StaffAddress.address) == address.lower(),
            or_(Staff.until_on.is_(None), Staff.until_on >= uow.today),
        )
    )
    found = list(uow.session.scalars(rows.limit(2)))
    return found[0] if len(found) == 1 else None


def own_phone(uow: UnitOfWork) -> tuple[str, str]:
    """The viewer's own work phone, empty where none is known, and the shown name or service number beside it (R18)."""
    rows = (
        select(StaffAddress.phone, Staff.shown_name)
        .join(Staff, Staff.id == StaffAddress.staff_id)
        .where(StaffAddress.person_id == uow.person, StaffAddress.authority_id == uow.me)
    )
    row = uow.session.execute(rows).one_or_none()
    return ("", "") if row is None else (row.phone or "", row.shown_name)


def competences_of(uow: UnitOfWork, people: set[UUID]) -> dict[tuple[UUID, UUID], frozenset[str]]:
    """Valid competences by person and authority, of those that the viewer may see."""
    rows = (
        select(Staff.person_id, Staff.authority_id, Competence.code)
        .join(Competence, Competence.staff_id == Staff.id)
        .where(
            Staff.person_id.in_(people),
            or_(Competence.valid_until.is_(None), Competence.valid_until >= uow.today),
        )
    )
    found: dict[tuple[UUID, UUID], frozenset[str]] = {}
    for person_id, authority_id, code in uow.session.execute(rows):
        found[person_id, authority_id] = found.get((person_id, authority_id), frozenset()) | {code}
    return found


def find_colleagues(uow: UnitOfWork, said: set[str]) -> dict[str, UUID]:
    """The own colleagues who have not left, by what they were called: work address or service number, small letters."""
    words = {word.strip().lower() for word in said}
    rows = (
        select(Staff.person_id, StaffAddress.address, func.lower(Staff.service_number).label("number"))
        .join(StaffAddress, StaffAddress.staff_id == Staff.id)
        .where(
            Staff.authority_id == uow.me,
            or_(Staff.until_on.is_(None), Staff.until_on >= uow.today),
            or_(StaffAddress.address.in_(words), func.lower(Staff.service_number).in_(words)),
        )
    )
    found: dict[str, UUID] = {}
    for row in uow.session.execute(rows):
        found.update({word: row.person_id for word in (row.address, row.number) if word in words})
    return found
