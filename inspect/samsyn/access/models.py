"""Tables of persons, their place in an authority, and every kind of secret that opens something."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.access.rules import Language, Purpose, ShownAs
from samsyn.core.base import Base, Keyed
from samsyn.core.entry_kinds import PASSKEY
from samsyn.core.house_kinds import (
    COMPETENCE,
    DOOR,
    OWN,
    PERSON_OWN,
    SETTING,
    SIGN_IN_WAY,
    STAFF,
)
from samsyn.core.keeping_kinds import TIDY_ACCEPTANCE, TIDY_DEPUTY, TIDY_INVITATION, TIDY_TOKEN
from samsyn.core.sign_in_kinds import IDENTITY


class Person(Keyed, Base):
    """A human with a sign-in; readable by that person alone."""

    __tablename__ = "person"
    kind = PERSON_OWN
    shown_name: Mapped[str]
    language: Mapped[Language] = mapped_column(default=Language.SV)


class Staff(Keyed, Base):
    """A person's place in an authority, as colleagues of a shared collaboration see it."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("person_id", "authority_id"),
        UniqueConstraint("id", "authority_id"),
        ForeignKeyConstraint(["unit_id", "authority_id"], ["unit.id", "unit.authority_id"]),
        Index("ix_staff_authority_id", "authority_id"),
    )
    kind = STAFF
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    unit_id: Mapped[UUID]
    shown_name: Mapped[str]
    service_number: Mapped[str | None]
    shown_as: Mapped[ShownAs] = mapped_column(default=ShownAs.NAME)
    roles: Mapped[list[str]]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class StaffAddress(Base):
    """The work address: read by the own authority alone, so that only the recipient's worker can write to it."""

    __tablename__ = "staff_address"
    __table_args__ = (
        UniqueConstraint("authority_id", "address"),
        ForeignKeyConstraint(["staff_id", "authority_id"], ["staff.id", "staff.authority_id"]),
    )
    kind = OWN
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    address: Mapped[str]
    phone: Mapped[str | None]
    language: Mapped[Language] = mapped_column(default=Language.SV)


class Competence(Base):
    """What a person is qualified for, until when; planners of a shared collaboration ask for it."""

    __tablename__ = "competence"
    __table_args__ = (ForeignKeyConstraint(["staff_id", "authority_id"], ["staff.id", "staff.authority_id"]),)
    kind = COMPETENCE
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    valid_until: Mapped[date | None]


class OwnSetting(Base):
    """A choice of a person's own: colours, shortcuts, which notices by mail. ``value`` is a short word."""

    __tablename__ = "own_setting"
    __table_args__ = (CheckConstraint("length(value) <= 200", name="short"),)
    kind = SETTING
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Token(Base):
    """A secret, as its digest. Acts for a person in one authority; the secret itself is shown once."""

    __tablename__ = "token"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        UniqueConstraint("id"),
        CheckConstraint("scopes IS NULL OR purpose = 'api'", name="scoped"),
        CheckConstraint("operation_id IS NULL OR purpose = 'field_session'", name="field"),
        Index("ix_token_person_id", "person_id"),
        Index("ix_token_assignment_id", "assignment_id"),
    )
    kind = TIDY_TOKEN
    hash: Mapped[str] = mapped_column(primary_key=True)
    # What lists and forms name a credential by.
    id: Mapped[UUID] = mapped_column(default=uuid4, server_default=text("gen_random_uuid()"))
    purpose: Mapped[Purpose]
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    feed_id: Mapped[UUID | None]
    password: Mapped[str | None]  # argon2id; of a sign-in row alone, whose hash is that of the work address
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # of a session or token, at coarse steps
    device: Mapped[str | None]  # browser and system, never the whole header
    origin: Mapped[str | None]  # the network that it came from, not the address
    name: Mapped[str | None]  # what its owner calls a token for the API
    scopes: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))  # absent: all that the person may
    operation_id: Mapped[UUID | None]  # the one operation of a field session; no reference, which policies would read
    poll_ask_id: Mapped[UUID | None]  # the one question of a time poll; no reference either


class Totp(Base):
    """The secret of a person's code app, encrypted; ``last_step`` is what makes each code good once."""

    __tablename__ = "totp"
    kind = SIGN_IN_WAY
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime]


class Identity(Keyed, Base):
    """Whom an identity provider's word stands for: issuer and subject, never a mail address.

    ``hash`` is a keyed digest of the two: the subject, which may be a personal number (R5), stands nowhere.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("hash"),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_identity_person_id", "person_id"),
    )
    kind = IDENTITY
    hash: Mapped[str]
    issuer: Mapped[str]
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    since: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day the phone is gone, as its digest; used once."""

    __tablename__ = "recovery_code"
    kind = SIGN_IN_WAY
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class Attempt(Keyed, Base):
    """A refused sign-in, under the digest of what was tried or of who tried, for as long as it counts."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_hash_until", "hash", "until"), Index("ix_attempt_until", "until"))
    kind = DOOR
    hash: Mapped[str]
    until: Mapped[datetime]


class Invitation(Keyed, Base):
    """A place in one unit that is offered to a work address. What the link opens with stands here as its digest."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("hash"),
        UniqueConstraint("id", "authority_id"),
        ForeignKeyConstraint(["unit_id", "authority_id"], ["unit.id", "unit.authority_id"]),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_invitation_authority_id", "authority_id"),
    )
    kind = TIDY_INVITATION
    hash: Mapped[str]
    edition: Mapped[int]  # which sending of it: each has a link of its own, and the one before opens nothing
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    address: Mapped[str]
    roles: Mapped[list[str]]
    service_number: Mapped[str | None]  # given: the person is shown by it instead of the name (R18)
    person_id: Mapped[UUID | None]  # given: who left and may come back; nobody else takes it
    language: Mapped[Language]
    invited_by_id: Mapped[UUID]
    invited_by: Mapped[str]  # as the inviter is shown, for a reader who may not read the staff
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str | None]  # the mail server's code, where it took the letter not


class InvitationAcceptance(Base):
    """That an invitation was taken, by whom: its key makes the link good once."""

    __tablename__ = "invitation_acceptance"
    __table_args__ = (
        ForeignKeyConstraint(["invitation_id", "authority_id"], ["invitation.id", "invitation.authority_id"]),
    )
    kind = TIDY_ACCEPTANCE
    invitation_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    accepted_at: Mapped[datetime]


class Passkey(Keyed, Base):
    """The public half of a key that a person's device holds; found by the digest of its name on that device."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("hash"), Index("ix_passkey_person_id", "person_id"))
    kind = PASSKEY
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    hash: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]  # its counter went back: there may be two of it


class Challenge(Keyed, Base):
    """A question that one browser may answer once, as its digest, for as long as it stands."""

    __tablename__ = "challenge"
    __table_args__ = (Index("ix_challenge_hash", "hash"), Index("ix_challenge_until", "until"))
    kind = DOOR
    hash: Mapped[str]
    until: Mapped[datetime]


class Deputy(Keyed, Base):
    """Who stands in for a colleague of the same unit for some days, and hears what that colleague hears as a planner.

    It gives no role: what the deputy may do follows from the deputy's own.
    """

    __tablename__ = "deputy"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        ForeignKeyConstraint(["deputy_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        CheckConstraint("until_on BETWEEN from_on AND from_on + 90", name="some_days"),
        CheckConstraint("person_id <> deputy_id", name="another"),
        Index("ix_deputy_authority_id", "authority_id"),
    )
    kind = TIDY_DEPUTY
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    from_on: Mapped[date]
    until_on: Mapped[date]
    named_by_id: Mapped[UUID]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
