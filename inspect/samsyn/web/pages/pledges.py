"""A pledge in numbers: what was promised the citizens, what is done and planned of it, and the lines behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_operation, operations_by_id
from samsyn.places.queries import list_hot_spots
from samsyn.pledges.counted import coming
from samsyn.pledges.counting import (
    ActivityLine,
    Numbers,
    PremisesLine,
    YearOfPledge,
    gone_of,
    lines_behind,
    numbers_of,
    read_year,
)
from samsyn.pledges.queries import (
    AgreementLine,
    AreaLine,
    CommitmentLine,
    PledgeLine,
    agreements_of,
    areas_of,
    commitments_of,
    focus_of,
    list_pledges,
)
from samsyn.pledges.queries.elsewhere import operations_elsewhere
from samsyn.pledges.returns import Returns
from samsyn.pledges.rules import ActivityKind, CommitmentForm, Pace, PledgeState
from samsyn.pledges.service import choose_focus
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pledges")
MOST_BEHIND: Final = 200
COLORS: Final = {
    **dict.fromkeys(("kept", "on_pace"), "success"),
    **{"planned": "info", "soon": "warning", "behind": "warning", "not_kept": "danger", "unknown": ""},
}
ICONS: Final = {
    **dict.fromkeys(("kept", "on_pace"), "check"),
    **{"planned": "cal", "soon": "clock", "behind": "clock", "not_kept": "warn", "unknown": "info"},
}


class PledgeQuery(PageQuery):
    """Which pledge, and behind which commitment the lines are to be shown."""

    pledge: UUID | None = None
    what: UUID | None = None


class FocusForm(Body):
    """Which focus area an operation serves; none for nothing promised."""

    focus_area_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment with its numbers, in the words of the page."""

    area: AreaLine
    one: CommitmentLine
    numbers: Numbers
    says: str

    @property
    def unit(self) -> str:
        """Return what stands after its numbers: per cent of a share, else nothing."""
        return " %" if self.one.form is CommitmentForm.SHARE else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A pledge as it is read."""

    pledge: PledgeLine
    areas: Sequence[AreaLine]
    rows: Sequence[Row]
    year: YearOfPledge


def chosen(uow: UnitOfWork, query: PledgeQuery) -> tuple[list[PledgeLine], PledgeLine | None]:
    """Return the pledges, newest first, and the one that is asked for: else the newest in force, else the newest.

    One that is signed for a year to come is in force when that year begins: until then this year's is the one to see.
    """
    found = list_pledges(uow)
    if query.pledge is not None:
        one = next((line for line in found if line.id == query.pledge), None)
        if one is None:
            raise NotFoundError("no such pledge")
        return found, one
    signed = [line for line in found if line.state is PledgeState.IN_FORCE]
    begun = [line for line in signed if line.year <= uow.today.year]
    return found, next(iter(begun or signed or found), None)


def read_shown(uow: UnitOfWork, pledge: PledgeLine) -> Shown:
    """Read a pledge with its numbers; a number of statements that grows with its promises of coverage alone."""
    areas = areas_of(uow, pledge.id)
    by_id = {area.id: area for area in areas}
    commitments = commitments_of(uow, list(by_id))
    year = read_year(uow, pledge, commitments, uow.today)
    names = authority_names(uow, {one.not_led_by for one in commitments if one.not_led_by})
    if any(one.hot_spot_id for one in commitments):
        names |= {one.id: one.name for one in list_hot_spots(uow, pledge.collaboration_id)}
    order = {area.id: n for n, area in enumerate(areas)}
    commitments.sort(key=lambda one: order[one.focus_area_id])
    rows = [Row(by_id[one.focus_area_id], one, numbers_of(year, one), says(one, names)) for one in commitments]
    return Shown(pledge, areas, rows, year)


def read_rows(uow: UnitOfWork, query: PledgeQuery) -> Sequence[Row]:
    """Return what the page shows as one list; empty where nothing is promised."""
    _, pledge = chosen(uow, query)
    return [] if pledge is None else read_shown(uow, pledge).rows


def says(one: CommitmentLine, names: Mapping[UUID, str]) -> str:
    """Say in words what a commitment counts; ``names``: of authorities, and of hot spots that one is limited to."""
    parts = [t(f"pledges.says.{one.form}", kind=t(f"pledges.kinds.{one.counts}"), day=one.by_on or "")]
    if one.within_days:
        parts = [t("pledges.says.serious_of" if one.serious else "pledges.says.return_of", n=one.within_days)]
    if one.permit_kind:
        parts = [t("pledges.says.coverage_of", permit=t(f"businesses.permit.{one.permit_kind}").lower())]
    if one.not_led_by:
        parts = [t("pledges.says.share_of", who=names.get(one.not_led_by, ""))]
    if one.fields:
        parts.append(
            t("pledges.says.with", fields=", ".join(t(f"operations.field.{name}") for name in sorted(one.fields)))
        )
    if one.hot_spot_id:
        parts.append(t("pledges.says.at", spot=names.get(one.hot_spot_id, "")))
    if one.least > 1:
        parts.append(t("pledges.says.least", n=one.least))
    if one.whole:
        parts.append(t("pledges.says.whole"))
    return " ".join(parts)


def behind(uow: UnitOfWork, shown: Shown, what: UUID) -> dict[str, Any]:
    """Return the lines that a commitment's numbers count, as far as the viewer may see what they are of."""
    row = next((one for one in shown.rows if one.one.id == what), None)
    if row is None:
        raise NotFoundError("no such commitment")
    lines: list[ActivityLine] = []
    places: list[PremisesLine] = []
    if row.one.form is CommitmentForm.COVERAGE:
        places = list(shown.year.covered.get(what, ()))[:MOST_BEHIND]
    elif row.one.form not in {CommitmentForm.DATE, CommitmentForm.RETURN_VISIT}:
        lines = lines_behind(shown.year, row.one)[:MOST_BEHIND]
    ids = {line.operation_id for line in lines if line.operation_id}
    returns = shown.year.returns.get(what, Returns())
    who = {line.authority_id for line in lines} | {one for line in lines for one in line.authorities}
    who |= {one.authority_id for one in returns.told}
    return {
        "row": row,
        "lines": lines,
        "places": places,
        "returns": returns.own[:MOST_BEHIND],
        "told": returns.told,
        "quarters": by_quarters(row.numbers, row.unit),
        "operations": operations_by_id(uow, ids) if ids else {},
        "names": authority_names(uow, who),
    }


def unsaid(shown: Shown) -> list[Row]:
    """Return what was not kept in a year that is over and of which nobody has said why."""
    if shown.pledge.state is PledgeState.DRAFT or gone_of(shown.year) < 1:
        return []
    return [row for row in shown.rows if row.numbers.pace is Pace.NOT_KEPT and not row.one.not_done_reason]


def by_quarters(numbers: Numbers, unit: str) -> list[dict[str, int]]:
    """Return what was promised, planned, done and remains in each quarter; what was missed before remains after it.

    A share is looked at quarter by quarter, as per cents do not add up.
    """
    found, promised, done = [], 0, 0
    for wanted, planned, made in zip(numbers.promised_by, numbers.planned_by, numbers.quarters, strict=True):
        promised, done = (wanted, made) if unit else (promised + wanted, done + made)
        left = max(promised - done, 0)
        found.append({"promised": wanted, "planned": planned, "done": made, "remaining": left})
    return found


@blueprint.get("/pledges")
@guarded()
@blueprint.input(PledgeQuery, location="query", arg_name="query")
def get_pledges(query: PledgeQuery) -> str:
    """The pledge of a year, counted now; with ``what`` also the lines behind one number."""
    with unit_of_work(current_viewer()) as uow:
        pledges, pledge = chosen(uow, query)
        plans, mine = "planner" in uow.viewer.roles, uow.me
        if pledge is None:
            return page("pledges/show.html.j2", pledge=None, plans=plans)
        shown = read_shown(uow, pledge)
        opened = behind(uow, shown, query.what) if query.what else None
        agreement: AgreementLine | None = next(
            (one for one in agreements_of(uow) if one.id == pledge.agreement_id), None
        )
        names = authority_names(uow, set(pledge.parties))
        elsewhere = operations_elsewhere(uow, pledge.collaboration_id)
        today = uow.today
    activities = [line for line in shown.year.lines if line.kind is not ActivityKind.OPERATION]
    return page(
        "pledges/show.html.j2",
        pledge=pledge,
        pledges=pledges,
        plans=plans,
        mine=mine,
        shown=shown,
        opened=opened,
        unsaid=unsaid(shown) if plans and mine in pledge.parties else [],
        elsewhere=elsewhere,
        agreement=agreement,
        names=names,
        activities=sorted(activities, key=lambda line: (line.on_date, str(line.id))),
        joint=by_quarter(shown.year),
        gone=gone_of(shown.year),
        colors=COLORS,
        icons=ICONS,
        most=MOST_BEHIND,
        today=today,
        args={"pledge": str(pledge.id)},
        form=new_form(),
    )


def by_quarter(year: YearOfPledge) -> list[tuple[str, str, list[int]]]:
    """Return operations with at least two authorities by quarter, done and planned, as the chart takes them."""
    found = [[0, 0] for _ in range(4)]
    for line in year.lines:
        if line.kind is ActivityKind.OPERATION and line.together > 1 and (line.visits or coming(line, year.today)):
            found[(line.on_date.month - 1) // 3][line.state == "planned"] += 1
    return [(t("pledges.quarter", n=n), t(f"pledges.months.{n}"), counts) for n, counts in enumerate(found, 1)]


def show_focus(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render which focus area an operation serves, with the collaboration's pledges to choose from."""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        if operation.lead_id != uow.me:
            raise NotFoundError("no such operation of yours")
        pledges = {one.id: one for one in list_pledges(uow) if one.collaboration_id == operation.collaboration_id}
        areas = areas_of(uow, *pledges) if pledges else []
        now = focus_of(uow, operation_id)
    year = day_of(operation.starts_at).year
    offered = [area for area in areas if pledges[area.pledge_id].year == year or area.id == now]
    options = [(area.id, f"{area.name} ({pledges[area.pledge_id].year})") for area in offered]
    return page(
        "pledges/focus.html.j2",
        operation=operation,
        options=options,
        late=next((pledges[one.pledge_id].year for one in offered if pledges[one.pledge_id].year != year), None),
        year=year,
        form=form or new_form({"focus_area_id": now} if now else {}),
    )


@blueprint.get("/operations/<uuid:operation_id>/focus")
@guarded("planner")
def get_focus(operation_id: UUID) -> str:
    """Which promise an operation of the own lead serves."""
    return show_focus(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/focus")
@guarded("planner")
def post_focus(operation_id: UUID) -> Response:
    """Say which promise it serves; what is done is counted again by the worker."""

    def make(uow: UnitOfWork, asked: FocusForm) -> str:
        choose_focus(uow, operation_id, asked.focus_area_id)
        return f"/operations/{operation_id}#content"

    return answer_form(FocusForm, make, lambda form: show_focus(operation_id, form))
