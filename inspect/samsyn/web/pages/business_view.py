"""What the page of a business shows: the dossier of the reader's authority beside what every member may know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from babel.dates import format_date

from samsyn.authorities.queries import authority_names
from samsyn.businesses.queries import (
    Beside,
    BusinessCard,
    OpenLine,
    PermitLine,
    Spell,
    get_business,
    opening_hours_of,
    others_at,
    others_of,
    permits_of,
    spell_of,
)
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import ReadCopy, copies_of_business
from samsyn.dossiers.news import News
from samsyn.dossiers.queries import DossierCard, get_dossier
from samsyn.dossiers.renderings import RenderingLine, renderings_of
from samsyn.dossiers.rules import Content, VisitEntry
from samsyn.operations.queries import PlannedLine, TraceLine, planned_visits, traces_at
from samsyn.outcomes.queries import OutcomeLine, outcomes_of_visits
from samsyn.places.queries import hot_spots_of_premises
from samsyn.places.queries.signals import About, about
from samsyn.planning.burden import Burden
from samsyn.web.identity import current_language
from samsyn.web.localtime import LOCALES, day_of
from samsyn.web.pages.burden import places_of

BARS: Final = 8
LINES: Final = 4
Bar = tuple[str, str, list[int]]


@dataclass(frozen=True, slots=True)
class Stop:
    """A day in the history: a visit of the own authority, or that others were there (``names``)."""

    day: date
    visit: VisitEntry | None
    names: tuple[str, ...] = ()
    with_us: bool = False
    asks: UUID | None = None
    """The visit that others may be asked about."""


@dataclass(frozen=True, slots=True)
class BusinessView:
    """A business for one reader; ``dossier`` is none where none was compiled or the role reads no findings."""

    business: BusinessCard
    permits: list[PermitLine]
    spell: Spell
    hours: tuple[OpenLine, ...]
    spots: tuple[str, ...]
    here: list[Beside]
    elsewhere: list[Beside]
    planned: list[PlannedLine]
    dossier: DossierCard | None
    stops: tuple[Stop, ...]
    bars: tuple[Bar, ...]
    today: date
    copies: tuple[ReadCopy, ...] = ()
    burden: Burden | None = None
    outcomes: Mapping[str, Sequence[OutcomeLine]] = field(default_factory=dict)
    """The own outcomes by visit, as they stand now and not as of the compiling."""
    documents: tuple[RenderingLine, ...] = ()
    signals: About | None = None
    """Own signals by number, the others' as a level; nothing for who does not work with them."""

    @property
    def content(self) -> Content | None:
        """Return what the dossier says."""
        return self.dossier.content if self.dossier else None

    @property
    def before(self) -> Beside | None:
        """Return who ran the place before: the last one that ended there by the time this one began."""
        first = self.spell.since
        ended = [one for one in self.here if one.until is not None and (first is None or one.until <= first)]
        return max(ended, key=lambda one: one.until or date.min, default=None)

    @property
    def since_year(self) -> int | None:
        """Return the year of the first visit in the dossier."""
        return min((stop.day.year for stop in self.stops if stop.visit), default=None)

    @property
    def top(self) -> int:
        """Return the number at the top of the chart: it has at most ``LINES`` lines above its ground."""
        highest = max((sum(values) for _, _, values in self.bars), default=0)
        return self.step * max(-(-highest // self.step), 1)

    @property
    def step(self) -> int:
        """Return how far the chart's lines are apart."""
        return -(-max((sum(values) for _, _, values in self.bars), default=1) // LINES) or 1


def read_view(uow: UnitOfWork, business_id: UUID, *, reads: bool) -> BusinessView:
    """Read a business in a constant number of statements; ``reads``: the role reads findings, which is logged."""
    business = get_business(uow, business_id)
    dossier = found_dossier(uow, business_id) if reads else None
    traces = traces_at(uow, business.premises_id)
    names = authority_names(uow, {one for trace in traces for one in trace.authorities})
    visits = dossier.content["visits"] if dossier else []
    copies = dossier.copies if dossier else tuple(copies_of_business(uow, business_id)) if reads else ()
    return BusinessView(
        business,
        permits_of(uow, business_id),
        spell_of(uow, business_id),
        opening_hours_of(uow, {business_id}).get(business_id, ()),
        hot_spots_of_premises(uow, {business.premises_id}).get(business.premises_id, ()),
        others_at(uow, business.premises_id, business_id),
        others_of(uow, business.operator_id, business.premises_id),
        planned_visits(uow, {business_id}),
        dossier,
        stops_of(visits, traces, names, uow.me),
        bars_of(dossier.content) if dossier else (),
        uow.today,
        copies,
        places_of(uow, {business.premises_id}).on(business.premises_id, uow.today),
        outcomes_by_visit(uow, visits),
        tuple(renderings_of(uow, dossier.id)) if dossier else (),
        about(uow, business_id) if reads else None,
    )


def outcomes_by_visit(uow: UnitOfWork, visits: Sequence[VisitEntry]) -> dict[str, list[OutcomeLine]]:
    """Return the own outcomes of some visits (logged), oldest first; two statements, none for no visit."""
    found: dict[str, list[OutcomeLine]] = {}
    for line in outcomes_of_visits(uow, {UUID(visit["visit_id"]) for visit in visits}) if visits else []:
        found.setdefault(str(line.visit_id), []).append(line)
    return found


def found_dossier(uow: UnitOfWork, business_id: UUID) -> DossierCard | None:
    """Return the dossier, or nothing where none was compiled yet."""
    try:
        return get_dossier(uow, business_id)
    except NotFoundError:
        return None


def stops_of(
    visits: Sequence[VisitEntry], traces: Sequence[TraceLine], names: dict[UUID, str], me: UUID
) -> tuple[Stop, ...]:
    """Return the history, newest first: what the dossier tells, and the days of others that it does not tell of."""
    told = {visit["visit_id"] for visit in visits}
    stops = [
        Stop(
            day_of(datetime.fromisoformat(visit["starts_at"])),
            visit,
            asks=UUID(visit["visit_id"]) if any(not part["mine"] for part in visit["parts"]) else None,
        )
        for visit in visits
    ]
    stops += [
        Stop(
            trace.on_date,
            None,
            tuple(sorted(names[one] for one in trace.authorities if one in names)),
            me in trace.authorities,
            trace.visit_id if set(trace.authorities) - {me} else None,
        )
        for trace in traces
        if str(trace.visit_id) not in told
    ]
    return tuple(sorted(stops, key=lambda stop: stop.day, reverse=True))


def visits_with_news(view: BusinessView, news: News) -> list[VisitEntry]:
    """Return the visits of which something is new to the reader, in the page's order."""
    return [
        visit
        for visit in (view.content["visits"] if view.content else ())
        if news.of("visit", visit["visit_id"])
        or any(news.of("finding", one["finding_id"]) for one in visit["findings"])
        or any(news.of("outcome", str(one.outcome_id)) for one in view.outcomes.get(visit["visit_id"], ()))
    ]


def bars_of(content: Content) -> tuple[Bar, ...]:
    """Return the deficiencies of the own authority at its latest visits, oldest first: put right, still open."""
    still = [entry["visit_id"] for entry in content["open_deficiencies"]]
    mine = [visit for visit in content["visits"] if any(part["mine"] for part in visit["parts"])]
    bars = []
    for visit in reversed(mine[:BARS]):
        found = sum(finding["answer"] == "deficiency" for finding in visit["findings"])
        stays = still.count(visit["visit_id"])
        day = day_of(datetime.fromisoformat(visit["starts_at"]))
        month = format_date(day, "MMM", locale=LOCALES[current_language()])
        bars.append((month, str(day.year), [max(found - stays, 0), stays]))
    return tuple(bars)
