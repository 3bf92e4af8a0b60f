"""Common times in the reader's words: who is free, who stands in the way, and the addresses that ask for less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from samsyn.core.quarters import QUARTER
from samsyn.lifecycle.common_times.asking import Asked, Kind, Plan
from samsyn.lifecycle.common_times.queries import Offer, Share, Times
from samsyn.lifecycle.common_times.wishes import Wish
from samsyn.planning.slots.blame import Blame, Relaxed, Way
from samsyn.web.pages.missing import competence
from samsyn.web.pages.times_strips import Strips
from samsyn.web.shell import t

GOOD, DOUBTFUL = "success", "warning"
Line = tuple[str, str]
"""A colour of the theme and a sentence."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """What would give a time: its words, what follows from it, how many starts, and where to."""

    words: str
    says: str
    opens: str
    href: str


@dataclass(frozen=True)
class TimesView:
    """An answer, with the names that its ids stand for as far as the reader may know them."""

    found: Times
    plan: Plan
    authorities: Mapping[UUID, str]
    units: Mapping[UUID, str]
    people: Mapping[tuple[UUID, UUID], str]
    near: Callable[[date], list[str]] = lambda _: []
    """What says of a day that one of the places is visited near it."""

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """All that is asked, by key."""
        return {one.key: one for one in self.found.asked}

    @property
    def needs(self) -> list[Asked]:
        """What is asked of units."""
        return [one for one in self.found.asked if one.kind is Kind.PEOPLE]

    @property
    def others(self) -> list[Asked]:
        """Who is named, and the places with hours on record."""
        return [one for one in self.found.asked if one.kind is not Kind.PEOPLE and (one.seen or not one.least)]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that were searched."""
        grid = self.found.wish.grid
        return grid.first, grid.first + timedelta(days=grid.days - 1)

    @cached_property
    def strips(self) -> Strips:
        """Who can when, over the days that were searched."""
        found = self.found
        return Strips(found.wish.grid, found.question, frozenset(one.day for one in found.offers))

    @property
    def head(self) -> str:
        """How many starts there are, and how many of them are sure."""
        found = self.found
        sure = t("times.found_sure", n=found.sure) if found.sure else t("times.found_unsure")
        some = "times.found_one" if found.possible == 1 else "times.found_n"
        return f"{t(some, n=found.possible, tried=found.tried)} {sure}"

    @property
    def length(self) -> str:
        """How long people are wanted."""
        return span_words(self.plan.operation.ends_at - self.plan.begins_at)

    def name(self, key: str) -> str:
        """Return what an asked one is called, without a key all of them; one that is not known any more is nothing."""
        if not key:
            return t("times.strip.all")
        one = self.asked.get(key)
        if one is None:
            return ""
        if one.kind is Kind.PLACE:
            target = self.plan.targets.get(one.visit_id) if one.visit_id else None
            return target.name if target else ""
        if one.kind is Kind.PERSON and one.person_id and one.authority_id:
            return self.people.get((one.person_id, one.authority_id)) or t("operations.page.hidden_name")
        of = self.units.get(one.unit_id, "") if one.unit_id else ""
        of = of or (self.authorities.get(one.authority_id, "") if one.authority_id else "")
        return t("times.competence", who=of, what=competence(one.competence)) if one.competence else of

    def reasons(self, offer: Offer) -> Iterator[Line]:
        """Yield what speaks for a time and what to know of it."""
        known = [one for one in offer.shares if one.sure >= one.wanted]
        unknown = [one for one in offer.shares if one.sure < one.wanted and self.asked[one.key].seen]
        unseen = [one for one in offer.shares if not self.asked[one.key].seen]
        for colour, key, shares in (
            (GOOD, "known", known),
            (DOUBTFUL, "unknown", unknown),
            (DOUBTFUL, "unseen", unseen),
        ):
            if shares:
                yield colour, t(f"times.free.{key}", who=listed([self.share(one) for one in shares]))
        left_out = [self.name(one.key) for one in self.found.asked if not one.least and one.kind is not Kind.PLACE]
        if left_out:
            yield DOUBTFUL, t("times.free.left_out", who=listed(left_out))
        yield from self.doors(offer)
        if offer.day_kind:
            yield DOUBTFUL, t(f"times.day.{offer.day_kind}")
        for line in self.near(offer.day):
            yield DOUBTFUL, line

    def doors(self, offer: Offer) -> Iterator[Line]:
        """Yield what is known of the places' hours."""
        places = [one for one in self.found.asked if one.kind is Kind.PLACE]
        despite = [self.name(one.key) for one in places if not one.least]
        if despite:
            yield DOUBTFUL, t("times.free.despite", who=listed(despite))
        if offer.hours_unknown:
            yield DOUBTFUL, counted("times.free.open", offer.hours_unknown)
        elif len(despite) < len(places):
            yield GOOD, t("times.free.open")

    def share(self, share: Share) -> str:
        """Return who it is, of a unit with how many of its people there are."""
        one, who = self.asked[share.key], self.name(share.key)
        if one.kind is Kind.PERSON or not one.seen:
            return who
        n = share.sure if share.sure >= share.wanted else share.sure + share.perhaps
        return t("times.free.of", who=who, n=n, wanted=share.wanted)

    @property
    def never(self) -> str:
        """Who has no time in common, as a sentence; nothing where that is not known."""
        names = [self.name(key) for key in self.found.never]
        if not names:
            return ""
        return t("times.never_one" if len(names) == 1 else "times.never_n", who=listed(names))

    def blames(self) -> list[tuple[str, str]]:
        """Return who stops how much, most first, each with why as far as the reader may know."""
        tried = self.found.tried
        said = []
        for one in sorted(self.found.blames, key=lambda it: it.can):
            who, stopped = self.name(one.key), tried - one.can
            head = t("times.stops", who=who, n=stopped, tried=tried) if stopped else t("times.stops_none", who=who)
            said.append((head, " ".join(self.because(one))))
        return said

    def because(self, blame: Blame) -> Iterator[str]:
        """Yield why one stops what it stops."""
        one = self.asked[blame.key]
        if one.kind is Kind.PEOPLE and one.seen:
            said = {"wanted": one.least, "people": blame.people, "most": blame.most}
            yield t("times.too_few" if blame.people < one.least else "times.needs", **said)
        elif one.kind is Kind.PEOPLE:
            yield t("times.not_seen")
        if blame.only:
            yield counted("times.only", blame.only)

    def ways(self) -> list[WayOut]:
        """Return what would give a time, what opens most first."""
        found = self.found
        out = [(one.opens, self.way(one)) for one in found.ways]
        if found.later:
            words = t("times.way.later"), t("times.way_says.later", weeks=self.weeks(found.wish.weeks))
            week = found.wish.week.beside(found.wish.weeks).name
            out.append((found.later, WayOut(*words, opens(found.later), self.address(week=week))))
        return [one for _, one in sorted(out, key=lambda it: -it[0])]

    def way(self, one: Relaxed) -> WayOut:
        """Return one way in words."""
        asked, who = self.asked.get(one.key), self.name(one.key)
        if one.way is Way.SHORTER or asked is None:
            says = t("times.way_says.shorter", length=span_words(timedelta(seconds=one.quarters * QUARTER)))
            return WayOut(t("times.way.shorter"), says, opens(one.opens), self.address(shorter=True))
        if one.way is Way.FEWER:
            words = t("times.way.fewer", n=asked.least - 1, who=who, wanted=asked.least)
            return WayOut(
                words, t("times.way_says.fewer"), opens(one.opens), self.address(least={one.key: asked.least - 1})
            )
        if asked.kind is Kind.PEOPLE:
            return WayOut(*said("without", who), opens(one.opens), self.address(least={one.key: 0}))
        return WayOut(*said(asked.kind, who), opens(one.opens), self.address(without=one.key))

    def address(
        self, *, week: str = "", least: Mapping[str, int] | None = None, without: str = "", shorter: bool = False
    ) -> str:
        """Return where the same is searched for, but for what is said."""
        wish = self.found.wish
        return address_of(
            f"/operations/{self.plan.operation.id}/times",
            wish,
            week or wish.week.name,
            {**wish.least, **(least or {})},
            wish.without | ({without} if without else set()),
            shorter=shorter or wish.shorter,
        )

    @staticmethod
    def weeks(n: int) -> str:
        """Return a number of weeks in words."""
        return t("times.length.week") if n == 1 else t("times.length.weeks", n=n)


def address_of(
    path: str, wish: Wish, week: str, least: Mapping[str, int], without: frozenset[str], *, shorter: bool
) -> str:
    """Return the address of a search: ids and numbers, nothing that tells a place."""
    said: list[tuple[str, str]] = [("week", week), ("weeks", str(wish.weeks)), ("hours", wish.hours)]
    said += [("least", f"{key}:{n}") for key, n in sorted(least.items())]
    said += [("without", key) for key in sorted(without)]
    return f"{path}?{urlencode([*said, ('short', '1')] if shorter else said)}"


def said(kind: str, who: str) -> tuple[str, str]:
    """Return a way's words, and what follows from it."""
    return t(f"times.way.{kind}", who=who), t(f"times.way_says.{kind}")


def counted(key: str, n: int) -> str:
    """Return a sentence about one or several."""
    return t(f"{key}_one") if n == 1 else t(f"{key}_n", n=n)


def opens(n: int) -> str:
    """Return how many starts."""
    return counted("times.opens", n)


def listed(names: Sequence[str]) -> str:
    """Return "A, B and C"."""
    return names[0] if len(names) == 1 else t("times.and", first=", ".join(names[:-1]), last=names[-1])


def span_words(length: timedelta) -> str:
    """Return "2 hours" or "45 minutes"."""
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if not hours:
        return t("times.length.minutes", m=minutes)
    if minutes:
        return t("times.length.hours_minutes", h=hours, m=minutes)
    return t("times.length.hour") if hours == 1 else t("times.length.hours", h=hours)
