"""What the risk of the planned visits can be at most, in plain Python and whole numbers.

A relaxation: of each agency and each day only the sums are held, so many visits and minutes of its people's shifts
and so many minutes of its vehicles; who goes where, and when on the day, is forgotten. A visit takes its places'
minutes, with the shortest way there could be, on one of the days on which it is possible alone. Each plan keeps these
sums, so no plan serves more than the relaxation. Its own worth is bounded by prices on the sums (Lagrange): for any
prices that are not negative, all capacity at its price, and of each visit what its risk is above the price of its
cheapest day, is at least the risk of any plan. Subgradient steps only choose the prices; the bound is computed from
them in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from samsyn.planning.campaigns.instance import DAY, Instance
from samsyn.planning.campaigns.matching import slots

STEPS = 80
SCALE = 1 << 20
PATIENCE = 4
Way = tuple[tuple[int, int], ...]
"""What is taken of which sums: (sum, how much)."""
Day = tuple[tuple[Way, ...], ...]
"""For each agency the ways in which its people can be there on that day: in shifts that begin then, or before."""


@dataclass(frozen=True)
class Sums:
    """How much there is of each sum, and for each visit its risk and the days that it could be on."""

    there: list[int]
    visits: list[tuple[int, list[Day]]]


def most_risk(at: Instance, possible: Sequence[int], served: int) -> int:
    """Return what no plan's risk exceeds. ``possible``: each visit's starts alone; ``served``: a plan's risk."""
    sums = sums_of(at, possible)
    best, prices = sum(risk for risk, _ in sums.visits), [0.0] * len(sums.there)
    share, waited = 1.0, 0
    for _ in range(STEPS):
        if best <= served:
            break
        found, load = priced(
            sums, [int(price * SCALE / there) for price, there in zip(prices, sums.there, strict=True)]
        )
        waited = 0 if found < best else waited + 1
        best = min(best, found)
        if waited > PATIENCE:
            share, waited = share / 2, 0
        over = [used / there - 1 for used, there in zip(load, sums.there, strict=True)]
        over = [one if one > 0 or price > 0 else 0.0 for one, price in zip(over, prices, strict=True)]
        length = sum(one * one for one in over)
        if length == 0:
            break
        step = share * max(found - served, 1) / length
        prices = [max(0.0, price + step * one) for price, one in zip(prices, over, strict=True)]
    return best


def priced(sums: Sums, prices: list[int]) -> tuple[int, list[int]]:
    """Return the bound that prices give (in parts of ``SCALE``), and what the visits that pay for themselves take."""
    whole = sum(price * there for price, there in zip(prices, sums.there, strict=True))
    load = [0] * len(prices)
    for risk, days in sums.visits:
        cheapest, taken = cheapest_of(days, prices)
        if risk * SCALE > cheapest:
            whole += risk * SCALE - cheapest
            for n, much in taken:
                load[n] += much
    return whole // SCALE, load


def cheapest_of(days: list[Day], prices: list[int]) -> tuple[int, list[tuple[int, int]]]:
    """Return the least that a visit costs on any of its days, and what it takes there."""
    least, taken = -1, []
    for day in days:
        cost, ways = 0, []
        for choice in day:
            costs = [sum(prices[n] * much for n, much in way) for way in choice]
            n = costs.index(min(costs))
            cost += costs[n]
            ways.append(choice[n])
        if least < 0 or cost < least:
            least, taken = cost, [one for way in ways for one in way]
    return max(least, 0), taken


def sums_of(at: Instance, possible: Sequence[int]) -> Sums:
    """Return the relaxation of a problem; a visit without a day stands in no plan and is left out."""
    numbers: dict[tuple[str, int, int], int] = {}
    there: list[int] = []
    begun: dict[int, set[tuple[int, int]]] = {}
    for shift in at.shifts:
        agency, day = at.agency_of[shift.person], shift.begins // DAY
        for kind, much in (("visits", shift.most), ("minutes", shift.free[-1])):
            n = numbers.setdefault((kind, agency, day), len(there))
            if n == len(there):
                there.append(0)
            there[n] += much
        for after in range(day, (shift.ends - 1) // DAY + 1):
            begun.setdefault(agency, set()).add((after, day))
    for agency, most in enumerate(at.vehicles):
        for day in sorted({after for after, _ in begun.get(agency, ())} if most >= 0 else ()):
            numbers["vehicles", agency, day] = len(there)
            there.append(most * open_minutes(at, agency, day * DAY))
    visits = []
    for v, one in enumerate(at.visits):
        days = sorted({(slot - at.offset) * at.grid // DAY for slot in slots(possible[v])})
        ways = [tuple(ways_of(at, v, day, numbers, begun)) for day in days]
        usable = [tuple(tuple(w for w in choice if all(there[n] for n, _ in w)) for choice in day) for day in ways]
        kept = [day for day in usable if all(day)]
        if kept:
            visits.append((one.risk, kept))
    return Sums([max(one, 1) for one in there], visits)


def ways_of(
    at: Instance, v: int, day: int, numbers: dict[tuple[str, int, int], int], begun: dict[int, set[tuple[int, int]]]
) -> Iterator[tuple[Way, ...]]:
    """Yield for each agency of a visit, and each that lends vehicles, what it takes of which sums on a day."""
    one = at.visits[v]
    counts: dict[int, int] = {}
    for place in one.places:
        counts[place.agency] = counts.get(place.agency, 0) + place.count
    for agency, count in sorted(counts.items()):
        minutes = count * (one.ahead + one.lasts + shortest_way(at, v, agency))
        from_days = sorted(first for after, first in begun.get(agency, ()) if after == day)
        yield tuple(
            ((numbers["visits", agency, first], count), (numbers["minutes", agency, first], minutes))
            for first in from_days
        )
        if ("vehicles", agency, day) in numbers:
            yield (((numbers["vehicles", agency, day], one.lasts),),)


def shortest_way(at: Instance, v: int, agency: int) -> int:
    """Return the least minutes to where a visit begins, from a base of the agency or another visit of it."""
    bases = {shift.base for shift in at.shifts if at.agency_of[shift.person] == agency}
    others = {
        one.ends_at for n, one in enumerate(at.visits) if n != v and any(place.agency == agency for place in one.places)
    }
    return min((at.travel[place][at.visits[v].goes_from] for place in bases | others), default=0)


def open_minutes(at: Instance, agency: int, first: int) -> int:
    """Return how many minutes from ``first`` on lie in a shift of the agency's that reaches into that day."""
    spans = sorted(
        (max(shift.begins, first), shift.ends)
        for shift in at.shifts
        if at.agency_of[shift.person] == agency and shift.begins < first + DAY and shift.ends > first
    )
    minutes, reached = 0, first
    for begins, ends in spans:
        minutes += max(0, ends - max(begins, reached))
        reached = max(reached, ends)
    return minutes
