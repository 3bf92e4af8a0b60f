"""Take rows of a list into the registry: what stands is changed, what is new is gathered and written in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range

from samsyn.businesses.models import Business, Operator, OperatorSecret, Permit, Premises
from samsyn.businesses.reading.meaning import BusinessRow
from samsyn.businesses.rules import ALWAYS, same_place
from samsyn.businesses.service.operators import new_operator, operator_digest
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.texts import sort_key

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
CHUNK: Final = 500
"""Rows that go to the database together: a row at a time was ten times slower."""


@dataclass(slots=True)
class Registry:
    """What stands already, by match key; and ``fresh``: what is to be written, in the order of its references."""

    operators: dict[str, Operator] = field(default_factory=dict)
    premises: dict[str, Premises] = field(default_factory=dict)
    businesses: dict[tuple[UUID, UUID], Business] = field(default_factory=dict)
    permits: dict[tuple[UUID, str], Permit] = field(default_factory=dict)
    fresh: dict[type[Any], list[Any]] = field(
        default_factory=lambda: {Operator: [], Premises: [], Business: [], Permit: []}
    )
    secrets: list[dict[str, Any]] = field(default_factory=list)


def premises_key(row: BusinessRow) -> str:
    """Return what makes two rows the same place."""
    return same_place(row.place_name, row.address, row.postcode)


def operator_key(keys: Keys, collaboration_id: UUID, row: BusinessRow) -> str:
    """Return what makes two rows the same operator."""
    return operator_digest(keys, collaboration_id, row.operator_name, row.identity, premises_key(row))


def load(uow: UnitOfWork, keys: Keys, collaboration_id: UUID, rows: Sequence[BusinessRow]) -> Registry:
    """Read what of the rows stands already, in four statements."""
    session, registry = uow.session, Registry()
    by_operator = {operator_key(keys, collaboration_id, row) for row in rows}
    operators = select(Operator).where(
        Operator.collaboration_id == collaboration_id, Operator.match_key.in_(by_operator)
    )
    registry.operators = {row.match_key: row for row in session.scalars(operators)}
    places = select(Premises).where(
        Premises.collaboration_id == collaboration_id, Premises.match_key.in_({premises_key(row) for row in rows})
    )
    registry.premises = {row.match_key: row for row in session.scalars(places)}
    businesses = select(Business).where(
        Business.premises_id.in_([p.id for p in registry.premises.values()]), Business.during.contains(uow.today)
    )
    registry.businesses = {(row.operator_id, row.premises_id): row for row in session.scalars(businesses)}
    permits = select(Permit).where(Permit.business_id.in_([b.id for b in registry.businesses.values()]))
    registry.permits = {(row.business_id, row.permit_kind): row for row in session.scalars(permits)}
    return registry


def take_row(
    uow: UnitOfWork, keys: Keys, collaboration_id: UUID, row: BusinessRow, registry: Registry, *, write: bool
) -> str:
    """Write one row, or say what writing it would do."""
    operator = registry.operators.get(operator_key(keys, collaboration_id, row))
    place = registry.premises.get(premises_key(row))
    business = registry.businesses.get((operator.id, place.id)) if operator and place else None
    if operator and place and business:
        changes = differences(row, operator, place, business, registry)
        if not changes:
            return UNCHANGED
        if write:
            for thing, values in changes:
                for name, value in values.items():
                    setattr(thing, name, value)
            take_permits(collaboration_id, row, business, registry)
        return CHANGED
    if write:
        operator = operator or add_operator(uow, keys, collaboration_id, row, registry)
        place = place or add_premises(collaboration_id, row, registry)
        business = add_business(collaboration_id, row, operator, place, registry)
        take_permits(collaboration_id, row, business, registry)
    return CREATED


def differences(
    row: BusinessRow, operator: Operator, place: Premises, business: Business, registry: Registry
) -> list[tuple[Any, dict[str, Any]]]:
    """Return what of a known business reads otherwise now; an empty field in the list takes nothing away."""
    wanted: list[tuple[Any, dict[str, Any]]] = [
        (operator, {"name": row.operator_name}),
        (place, {"town": row.town, "latitude": row.latitude, "longitude": row.longitude}),
        (business, {"trades": [t.value for t in row.trades], "sni": list(row.sni)}),
    ]
    changed = [
        (thing, {k: v for k, v in values.items() if v not in (None, "", []) and getattr(thing, k) != v})
        for thing, values in wanted
    ]
    real = [(thing, values) for thing, values in changed if values]
    for permit in row.permits:
        stands = registry.permits.get((business.id, permit.kind.value))
        if stands is None or (stands.valid_from, stands.valid_until) != (permit.valid_from, permit.valid_until):
            real.append((None, {}))
    return real


def add_operator(uow: UnitOfWork, keys: Keys, collaboration_id: UUID, row: BusinessRow, registry: Registry) -> Operator:
    """Add the operator of a row."""
    key = operator_key(keys, collaboration_id, row)
    new = new_operator(uow, keys, collaboration_id, row.operator_name, row.identity, key)
    registry.operators[key] = new.operator
    registry.fresh[Operator].append(new.operator)
    if new.secret is not None:
        registry.secrets.append(new.secret)
    return new.operator


def add_premises(collaboration_id: UUID, row: BusinessRow, registry: Registry) -> Premises:
    """Add a place."""
    place = Premises(
        id=uuid4(),
        collaboration_id=collaboration_id,
        name=row.place_name,
        address=row.address,
        postcode=row.postcode,
        town=row.town,
        latitude=row.latitude,
        longitude=row.longitude,
        match_key=premises_key(row),
        sort_key=sort_key(row.place_name),
    )
    registry.fresh[Premises].append(place)
    registry.premises[place.match_key] = place
    return place


def add_business(
    collaboration_id: UUID, row: BusinessRow, operator: Operator, place: Premises, registry: Registry
) -> Business:
    """Add an operator at a place."""
    business = Business(
        id=uuid4(),
        collaboration_id=collaboration_id,
        operator_id=operator.id,
        premises_id=place.id,
        trades=[t.value for t in row.trades],
        sni=list(row.sni),
        during=Range(ALWAYS, None),
    )
    registry.fresh[Business].append(business)
    registry.businesses[operator.id, place.id] = business
    return business


def take_permits(collaboration_id: UUID, row: BusinessRow, business: Business, registry: Registry) -> None:
    """Take the permits that the list states."""
    for permit in row.permits:
        at = (business.id, permit.kind.value)
        if (stands := registry.permits.get(at)) is not None:
            stands.valid_from, stands.valid_until = permit.valid_from, permit.valid_until
            continue
        registry.permits[at] = Permit(
            id=uuid4(),
            business_id=business.id,
            collaboration_id=collaboration_id,
            permit_kind=permit.kind.value,
            valid_from=permit.valid_from,
            valid_until=permit.valid_until,
        )
        registry.fresh[Permit].append(registry.permits[at])


def store(uow: UnitOfWork, registry: Registry, rows: int, tell: Callable[[int, int], None] | None = None) -> None:
    """Write what was changed and what is new; ``tell`` hears how many of the rows are done, as their share of it."""
    uow.session.flush()
    total, done = sum(len(things) for things in registry.fresh.values()), 0
    for things in registry.fresh.values():
        for chunk in cut(things):
            uow.session.add_all(chunk)
            uow.session.flush()
            done += len(chunk)
            if tell is not None:
                tell(rows * done // total, rows)
    for secrets in cut(registry.secrets):
        uow.session.execute(insert(OperatorSecret), secrets)
    if tell is not None:
        tell(rows, rows)


def cut(things: list[Any]) -> Iterable[list[Any]]:
    """Return them by ``CHUNK``."""
    return (things[at : at + CHUNK] for at in range(0, len(things), CHUNK))
