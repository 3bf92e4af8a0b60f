"""Which unit gets a copy, of a receiver whose units read their own rows alone (R1)."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import unit_of_person
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.freezing import Receiver, Scene
from samsyn.disclosures.models import InformationRequest
from samsyn.disclosures.rules import NotTakenError, Refusal


def asking_unit(uow: UnitOfWork, scene: Scene, asked: InformationRequest | None) -> UUID | None:
    """Return the unit that asked, of an authority that has many.

    Of a guest, whose staff the giver does not see, the only unit, or the only one that was at the visit.
    """
    receiver = scene.receiver(asked.from_id) if asked else None
    if asked is None or receiver is None or not receiver.units:
        return None
    return unit_of_person(uow, asked.asked_by, asked.from_id) or receiver.unit(None)


def receiving_unit(
    uow: UnitOfWork, scene: Scene, receiver: Receiver | None, chosen: UUID | None, asked: InformationRequest | None
) -> UUID | None:
    """Return the unit that gets the copies; refuse a receiver that has many without one of them."""
    if receiver is None or not receiver.units:
        return None
    found = receiver.unit(chosen, asking_unit(uow, scene, asked))
    if found is None:
        raise NotTakenError("unit", Refusal.NO_UNIT)
    return found
