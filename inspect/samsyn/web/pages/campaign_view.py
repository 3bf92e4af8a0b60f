"""A campaign's plan in words: days with their order, people's days, a plot without anybody's map, what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from babel.numbers import format_decimal

from samsyn.access.queries import staff_of
from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.evenings import Step, steps_of
from samsyn.planning.campaigns.differences import Difference, differences
from samsyn.planning.campaigns.travel import DETOUR, HIGHWAY, OFF_AND_ON, ROADS, STREETS
from samsyn.planning.queries.campaign_people import LARGEST, STAFF, Size
from samsyn.planning.queries.campaigns import CampaignCard, ItemLine, PlanLine, problem_of_plan
from samsyn.web.identity import current_language
from samsyn.web.localtime import day_of, show_moment
from samsyn.web.pages.hot_spots import WIDE, Point, frame_around
from samsyn.web.shell import t
from samsyn.web.shown.apart import apart
from samsyn.web.shown.campaign_changes import PARTS

NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in the order of its day. ``others``: how many people of each other authority, in words."""

    n: int
    step: Step
    own: tuple[str, ...]
    others: tuple[str, ...]
    at: Point | None = None


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A colleague's day: from when until when, the numbers of the visits, and the visits in their order."""

    name: str
    day: date
    begins_at: datetime
    ends_at: datetime
    stops: tuple[int, ...]
    visits: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A visit's number, where it stands, and the point that it tells of."""

    n: int
    spot: Point
    point: Point

    @property
    def moved(self) -> bool:
        """Say whether the number gave way to another."""
        return self.spot != self.point


@dataclass(frozen=True, slots=True)
class Picture:
    """The visits on a plane, north up; ``high`` in the units of the picture."""

    high: float
    marks: tuple[Mark, ...]


@dataclass
class PlanView:
    """A plan as it is shown to a planner of the lead."""

    plan: PlanLine
    days: list[tuple[date, list[Stop]]]
    people: list[PersonDay]
    left_out: list[tuple[ItemLine, str]]
    picture: Picture | None
    parts: list[tuple[str, int, str]]
    """What draws the plan down, by how much, and what is known of how little it could be."""
    names: Mapping[str, str] = field(default_factory=dict)
    unplaced: int = 0
    """Businesses and meeting places that nobody put on the map."""


def view_of(uow: UnitOfWork, campaign: CampaignCard, items: Sequence[ItemLine], plan: PlanLine) -> PlanView:
    """Return a plan in words; own people are named, of others stands how many (SECRECY, R7)."""
    problem, campaign = problem_of_plan(uow, plan), plan.of(campaign)
    known = {str(one.id): one for one in items}
    sent_by = {one["id"]: one["agency"] for one in problem["inspectors"]}
    named = {str(one.person_id): one.shown_name for one in staff_of(uow, {uow.me}, STAFF, able=False)}
    offices = {
        str(key): name for key, name in authority_names(uow, {UUID(one["id"]) for one in problem["agencies"]}).items()
    }
    entries = [one for one in plan.plan["visits"] if one["id"] in known]
    steps = steps_of(campaign, problem, known, entries)
    stops = []
    for n, step in enumerate(steps, 1):
        own = tuple(named[one] for one in step.people if one in named and sent_by[one] == str(uow.me))
        others = others_of([sent_by[one] for one in step.people if sent_by[one] != str(uow.me)], offices)
        where = step.item.business
        at = None if where.latitude is None or where.longitude is None else (where.latitude, where.longitude)
        stops.append(Stop(n, step, own, others, at))
    return PlanView(
        plan,
        by_day(stops),
        person_days(stops, {one for one in named if sent_by.get(one) == str(uow.me)}, named),
        [
            (known[one["id"]], why(one, offices, known, campaign, soon=one["id"] in plan.too_soon))
            for one in plan.plan["unscheduled"]
            if one["id"] in known
        ],
        picture_of(stops),
        [
            (t(f"campaigns.part.{name}"), plan.parts[name], proof_of(plan, name))
            for name in PARTS
            if plan.parts.get(name)
        ],
        offices,
        unplaced_of(campaign, items),
    )


def proof_of(plan: PlanLine, part: str) -> str:
    """Return in words how little a part can be: known of what is left out, from the most risk that any plan serves."""
    if part != "unserved":
        return t("campaigns.not_proven")
    if plan.risk >= plan.risk_at_most:
        return t("campaigns.proven")
    least = plan.parts[part] * (plan.risk_wanted - plan.risk_at_most) // (plan.risk_wanted - plan.risk)
    return t("campaigns.at_least", n=least)


def unplaced_of(campaign: CampaignCard, items: Sequence[ItemLine]) -> int:
    """Return how many places count as lying in the middle, because nobody said where they lie."""
    where = [(one.business.latitude, one.business.longitude) for one in items]
    where += [(one.latitude, one.longitude) for one in campaign.meeting_places]
    return sum(None in one for one in where)


def travel_words(view: PlanView) -> str:
    """Return in words how ways are estimated, with every number that is assumed for it."""
    said = t(
        "campaigns.travel_says",
        detour=format_decimal(DETOUR, locale=current_language()),
        streets=round(STREETS[1]),
        near=round(STREETS[0]),
        roads=round(ROADS[1]),
        far=round(ROADS[0]),
        highway=round(HIGHWAY),
        more=OFF_AND_ON,
    )
    if not view.unplaced:
        return said
    return f"{said} {t('campaigns.unplaced_one' if view.unplaced == 1 else 'campaigns.unplaced', n=view.unplaced)}"


def size_words(size: Size) -> str:
    """Return in words how large the next plan is, and how large it may be."""
    number, most = (format_decimal(n, locale=current_language()) for n in (size.number, LARGEST))
    return t("campaigns.size", visits=size.visits, people=size.people, days=size.days, n=number, most=most)


def others_of(senders: Sequence[str], offices: Mapping[str, str]) -> tuple[str, ...]:
    """Return how many people each other authority sends, in words."""
    return tuple(
        t(
            "campaigns.sends_one" if senders.count(one) == 1 else "campaigns.sends",
            who=offices.get(one, "–"),
            n=senders.count(one),
        )
        for one in sorted(set(senders), key=lambda key: offices.get(key, ""))
    )


def by_day(stops: Sequence[Stop]) -> list[tuple[date, list[Stop]]]:
    """Return the visits by their day."""
    found: dict[date, list[Stop]] = {}
    for stop in stops:
        found.setdefault(day_of(stop.step.starts_at), []).append(stop)
    return list(found.items())


def person_days(stops: Sequence[Stop], own: set[str], named: Mapping[str, str]) -> list[PersonDay]:
    """Return the own people's days, by name and day."""
    held: dict[tuple[str, date], list[Stop]] = {}
    for stop in stops:
        for person in stop.step.people:
            if person in own:
                held.setdefault((person, day_of(stop.step.starts_at)), []).append(stop)
    found = [
        PersonDay(
            named[person],
            day,
            mine[0].step.meets_at,
            mine[-1].step.ends_at,
            tuple(one.n for one in mine),
            tuple(mine),
        )
        for (person, day), mine in held.items()
    ]
    return sorted(found, key=lambda one: (one.name, one.day))


def picture_of(stops: Sequence[Stop]) -> Picture | None:
    """Return the visits on a plane, or nothing where fewer than two of them are on the map."""
    places = [one.at for one in stops if one.at is not None]
    if len(set(places)) < 2:  # noqa: PLR2004  one place has no extent
        return None
    frame = frame_around(places)
    high, known = round((frame.north - frame.south) * frame.scale, 1), [one for one in stops if one.at is not None]
    points = [frame.put(at) for at in places]
    spots = apart(points, WIDE, high)
    return Picture(
        high, tuple(Mark(one.n, *pair) for one, pair in zip(known, zip(spots, points, strict=True), strict=True))
    )


def why(
    said: Mapping[str, Any],
    offices: Mapping[str, str],
    known: Mapping[str, ItemLine],
    campaign: CampaignCard,
    *,
    soon: bool,
) -> str:
    """Return in words why a visit is left out: impossible even alone and for whom, or crowded out and by which.

    ``soon``: all of its starts were too near for anybody to be asked.
    """
    if said.get("why") == "crowded_out":
        names = [known[one].business.name for one in said["crowded_by"] if one in known]
        shown = ", ".join(names[:NAMED]) or "–"
        at = show_moment(campaign.moment(said["at"]), current_language()) if said.get("at") is not None else ""
        return t("campaigns.why.crowded", names=shown, at=at)
    if said.get("why") != "impossible_alone":
        return t("campaigns.why.by_hand")
    if not said["starts"]:
        return t("campaigns.why.soon" if soon else "campaigns.why.closed")
    never = [offices.get(one["agency"], "–") for one in said["agencies"] if not one["starts"]]
    if never:
        return t("campaigns.why.nobody", who=", ".join(never), n=said["starts"])
    each = ", ".join(f"{offices.get(one['agency'], '–')} {one['starts']}" for one in said["agencies"])
    return t("campaigns.why.never_together", each=each, n=said["starts"])


@dataclass(frozen=True, slots=True)
class Told:
    """A difference between two plans in words, and where it is."""

    item: ItemLine
    text: str


def differences_of(campaign: CampaignCard, items: Sequence[ItemLine], before: PlanLine, after: PlanLine) -> list[Told]:
    """Return what one plan does otherwise than an earlier one, in words; nothing of what jäv closes to the reader."""
    known = {str(one.id): one for one in items}
    then, now = before.of(campaign), after.of(campaign)
    shift = int((then.grid.begins_at - now.grid.begins_at) / timedelta(minutes=1))
    moved = {**before.plan, "visits": [{**one, "start": one["start"] + shift} for one in before.plan["visits"]]}
    return [Told(known[one.visit], in_words(one, now)) for one in differences(moved, after.plan) if one.visit in known]


def in_words(one: Difference, campaign: CampaignCard) -> str:
    """Return a difference in the reader's words."""
    language = current_language()
    before = "" if one.before is None else show_moment(campaign.moment(one.before), language)
    after = "" if one.after is None else show_moment(campaign.moment(one.after), language)
    said = t(f"campaigns.change.{one.change}", before=before, after=after, n=len(one.came))
    more = one.change == "moved" and one.came
    return f"{said} {t('campaigns.change.staff_too', n=len(one.came))}" if more else said
