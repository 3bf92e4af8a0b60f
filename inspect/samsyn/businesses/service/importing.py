"""Write the registry: the import of a list, all or nothing; the same list twice changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range

from samsyn.audit.service import record
from samsyn.businesses.models import Business, ImportRun, Operator, Permit, Premises
from samsyn.businesses.reading.faults import Fault
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.meaning import BusinessRow, interpret
from samsyn.businesses.rules import ALWAYS, same_place
from samsyn.businesses.service.operators import operator_digest, write_operator
from samsyn.core.errors import NotAllowedError
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.texts import sort_key

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class ImportBusinesses:
    """A file as it was sent; ``dry_run`` looks and writes nothing."""

    collaboration_id: UUID
    filename: str
    data: bytes
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class WriteBusinesses:
    """Rows that were read without a fault; ``digest`` is the SHA-256 of the file that they came in."""

    collaboration_id: UUID
    rows: Sequence[BusinessRow]
    digest: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. With any fault nothing is written."""

    rows: int
    created: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    written: bool


@dataclass(slots=True)
class Registry:
    """What stands already, by match key; and what is to be written."""

    operators: dict[str, Operator] = field(default_factory=dict)
    premises: dict[str, Premises] = field(default_factory=dict)
    businesses: dict[tuple[UUID, UUID], Business] = field(default_factory=dict)
    permits: dict[tuple[UUID, str], Permit] = field(default_factory=dict)


def import_businesses(uow: UnitOfWork, keys: Keys, command: ImportBusinesses) -> ImportReport:
    """Read, check and write a list of businesses into a collaboration's registry.

    Raises ``InvalidError`` when the file cannot be read at all, ``NotFoundError`` for a collaboration that is not ours.
    """
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner imports businesses")
    found = interpret(read_table(command.data, command.filename), uow.now.date())
    if found.faults:
        return ImportReport(len(found.rows), 0, 0, 0, found.faults, found.ignored, written=False)
    digest = hashlib.sha256(command.data).hexdigest()
    rows = WriteBusinesses(command.collaboration_id, found.rows, digest, command.dry_run)
    counts = Counter(write_businesses(uow, keys, rows))
    return ImportReport(
        len(found.rows), counts[CREATED], counts[CHANGED], counts[UNCHANGED], (), found.ignored, not command.dry_run
    )


def write_businesses(
    uow: UnitOfWork, keys: Keys, command: WriteBusinesses, tell: Callable[[int, int], None] | None = None
) -> list[str]:
    """Write rows that were read without a fault, and return what became of each: created, changed or unchanged.

    ``tell`` hears how many of them are done.
    """
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner imports businesses")
    registry = load(uow, keys, command.collaboration_id, command.rows)
    outcomes: list[str] = []
    for row in command.rows:
        outcomes.append(take_row(uow, keys, command.collaboration_id, row, registry, write=not command.dry_run))
        if tell is not None:
            tell(len(outcomes), len(command.rows))
    if not command.dry_run:
        uow.session.flush()
        note_run(uow, command, dict(Counter(outcomes)))
    return outcomes


def note_run(uow: UnitOfWork, command: WriteBusinesses, counts: dict[str, Any]) -> None:
    """Keep which file did what."""
    run_id = uuid4()
    uow.session.execute(
        insert(ImportRun).values(
            id=run_id,
            reader_id=uow.me,
            collaboration_id=command.collaboration_id,
            person_id=uow.person,
            file_hash=command.digest,
            counts=counts,
            at=uow.now,
        )
    )
    record(uow, "businesses.import", run_id)


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
        Business.premises_id.in_([p.id for p in registry.premises.values()]), Business.during.contains(uow.now.date())
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
            uow.session.flush()
            take_permits(uow, collaboration_id, row, business, registry)
        return CHANGED
    if write:
        operator = operator or add_operator(uow, keys, collaboration_id, row, registry)
        place = place or add_premises(uow, collaboration_id, row, registry)
        business = add_business(uow, collaboration_id, row, operator, place, registry)
        take_permits(uow, collaboration_id, row, business, registry)
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
    operator = write_operator(
        uow, keys, collaboration_id, row.operator_name, row.identity, operator_key(keys, collaboration_id, row)
    )
    registry.operators[operator.match_key] = operator
    return operator


def add_premises(uow: UnitOfWork, collaboration_id: UUID, row: BusinessRow, registry: Registry) -> Premises:
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
    uow.session.add(place)
    uow.session.flush()
    registry.premises[place.match_key] = place
    return place


def add_business(
    uow: UnitOfWork, collaboration_id: UUID, row: BusinessRow, operator: Operator, place: Premises, registry: Registry
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
    uow.session.add(business)
    uow.session.flush()
    registry.businesses[operator.id, place.id] = business
    return business


def take_permits(
    uow: UnitOfWork, collaboration_id: UUID, row: BusinessRow, business: Business, registry: Registry
) -> None:
    """Write the permits that the list states."""
    for permit in row.permits:
        values = {"valid_from": permit.valid_from, "valid_until": permit.valid_until}
        stands = registry.permits.get((business.id, permit.kind.value))
        if stands is not None:
            uow.session.execute(update(Permit).where(Permit.id == stands.id).values(**values))
            continue
        uow.session.execute(
            insert(Permit).values(
                id=uuid4(),
                business_id=business.id,
                collaboration_id=collaboration_id,
                permit_kind=permit.kind.value,
                **values,
            )
        )
