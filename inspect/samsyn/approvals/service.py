"""Ask for a second person, decide for somebody else, and use a yes; each once, with a line in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from samsyn.access.queries import get_place
from samsyn.access.rules import Role
from samsyn.access.service import held_place, invite_back, return_to_place
from samsyn.approvals.models import Approval, ApprovalDecision, ApprovalUse
from samsyn.approvals.queries import ApprovalLine, get_approval
from samsyn.approvals.rules import DECIDERS, LONGEST, STANDS, USABLE, ApprovalKind, State
from samsyn.audit.service import record
from samsyn.authorities.queries import invited_to, list_authorities, members_of, my_collaborations
from samsyn.authorities.service import invite_member
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, SecondPersonError
from samsyn.core.keys import Keys, fingerprint
from samsyn.core.uow import UnitOfWork

ALL_AUTHORITIES: Final = 5000


@dataclass(frozen=True, slots=True)
class AskExport:
    """A list as a file: which, with which filters (``digest`` freezes both), of how many rows, and why."""

    what: str
    address: str
    digest: str
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class Decide:
    """A yes, or a no with its reason."""

    approval_id: UUID
    approved: bool
    reason: str = ""


def checked(reason: str, *, needed: bool = True) -> str:
    """Return a reason without blanks around it; ``InvalidError`` for none where one is needed, or a long one."""
    said = reason.strip()
    if (needed and not said) or len(said) > LONGEST:
        raise InvalidError("a reason", fields={"reason": ["too_long_text" if said else "missing"]})
    return said


def ask_export(uow: UnitOfWork, command: AskExport) -> UUID:
    """Ask a colleague to let a long list leave; ``ConflictError`` while the same question waits or its yes stands."""
    a, d, u = Approval, ApprovalDecision, ApprovalUse
    standing = (
        select(a.id)
        .outerjoin(d, d.approval_id == a.id)
        .outerjoin(u, u.approval_id == a.id)
        .where(a.asked_by_id == uow.person, a.authority_id == uow.me, a.digest == command.digest)
        .where(
            ((d.approval_id.is_(None)) & (a.expires_at > func.now()))
            | (d.approved & u.approval_id.is_(None) & (d.decided_at > func.now() - USABLE))
        )
    )
    if uow.session.scalar(standing.limit(1)) is not None:
        raise ConflictError("asked already", fields={"reason": ["asked_already"]})
    export = {"what": command.what, "address": command.address, "digest": command.digest, "rows": command.rows}
    said = f"{command.what} {command.rows}"
    return write_question(uow, ApprovalKind.EXPORT, command.reason, said, **export)


def write_question(uow: UnitOfWork, matter: ApprovalKind, why: str, said: str, **about: Any) -> UUID:
    """Write what a colleague is asked, ``about`` which thing; ``said`` is what the trail says of it."""
    approval_id = uuid4()
    whose = {"id": approval_id, "authority_id": uow.me, "asked_by_id": uow.person, "asked_at": uow.now}
    asked = insert(Approval).values(**whose, matter=matter, reason=checked(why), **about)
    uow.session.execute(asked.values(expires_at=func.now() + STANDS))
    record(uow, "approval.ask", approval_id, reason=said)
    return approval_id


@dataclass(frozen=True, slots=True)
class AskMember:
    """A new authority in a collaboration that the own one is a member of, and why."""

    collaboration_id: UUID
    member_id: UUID
    reason: str


def ask_member(uow: UnitOfWork, command: AskMember) -> UUID:
    """Propose a new member as a unit administrator; another person of the authority decides.

    Raises ``NotAllowedError``, ``NotFoundError`` for a collaboration that is not the own or an authority that is not
    there, ``ConflictError`` for one that is a member, is invited, or was proposed already.
    """
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("a unit administrator proposes a new member")
    if all(one.id != command.collaboration_id for one in my_collaborations(uow)):
        raise NotFoundError("no such collaboration")
    if all(one.id != command.member_id for one in list_authorities(uow, ALL_AUTHORITIES)):
        raise NotFoundError("no such authority")
    a, d = Approval, ApprovalDecision
    proposed = select(a.id).outerjoin(d, d.approval_id == a.id).where(d.approval_id.is_(None))
    waits = proposed.where(
        a.collaboration_id == command.collaboration_id, a.member_id == command.member_id, a.expires_at > func.now()
    )
    taken = {one.id for one in members_of(uow, command.collaboration_id)} | invited_to(uow, command.collaboration_id)
    if command.member_id in taken or uow.session.scalar(waits.limit(1)) is not None:
        raise ConflictError("is one already, or is asked about", fields={"member_id": ["member_already"]})
    member = {"collaboration_id": command.collaboration_id, "member_id": command.member_id}
    nothing = {"what": ApprovalKind.MEMBER.value, "address": "", "digest": "", "rows": 0}
    said = f"member {command.member_id}"
    return write_question(uow, ApprovalKind.MEMBER, command.reason, said, **member, **nothing)


def invite_approved(uow: UnitOfWork, approval_id: UUID) -> None:
    """Use the yes to a new member: write the own authority's half; the new one joins by itself.

    Raises ``NotFoundError`` where it is hidden, ``NotAllowedError`` for who did not ask, ``ConflictError`` where no
    yes stands. The database holds all of it too.
    """
    line = get_approval(uow, approval_id)
    if line.asked_by_id != uow.person:
        raise NotAllowedError("who proposed a member invites it")
    if line.collaboration_id is None or line.member_id is None:
        raise NotFoundError("no such proposal")
    if line.state(uow.now) is not State.APPROVED or line.decided_by_id is None:
        raise ConflictError("not approved, used, or over")
    use(uow, line.id, line.decided_by_id)
    invite_member(uow, line.collaboration_id, line.member_id)


@dataclass(frozen=True, slots=True)
class AskReturn:
    """A colleague who left and is to come back, and why."""

    person_id: UUID
    reason: str


def ask_return(uow: UnitOfWork, command: AskReturn) -> UUID:
    """Ask as a unit administrator whether who left may come back, by a link to the work address as it is now.

    Raises as ``held_place`` does, ``ConflictError`` for who is not out, or while the same question waits or its yes
    stands.
    """
    place = held_place(uow, command.person_id)
    if not place.out(uow.today):
        raise ConflictError("that person has not left")
    a, d, u = Approval, ApprovalDecision, ApprovalUse
    waits = d.approval_id.is_(None) & (a.expires_at > func.now())
    stands = d.approved & u.approval_id.is_(None) & (d.decided_at > func.now() - USABLE)
    asked = select(a.id).outerjoin(d, d.approval_id == a.id).outerjoin(u, u.approval_id == a.id)
    asked = asked.where(a.authority_id == uow.me, a.person_id == command.person_id, waits | stands)
    if uow.session.scalar(asked.limit(1)) is not None:
        raise ConflictError("asked already", fields={"reason": ["asked_already"]})
    nothing = {"what": ApprovalKind.RETURN.value, "address": "", "rows": 0}
    about = {"person_id": command.person_id, "digest": fingerprint(place.address)}
    return write_question(uow, ApprovalKind.RETURN, command.reason, f"return {command.person_id}", **about, **nothing)


def let_back_in(uow: UnitOfWork, keys: Keys, approval_id: UUID) -> UUID:
    """Use the yes: open the place again and send the link, to the address that was approved; return the invitation.

    Until the link is used nothing opens. Raises as ``invite_approved`` does, and ``ConflictError`` where the address
    was changed meanwhile. The database holds person, address and yes together.
    """
    line = get_approval(uow, approval_id)
    if line.asked_by_id != uow.person:
        raise NotAllowedError("who asked sends the link")
    if line.person_id is None:
        raise NotFoundError("no such question")
    if line.state(uow.now) is not State.APPROVED or line.decided_by_id is None:
        raise ConflictError("not approved, used, or over")
    place = held_place(uow, line.person_id)
    demand_same_address(line, place.address)
    use(uow, line.id, line.decided_by_id)
    return_to_place(uow, line.person_id)
    invite_back(uow, keys, line.id, place)
    return line.id


def demand_same_address(line: ApprovalLine, address: str) -> None:
    """Raise ``ConflictError`` where the link would go elsewhere than was asked."""
    if fingerprint(address) != line.digest:
        raise ConflictError("the address was changed after the question was asked")


def use(uow: UnitOfWork, approval_id: UUID, decided_by: UUID) -> None:
    """Write that a yes was used; the line in the trail holds both people: who uses it, and who said it."""
    mine = {"approval_id": approval_id, "authority_id": uow.me, "used_by_id": uow.person}
    uow.session.execute(insert(ApprovalUse).values(**mine, used_at=func.now()))
    record(uow, "approval.use", approval_id, reason=str(decided_by))


def decide(uow: UnitOfWork, command: Decide) -> None:
    """Decide on another's question, once.

    Raises ``NotFoundError`` where it is hidden, ``NotAllowedError`` for one's own or without the role,
    ``ConflictError`` where it is decided or over, ``InvalidError`` for a no without a reason. The database holds all
    of it too.
    """
    line = get_approval(uow, command.approval_id)
    if line.asked_by_id == uow.person:
        raise NotAllowedError("nobody decides on what they asked for themselves")
    if not uow.viewer.roles & DECIDERS:
        raise NotAllowedError("this role does not decide on it")
    if line.state(uow.now) is not State.WAITING:
        raise ConflictError("decided already, or over")
    if command.approved and line.person_id is not None:
        demand_same_address(line, get_place(uow, line.person_id).address)
    uow.session.execute(
        insert(ApprovalDecision).values(
            approval_id=line.id,
            authority_id=uow.me,
            approved=command.approved,
            reason=checked(command.reason, needed=not command.approved) or None,
            decided_by_id=uow.person,
            decided_at=func.now(),
        )
    )
    record(uow, "approval.approve" if command.approved else "approval.refuse", line.id, reason=str(line.asked_by_id))


def use_export(uow: UnitOfWork, digest: str) -> None:
    """Use up the yes to just this list with just these filters; ``SecondPersonError`` where none stands."""
    a, d, u = Approval, ApprovalDecision, ApprovalUse
    found = uow.session.execute(
        select(a.id, d.decided_by_id)
        .join(d, d.approval_id == a.id)
        .outerjoin(u, u.approval_id == a.id)
        .where(a.asked_by_id == uow.person, a.authority_id == uow.me, a.matter == ApprovalKind.EXPORT)
        .where(a.digest == digest, d.approved, d.decided_at > func.now() - USABLE, u.approval_id.is_(None))
        .limit(1)
    ).one_or_none()
    if found is None:
        raise SecondPersonError("a list of so many rows needs a second person")
    use(uow, found.id, found.decided_by_id)
