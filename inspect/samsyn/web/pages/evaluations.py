"""A pledge's quarters and years as they were compiled: asked for, read, written beside, approved, and taken along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Response, make_response, request
from pydantic import AfterValidator, StringConstraints

from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import ChangedMeanwhileError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.evaluation.documents import evaluation_json, evaluation_pdf, standing_digest
from samsyn.pledges.evaluation.queries import (
    EvaluationCard,
    EvaluationLine,
    get_evaluation,
    get_publication,
    list_evaluations,
    newest_of,
)
from samsyn.pledges.evaluation.queries.basis import basis_now
from samsyn.pledges.evaluation.queries.standing import standings_of
from samsyn.pledges.evaluation.rules import MOST_TEXT, end_of, is_year, periods_of
from samsyn.pledges.evaluation.service import WriteText, approve, ask_evaluation, subjects_of, write_text
from samsyn.pledges.evaluation.telling import Teller, period_name
from samsyn.pledges.queries import PledgeLine, get_pledge
from samsyn.pledges.rules import PledgeState
from samsyn.web.api.dossiers import as_document
from samsyn.web.exports.evaluation_sheets import evaluation_xlsx
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go, seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.unit_year import tobacco_fields
from samsyn.web.parsing import Body, printable
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("evaluations")
Words = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


class AskForm(Body):
    """Which period is to be compiled."""

    period: str


class TextForm(Body):
    """What is said beside the numbers; empty takes it away."""

    text: Words = ""


class ReadQuery(PageQuery):
    """What was done before the page was shown."""

    done: str | None = None


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period of a pledge with its compilations, newest first."""

    period: str
    name: str
    over: bool
    versions: Sequence[EvaluationLine]


def show_list(pledge_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the periods of a pledge."""
    with unit_of_work(current_viewer()) as uow:
        pledge = get_pledge(uow, pledge_id)
        found = list_evaluations(uow, pledge_id)
        today = uow.today
        asks = may_write(uow, pledge) and pledge.state is not PledgeState.DRAFT
        standings = standings_of(uow, pledge, found)
        names = authority_names(uow, {line.authority_id for line in found} | set(pledge.parties))
    periods = [
        PeriodLine(
            period,
            period_name(period, current_language()),
            today >= end_of(period),
            [line for line in found if line.period == period],
        )
        for period in periods_of(pledge.year)
    ]
    waiting = [line for line in found if line.digest is None]
    return page(
        "pledges/evaluations.html.j2",
        pledge=pledge,
        periods=periods,
        asks=asks,
        over=[(one.period, one.name) for one in periods if one.over],
        names=names,
        standings=standings,
        waiting=waiting,
        form=form or new_form(),
        labels={"period": t("evaluations.field.period")},
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A compilation among others, with the names of who asked for it and of whom it waits for."""

    line: EvaluationLine
    authority: str
    approved: bool
    awaited: Sequence[str]
    public: bool


def read_rows(uow: UnitOfWork, pledge_id: UUID) -> list[Row]:
    """Return what is compiled of a pledge, by period, the newest version first; ``NotFoundError`` where hidden."""
    pledge = get_pledge(uow, pledge_id)
    lines = [line for line in list_evaluations(uow, pledge_id) if line.digest is not None]
    standings = standings_of(uow, pledge, lines)
    names = authority_names(uow, {line.authority_id for line in lines} | set(pledge.parties))
    return [
        Row(line, names.get(line.authority_id, ""), how.approved, sorted(names[key] for key in how.awaited), how.public)
        for line, how in ((line, standings[line.id]) for line in lines)
    ]


def may_write(uow: UnitOfWork, pledge: PledgeLine) -> bool:
    """Say whether the viewer writes for a party."""
    return "planner" in uow.viewer.roles and uow.me in pledge.parties


@blueprint.get("/pledges/<uuid:pledge_id>/evaluations")
@guarded()
def get_list(pledge_id: UUID) -> str:
    """The quarters and the year of a pledge, and which of them are compiled."""
    return show_list(pledge_id)


@blueprint.post("/pledges/<uuid:pledge_id>/evaluations")
@guarded("planner")
def post_ask(pledge_id: UUID) -> Response:
    """Have a period compiled by the own authority's worker."""

    def make(uow: UnitOfWork, asked: AskForm) -> str:
        ask_evaluation(uow, pledge_id, asked.period)
        return f"/pledges/{pledge_id}/evaluations#content"

    return answer_form(AskForm, make, lambda form: show_list(pledge_id, form))


def shown(evaluation_id: UUID, *, done: str = "", changed: bool = False) -> str:
    """Render a compilation; ``changed``: another one was looked at before it was approved, and nothing is."""
    with unit_of_work(current_viewer()) as uow:
        card = get_evaluation(uow, evaluation_id)
        newest = newest_of(uow, card.line.pledge_id, card.line.period) == card.line.version
        stale = basis_now(uow, card.pledge, card.line.period, card.line.basis) != card.line.basis
        names = authority_names(uow, set(card.pledge.parties))
        writes, mine = may_write(uow, card.pledge), uow.me
        reports = bool(uow.viewer.roles & {"planner", "decider"}) and mine in card.pledge.parties
        reports = reports and get_publication(uow, card.line.pledge_id) is not None
        year = is_year(card.line.period)
        tobacco = tobacco_fields(uow, card.pledge.year) if year else ""
    teller = Teller(card, current_language())
    return page(
        "pledges/evaluation.html.j2",
        told=card,
        teller=teller,
        sections=list(teller.sections()),
        chart=chart_of(card),
        newest=newest,
        stale=stale,
        names=names,
        writes=writes and newest and not card.approved,
        approves=writes and newest and (mine not in card.approved_by or card.unsettled),
        year=year,
        reports=reports,
        tobacco=tobacco,
        done=done,
        changed=changed,
    )


def chart_of(card: EvaluationCard) -> list[tuple[str, str, list[int]]]:
    """Return operations by quarter, as the chart takes them: of several authorities, and of one."""
    found = next(one for one in card.content["kinds"] if one["kind"] == "operation")
    return [
        (t("pledges.quarter", n=n), t(f"pledges.months.{n}"), [joint, done - joint])
        for n, (done, joint) in enumerate(zip(found["done"], found["joint"], strict=True), 1)
    ]


@blueprint.get("/evaluations/<uuid:evaluation_id>")
@guarded()
@blueprint.input(ReadQuery, location="query", arg_name="query")
def get_one(evaluation_id: UUID, query: ReadQuery) -> str:
    """A compilation with what people say of it, and who approved it."""
    return shown(evaluation_id, done=query.done or "")


@blueprint.post("/evaluations/<uuid:evaluation_id>/approve")
@guarded("planner")
def post_approve(evaluation_id: UUID) -> Response:
    """Approve what was looked at, for the own authority."""

    def make(uow: UnitOfWork) -> str:
        approve(uow, evaluation_id, request.form.get("seen", ""))
        return f"/evaluations/{evaluation_id}?done=approved"

    try:
        return once_then_go(make)
    except ChangedMeanwhileError as changed:
        return make_response(shown(evaluation_id, changed=True), STATUS[changed.code])


def show_text(evaluation_id: UUID, subject_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what is said beside the numbers of one subject, to be changed."""
    with unit_of_work(current_viewer()) as uow:
        card = get_evaluation(uow, evaluation_id)
        if not may_write(uow, card.pledge) or subject_id not in subjects_of(card):
            raise NotFoundError("no such subject of yours")
    now = card.texts.get(subject_id)
    return page(
        "pledges/evaluation-text.html.j2",
        told=card,
        teller=Teller(card, current_language()),
        subject_id=subject_id,
        about=about(card, subject_id),
        version=now.version if now else 0,
        form=as_it_stands(form, {"text": now.text if now else ""}),
        labels={"text": t("evaluations.field.text")},
    )


def about(card: EvaluationCard, subject_id: UUID) -> str:
    """Return the words of a commitment, an area or the pledge."""
    content, key = card.content, str(subject_id)
    words = {one["id"]: one["name"] for one in content["areas"]}
    words |= {one["id"]: one["text"] for one in content["commitments"]}
    return words.get(key, content["name"])


@blueprint.get("/evaluations/<uuid:evaluation_id>/texts/<uuid:subject_id>")
@guarded("planner")
def get_text(evaluation_id: UUID, subject_id: UUID) -> str:
    """What is said beside the numbers."""
    return show_text(evaluation_id, subject_id)


@blueprint.post("/evaluations/<uuid:evaluation_id>/texts/<uuid:subject_id>")
@guarded("planner")
def post_text(evaluation_id: UUID, subject_id: UUID) -> Response:
    """Say it."""

    def make(uow: UnitOfWork, asked: TextForm) -> str:
        write_text(uow, WriteText(evaluation_id, subject_id, asked.text, seen_version() or 0))
        return f"/evaluations/{evaluation_id}?done=written"

    return answer_form(TextForm, make, lambda form: show_text(evaluation_id, subject_id, form))


@blueprint.get("/evaluations/<uuid:evaluation_id>.pdf")
@guarded()
def get_pdf(evaluation_id: UUID) -> Response:
    """The compilation as a tagged PDF."""
    return hand_out(evaluation_id, "pdf", lambda card, names: evaluation_pdf(card, current_language(), names))


@blueprint.get("/evaluations/<uuid:evaluation_id>.xlsx")
@guarded()
def get_xlsx(evaluation_id: UUID) -> Response:
    """The same as a workbook."""
    return hand_out(evaluation_id, "xlsx", lambda card, _: evaluation_xlsx(card, current_language()))


@blueprint.get("/evaluations/<uuid:evaluation_id>.json")
@guarded()
def get_json(evaluation_id: UUID) -> Response:
    """The same as data."""
    return hand_out(evaluation_id, "json", lambda card, _: evaluation_json(card))


def hand_out(evaluation_id: UUID, form: str, render: Callable[[EvaluationCard, dict[UUID, str]], bytes]) -> Response:
    """Answer with a document, made anew of what is frozen (logged): the same bytes each time that it is named so."""
    with unit_of_work(current_viewer()) as uow:
        card = get_evaluation(uow, evaluation_id)
        names = authority_names(uow, set(card.pledge.parties))
        record(uow, "evaluation.download", evaluation_id, reason=form)
    how = standing_digest(card, names, current_language())
    name = f"samsyn-{card.line.period}-{card.line.version}-{card.looked_at[:8]}-{how[:8]}"
    return as_document(render(card, names), form, name)
