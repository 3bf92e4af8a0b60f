"""Write persons, their place in an authority, and credentials."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from samsyn.access.models import Competence, OwnSetting, Person, Staff, StaffAddress, Token
from samsyn.access.rules import Language, Purpose, Role, ShownAs
from samsyn.audit.service import record
from samsyn.authorities.service import end_stewardship
from samsyn.core.errors import NotAllowedError, NotFoundError, NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer

SESSION_LIFE: Final = timedelta(hours=10)
API_LIFE: Final = timedelta(days=365)
HASHER: Final = PasswordHasher()


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new person with a place in the viewer's authority."""

    person_id: UUID
    name: str
    unit_id: UUID
    roles: frozenset[Role]
    address: str
    phone: str | None = None
    service_number: str | None = None
    shown_as: ShownAs = ShownAs.NAME
    competences: frozenset[str] = frozenset()
    language: Language = Language.SV


def add_person(uow: UnitOfWork, command: AddPerson) -> UUID:
    """Write a person with a place, an address, competences; return the staff id.

    The viewer must be ``person_id`` acting as unit administrator: a person's own row is written by that person alone.
    """
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator adds people")
    session, staff_id = uow.session, uuid4()
    session.execute(insert(Person).values(id=command.person_id, shown_name=command.name, language=command.language))
    session.execute(
        insert(Staff).values(
            id=staff_id,
            person_id=command.person_id,
            authority_id=uow.me,
            unit_id=command.unit_id,
            shown_name=command.service_number
            if command.shown_as is ShownAs.NUMBER and command.service_number
            else command.name,
            service_number=command.service_number,
            shown_as=command.shown_as,
            roles=sorted(command.roles),
            from_on=uow.now.date(),
        )
    )
    session.execute(
        insert(StaffAddress).values(
            staff_id=staff_id,
            person_id=command.person_id,
            authority_id=uow.me,
            address=command.address.strip().lower(),
            phone=command.phone,
            language=command.language,
        )
    )
    for code in sorted(command.competences):
        session.execute(insert(Competence).values(staff_id=staff_id, code=code, authority_id=uow.me))
    record(uow, "person.add", command.person_id)
    return staff_id


@dataclass(frozen=True, slots=True)
class PlaceEnds:
    """That somebody's time in the viewer's authority is over after a day."""

    person_id: UUID
    last_day: date


def end_place(uow: UnitOfWork, command: PlaceEnds) -> None:
    """Note the last day of a colleague and end every credential: sign-in, sessions, tokens, feeds, answer links.

    What the person wrote stays where it is, in the person's name. ``NotFoundError`` for who has no place here.
    """
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator ends a place")
    ended = uow.session.execute(
        update(Staff)
        .where(Staff.person_id == command.person_id, Staff.authority_id == uow.me)
        .values(until_on=command.last_day)
        .returning(Staff.id)
    )
    if ended.first() is None:
        raise NotFoundError("no such person")
    uow.session.execute(
        update(Token)
        .where(Token.person_id == command.person_id, Token.authority_id == uow.me, Token.revoked_at.is_(None))
        .values(revoked_at=uow.now)
    )
    record(uow, "person.leave", command.person_id)


def new_token(
    uow: UnitOfWork,
    purpose: Purpose,
    person_id: UUID,
    *,
    expires_at: datetime | None = None,
    feed_id: UUID | None = None,
    secret: str | None = None,
    assignment_id: UUID | None = None,
    derived: bool = False,
) -> str:
    """Write a credential of the viewer's authority and return its secret (256 random bits), which is kept nowhere.

    ``derived``: the secret follows from keys, so that another worker may write the same row at the same moment.
    """
    secret = secret or f"samsyn_{purpose.value}_{secrets.token_urlsafe(32)}"
    values = {
        "hash": fingerprint(secret),
        "purpose": purpose,
        "person_id": person_id,
        "authority_id": uow.me,
        "feed_id": feed_id,
        "assignment_id": assignment_id,
        "created_at": uow.now,
        "expires_at": expires_at,
    }
    if derived:
        uow.session.execute(insert_or_leave(Token).values(values).on_conflict_do_nothing())
    else:
        uow.session.execute(insert(Token).values(values))
    return secret


@dataclass(frozen=True, slots=True)
class Derived:
    """A credential whose secret follows from keys: a reply address, an answer link."""

    purpose: Purpose
    person_id: UUID
    secret: str
    expires_at: datetime | None = None
    assignment_id: UUID | None = None


def ensure_tokens(uow: UnitOfWork, wanted: Sequence[Derived]) -> None:
    """Write those that do not stand already; another worker may write the same ones at the same moment."""
    values = [
        {
            "hash": fingerprint(one.secret),
            "purpose": one.purpose,
            "person_id": one.person_id,
            "authority_id": uow.me,
            "assignment_id": one.assignment_id,
            "created_at": uow.now,
            "expires_at": one.expires_at,
        }
        for one in wanted
    ]
    if values:  # in one order everywhere, or two workers could wait for each other
        uow.session.execute(
            insert_or_leave(Token).on_conflict_do_nothing(), sorted(values, key=lambda it: str(it["hash"]))
        )


def end_other_links(uow: UnitOfWork, assignments: set[UUID], but: set[str]) -> None:
    """End every answer link of the assignments, except those with the secrets ``but`` (one link per version)."""
    uow.session.execute(
        update(Token)
        .where(
            Token.assignment_id.in_(assignments),
            Token.purpose == Purpose.ANSWER,
            Token.revoked_at.is_(None),
            Token.hash.not_in({fingerprint(secret) for secret in but}),
        )
        .values(revoked_at=uow.now)
        .execution_options(synchronize_session=False)
    )


def end_feed_tokens(uow: UnitOfWork, feed_id: UUID) -> None:
    """End the address of a feed at once."""
    uow.session.execute(update(Token).where(Token.feed_id == feed_id).values(revoked_at=uow.now))


def hash_password(password: str) -> str:
    """Return what is kept of a password (argon2id), dear on purpose."""
    return HASHER.hash(password)


def set_password(uow: UnitOfWork, person_id: UUID, address: str, password: str, *, hashed: str | None = None) -> None:
    """Let a person sign in with a work address and a password; ``hashed`` is what ``hash_password`` made of it."""
    uow.session.execute(
        insert(Token).values(
            hash=fingerprint(sign_in_name(address)),
            purpose=Purpose.SIGN_IN,
            person_id=person_id,
            authority_id=uow.me,
            password=hashed or hash_password(password),
            created_at=uow.now,
        )
    )
    record(uow, "password.set", person_id)


def sign_in_name(address: str) -> str:
    """Return what a sign-in row is found by."""
    return f"sign_in:{address.strip().lower()}"


NOBODY: Final = HASHER.hash("nobody's password, checked so that an unknown address takes as long as a known one")


def sign_in(address: str, password: str, now: datetime | None = None) -> str:
    """Check address and password and return the secret of a new session; ``NotKnownError`` says no more than that."""
    with unit_of_work(Viewer.presenting(fingerprint(sign_in_name(address))), now) as uow:
        row = uow.session.scalar(
            select(Token).where(
                Token.hash == uow.viewer.presented, Token.purpose == Purpose.SIGN_IN, Token.revoked_at.is_(None)
            )
        )
    try:
        HASHER.verify(row.password or NOBODY if row else NOBODY, password)
    except VerificationError:
        raise NotKnownError("address or password is wrong") from None
    if row is None or row.password is None:
        raise NotKnownError("address or password is wrong")
    with unit_of_work(Viewer(row.authority_id, row.person_id), now) as uow:
        roles = uow.session.scalar(
            select(Staff.roles).where(Staff.person_id == row.person_id, Staff.authority_id == row.authority_id)
        )
        if Role.UNIT_ADMIN in (roles or ()):
            end_stewardship(uow)
        secret = new_token(uow, Purpose.SESSION, row.person_id, expires_at=uow.now + SESSION_LIFE)
        record(uow, "session.begin", row.person_id)
    return secret


def sign_out(uow: UnitOfWork, secret: str) -> None:
    """End the session at once."""
    uow.session.execute(update(Token).where(Token.hash == fingerprint(secret)).values(revoked_at=uow.now))
    record(uow, "session.end", uow.person)


def create_api_token(uow: UnitOfWork, person_id: UUID) -> str:
    """Return a token for the API, shown once, valid for a year; for the viewer itself or by a unit administrator."""
    if person_id != uow.viewer.person_id and Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("a token is made by its owner or a unit administrator")
    if uow.session.scalar(select(Staff.id).where(Staff.person_id == person_id, Staff.authority_id == uow.me)) is None:
        raise NotFoundError("no such person")
    record(uow, "token.create", person_id)
    return new_token(uow, Purpose.API, person_id, expires_at=uow.now + API_LIFE)


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """Choices of the viewer's own, by name; a ``language`` is the person's and is kept with the person."""

    values: Mapping[str, str]
    language: Language | None = None


def keep_settings(uow: UnitOfWork, command: KeepSettings) -> None:
    """Keep the choices named and leave the others as they are; nobody else reads or changes them."""
    if command.values:
        rows = [{"person_id": uow.person, "name": name, "value": value} for name, value in command.values.items()]
        new = insert_or_leave(OwnSetting).values(rows)
        uow.session.execute(
            new.on_conflict_do_update(index_elements=["person_id", "name"], set_={"value": new.excluded.value})
        )
    if command.language is not None:
        uow.session.execute(update(Person).where(Person.id == uow.person).values(language=command.language))
    record(uow, "person.settings", uow.person)
