"""Who was not let in and what the police were asked for: of the own authority, read with a report, never compiled."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from samsyn.assistance.queries import HelpLine, RefusalLine, entry_for_report
from samsyn.authorities.queries import is_spanning
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.rules import HelpEntry, RefusalEntry


def entry_of(
    uow: UnitOfWork, visits: Collection[UUID]
) -> tuple[dict[UUID, list[RefusalEntry]], dict[UUID, list[HelpEntry]]]:
    """Return the own refused entries and the own requests at some visits, by visit, oldest first (logged).

    A document is the whole authority's: what a unit keeps to itself is not in it (R1).
    """
    if not visits:
        return {}, {}
    refusals, asked = entry_for_report(uow, visits, by_unit=is_spanning(uow))
    return (
        {key: [_refusal(one) for one in lines] for key, lines in refusals.items()},
        {key: [_help(one) for one in lines] for key, lines in asked.items()},
    )


def _refusal(line: RefusalLine) -> RefusalEntry:
    return {"refusal_id": str(line.id), "at": line.at.isoformat(), "by_role": line.by_role, "said": line.said}


def _help(line: HelpLine) -> HelpEntry:
    return {
        "request_id": str(line.id),
        "section": line.section,
        "ground": line.ground.value if line.ground else None,
        "reason": line.reason,
        "at": line.at.isoformat(),
        "answers": [{"what": one.what.value, "at": one.at.isoformat(), "text": one.text} for one in line.answers],
    }
