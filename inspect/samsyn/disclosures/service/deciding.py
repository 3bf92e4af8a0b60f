"""Hand over frozen copies, refuse a request, withdraw: three decisions, each a record with who and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from samsyn.access.queries import staff_names
from samsyn.access.rules import Role
from samsyn.audit.service import record
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.freezing import Offered, Receiver, Scene, chosen_of, freeze, scene_of
from samsyn.disclosures.grounds import PUBLIC, find_basis, judge
from samsyn.disclosures.models import (
    DisclosedItem,
    Disclosure,
    DisclosureGround,
    DisclosureReceipt,
    InformationRequest,
)
from samsyn.disclosures.rules import Copy, Decision, Missing, NotTakenError, Refusal, checked_words, digest_of
from samsyn.disclosures.service.pictures import Vault, keep_pictures, picture_digests
from samsyn.disclosures.service.units import asking_unit, receiving_unit


@dataclass(frozen=True, slots=True)
class Give:
    """Copies of some findings of a visit for one authority, or with basis PUBLIC for everybody (``to_id`` is unused).

    ``asked_how``: when and how it was asked for outside the system; kept with the balancing. ``mask``: personal numbers
    in both become asterisks; ``confirmed``: what looks like one is none. ``to_unit``: the unit that gets it, of a
    receiver that has many (R1); none is who asked, or the only one that was there.
    """

    disclosure_id: UUID
    visit_id: UUID
    findings: frozenset[UUID]
    to_id: UUID | None
    basis: str
    balancing: str = ""
    pictures: bool = True
    request_id: UUID | None = None
    asked_how: str = ""
    mask: bool = False
    confirmed: bool = False
    to_unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """A no to what was asked for; the reason is read by who asked."""

    disclosure_id: UUID
    request_id: UUID
    reason: str
    basis: str = ""
    balancing: str = ""
    mask: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Close a copy for its receiver; the reason stays with the giver."""

    disclosure_id: UUID
    reason: str
    mask: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, for whoever tells people of it; ``told``: the authorities that are to hear of it.

    ``unit_id``: the one unit that hears of it, of a receiver that has many.
    """

    disclosure_id: UUID
    operation_id: UUID
    business_id: UUID
    told: frozenset[UUID]
    unit_id: UUID | None = None


def give(uow: UnitOfWork, vault: Vault, command: Give) -> Decided:
    """Decide to hand over frozen copies. They never change: not with the finding, not at all.

    Raises ``NotAllowedError`` for who does not decide, ``NotFoundError``, ``NotTakenError`` naming a field, or
    ``GateClosedError`` before the visit is over, and before the operation is for a receiver who was not there.
    """
    demand_decider(uow)
    balancing = checked_words("balancing", command.balancing, mask=command.mask, confirmed=command.confirmed)
    how = checked_words("asked_how", command.asked_how, mask=command.mask, confirmed=command.confirmed)
    scene = scene_of(uow, command.visit_id)
    public = command.basis == PUBLIC
    asked = answerable(uow, command.request_id, scene.visit.id)
    receiver = None if public else scene.receiver(command.to_id)
    if asked is not None and receiver is not None and asked.from_id != receiver.authority.id:
        raise NotFoundError("another asked")
    check(uow, scene, command, receiver, asked=asked is not None or bool(how), balancing=balancing)
    chosen = chosen_of(scene, command.findings, pictures=command.pictures)
    copies = freeze(scene, chosen, picture_digests(uow, vault, chosen), public=public)
    row = row_of(uow, scene, command.disclosure_id, receiver, asked)
    row["to_unit_id"] = receiving_unit(uow, scene, receiver, command.to_unit, asked)
    row |= {"decision": Decision.GRANTED, "legal_basis": command.basis, "reason": "", "digest": digest_of(copies)}
    units = {one.line.unit_id for one in chosen if one.line.unit_id}
    only = any(one.line.unit_only for one in chosen)
    uow.session.execute(insert(Disclosure).values(**row, unit_id=min(units, default=None), unit_only=only))
    keep_words(uow, command.disclosure_id, scene.visit.id, "\n".join(filter(None, (how, balancing))))
    for position, (one, copy) in enumerate(zip(chosen, copies, strict=True), start=1):
        keep_item(uow, vault, command.disclosure_id, scene, position, one, copy)
    return settle(uow, scene, row, asked, "disclosure.give")


def refuse(uow: UnitOfWork, command: Refuse) -> Decided:
    """Decide not to hand over what was asked for; a record like any other, which who asked reads."""
    demand_decider(uow)
    words = {"mask": command.mask, "confirmed": command.confirmed}
    reason = checked_words("reason", command.reason, **words)
    balancing = checked_words("balancing", command.balancing, **words)
    if not reason:
        raise NotTakenError("reason", Refusal.REASON_NEEDED)
    if command.basis and find_basis(command.basis) is None:
        raise NotTakenError("basis", Refusal.NO_BASIS)
    asked = answerable(uow, command.request_id, None)
    assert asked is not None  # noqa: S101  a refusal always names its request
    scene = scene_of(uow, asked.visit_id)
    row = row_of(uow, scene, command.disclosure_id, scene.receiver(asked.from_id), asked)
    row |= {"to_id": asked.from_id, "to_unit_id": asking_unit(uow, scene, asked)}
    row |= {"decision": Decision.REFUSED, "legal_basis": command.basis, "reason": reason, "digest": ""}
    uow.session.execute(insert(Disclosure).values(**row, unit_id=None, unit_only=False))
    keep_words(uow, command.disclosure_id, scene.visit.id, balancing)
    return settle(uow, scene, row, asked, "disclosure.refuse")


def withdraw(uow: UnitOfWork, command: Withdraw) -> Decided:
    """Close a copy: from now on nobody but the giver reads it, its pictures or its grounds. The record stays."""
    demand_decider(uow)
    reason = checked_words("reason", command.reason, mask=command.mask, confirmed=command.confirmed)
    if not reason:
        raise NotTakenError("reason", Refusal.REASON_NEEDED)
    d = Disclosure
    row = uow.session.get(d, command.disclosure_id, with_for_update=True)
    if row is None or row.from_id != uow.me or row.decision is not Decision.GRANTED:
        raise NotFoundError("no such disclosure of yours")
    if row.withdrawn_at is not None:
        raise GateClosedError("withdrawn before", (Missing.WITHDRAWN,))
    run = uow.session.execute
    run(update(d).where(d.id == row.id).values(withdrawn_at=uow.now))
    g, r = DisclosureGround, DisclosureReceipt
    run(update(g).where(g.disclosure_id == row.id).values(withdrawal_reason=reason))
    run(update(r).where(r.disclosure_id == row.id).values(withdrawn_at=uow.now))
    kept = uow.session.execute(select(r.to_id, r.to_unit_id).where(r.disclosure_id == row.id)).one_or_none()
    told, unit_id = (frozenset({kept.to_id}), kept.to_unit_id) if kept else (frozenset[UUID](), None)
    note(uow, "disclosure.withdraw", row.id, told)
    return Decided(row.id, row.operation_id, row.business_id, told, unit_id)


def demand_decider(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for anybody who does not decide for the authority."""
    if Role.DECIDER not in uow.viewer.roles:
        raise NotAllowedError("only who decides for the authority hands over")


def answerable(uow: UnitOfWork, request_id: UUID | None, visit_id: UUID | None) -> InformationRequest | None:
    """Return an unanswered request to the own authority (about that visit); ``NotFoundError`` for any other."""
    if request_id is None:
        return None
    row = uow.session.get(InformationRequest, request_id)
    if row is None or row.to_id != uow.me or (visit_id is not None and row.visit_id != visit_id):
        raise NotFoundError("no such request")
    r = DisclosureReceipt
    if uow.session.scalar(select(r.disclosure_id).where(r.request_id == request_id).limit(1)) is not None:
        raise GateClosedError("answered before", (Missing.ANSWERED,))
    return row


def check(
    uow: UnitOfWork,
    scene: Scene,
    command: Give,
    receiver: Receiver | None,
    *,
    asked: bool,
    balancing: str,
) -> None:
    """Refuse what may not be handed over, naming the field or what is missing."""
    if not scene.over:
        raise GateClosedError("not before the visit is over", (Missing.VISIT_OVER,))
    if not command.findings:
        raise NotTakenError("findings", Refusal.NOTHING_CHOSEN)
    public = command.basis == PUBLIC
    if receiver is None and not public:
        raise NotTakenError("to", Refusal.NO_RECEIVER)
    if not scene.done and (receiver is None or not receiver.part):
        raise GateClosedError("where it went is secret until it is done", (Missing.OPERATION_DONE,))
    situation = scene.situation(uow, receiver, requested=asked)
    verdict = next((one for one in judge(situation) if one.basis.code == command.basis), None)
    if verdict is None:
        raise NotTakenError("basis", Refusal.NO_BASIS)
    if not verdict.fits:
        raise NotTakenError("basis", Refusal.NO_FIT)
    if verdict.needs_balancing and not balancing:
        raise NotTakenError("balancing", Refusal.BALANCING_NEEDED)


def row_of(
    uow: UnitOfWork, scene: Scene, disclosure_id: UUID, receiver: Receiver | None, asked: InformationRequest | None
) -> dict[str, Any]:
    """Return what every decision says of itself."""
    return {
        "id": disclosure_id,
        "from_id": uow.me,
        "to_id": receiver.authority.id if receiver else None,
        "collaboration_id": scene.operation.collaboration_id,
        "operation_id": scene.operation.id,
        "visit_id": scene.visit.id,
        "business_id": scene.target.business_id,
        "request_id": asked.id if asked else None,
        "decider_id": uow.person,
        "decider": staff_names(uow, {uow.person}).get((uow.person, uow.me), ""),
        "at": uow.now,
    }


def keep_words(uow: UnitOfWork, disclosure_id: UUID, visit_id: UUID, balancing: str) -> None:
    """Write what only the giver reads."""
    values = {"disclosure_id": disclosure_id, "from_id": uow.me, "visit_id": visit_id}
    uow.session.execute(insert(DisclosureGround).values(**values, balancing=balancing, withdrawal_reason=""))


def keep_item(
    uow: UnitOfWork, vault: Vault, disclosure_id: UUID, scene: Scene, position: int, one: Offered, copy: Copy
) -> None:
    """Write one copy with its pictures; which finding it was stands in the giver's trail alone."""
    item_id = uuid4()
    uow.session.execute(
        insert(DisclosedItem).values(
            id=item_id,
            disclosure_id=disclosure_id,
            from_id=uow.me,
            business_id=scene.target.business_id,
            visit_id=scene.visit.id,
            position=position,
            copy=copy,
            digest=digest_of([copy]),
        )
    )
    keep_pictures(uow, vault, disclosure_id, item_id, one)
    record(uow, "finding.disclose", one.line.finding_id, reason=str(disclosure_id))


def settle(
    uow: UnitOfWork, scene: Scene, row: dict[str, Any], asked: InformationRequest | None, action: str
) -> Decided:
    """Write the receipts and both sides' trails; return who is to hear of it."""
    told = frozenset({one for one in (row["to_id"], asked.from_id if asked else None) if one is not None})
    main = asked.from_id if asked else row["to_id"]
    unit_id = row["to_unit_id"] if row["to_id"] is not None or asked is None else asking_unit(uow, scene, asked)
    if main is not None:
        uow.session.execute(
            insert(DisclosureReceipt).values(
                disclosure_id=row["id"],
                from_id=uow.me,
                to_id=main,
                to_unit_id=unit_id,
                visit_id=row["visit_id"],
                request_id=row["request_id"],
                decision=row["decision"],
                at=uow.now,
            )
        )
    note(uow, action, row["id"], told)
    return Decided(row["id"], row["operation_id"], row["business_id"], told, unit_id)


def note(uow: UnitOfWork, action: str, disclosure_id: UUID, others: frozenset[UUID]) -> None:
    """Say it in the own trail and in each other side's."""
    record(uow, action, disclosure_id)
    for one in sorted(others):
        record(uow, action, disclosure_id, owner=one)
