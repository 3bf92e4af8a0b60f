"""Outcomes at an own part: those that were written, a new one after what to think of, one with its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID, uuid4

from flask import Response, make_response
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.access.queries import list_staff, staff_names
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.queries import findings_of_visit
from samsyn.operations.queries import get_operation, get_part, get_target, visits_of
from samsyn.outcomes.cautions import Caution, cautions_for, doubled
from samsyn.outcomes.commands import WriteOutcome, checked_outcome
from samsyn.outcomes.looking import facts_before, facts_of
from samsyn.outcomes.queries import OutcomeLine, follow_ups_of_part, history_of_outcome, outcomes_of_part
from samsyn.outcomes.rules import MOST_AMOUNT, MOST_FINDINGS, MOST_TEXT, WRITERS, DecidedBy, OutcomeState
from samsyn.outcomes.service import is_open, tool_of, withdraw_outcome, write_outcome
from samsyn.outcomes.tools import Tool, tools_of
from samsyn.web.forms import Form, answer_form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.parsing import Body, Line, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("outcomes")
COLLEAGUES: Final = 500
USUAL: Final = timedelta(days=28)
"""When a follow-up is due where nobody says otherwise."""
Words = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


class OutcomeForm(Body):
    """An outcome as it was filled in; ``seen``: the codes of what to think of that stood beside the form."""

    tool: Line
    state: Literal["proposed", "decided"]
    findings: list[UUID] = Limits(default_factory=list, max_length=MOST_FINDINGS)
    text: Words = ""
    amount: int | None = Limits(default=None, ge=1, le=MOST_AMOUNT)
    heard_on: date | None = None
    until_on: date | None = None
    decided_by: DecidedBy | None = None
    decider: Line | None = None
    delegation: Line | None = None
    decided_on: date | None = None
    case_number: Line | None = None
    seen: list[str] = Limits(default_factory=list, max_length=100)

    def command(self, outcome_id: UUID, part_id: UUID, seen: int) -> WriteOutcome:
        """Return what the service takes."""
        return WriteOutcome(
            outcome_id,
            seen,
            part_id,
            self.tool,
            OutcomeState(self.state),
            frozenset(self.findings),
            self.text,
            self.amount,
            self.heard_on,
            self.until_on,
            self.decided_by,
            self.decider or "",
            self.delegation or "",
            self.decided_on,
            self.case_number or "",
        )


class WithdrawForm(Body):
    """Why an outcome no longer stands."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]


@dataclass(frozen=True, slots=True)
class Said:
    """What to think of, as a page says it: its words, its source and how far that was read."""

    code: str
    text: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome with what to think of."""

    line: OutcomeLine
    cautions: list[Said]


def said(rows: list[Caution], twice: int | None) -> list[Said]:
    """Return the rows in words; a repeated charge says what it becomes."""
    found = []
    for row in rows:
        words = t(f"outcomes.caution.{row.code}")
        if row.code == "charge_doubled" and twice is not None:
            words = f"{words} {t('outcomes.twice', n=twice)}"
        found.append(Said(row.code, words, row.source, row.verified))
    return found


def cautions_before(part_id: UUID, form: OutcomeForm, command: WriteOutcome) -> list[Said]:
    """Return what to think of before it is kept; nothing for what cannot be kept, whose faults come first."""
    with unit_of_work(current_viewer()) as uow:
        part = get_part(uow, part_id)
        if part.authority_id != uow.me or not is_open(part):
            return []
        try:
            checked_outcome(command, tool_of(part, form.tool), uow.today)
        except InvalidError:
            return []
        facts = facts_before(uow, part, command)
    return said(cautions_for(facts), doubled(facts))


def shown(uow: UnitOfWork, line: OutcomeLine) -> Shown:
    """Return an outcome with what to think of afterwards."""
    facts = facts_of(uow, line)
    return Shown(line, said(cautions_for(facts), doubled(facts)))


def about_part(uow: UnitOfWork, part_id: UUID) -> dict[str, Any]:
    """Return what both pages say about the part; ``NotFoundError`` for one that is not the own authority's."""
    viewer = uow.viewer
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    operation = get_operation(uow, part.operation_id)
    numbers = [visit.id for visit in visits_of(uow, operation.id)]
    return {
        "part": part,
        "op": operation,
        "n": numbers.index(part.visit_id) + 1,
        "target": get_target(uow, part.visit_id),
        "own": authority_names(uow, {part.authority_id})[part.authority_id],
        "today": uow.today,
        "writes": bool(viewer.roles & WRITERS) and is_open(part),
        "tools": [(tool.code, tool_words(tool)) for tool in tools_of(part.fields)],
        "tool_words": tool_words,
        "grounds": [one for one in findings_of_visit(uow, part.visit_id, current_language()) if one.part_id == part.id],
    }


def tool_words(tool: Tool) -> str:
    """Return a tool in words: the measure, what about, act and section."""
    about = tool.about(current_language())
    measure = t(f"outcomes.measure.{tool.kind}")
    return f"{measure}{f' ({about})' if about else ''}, {tool.law}"


def show(
    part_id: UUID,
    form: Form[Any] | None = None,
    cautions: list[Said] | None = None,
    follow: Form[Any] | None = None,
) -> str:
    """Render the outcomes and follow-ups of an own part; ``form`` and ``follow`` are what came back."""
    with unit_of_work(current_viewer()) as uow:
        about = about_part(uow, part_id)
        lines = [shown(uow, line) for line in outcomes_of_part(uow, part_id)]
        followups = follow_ups_of_part(uow, part_id)
        people = {one.line.written_by for one in lines} | {one.owner_id for one in followups}
        staff = [one for one in list_staff(uow, uow.me, COLLEAGUES) if set(one.roles) & WRITERS]
        names = {person: name for (person, _), name in staff_names(uow, people).items()}
    usual = {"owner_id": current_viewer().person_id, "due_on": about["today"] + USUAL}
    return page(
        "outcomes/part.html.j2",
        form=form or new_form({"state": "proposed"}),
        follow=follow or new_form(usual),
        cautions=cautions or [],
        lines=lines,
        followups=followups,
        people=[(one.person_id, one.shown_name) for one in staff],
        names=names,
        **about,
    )


def show_one(outcome_id: UUID, form: Form[Any] | None = None, cautions: list[Said] | None = None) -> str:
    """Render one outcome with its versions; ``form`` is what came back."""
    with unit_of_work(current_viewer()) as uow:
        versions = history_of_outcome(uow, outcome_id)
        newest = versions[-1]
        about = about_part(uow, newest.part_id)
        one = shown(uow, newest)
        names = {person: name for (person, _), name in staff_names(uow, {v.written_by for v in versions}).items()}
    if form is None:
        kept = ("text", "amount", "heard_on", "until_on", "decided_by", "decider", "delegation", "decided_on")
        said_before = {name: getattr(newest, name) for name in (*kept, "case_number", "state")}
        grounds = [ground.finding_id for ground in newest.grounds]
        form = new_form({**said_before, "tool": newest.tool.code, "findings": grounds})
    about["writes"] = about["writes"] and newest.state is not OutcomeState.WITHDRAWN
    return page(
        "outcomes/one.html.j2", form=form, cautions=cautions or [], one=one, versions=versions, names=names, **about
    )


@blueprint.get("/parts/<uuid:part_id>/outcomes")
@guarded("planner", "inspector", "decider")
def get_outcomes(part_id: UUID) -> str:
    """The outcomes of an own part (logged)."""
    return show(part_id)


@blueprint.post("/parts/<uuid:part_id>/outcomes")
@guarded("planner", "inspector", "decider")
def post_outcome(part_id: UUID) -> Response:
    """Keep a new one, after its writer saw what to think of."""
    outcome_id = uuid4()
    form = read_form(OutcomeForm)
    if form.value is not None:
        found = cautions_before(part_id, form.value, form.value.command(outcome_id, part_id, 0))
        if {one.code for one in found} - set(form.value.seen):
            return make_response(show(part_id, form, found), 409)

    def make(uow: UnitOfWork, asked: OutcomeForm) -> str:
        write_outcome(uow, asked.command(outcome_id, part_id, 0))
        return f"/parts/{part_id}/outcomes#outcome-{outcome_id}"

    return answer_form(OutcomeForm, make, lambda again: show(part_id, again))


@blueprint.get("/outcomes/<uuid:outcome_id>")
@guarded("planner", "inspector", "decider")
def get_outcome(outcome_id: UUID) -> str:
    """One outcome with all its versions (logged)."""
    return show_one(outcome_id)


@blueprint.post("/outcomes/<uuid:outcome_id>")
@guarded("planner", "inspector", "decider")
def post_version(outcome_id: UUID) -> Response:
    """Keep a new version, after its writer saw what to think of."""
    with unit_of_work(current_viewer()) as uow:
        part_id = history_of_outcome(uow, outcome_id)[-1].part_id
    form = read_form(OutcomeForm)
    if form.value is not None:
        found = cautions_before(part_id, form.value, form.value.command(outcome_id, part_id, seen_version()))
        if {one.code for one in found} - set(form.value.seen):
            return make_response(show_one(outcome_id, form, found), 409)

    def make(uow: UnitOfWork, asked: OutcomeForm) -> str:
        write_outcome(uow, asked.command(outcome_id, part_id, seen_version()))
        return f"/outcomes/{outcome_id}#now"

    return answer_form(OutcomeForm, make, lambda again: show_one(outcome_id, again))


@blueprint.post("/outcomes/<uuid:outcome_id>/withdraw")
@guarded("planner", "inspector", "decider")
def post_withdraw(outcome_id: UUID) -> Response:
    """Withdraw it, with the reason."""

    def make(uow: UnitOfWork, asked: WithdrawForm) -> str:
        withdraw_outcome(uow, outcome_id, seen_version(), asked.reason)
        return f"/outcomes/{outcome_id}#now"

    return answer_form(WithdrawForm, make, lambda again: show_one(outcome_id, again))
