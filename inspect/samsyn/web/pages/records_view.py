"""What the pages of records requests add to what is kept: warnings, and the sections that help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import operations_by_id, targets_of_many
from samsyn.operations.rules import AFTERWARDS, OperationState
from samsyn.records.queries import ItemLine
from samsyn.records.rules import suspicious
from samsyn.records.sections import all_sections
from samsyn.web.identity import current_language

OVER: Final = AFTERWARDS | {OperationState.ABORTED, OperationState.CANCELLED}


def flags_of(uow: UnitOfWork, items: Sequence[ItemLine]) -> dict[UUID, tuple[str, ...]]:
    """Return warnings by thing, as keys of ``records.flag_``; derived from how things stand now (R9), never kept."""
    operations = {one.operation_id for one in items}
    states = {key: one.state for key, one in operations_by_id(uow, operations).items()}
    secret = unannounced(uow, {key for key, state in states.items() if state not in OVER})
    found = {}
    for one in items:
        said = [
            name
            for name, holds in (
                ("17_1", one.operation_id in secret),
                ("number", suspicious(one.content)),
                ("unit", one.unit_only),
            )
            if holds
        ]
        found[one.id] = tuple(said)
    return found


def unannounced(uow: UnitOfWork, operations: set[UUID]) -> set[UUID]:
    """Return those with a visit that is unannounced, or that the viewer may not know of; one statement."""
    targets = targets_of_many(uow, operations) if operations else {}
    known = {key: list(targets.get(key, {}).values()) for key in operations}
    return {key for key, found in known.items() if not found or any(not one.announced for one in found)}


def sections_in() -> list[tuple[str, str, str]]:
    """Return the sections that help: section, what it protects, how sure that is (``records.section_``)."""
    return [(one.section, one.says(current_language()), one.source) for one in all_sections()]
