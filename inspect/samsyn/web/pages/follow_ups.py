"""Follow-ups: the own authority's by their day, one with its past, a new one at a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID, uuid4

from flask import Response
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.access.queries import StaffLine, list_staff, staff_names
from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names, units_of
from samsyn.businesses.queries import businesses_by_id
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.returns import WITHIN, return_visits
from samsyn.operations.queries import OperationCard, TargetLine, operations_by_id, targets_of_many
from samsyn.outcomes.queries import FollowUpFilter, FollowUpLine, history_of_follow_up, list_follow_ups
from samsyn.outcomes.rules import FOLLOW_UP_NEXT, MOST_NOTE, UNFINISHED, WRITERS, FollowUpState
from samsyn.outcomes.service import WriteFollowUp, write_follow_up
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.outcomes import about_part, show
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("follow_ups")
COLLEAGUES: Final = 500
Note = Annotated[str, StringConstraints(max_length=MOST_NOTE), AfterValidator(printable)]


class FollowUpQuery(PageQuery):
    """Whose, of which unit, how far; the viewer's own unfinished ones where nothing is said."""

    whose: Literal["mine", "all"] = "mine"
    unit: UUID | None = None
    state: Literal["unfinished", "open", "carried", "done", "dropped", "every"] = "unfinished"
    operation: UUID | None = None

    def wanted(self, person_id: UUID | None) -> FollowUpFilter:
        """Return what is looked for; those of one operation are everybody's."""
        states = {"unfinished": UNFINISHED, "every": frozenset(FollowUpState)}
        found = states.get(self.state) or frozenset({FollowUpState(self.state)})
        mine = person_id if self.whose == "mine" and self.operation is None else None
        return FollowUpFilter(mine, self.unit, found, operation_id=self.operation)


class FollowUpForm(Body):
    """A new follow-up of a finding or of an outcome (``finding:<id>`` or ``outcome:<id>``)."""

    of: Annotated[str, StringConstraints(pattern=r"^(finding|outcome):[0-9a-f-]{36}$")]
    owner_id: UUID
    due_on: date
    note: Note = ""


class ChangeForm(Body):
    """How a follow-up shall stand."""

    owner_id: UUID
    due_on: date
    state: FollowUpState
    note: Note = ""
    reason: Note = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A follow-up as the list shows it; ``target`` is nothing where the viewer may not know where it is."""

    line: FollowUpLine
    operation: OperationCard | None
    target: TargetLine | None
    owner: str
    about: str
    overdue: bool


def about_words(line: FollowUpLine) -> str:
    """Say what it is about, without a finding's words."""
    if line.tool is not None:
        return t(f"outcomes.measure.{line.tool.kind}")
    return t("follow_ups.point", code=line.point) if line.point else t("findings.page.free")


def rows_of(uow: UnitOfWork, lines: Sequence[FollowUpLine]) -> list[Row]:
    """Return the lines with their place and their owner; a constant number of statements."""
    ids = {line.operation_id for line in lines}
    operations: Mapping[UUID, OperationCard] = operations_by_id(uow, ids) if ids else {}
    targets = targets_of_many(uow, ids) if ids else {}
    names = {person: name for (person, _), name in staff_names(uow, {line.owner_id for line in lines}).items()}
    today = uow.today
    return [
        Row(
            line,
            operations.get(line.operation_id),
            targets.get(line.operation_id, {}).get(line.visit_id),
            names.get(line.owner_id, ""),
            about_words(line),
            line.overdue(today),
        )
        for line in lines
    ]


def read_rows(uow: UnitOfWork, query: FollowUpQuery, seek: Seek) -> tuple[list[Row], str | None]:
    """Return a page of the list, what is overdue first, and where it goes on."""
    found = list_follow_ups(uow, seek, query.wanted(uow.viewer.person_id))
    return rows_of(uow, found.items), found.next_cursor


def colleagues(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """Return who may see to one: the own staff that works with findings, by name."""
    staff: list[StaffLine] = [one for one in list_staff(uow, uow.me, COLLEAGUES) if set(one.roles) & WRITERS]
    return [(one.person_id, one.shown_name) for one in staff]


@blueprint.get("/follow-ups")
@guarded("planner", "inspector", "decider")
@blueprint.input(FollowUpQuery, location="query", arg_name="query")
def get_follow_ups(query: FollowUpQuery) -> str:
    """The own follow-ups by their day (logged)."""
    with unit_of_work(current_viewer()) as uow:
        rows, cursor = read_rows(uow, query, query.seek())
        units = [(unit.id, unit.name) for unit in units_of(uow, {uow.me})]
    args = query.model_dump(mode="json", exclude_defaults=True, exclude={"cursor", "limit"})
    typed = query.model_dump(mode="json", exclude_none=True)
    return page(
        "follow-ups/list.html.j2", rows=rows, cursor=cursor, query=query, units=units, args=args, form=new_form(typed)
    )


def show_follow_up(follow_up_id: UUID, form: Form[Any] | None = None) -> str:
    """Render one with its past; ``form`` is what came back."""
    with unit_of_work(current_viewer()) as uow:
        versions = history_of_follow_up(uow, follow_up_id)
        line = versions[-1]
        about = about_part(uow, line.part_id)
        row = rows_of(uow, [line])[0]
        people = colleagues(uow)
        who = {one.written_by for one in versions} | {one.owner_id for one in versions}
        names = {person: name for (person, _), name in staff_names(uow, who).items()}
    may = FOLLOW_UP_NEXT[line.state] | {line.state}
    states = [(state.value, t(f"follow_ups.state.{state}")) for state in FollowUpState if state in may]
    if form is None:
        kept = {"owner_id": line.owner_id, "due_on": line.due_on, "state": line.state, "note": line.text}
        form = new_form({**kept, "reason": line.reason})
    return page(
        "follow-ups/one.html.j2",
        row=row,
        line=line,
        versions=versions,
        form=form,
        people=people,
        states=states,
        names=names,
        **about,
    )


@blueprint.get("/follow-ups/<uuid:follow_up_id>")
@guarded("planner", "inspector", "decider")
def get_follow_up(follow_up_id: UUID) -> str:
    """One follow-up with all its versions (logged)."""
    return show_follow_up(follow_up_id)


@blueprint.post("/follow-ups/<uuid:follow_up_id>")
@guarded("planner", "inspector", "decider")
def post_change(follow_up_id: UUID) -> Response:
    """Keep how it stands now, as a new version."""
    with unit_of_work(current_viewer()) as uow:
        part_id = history_of_follow_up(uow, follow_up_id)[-1].part_id

    def make(uow: UnitOfWork, asked: ChangeForm) -> str:
        given = (asked.owner_id, asked.due_on, None, None, asked.state, asked.note, asked.reason)
        write_follow_up(uow, WriteFollowUp(follow_up_id, seen_version(), part_id, *given))
        return f"/follow-ups/{follow_up_id}#now"

    return answer_form(ChangeForm, make, lambda form: show_follow_up(follow_up_id, form))


@blueprint.post("/parts/<uuid:part_id>/follow-ups")
@guarded("planner", "inspector", "decider")
def post_follow_up(part_id: UUID) -> Response:
    """Write a new one at an own part."""

    def make(uow: UnitOfWork, asked: FollowUpForm) -> str:
        kind, _, key = asked.of.partition(":")
        try:
            subject = UUID(key)
        except ValueError as error:
            raise InvalidError("no such subject", fields={"of": ["follow_up_no_subject"]}) from error
        found, decided = (subject, None) if kind == "finding" else (None, subject)
        given = WriteFollowUp(uuid4(), 0, part_id, asked.owner_id, asked.due_on, found, decided, text=asked.note)
        write_follow_up(uow, given)
        return f"/parts/{part_id}/outcomes#follow-{given.follow_up_id}"

    return answer_form(FollowUpForm, make, lambda form: show(part_id, follow=form))


class ReturnsQuery(Body):
    """Within how many days what falls due is gathered."""

    within: int = Limits(default=WITHIN, ge=1, le=365)
    lang: Literal["sv", "en"] | None = None


@blueprint.get("/follow-ups/returns")
@guarded("planner", "inspector", "decider")
@blueprint.input(ReturnsQuery, location="query", arg_name="query")
def get_returns(query: ReturnsQuery) -> str:
    """Where several own follow-ups fall due: a planner makes a draft operation of one by the usual way."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        visits = return_visits(uow, query.within)
        rows = {one.target.premises_id: rows_of(uow, one.lines) for one in visits}
        businesses = businesses_by_id(uow, {one.target.business_id for one in visits})
        ids = {authority for one in visits if one.last for authority in one.last.authorities}
        names = authority_names(uow, ids)
        me = uow.me
        if visits:
            record(uow, "follow_up.read", uow.me)
    return page(
        "follow-ups/returns.html.j2",
        visits=visits,
        rows=rows,
        businesses=businesses,
        names=names,
        mine=me,
        query=query,
        form=new_form({"within": query.within}),
        plans="planner" in viewer.roles,
    )
