"""The keys of a checklist's first answers, the same on every device: on the page and in what a phone packs."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import unit_of_person
from samsyn.core.uow import UnitOfWork
from samsyn.findings.first_keys import first_key
from samsyn.findings.queries import ChecklistCard
from samsyn.web.installation import current_keys


def first_answers(uow: UnitOfWork, card: ChecklistCard) -> dict[str, UUID]:
    """Return for each point of a part's checklist the key under which its first answer is written (``first_key``)."""
    unit_id = unit_of_person(uow, uow.person) if any(point.unit_only for point in card.points) else None
    return {
        point.code: first_key(current_keys(), card.part_id, point.code, unit_id if point.unit_only else None)
        for point in card.points
    }
