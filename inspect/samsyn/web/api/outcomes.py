"""Outcomes of the own authority, as versions, each with what to think of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, Field, StringConstraints

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_part
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.queries import history_of_outcome, outcomes_of_part
from samsyn.outcomes.rules import MOST_AMOUNT, MOST_FINDINGS, MOST_TEXT, DecidedBy, OutcomeState
from samsyn.outcomes.service import withdraw_outcome, write_outcome
from samsyn.outcomes.tools import tools_of
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once, seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.parsing import Body, Line, printable
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.outcomes import OutcomeHistoryOut, OutcomeList, OutcomeOut, tools_out

blueprint = api_blueprint("outcomes")


class OutcomeIn(Body):
    """An outcome as it shall stand; decided needs who, by which delegation, when, and the case number.

    ``findings``: keys of own findings at the part that it rests on; a test purchase is none. ``amount`` in kronor.
    """

    tool: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")]
    state: OutcomeState
    findings: list[UUID] = Field(default_factory=list, max_length=MOST_FINDINGS)
    text: Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)] = ""
    amount: int | None = Field(default=None, ge=1, le=MOST_AMOUNT)
    heard_on: date | None = None
    until_on: date | None = None
    decided_by: DecidedBy | None = None
    decider: Line | None = None
    delegation: Line | None = None
    decided_on: date | None = None
    case_number: Line | None = None

    def command(self, outcome_id: UUID, part_id: UUID, seen: int) -> WriteOutcome:
        """Return what the service takes."""
        said = {name: getattr(self, name) for name in OutcomeIn.model_fields if name != "findings"}
        words = {name: said[name] or "" for name in ("decider", "delegation", "case_number")}
        return WriteOutcome(
            outcome_id=outcome_id,
            base_version=seen,
            part_id=part_id,
            findings=frozenset(self.findings),
            **{**said, **words},
        )


class NewOutcomeIn(OutcomeIn):
    """A new outcome; its key is random and made by the caller."""

    outcome_id: UUID


class WithdrawOutcomeIn(Body):
    """Why an outcome no longer stands."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]


@blueprint.get("/parts/<uuid:part_id>/outcomes")
@guarded("planner", "inspector", "decider")
@blueprint.output(OutcomeList)
def get_outcomes(part_id: UUID) -> Any:
    """The own authority's outcomes at a part, newest versions, and the tools that it has; logged."""
    language = current_language()
    with unit_of_work(current_viewer()) as uow:
        part = get_part(uow, part_id)
        if part.authority_id != uow.me:
            raise NotFoundError("no such part of yours")
        lines = [OutcomeOut.of(uow, line, language) for line in outcomes_of_part(uow, part_id)]
        return OutcomeList(items=lines, tools=tools_out(tools_of(part.fields)))


@blueprint.post("/parts/<uuid:part_id>/outcomes")
@guarded("planner", "inspector", "decider")
@blueprint.input(NewOutcomeIn, arg_name="body")
@blueprint.output(OutcomeOut, status_code=201)
def post_outcome(part_id: UUID, body: NewOutcomeIn) -> Response:
    """Write an outcome at an own part; the answer says what to think of."""
    language = current_language()

    def make(uow: UnitOfWork) -> OutcomeOut:
        write_outcome(uow, body.command(body.outcome_id, part_id, 0))
        return standing(uow, body.outcome_id, language)

    return once(make, status=201, location=lambda said: f"/api/v1/outcomes/{said['outcome_id']}")


@blueprint.get("/outcomes/<uuid:outcome_id>")
@guarded("planner", "inspector", "decider")
@blueprint.output(OutcomeHistoryOut)
def get_outcome(outcome_id: UUID) -> Any:
    """Every version of an own outcome, oldest first; logged."""
    language = current_language()
    with unit_of_work(current_viewer()) as uow:
        versions = [OutcomeOut.of(uow, line, language) for line in history_of_outcome(uow, outcome_id)]
    newest = versions[-1].version
    return OutcomeHistoryOut(outcome_id=outcome_id, version=newest, versions=versions), 200, etag(newest)


@blueprint.put("/outcomes/<uuid:outcome_id>")
@guarded("planner", "inspector", "decider")
@blueprint.input(OutcomeIn, arg_name="body")
@blueprint.output(OutcomeOut)
def put_outcome(outcome_id: UUID, body: OutcomeIn) -> Response:
    """Write a new version of an outcome whose newest version was seen (``If-Match``)."""
    language = current_language()

    def make(uow: UnitOfWork) -> OutcomeOut:
        part_id = history_of_outcome(uow, outcome_id)[-1].part_id
        write_outcome(uow, body.command(outcome_id, part_id, seen_version()))
        return standing(uow, outcome_id, language)

    return once(make, standing=lambda uow: standing(uow, outcome_id, language))


@blueprint.post("/outcomes/<uuid:outcome_id>/withdraw")
@guarded("planner", "inspector", "decider")
@blueprint.input(WithdrawOutcomeIn, arg_name="body")
@blueprint.output(OutcomeOut)
def post_withdraw(outcome_id: UUID, body: WithdrawOutcomeIn) -> Response:
    """Withdraw an outcome whose newest version was seen (``If-Match``), with the reason."""
    language = current_language()

    def make(uow: UnitOfWork) -> OutcomeOut:
        withdraw_outcome(uow, outcome_id, seen_version(), body.reason)
        return standing(uow, outcome_id, language)

    return once(make, standing=lambda uow: standing(uow, outcome_id, language))


def standing(uow: UnitOfWork, outcome_id: UUID, language: str) -> OutcomeOut:
    """Return an outcome as it stands."""
    return OutcomeOut.of(uow, history_of_outcome(uow, outcome_id)[-1], language)
