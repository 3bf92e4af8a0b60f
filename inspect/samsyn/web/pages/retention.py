"""Retention for people: what goes when by which rule, what is held, what was removed (R19)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import Response, request
from pydantic import AfterValidator, Field, StringConstraints

from samsyn.access.queries import staff_names
from samsyn.access.rules import KEEPERS
from samsyn.businesses.queries import businesses_by_id
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import operations_by_id
from samsyn.retention.queries import HoldLine, get_run, list_holds, list_runs, preview
from samsyn.retention.rules import DataClass
from samsyn.retention.service import Lift, Order, Place, SetRule, lift_hold, order_run, place_hold, set_rule
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.records import Pasted
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("retention")
Reason = Annotated[str, StringConstraints(max_length=500), AfterValidator(printable)]


class RuleForm(Body):
    """What is decided for a class."""

    keep: Literal["preserve", "remove"]
    years: Annotated[int, Field(ge=0, le=100)] = 0
    decision_ref: Annotated[str, StringConstraints(max_length=120), AfterValidator(printable)] = ""
    decided_on: date | None = None


class HoldForm(Body):
    """What is held, and why; nothing named: everything."""

    business: Pasted = None
    operation: Pasted = None
    reason: Reason = ""


class RetentionQuery(PageQuery):
    """Where the protocols go on, and whether a hold was lifted just now."""

    lifted: Literal["1"] | None = None


class LiftForm(Body):
    """Why a hold ends."""

    reason: Reason = ""


@blueprint.get("/retention")
@guarded(*KEEPERS)
@blueprint.input(RetentionQuery, location="query", arg_name="query")
def get_retention(query: RetentionQuery) -> str:
    """Rules, what they would remove when, holds, protocols."""
    return show(query=query)


@blueprint.post("/retention/rules/<any(findings, pictures, purchases, documents):word>")
@guarded("decider")
def post_rule(word: str) -> Response:
    """Decide for a class."""

    def make(uow: UnitOfWork, asked: RuleForm) -> str:
        said = (asked.keep == "preserve", asked.years, asked.decision_ref, asked.decided_on)
        set_rule(uow, SetRule(DataClass(word), *said))
        return f"/retention#class-{word}"

    return answer_form(RuleForm, make, lambda form: show(form, failed=word))


@blueprint.post("/retention/runs/<any(findings, pictures, purchases, documents):word>")
@guarded("decider")
def post_run(word: str) -> Response:
    """Order the removal of what is due; the worker does it."""

    def make(uow: UnitOfWork, _: Body) -> str:
        return f"/retention/runs/{order_run(uow, Order(uuid4(), DataClass(word)))}"

    return answer_form(Body, make, show)


@blueprint.post("/retention/holds")
@guarded(*KEEPERS)
def post_hold() -> Response:
    """Place a hold."""

    def make(uow: UnitOfWork, asked: HoldForm) -> str:
        return f"/retention#hold-{place_hold(uow, Place(asked.reason, asked.business, asked.operation))}"

    return answer_form(HoldForm, make, lambda form: show(form, failed="hold"))


@blueprint.post("/retention/holds/<uuid:hold_id>/lift")
@guarded("decider")
def post_lift(hold_id: UUID) -> Response:
    """Lift a hold."""

    def make(uow: UnitOfWork, asked: LiftForm) -> str:
        lift_hold(uow, Lift(hold_id, asked.reason))
        return "/retention?lifted=1"

    return answer_form(LiftForm, make, lambda form: show(form, failed=str(hold_id)))


@blueprint.get("/retention/runs/<uuid:run_id>")
@guarded(*KEEPERS)
def get_one_run(run_id: UUID) -> str:
    """The protocol of one removal."""
    with unit_of_work(current_viewer()) as uow:
        run = get_run(uow, run_id)
        names = staff_names(uow, {run.ordered_by})
        who = names.get((run.ordered_by, uow.me), "")
    return page("records/run.html.j2", run=run, who=who)


def show(form: Form[Any] | None = None, *, failed: str = "", query: PageQuery | None = None) -> str:
    """Render the page; ``failed`` says of which form the faults are."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        runs = list_runs(uow, (query or PageQuery()).seek())
        holds = list_holds(uow)
        said = {
            "classes": preview(uow),
            "holds": [(one, about(uow, one)) for one in holds],
            "runs": runs.items,
            "cursor": runs.next_cursor,
            "today": uow.today,
        }
    return page(
        "records/retention.html.j2",
        form=form or new_form(),
        failed=failed,
        blank=new_form(),
        decides="decider" in viewer.roles,
        lifted="lifted" in request.args,
        **said,
    )


def about(uow: UnitOfWork, hold: HoldLine) -> str:
    """Return what a hold holds, as far as the viewer may see its name; nothing for everything."""
    business = businesses_by_id(uow, {hold.business_id} if hold.business_id else set())
    operation = operations_by_id(uow, {hold.operation_id} if hold.operation_id else set())
    names = [one.name for one in business.values()] + [one.code_word for one in operation.values()]
    ids = [str(one)[:8] for one in (hold.business_id, hold.operation_id) if one]
    return ", ".join(names or ids)
