"""How outcomes are shown, with what to think of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.findings.rules import Verified
from samsyn.outcomes.cautions import cautions_for, doubled
from samsyn.outcomes.looking import facts_of
from samsyn.outcomes.queries import OutcomeLine
from samsyn.outcomes.rules import DecidedBy, FollowUpState, OutcomeState
from samsyn.outcomes.tools import Measure, Tool
from samsyn.texts import say
from samsyn.web.parsing import Shown


class ToolOut(Shown):
    """What an authority may do, with act and section, and how far that was read."""

    code: str
    kind: Measure
    act: str
    section: str
    verified: Verified
    max_months: int | None


class CautionOut(Shown):
    """What to think of: guidance with its source and how far that was read; never advice."""

    code: str
    text: str
    source: str
    verified: Verified


class GroundOut(Shown):
    """A finding that an outcome rests on, in the version that was seen."""

    finding_id: UUID
    version: int
    check_point: str | None


class OutcomeOut(Shown):
    """One version of an outcome; ``doubled``: what a repeated charge becomes, in kronor."""

    outcome_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    tool: ToolOut
    state: OutcomeState
    findings: list[GroundOut]
    text: str
    amount: int | None
    heard_on: date | None
    until_on: date | None
    decided_by: DecidedBy | None
    decider: str
    delegation: str
    decided_on: date | None
    case_number: str
    reason: str
    written_by: UUID
    written_at: datetime
    cautions: list[CautionOut]
    doubled: int | None

    @classmethod
    def of(cls, uow: UnitOfWork, line: OutcomeLine, language: str) -> OutcomeOut:
        """Show an outcome with what to think of."""
        facts = facts_of(uow, line)
        kept = {name: getattr(line, name) for name in cls.model_fields if hasattr(line, name)}
        return cls(
            **{
                **kept,
                "tool": ToolOut.model_validate(line.tool),
                "findings": [GroundOut.model_validate(one) for one in line.grounds],
                "cautions": [
                    CautionOut(
                        code=row.code,
                        text=say(language, f"outcomes.caution.{row.code}"),
                        source=row.source,
                        verified=row.verified,
                    )
                    for row in cautions_for(facts)
                ],
                "doubled": doubled(facts),
            }
        )


class OutcomeList(Shown):
    """The outcomes of a part, and the tools that it has."""

    items: list[OutcomeOut]
    tools: list[ToolOut]
    next_cursor: str | None = None


class OutcomeHistoryOut(Shown):
    """Every version of an outcome, oldest first."""

    outcome_id: UUID
    version: int
    versions: list[OutcomeOut]


class FollowUpOut(Shown):
    """One version of a follow-up; ``point``: the check point of the finding that it is of."""

    follow_up_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    operation_id: UUID
    finding_id: UUID | None
    outcome_id: UUID | None
    point: str | None
    owner_id: UUID
    due_on: date
    state: FollowUpState
    text: str
    reason: str
    written_by: UUID
    written_at: datetime


class FollowUpList(Shown):
    """Some follow-ups."""

    items: list[FollowUpOut]
    next_cursor: str | None = None


class FollowUpHistoryOut(Shown):
    """Every version of a follow-up, oldest first."""

    follow_up_id: UUID
    version: int
    versions: list[FollowUpOut]


def tools_out(tools: Sequence[Tool]) -> list[ToolOut]:
    """Show tools."""
    return [ToolOut.model_validate(tool) for tool in tools]
