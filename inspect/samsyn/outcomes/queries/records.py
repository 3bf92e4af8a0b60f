"""What of outcomes and follow-ups falls under a request to read the authority's records (R16)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import demand_keeper
from samsyn.outcomes.models import FollowUp, Outcome
from samsyn.outcomes.queries.follow_ups import FollowUpLine
from samsyn.outcomes.queries.follow_ups import lines as follow_up_lines
from samsyn.outcomes.queries.outcomes import OutcomeLine, outcome_lines


def outcomes_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[OutcomeLine]]:
    """Every version of each own outcome at some visits, by outcome, oldest first; a line in the trail per part."""
    demand_keeper(uow)
    rows = select(Outcome).where(Outcome.visit_id.in_(visits)).order_by(Outcome.outcome_id, Outcome.version)
    found: dict[UUID, list[OutcomeLine]] = {}
    for line in outcome_lines(uow, uow.session.scalars(rows).all()):
        found.setdefault(line.outcome_id, []).append(line)
    for part_id in sorted({versions[0].part_id for versions in found.values()}):
        record(uow, "outcome.read", part_id)
    return found


def follow_ups_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[FollowUpLine]]:
    """Every version of each own follow-up at some visits, as ``outcomes_for_records`` does."""
    demand_keeper(uow)
    rows = select(FollowUp).where(FollowUp.visit_id.in_(visits)).order_by(FollowUp.follow_up_id, FollowUp.version)
    found: dict[UUID, list[FollowUpLine]] = {}
    for line in follow_up_lines(uow, uow.session.scalars(rows).all()):
        found.setdefault(line.follow_up_id, []).append(line)
    for part_id in sorted({versions[0].part_id for versions in found.values()}):
        record(uow, "follow_up.read", part_id)
    return found
