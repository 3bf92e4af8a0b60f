"""What followed: outcomes and follow-ups of the own authority, read with a dossier and never compiled into it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import is_spanning
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rules import FollowUpEntry, OutcomeEntry
from samsyn.outcomes.queries import FollowUpLine, OutcomeLine, follow_ups_of_visits, outcomes_of_visits


def with_measures(uow: UnitOfWork, card: DossierCard) -> DossierCard:
    """Return a dossier with what followed its visits, as it stands now and as the viewer may read it (logged).

    The digest covers it too; where nothing followed it is the dossier's own.
    """
    outcomes, follow_ups = measures_of(uow, {UUID(visit["visit_id"]) for visit in card.content["visits"]})
    content = card.content
    content["outcomes"], content["follow_ups"] = outcomes, follow_ups
    return replace(card, digest=_digest(card.digest, outcomes, follow_ups), content=content)


def measures_of(uow: UnitOfWork, visits: Collection[UUID]) -> tuple[list[OutcomeEntry], list[FollowUpEntry]]:
    """Return the own outcomes, oldest first, and the own follow-ups by their day, of some visits (logged).

    A document is the whole authority's, as what is compiled is: what a unit keeps to itself is not in it (R1), neither
    what rests on ``unit_only`` points nor what a unit wrote in an authority with the unit rule.
    """
    if not visits:
        return [], []
    outcomes, follow_ups = outcomes_of_visits(uow, visits), follow_ups_of_visits(uow, visits)
    spans = bool(outcomes or follow_ups) and is_spanning(uow)

    def shared(line: OutcomeLine | FollowUpLine) -> bool:
        return not line.unit_only and not (spans and line.unit_id is not None)

    kept = [line for line in follow_ups if shared(line)]
    names = staff_names(uow, {line.owner_id for line in kept}) if kept else {}
    return (
        [_outcome(line) for line in outcomes if shared(line)],
        [_follow_up(line, names.get((line.owner_id, uow.me), "")) for line in kept],
    )


def _outcome(line: OutcomeLine) -> OutcomeEntry:
    return {
        "outcome_id": str(line.outcome_id),
        "version": line.version,
        "visit_id": str(line.visit_id),
        "tool": line.tool.code,
        "measure": line.tool.kind.value,
        "law": line.tool.law,
        "state": line.state.value,
        "text": line.text,
        "amount": line.amount,
        "heard_on": _day(line.heard_on),
        "until_on": _day(line.until_on),
        "decided_by": line.decided_by.value if line.decided_by else None,
        "decider": line.decider,
        "delegation": line.delegation,
        "decided_on": _day(line.decided_on),
        "case_number": line.case_number,
        "reason": line.reason,
        "points": sorted(line.points),
    }


def _follow_up(line: FollowUpLine, owner: str) -> FollowUpEntry:
    return {
        "follow_up_id": str(line.follow_up_id),
        "version": line.version,
        "visit_id": str(line.visit_id),
        "outcome_id": str(line.outcome_id) if line.outcome_id else None,
        "point": line.point,
        "measure": line.tool.kind.value if line.tool else None,
        "owner": owner,
        "due_on": line.due_on.isoformat(),
        "state": line.state.value,
        "text": line.text,
        "reason": line.reason,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _digest(digest: str, outcomes: Sequence[OutcomeEntry], follow_ups: Sequence[FollowUpEntry]) -> str:
    """Return the digest of a dossier together with what followed; a name that changes is no other version."""
    if not outcomes and not follow_ups:
        return digest
    said = [f"outcome {one['outcome_id']} {one['version']}" for one in outcomes]
    said += [f"follow_up {one['follow_up_id']} {one['version']}" for one in follow_ups]
    return hashlib.sha256(" ".join([digest, *said]).encode()).hexdigest()
