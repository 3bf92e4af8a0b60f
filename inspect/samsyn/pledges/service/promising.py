"""Write pledges and their focus areas: who promises, for which year, and about what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Agreement, FocusArea, Pledge
from samsyn.pledges.rules import FIRST_YEAR, LAST_YEAR, MOST_TEXT, PledgeState
from samsyn.pledges.service.returning import tell_when_over, wanted_of

MOST_AREAS: Final = 20
ONE_WAY: Final = "a pledge promises returns in one way"
PERSONAL: Final = "must not hold a personal identity number"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed for which party, as what."""

    authority_id: UUID
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class MakePledge:
    """A pledge for a year; it is a draft until it is signed."""

    collaboration_id: UUID
    year: int
    name: str
    parties: tuple[UUID, ...]
    agreement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignPledge:
    """Where and when a pledge was signed, and by whom."""

    pledge_id: UUID
    signed_on: date
    place: str
    signatories: tuple[Signatory, ...]
    seen_version: int


@dataclass(frozen=True, slots=True)
class AddFocusArea:
    """What the pledge is about, and the picture that justifies it."""

    pledge_id: UUID
    name: str
    picture: str = ""


def make_pledge(uow: UnitOfWork, command: MakePledge) -> UUID:
    """Begin the pledge of a year; ``ConflictError`` where the collaboration has one for it already."""
    demand_planner(uow)
    check_parties(uow, command.collaboration_id, command.parties, ())
    faults = text_faults(name=command.name)
    if uow.me not in command.parties:
        faults["parties"] = ["must be one of the parties yourselves"]
    if not FIRST_YEAR <= command.year <= LAST_YEAR:
        faults["year"] = ["no such year"]
    refuse(faults | agreement_faults(uow, command.agreement_id, command.collaboration_id))
    p = Pledge
    of_year = (p.collaboration_id == command.collaboration_id, p.year == command.year, p.removed_at.is_(None))
    if uow.session.scalar(select(p.id).where(*of_year)):
        raise ConflictError("there is a pledge for that year", fields={"year": ["already has its pledge"]})
    row = Pledge(
        id=uuid4(),
        collaboration_id=command.collaboration_id,
        agreement_id=command.agreement_id,
        year=command.year,
        name=command.name,
        state=PledgeState.DRAFT,
        signed_on=None,
        place="",
        parties=list(command.parties),
        signatories=[],
        removed_at=None,
        version=1,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, "pledge.make", row.id)
    return row.id


def sign_pledge(uow: UnitOfWork, command: SignPledge) -> None:
    """Say that a pledge is signed: from now on it is in force, and its promises are as they were signed.

    ``InvalidError`` where somebody signed for no party, or nobody for one: no party is bound by another's hand.
    """
    row = own_pledge(uow, command.pledge_id, command.seen_version)
    check_parties(uow, row.collaboration_id, tuple(row.parties), command.signatories)
    faults = text_faults(place=command.place) | signed_faults(uow, command.signed_on)
    if {one.authority_id for one in command.signatories} != set(row.parties):
        faults["signatories"] = ["say who signed for each party"]
    refuse(faults)
    if row.state is not PledgeState.DRAFT or row.removed_at is not None:
        raise ConflictError("the pledge is signed already, or was removed")
    if len(wanted_of(uow, row.id)) > 1:
        raise ConflictError("returns are promised in one way", fields={"within_days": [ONE_WAY]})
    row.state, row.signed_on, row.place = PledgeState.IN_FORCE, command.signed_on, command.place
    row.signatories, row.version = as_rows(command.signatories), row.version + 1
    uow.session.flush()
    tell_when_over(uow, row)
    record(uow, "pledge.sign", row.id)


def add_focus_area(uow: UnitOfWork, command: AddFocusArea) -> UUID:
    """Add a focus area to a pledge that is not signed yet; ``ConflictError`` for a name that it has."""
    pledge = draft_of(uow, command.pledge_id)
    faults = text_faults(area=command.name) | text_faults(needed=False, picture=command.picture)
    refuse(faults)
    a = FocusArea
    names = list(uow.session.scalars(select(a.name).where(a.pledge_id == pledge.id, a.removed_at.is_(None))))
    if command.name in names:
        raise ConflictError("the pledge has that focus area", fields={"area": ["is there already"]})
    if len(names) >= MOST_AREAS:
        raise ConflictError("a pledge has at most so many focus areas", fields={"area": ["there are too many"]})
    row = FocusArea(
        id=uuid4(),
        pledge_id=pledge.id,
        collaboration_id=pledge.collaboration_id,
        name=command.name,
        picture=command.picture,
        position=len(names) + 1,
        removed_at=None,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, "pledge.change", pledge.id)
    return row.id


def own_pledge(uow: UnitOfWork, pledge_id: UUID, seen_version: int) -> Pledge:
    """Return a pledge to be changed, as the reader saw it."""
    demand_planner(uow)
    row = locked(uow, pledge_id)
    if row.version != seen_version:
        raise ChangedMeanwhileError("somebody changed the pledge")
    return row


def draft_of(uow: UnitOfWork, pledge_id: UUID, seen_version: int | None = None, *, removed: bool = False) -> Pledge:
    """Return a pledge that may still be written; what is signed is not changed, what is removed is put back first."""
    demand_planner(uow)
    row = locked(uow, pledge_id)
    if row.state is not PledgeState.DRAFT:
        raise ConflictError("what is signed is not changed")
    if row.removed_at is not None and not removed:
        raise ConflictError("the pledge was removed")
    if seen_version is not None and row.version != seen_version:
        raise ChangedMeanwhileError("somebody changed the pledge")
    row.version += 1  # who signs has read all of it
    return row


def locked(uow: UnitOfWork, pledge_id: UUID) -> Pledge:
    """Return a pledge that nobody else changes meanwhile; ``NotAllowedError`` where the own authority is no party."""
    row = uow.session.get(Pledge, pledge_id)
    if row is None:
        raise NotFoundError("no such pledge")
    demand_party(uow, row)
    uow.session.refresh(row, with_for_update=True)
    return row


def demand_party(uow: UnitOfWork, row: Pledge) -> None:
    """Refuse who gives no part of the promise."""
    if uow.me not in row.parties:
        raise NotAllowedError("only a party writes the pledge")


def demand_planner(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner keeps pledges")


def check_parties(
    uow: UnitOfWork, collaboration_id: UUID, parties: Sequence[UUID], signatories: Sequence[Signatory]
) -> None:
    """Refuse parties that are no members, and signatories of no party."""
    members = {one.id for one in members_of(uow, collaboration_id)}
    if uow.me not in members or not set(parties) <= members:
        raise NotFoundError("no such member of the collaboration")
    if not parties:
        raise InvalidError("a pledge has parties", fields={"parties": ["choose at least one"]})
    if not {one.authority_id for one in signatories} <= set(parties):
        raise InvalidError("only parties sign", fields={"signatories": ["must be of a party"]})
    refuse(text_faults(signatories=" ".join(f"{one.title} {one.name}" for one in signatories) or "-"))


def text_faults(*, needed: bool = True, **said: str) -> dict[str, list[str]]:
    """Return the faults of free texts, by field."""
    faults: dict[str, list[str]] = {}
    for name, words in said.items():
        if needed and not words.strip():
            faults[name] = ["must not be empty"]
        elif len(words) > MOST_TEXT:
            faults[name] = ["too long"]
        elif has_personal_number(words):
            faults[name] = [PERSONAL]
    return faults


def agreement_faults(uow: UnitOfWork, agreement_id: UUID | None, collaboration_id: UUID) -> dict[str, list[str]]:
    """Return the fault of an agreement that is another collaboration's, or was removed."""
    row = None if agreement_id is None else uow.session.get(Agreement, agreement_id)
    stands = row is not None and row.collaboration_id == collaboration_id and row.removed_at is None
    return {} if stands or agreement_id is None else {"agreement_id": ["choose one of the collaboration's"]}


def signed_faults(uow: UnitOfWork, signed_on: date) -> dict[str, list[str]]:
    """Return the fault of a day that has not come."""
    return {"signed_on": ["must not be in the future"]} if signed_on > uow.today else {}


def refuse(faults: Mapping[str, list[str]]) -> None:
    """Raise where there are faults."""
    if faults:
        raise InvalidError("that cannot be promised", fields=dict(faults))


def as_rows(signatories: Iterable[Signatory]) -> list[dict[str, str]]:
    """Return signatories as a row keeps them."""
    return [{"authority_id": str(one.authority_id), "title": one.title, "name": one.name} for one in signatories]
