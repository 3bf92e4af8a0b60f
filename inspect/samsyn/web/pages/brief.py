"""How the promise stands, on one page: for the steering group, that reads it four times a year and decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries.remarks import count_open
from samsyn.pledges.evaluation.queries import EvaluationCard, EvaluationLine, get_evaluation, list_evaluations
from samsyn.pledges.evaluation.queries.standing import Standing, standings_of
from samsyn.pledges.evaluation.rules import end_of, is_year, periods_of
from samsyn.pledges.evaluation.telling import Teller, period_name
from samsyn.pledges.queries import AgreementLine, PledgeLine, agreements_of
from samsyn.pledges.queries.activities import activities_unsaid
from samsyn.pledges.queries.elsewhere import operations_elsewhere
from samsyn.pledges.rules import Pace, PledgeState
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages import hours_spent
from samsyn.web.pages.pledges import COLORS, ICONS, PledgeQuery, by_quarter, chosen, read_shown, unsaid
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("brief")
WARNED: Final = (Pace.BEHIND, Pace.SOON, Pace.NOT_KEPT)
ENDING: Final = timedelta(days=365)
"""So long before it ends an agreement is to be made anew."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The newest compilation of a period, with how far it has come."""

    pledge: PledgeLine
    line: EvaluationLine
    standing: Standing


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that somebody is to decide, and where that is done."""

    says: str
    path: str


def newest(uow: UnitOfWork, pledge: PledgeLine) -> list[Compiled]:
    """Return the newest compilation of each period of a pledge, the latest period first and the year before them."""
    lines = [line for line in list_evaluations(uow, pledge.id) if line.digest is not None]
    standings = standings_of(uow, pledge, lines)
    first = {line.period: line for line in reversed(lines)}
    found = [Compiled(pledge, line, standings[line.id]) for line in first.values()]
    return sorted(found, key=lambda one: (is_year(one.line.period), one.line.period), reverse=True)


def decisions(
    compiled: list[Compiled], pledges: list[PledgeLine], agreements: list[AgreementLine], names: Mapping[UUID, str],
    today: date,
) -> Iterator[Decision]:  # fmt: skip
    """Return what waits for a decision: approvals, public versions, drafts, and agreements that come to an end."""
    for one in compiled:
        period, path = period_name(one.line.period, current_language()), f"/evaluations/{one.line.id}"
        if not one.standing.approved:
            who = ", ".join(sorted(names.get(key, "") for key in one.standing.awaited))
            yield Decision(t("pledges.brief.approve", period=period, who=who), path)
        elif is_year(one.line.period) and not one.standing.public:
            yield Decision(t("pledges.brief.publish", period=period), f"{path}/public")
    for pledge in pledges:
        if pledge.state is PledgeState.DRAFT:
            yield Decision(t("pledges.brief.sign", name=pledge.name), f"/pledges?pledge={pledge.id}")
    for agreement in agreements:
        path = f"/agreements/{agreement.id}"
        if agreement.signed_on is None:
            yield Decision(t("pledges.brief.sign", name=agreement.name), path)
        elif today <= agreement.until_on < today + ENDING:
            yield Decision(t("pledges.brief.ends", name=agreement.name, on=agreement.until_on.isoformat()), path)


def to_compile(pledges: list[PledgeLine], compiled: list[Compiled], today: date) -> Iterator[Decision]:
    """Return the periods of pledges in force that are over and that nobody compiled; of a year that is over itself."""
    has = {(one.pledge.id, one.line.period) for one in compiled}
    for pledge in (one for one in pledges if one.state is PledgeState.IN_FORCE):
        over = [period for period in periods_of(pledge.year) if end_of(period) <= today]
        for period in [one for one in over if is_year(one)] or over:
            if (pledge.id, period) not in has:
                said = t("pledges.brief.compile", period=period_name(period, current_language()))
                yield Decision(said, f"/pledges/{pledge.id}/evaluations")


def left_open(uow: UnitOfWork, pledge: PledgeLine) -> Iterator[Decision]:
    """Return what nobody said of activities whose day is over, and which operations are left behind by their year."""
    unsaid = activities_unsaid(uow, pledge.collaboration_id)
    if unsaid:
        says = t("pledges.brief.unsaid_one" if len(unsaid) == 1 else "pledges.brief.unsaid", n=len(unsaid))
        yield Decision(says, f"/activities/{unsaid[0].id}")
    for one in operations_elsewhere(uow, pledge.collaboration_id):
        path = f"/operations/{one.operation_id}"
        says = t("pledges.elsewhere", name=one.code_word, year=one.year)
        yield Decision(says, f"{path}/focus" if one.lead_id == uow.me and "planner" in uow.viewer.roles else path)


def told_of(uow: UnitOfWork, compiled: list[Compiled]) -> list[EvaluationCard]:
    """Return what people said last: of the latest quarter and of the latest year that are compiled."""
    quarter = next((one for one in compiled if not is_year(one.line.period)), None)
    year = next((one for one in compiled if is_year(one.line.period)), None)
    return [get_evaluation(uow, one.line.id) for one in (quarter, year) if one is not None]


@blueprint.get("/pledges/brief")
@guarded()
@blueprint.input(PledgeQuery, location="query", arg_name="query")
def get_brief(query: PledgeQuery) -> str:
    """How a year's pledge stands: what is behind, what was said last, what waits for a decision."""
    with unit_of_work(current_viewer()) as uow:
        pledges, pledge = chosen(uow, query)
        if pledge is None:
            return page("pledges/brief.html.j2", pledge=None)
        shown, today = read_shown(uow, pledge), uow.today
        near = [one for one in pledges if pledge.year - 1 <= one.year <= pledge.year
                and one.collaboration_id == pledge.collaboration_id]  # fmt: skip
        compiled = [found for one in near if one.state is not PledgeState.DRAFT for found in newest(uow, one)]
        names = authority_names(uow, {key for one in near for key in one.parties})
        agreements = [one for one in agreements_of(uow) if one.collaboration_id == pledge.collaboration_id]
        mine = [one for one in pledges if one.collaboration_id == pledge.collaboration_id]
        waits = [*decisions(compiled, mine, agreements, names, today), *to_compile(near, compiled, today),
                 *left_open(uow, pledge)]  # fmt: skip
        tellers = [(card.line.id, Teller(card, current_language())) for card in told_of(uow, compiled)]
        hours = hours_spent.read_rows(uow, PledgeQuery(pledge=pledge.id))
        remarks, overdue = count_open(uow, pledge.collaboration_id)
    return page(
        "pledges/brief.html.j2",
        pledge=pledge,
        pledges=pledges,
        shown=shown,
        warned=[row for row in shown.rows if row.numbers.pace in WARNED],
        unsaid=unsaid(shown),
        waits=waits,
        told=[(key, teller.title(), teller.standing(), teller.whole()) for key, teller in tellers],
        names=names,
        spent=hours_spent.in_words(round(sum(row.spent[4] for row in hours), 1)),
        planned=hours_spent.in_words(round(sum(row.planned[4] for row in hours), 1)),
        remarks=remarks,
        overdue=overdue,
        joint=by_quarter(shown.year),
        colors=COLORS,
        icons=ICONS,
        today=today,
    )
