"""Remarks on the physical environment: the list with its ages, one with its answer, a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import authority_names, members_of, my_collaborations, units_of
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import get_hot_spot, list_hot_spots
from samsyn.places.queries.remarks import RemarkFilter, RemarkLine, get_remark, list_remarks
from samsyn.places.rules import ANSWER_WITHIN, ANSWERS, MOST_PLACE, MOST_TEXT, OPEN_REMARKS, RemarkKind, RemarkState
from samsyn.places.service.remarks import MENDERS, AddRemark, AnswerRemark, add_remark, answer_remark, withdraw_remark
from samsyn.pledges.queries.activities import activity_of
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("remarks")
MOST: Final = 500
NEW: Final = ("collaboration_id", "unit_id", "kind", "place", "text", "noticed_on", "due_on", "hot_spot_id")
ANSWERED: Final = ("state", "text", "done_on")
Place = Annotated[str, StringConstraints(min_length=1, max_length=MOST_PLACE), AfterValidator(printable)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Note = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


class RemarkQuery(PageQuery):
    """Which remarks: asked of us, by us, or of everybody; not settled where nothing is said."""

    whose: Literal["all", "to_us", "by_us"] = "all"
    state: Literal["open", "waiting", "planned", "done", "declined", "every"] = "open"
    hot_spot: UUID | None = None
    activity: UUID | None = None

    def wanted(self, me: UUID) -> RemarkFilter:
        """Return what is looked for."""
        states = {"open": OPEN_REMARKS, "every": ()}.get(self.state)
        return RemarkFilter(
            me if self.whose == "to_us" else None,
            me if self.whose == "by_us" else None,
            self.hot_spot,
            self.activity,
            (RemarkState(self.state),) if states is None else states,
        )


class NewForm(Body):
    """A new remark; of an activity where the address says so."""

    collaboration_id: UUID
    unit_id: UUID
    kind: RemarkKind
    place: Place
    text: Words
    noticed_on: date
    due_on: date | None = None
    hot_spot_id: UUID | None = None
    activity_id: UUID | None = None


class AnswerForm(Body):
    """What the asked unit says."""

    state: RemarkState
    text: Note = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A remark as the list shows it."""

    line: RemarkLine
    asks: str
    asked: str
    age: int
    overdue: bool
    mine: bool


def read_rows(uow: UnitOfWork, query: RemarkQuery, most: int = MOST) -> list[Row]:
    """Return what the page lists; two statements."""
    return rows_of(uow, list_remarks(uow, query.wanted(uow.me), most))


def rows_of(uow: UnitOfWork, lines: Sequence[RemarkLine]) -> list[Row]:
    """Return remarks with their names, ages and marks."""
    names = authority_names(uow, {one.from_id for one in lines} | {one.to_id for one in lines}) if lines else {}
    today = uow.today
    return [
        Row(
            one,
            names.get(one.from_id, ""),
            f"{one.unit}, {names.get(one.to_id, '')}",
            one.age(today),
            one.overdue(today),
            one.to_id == uow.me,
        )
        for one in lines
    ]


@blueprint.get("/remarks")
@guarded()
@blueprint.input(RemarkQuery, location="query", arg_name="query")
def get_remarks(query: RemarkQuery) -> str:
    """The remarks of the own collaborations, what is to be done first by its day."""
    with unit_of_work(current_viewer()) as uow:
        rows = read_rows(uow, query)
        spots = [(one.id, one.name) for one in list_hot_spots(uow)]
        writes = bool(uow.viewer.roles & {"planner", "inspector"})
    return page(
        "remarks/list.html.j2",
        rows=rows,
        spots=spots,
        writes=writes,
        args=query.model_dump(mode="json", exclude_defaults=True, exclude={"cursor", "limit"}),
        form=new_form(query.model_dump(mode="json", exclude_none=True)),
        whose=[(one, t(f"remarks.whose.{one}")) for one in ("all", "to_us", "by_us")],
        states=[("open", t("remarks.open")), *state_words(RemarkState), ("every", t("remarks.every"))],
    )


def state_words(states: Sequence[RemarkState] | type[RemarkState]) -> list[tuple[str, str]]:
    """Return states with their words."""
    return [(one.value, t(f"remarks.state.{one}")) for one in states]


def asked_key(name: str) -> UUID | None:
    """Return a key of the address or of the form; nothing for what is none."""
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        return None


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new remark: the units of every member to choose from."""
    with unit_of_work(current_viewer()) as uow:
        homes = my_collaborations(uow)
        members = {one.id: one.name for home in homes for one in members_of(uow, home.id)}
        units = units_of(uow, set(members)) if members else []
        spots = [(one.id, one.name) for one in list_hot_spots(uow)]
        today, activity = uow.today, asked_key("activity_id")
        spot = asked_key("hot_spot_id") or (activity_of(uow, activity).hot_spot_id if activity else None)
    first = {"noticed_on": today.isoformat(), "due_on": (today + ANSWER_WITHIN).isoformat()}
    return page(
        "remarks/new.html.j2",
        form=form or new_form({**first, "hot_spot_id": spot}),
        activity_id=activity,
        homes=[(one.id, one.name) for one in homes],
        units=[(one.id, f"{one.name}, {members[one.authority_id]}") for one in units],
        spots=spots,
        kinds=[(one.value, t(f"remarks.kind.{one}")) for one in RemarkKind],
        labels={name: t(f"remarks.field.{name}") for name in NEW},
    )


@blueprint.get("/remarks/new")
@guarded("planner", "inspector")
def get_new() -> str:
    """A new remark."""
    return show_new()


@blueprint.post("/remarks/new")
@guarded("planner", "inspector")
def post_new() -> Response:
    """Ask a unit to mend something."""

    def make(uow: UnitOfWork, asked: NewForm) -> str:
        return f"/remarks/{add_remark(uow, AddRemark(**asked.model_dump()))}#content"

    return answer_form(NewForm, make, show_new)


def show_one(remark_id: UUID, form: Form[Any] | None = None) -> str:
    """Render a remark with its answer; the asked authority answers here."""
    with unit_of_work(current_viewer()) as uow:
        one = get_remark(uow, remark_id)
        row = rows_of(uow, [one])[0]
        spot = get_hot_spot(uow, one.hot_spot_id).name if one.hot_spot_id else None
        answers = one.to_id == uow.me and bool(uow.viewer.roles & MENDERS)
        takes_back = one.from_id == uow.me and not one.version and bool(uow.viewer.roles & {"planner", "inspector"})
    stands = {"state": one.state if one.version else "planned", "text": one.answer, "done_on": one.done_on}
    return page(
        "remarks/one.html.j2",
        row=row,
        one=one,
        spot=spot,
        answers=answers,
        takes_back=takes_back,
        states=state_words(ANSWERS),
        form=as_it_stands(form, stands),
        labels={name: t(f"remarks.field.{'answer' if name == 'text' else name}") for name in ANSWERED},
    )


@blueprint.get("/remarks/<uuid:remark_id>")
@guarded()
def get_one(remark_id: UUID) -> str:
    """A remark of the own collaborations."""
    return show_one(remark_id)


@blueprint.post("/remarks/<uuid:remark_id>/answer")
@guarded("planner", "inspector", "unit_admin")
def post_answer(remark_id: UUID) -> Response:
    """Answer as the asked authority."""

    def make(uow: UnitOfWork, asked: AnswerForm) -> str:
        answer_remark(uow, AnswerRemark(remark_id, asked.state, asked.text, asked.done_on, seen_version() or 0))
        return f"/remarks/{remark_id}#content"

    return answer_form(AnswerForm, make, lambda form: show_one(remark_id, form))


@blueprint.post("/remarks/<uuid:remark_id>/withdraw")
@guarded("planner", "inspector")
def post_withdraw(remark_id: UUID) -> Response:
    """Take an own remark back."""

    def make(uow: UnitOfWork) -> str:
        withdraw_remark(uow, remark_id)
        return "/remarks#content"

    return once_then_go(make)
