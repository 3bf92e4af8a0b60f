"""Add one business by hand: an operator at a place, each known already or added with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from samsyn.audit.service import record
from samsyn.businesses.identity import IdentityKind, classify
from samsyn.businesses.reading.meaning import BusinessRow
from samsyn.businesses.rules import Trade, form_of
from samsyn.businesses.service.editing import refuse_personal_numbers
from samsyn.businesses.service.taking import CREATED, load, operator_key, premises_key, store, take_row
from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AddBusiness:
    """A new business; ``operator`` and ``number`` may be empty where nobody knows them yet."""

    collaboration_id: UUID
    name: str
    address: str
    postcode: str
    town: str
    trades: tuple[Trade, ...]
    operator: str = ""
    number: str = ""


def add_business(uow: UnitOfWork, keys: Keys, command: AddBusiness) -> UUID:
    """Write it as a list of one row would be (``write_businesses``) and return its id.

    ``ConflictError`` where that operator is at that place already; ``InvalidError`` for what is no number.
    """
    refuse_personal_numbers(uow, name=command.name, address=command.address, operator=command.operator)
    row = row_of(uow, command)
    registry = load(uow, keys, command.collaboration_id, (row,))
    if take_row(uow, keys, command.collaboration_id, row, registry, write=True) != CREATED:
        raise ConflictError("that business stands in the registry already")
    store(uow, registry, 1)
    operator = registry.operators[operator_key(keys, command.collaboration_id, row)]
    business = registry.businesses[operator.id, registry.premises[premises_key(row)].id]
    record(uow, "business.begin", business.id)
    return business.id


def row_of(uow: UnitOfWork, command: AddBusiness) -> BusinessRow:
    """Return the command as a row of a list."""
    identity = classify(command.number, uow.today) if command.number else None
    if identity is not None and identity.kind is IdentityKind.INVALID:
        raise InvalidError("no identity number", fields={"number": ["is no organisation number"]})
    return BusinessRow(
        line=1,
        place_name=command.name,
        operator_name=command.operator or command.name,
        identity=identity,
        form=form_of(identity),
        address=command.address,
        postcode=command.postcode,
        town=command.town,
        sni=(),
        trades=command.trades,
        permits=(),
        decided_on=None,
        valid_until=None,
        area_m2=None,
        latitude=None,
        longitude=None,
    )
