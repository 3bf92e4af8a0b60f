"""Findings of the own authority, as versions, and the facts that all authorities at a visit share."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, Field, StringConstraints

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.commands import AnswerPoint, RecordFact
from samsyn.findings.queries import evidence_of_finding, facts_of_visit, findings_of_visit, history_of_finding
from samsyn.findings.rules import MAX_FACT, MAX_MARKING, MAX_TEXT, WRITERS, Answer, Question
from samsyn.findings.service import answer_point, record_fact
from samsyn.findings.words import search_findings
from samsyn.operations.queries import get_visit, parts_of
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.parsing import Body, Moment, one_line, printable
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.findings import (
    AnsweredOut,
    EvidenceOut,
    FactList,
    FactWrittenOut,
    FindingHistoryOut,
    FindingList,
    FindingOut,
    HitOut,
    HitPage,
)

blueprint = api_blueprint("findings")


class FindingIn(Body):
    """An answer to a check point, or with ``check_point`` null a free observation, which needs a text.

    ``finding_id`` is random and made by the caller; ``base_version`` is the version that was seen (0: none).
    ``mask``: personal numbers in the text become asterisks; without it such a text is refused.
    """

    finding_id: UUID
    base_version: int = Field(default=0, ge=0, le=1_000_000)
    check_point: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d\d$")] | None = None
    answer: Answer
    observed_at: Moment
    serious: bool = False
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(printable)] = ""
    marking: Annotated[str, StringConstraints(max_length=MAX_MARKING), AfterValidator(one_line)] | None = None
    mask: bool = False


class WordsQuery(PageQuery):
    """What is looked for: up to six words of at least two letters, in small letters or not."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class FactIn(Body):
    """An answer to a common question; ``fact_id`` is random and made by the caller. All who took part read it."""

    fact_id: UUID
    question: Question
    answer: Annotated[str, StringConstraints(min_length=1, max_length=MAX_FACT), AfterValidator(printable)]
    mask: bool = False


@blueprint.get("/visits/<uuid:visit_id>/findings")
@guarded()
@blueprint.output(FindingList)
def get_findings(visit_id: UUID) -> Any:
    """The own authority's findings of a visit, newest versions; logged. Others' are never here."""
    language = current_language()
    with unit_of_work(current_viewer()) as uow:
        get_visit(uow, visit_id)
        return {"items": findings_of_visit(uow, visit_id, language)}


@blueprint.post("/parts/<uuid:part_id>/findings")
@guarded("inspector", "planner", "decider")
@blueprint.input(FindingIn, arg_name="body")
@blueprint.output(AnsweredOut, status_code=201)
def post_finding(part_id: UUID, body: FindingIn) -> Response:
    """Write a version of a finding; one that did not see the newest stands beside it, and ``conflict`` says so."""
    command = AnswerPoint(part_id=part_id, **dict(body))
    return once(
        lambda uow: AnsweredOut.model_validate(answer_point(uow, command)),
        status=201,
        location=lambda said: f"/api/v1/findings/{said['finding_id']}",
    )


@blueprint.get("/findings")
@guarded(*WRITERS)
@blueprint.input(WordsQuery, location="query", arg_name="query")
@blueprint.output(HitPage)
def get_hits(query: WordsQuery) -> dict[str, object]:
    """The own authority's findings that hold every word, or a word that begins so; latest observed first. Logged."""
    with unit_of_work(current_viewer()) as uow:
        found = search_findings(uow, query.q, query.seek(), current_language())
    return {"items": [HitOut.of(hit) for hit in found.items], "next_cursor": found.next_cursor}


@blueprint.get("/findings/<uuid:finding_id>")
@guarded()
@blueprint.output(FindingHistoryOut)
def get_finding(finding_id: UUID) -> Any:
    """Every version of an own finding, oldest first, and its pictures; logged."""
    language = current_language()
    with unit_of_work(current_viewer()) as uow:
        versions = history_of_finding(uow, finding_id, language)
        return FindingHistoryOut(
            finding_id=finding_id,
            version=versions[-1].version,
            versions=[FindingOut.model_validate(line) for line in versions],
            evidence=[EvidenceOut.model_validate(line) for line in evidence_of_finding(uow, finding_id)],
        )


@blueprint.get("/visits/<uuid:visit_id>/facts")
@guarded()
@blueprint.output(FactList)
def get_facts(visit_id: UUID) -> Any:
    """The common questions as every authority at the visit answered them."""
    with unit_of_work(current_viewer()) as uow:
        get_visit(uow, visit_id)
        return {"items": facts_of_visit(uow, visit_id)}


@blueprint.post("/visits/<uuid:visit_id>/facts")
@guarded("inspector", "planner", "decider")
@blueprint.input(FactIn, arg_name="body")
@blueprint.output(FactWrittenOut, status_code=201)
def post_fact(visit_id: UUID, body: FactIn) -> Response:
    """Answer a common question for all; earlier answers stay beside it."""

    def make(uow: UnitOfWork) -> FactWrittenOut:
        command = RecordFact(body.fact_id, own_part(uow, visit_id), body.question, body.answer, body.mask)
        return FactWrittenOut(fact_id=body.fact_id, written=record_fact(uow, command))

    return once(make, status=201)


def own_part(uow: UnitOfWork, visit_id: UUID) -> UUID:
    """Return the own authority's part at a visit, one that stands before one that was withdrawn."""
    parts = parts_of(uow, get_visit(uow, visit_id).operation_id)
    mine = [part for part in parts if part.visit_id == visit_id and part.authority_id == uow.me]
    if not mine:
        raise NotFoundError("no part of yours at this visit")
    return min(mine, key=lambda part: (part.withdrawn, part.handed_in)).id
