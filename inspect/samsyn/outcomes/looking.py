"""What to think of about an outcome, from the rows: before it is kept, and of one that stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import GroundLine, grounds_by_id
from samsyn.findings.rules import Answer
from samsyn.operations.queries import PartCard
from samsyn.outcomes.cautions import Earlier, Facts
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.queries import OutcomeLine, standing_of_operator
from samsyn.outcomes.service import operator_of, tool_of


def facts_before(uow: UnitOfWork, part: PartCard, said: WriteOutcome) -> Facts:
    """Return what is looked at before an outcome is kept; ``NotTakenError`` for a tool that is not the part's."""
    versions = grounds_by_id(uow, said.findings).values()
    newest = {one.finding_id: one for one in sorted(versions, key=lambda one: one.version)}
    operator = operator_of(uow, part.visit_id)
    return Facts(
        tool=tool_of(part, said.tool),
        state=said.state,
        on=said.decided_on or uow.today,
        decided_by=said.decided_by,
        delegation=said.delegation.strip(),
        text=said.text.strip(),
        points=points_of(newest.values()),
        deficiencies=deficiencies_of(newest.values()),
        part_id=part.id,
        amount=said.amount,
        heard_on=said.heard_on,
        until_on=said.until_on,
        first_seen=first_seen(newest.values()),
        earlier=earlier_of(uow, operator, said.outcome_id),
    )


def facts_of(uow: UnitOfWork, line: OutcomeLine) -> Facts:
    """Return what is looked at of an outcome that stands."""
    return Facts(
        tool=line.tool,
        state=line.state,
        on=line.decided_on or uow.today,
        decided_by=line.decided_by,
        delegation=line.delegation,
        text=line.text,
        points=line.points,
        deficiencies=deficiencies_of(line.grounds),
        part_id=line.part_id,
        amount=line.amount,
        heard_on=line.heard_on,
        until_on=line.until_on,
        first_seen=first_seen(line.grounds),
        earlier=earlier_of(uow, line.operator_id, line.outcome_id),
    )


def earlier_of(uow: UnitOfWork, operator_id: UUID | None, outcome_id: UUID) -> tuple[Earlier, ...]:
    """Return the own authority's other outcomes about an operator; nothing where it is not known whose it is."""
    if operator_id is None:
        return ()
    return tuple(
        Earlier(one.outcome_id, one.tool, one.state, one.decided_on, one.points, one.part_id)
        for one in standing_of_operator(uow, operator_id)
        if one.outcome_id != outcome_id
    )


def points_of(grounds: Iterable[GroundLine]) -> frozenset[str]:
    """Return the check points; free observations have none."""
    return frozenset(one.check_point for one in grounds if one.check_point)


def deficiencies_of(grounds: Iterable[GroundLine]) -> int:
    """Return how many of the grounds are deficiencies."""
    return sum(one.answer is Answer.DEFICIENCY for one in grounds)


def first_seen(grounds: Iterable[GroundLine]) -> date | None:
    """Return the day on which the oldest ground was seen."""
    return min((local_day(one.observed_at) for one in grounds), default=None)
