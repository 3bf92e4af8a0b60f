"""Time away of colleagues, noted by hand: by the person, from the settings, or by who plans or administers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect

from samsyn.access.queries import PlaceCard, get_place, list_staff
from samsyn.access.rules import Role
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import OperationCard, PersonLine, places_during, titles_of
from samsyn.operations.rules import AssignmentState
from samsyn.planning.queries import AwayLine, get_leave, own_leave_of
from samsyn.planning.rules import LeaveKind
from samsyn.planning.service import AddLeave, note_away, take_back_away
from samsyn.planning.service.away import AHEAD, LONGEST, demand_own
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL
from samsyn.web.pages.away_times import AwayForm, in_words, span_asked, typed_of, usual
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.pages.staff import MORE
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("away")
KEEPERS: Final = frozenset({Role.PLANNER, Role.UNIT_ADMIN})


class AwayQuery(Body):
    """What was just noted, or taken back."""

    noted: UUID | None = None
    taken_back: UUID | None = None
    lang: str = ""


class WhomQuery(Body):
    """Of whom to note it."""

    person_id: UUID | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """What a colleague is called to in a time away, with where to see to it."""

    says: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class AwayRow:
    """A time away in words."""

    line: AwayLine
    kind: str
    when: str
    booked: Sequence[Booked] = ()


def row_of(line: AwayLine, booked: Sequence[Booked] = ()) -> AwayRow:
    """Return a time away with its words."""
    return AwayRow(line, t(f"staff.away.kind_of.{line.kind}"), in_words(line.span), booked)


def coming(uow: UnitOfWork, person_id: UUID | None) -> list[AwayLine]:
    """Return what is noted and not over, of one colleague or of all."""
    return own_leave_of(uow, person_id, (uow.now, uow.now + AHEAD + LONGEST))


def with_bookings(uow: UnitOfWork, place: PlaceCard, lines: Sequence[AwayLine]) -> list[AwayRow]:
    """Return times away with what the person is booked for meanwhile; two statements for any number."""
    if not lines:
        return []
    period = (min(one.span[0] for one in lines), max(one.span[1] for one in lines))
    places = places_during(uow, place.person_id, period)
    titles = titles_of(uow, {operation.id for _, operation in places})
    planner = Role.PLANNER in uow.viewer.roles
    return [
        row_of(
            line,
            [
                booked(place.shown_name, goes, operation, titles.get(operation.id, ""), planner=planner)
                for goes, operation in places
                if goes.starts_at < line.span[1] and goes.ends_at > line.span[0]
            ],
        )
        for line in lines
    ]


def booked(name: str, goes: PersonLine, operation: OperationCard, title: str, *, planner: bool) -> Booked:
    """Return what somebody is called to; planners come to its staffing, others to the operation."""
    what = title or t("operations.page.name", code_word=operation.code_word)
    said = "accepted" if goes.state is AssignmentState.ACCEPTED else "asked"
    says = t(f"staff.away.{said}", name=name, what=what, when=in_words((goes.starts_at, goes.ends_at)))
    if planner:
        return Booked(says, f"/staffing/{operation.id}#place-{goes.assignment_id}", t("staff.away.staffing"))
    return Booked(says, f"/operations/{operation.id}", t("staff.away.operation"))


def of_person(uow: UnitOfWork, place: PlaceCard) -> Mapping[str, Any]:
    """Return what the person's page shows of it."""
    return {"place": place, "rows": list(map(row_of, coming(uow, place.person_id))), "out": place.out(uow.today)}


def own(uow: UnitOfWork) -> Mapping[str, Any]:
    """Return what the settings show of it."""
    person = uow.viewer.person_id
    rows = list(map(row_of, coming(uow, person))) if person else []
    return {"person_id": person, "rows": rows}


MORE.append(("staff/_away.html.j2", of_person))
SECTIONS.append(Section("staff/_own_away.html.j2", own))


@blueprint.get("/away")
@guarded(*KEEPERS)
@blueprint.input(WhomQuery, location="query", arg_name="query")
def get_all(query: WhomQuery) -> str | Response:
    """Who of the own authority is away, and the way to whom it is to be noted of."""
    if query.person_id is not None:
        return make_response(redirect(f"/people/{query.person_id}/away#content", 303))
    with unit_of_work(current_viewer()) as uow:
        staff = {one.person_id: one.shown_name for one in list_staff(uow, uow.me, ALL)}
        rows = [row_of(one) for one in coming(uow, None) if one.person_id in staff]
    options = [(str(person), name) for person, name in staff.items()]
    return page("staff/away_all.html.j2", form=new_form(), rows=rows, names=staff, options=options)


@blueprint.get("/people/<uuid:person_id>/away")
@guarded()
@blueprint.input(AwayQuery, location="query", arg_name="query")
def get_away(person_id: UUID, query: AwayQuery) -> str:
    """When somebody is away, and the form to note more."""
    return show(person_id, None, query)


@blueprint.post("/people/<uuid:person_id>/away")
@guarded()
def post_away(person_id: UUID) -> Response:
    """Note time away; whoever looks for somebody who is free sees it at once."""

    def make(uow: UnitOfWork, asked: AwayForm) -> str:
        demand_own(uow, person_id)
        leave_id = note_away(uow, AddLeave(person_id, span_asked(asked, uow.today), asked.kind))
        return f"/people/{person_id}/away?noted={leave_id}"

    return answer_form(AwayForm, make, lambda form: show(person_id, form))


@blueprint.post("/people/<uuid:person_id>/away/<uuid:leave_id>/take-back")
@guarded()
def post_take_back(person_id: UUID, leave_id: UUID) -> Response:
    """Take it back; the next page holds it ready to be noted again."""

    def make(uow: UnitOfWork) -> str:
        take_back_away(uow, person_id, leave_id)
        return f"/people/{person_id}/away?taken_back={leave_id}"

    return once_then_go(make)


def show(person_id: UUID, form: Form[Any] | None = None, query: AwayQuery | None = None) -> str:
    """Render the page for the person, or for who keeps the person's hours."""
    query = query or AwayQuery()
    with unit_of_work(current_viewer()) as uow:
        place = get_place(uow, person_id)
        demand_own(uow, person_id)
        rows = with_bookings(uow, place, coming(uow, person_id))
        gone = get_leave(uow, person_id, query.taken_back) if query.taken_back else None
        mine, roles, first = person_id == uow.viewer.person_id, uow.viewer.roles, usual(uow.today)
    again = gone if gone is not None and gone.taken_back else None
    return page(
        "staff/away.html.j2",
        form=form or new_form(typed_of(again) if again else first),
        place=place,
        rows=rows,
        noted=next((one for one in rows if one.line.id == query.noted), None),
        again=row_of(again) if again else None,
        kinds=[(one.value, t(f"staff.away.kind_of.{one.value}")) for one in LeaveKind],
        mine=mine,
        admin=Role.UNIT_ADMIN in roles,
        keeper=bool(KEEPERS & roles),
    )
