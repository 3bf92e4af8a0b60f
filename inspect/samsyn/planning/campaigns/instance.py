"""A problem turned into numbers: visits, shifts and starts by index, and for each pair the starts it could have.

A set of starts is one Python integer: bit ``n`` stands for the start ``n`` steps of the grid after the earliest.
Everything here stays as it is while plans are tried; ``board`` holds what changes.
"""

from __future__ import annotations

from samsyn.planning.campaigns.problem import Interval, Planned, Problem

DAY = 1440
WEEK = 10080
CELL = 120
CELLS = WEEK // CELL
NEAR = 60
NOWHERE = 2 * 10**6
"""A slot after all others: more quarters than any problem has."""
MUST = 10**9
"""What it costs more to leave out a visit that has to be planned: more than everything else together."""


class Shift:
    """A shift of one person, minute by minute.

    ``free[t]`` are the free minutes from the shift's start until minute ``t`` of it; ``first[f]`` the first minute at
    which ``f`` of them have gone by and ``last[f]`` the last at which no more than ``f`` have.
    """

    def __init__(self, person: int, span: Interval, busy: tuple[Interval, ...], *, base: int, most: int) -> None:
        self.person = person
        self.begins = span.first
        self.ends = span.last
        self.base = base
        self.most = most
        length = span.last - span.first
        taken = [False] * length
        self.busy = [one for one in busy if one.first < span.last and span.first < one.last]
        for one in self.busy:
            for t in range(max(one.first - span.first, 0), min(one.last - span.first, length)):
                taken[t] = True
        self.free: list[int] = [0]
        for minute in taken:
            self.free.append(self.free[-1] + (not minute))
        self.first: list[int] = [0] * (self.free[-1] + 1)
        self.last: list[int] = [0] * (self.free[-1] + 1)
        for t in range(length, -1, -1):
            self.first[self.free[t]] = t
        for t in range(length + 1):
            self.last[self.free[t]] = t


class NumberedVisit:
    """A visit in numbers. Who goes is held from ``ahead`` minutes before the start until ``lasts`` after it."""

    def __init__(self) -> None:
        self.name = ""
        self.lasts = 0
        self.ahead = 0
        self.goes_from = 0
        self.ends_at = 0
        self.slots = 0
        self.risk = 0
        self.unserved = 0
        self.starts = 0
        self.agencies: list[int] = []
        self.places: list[Place] = []
        self.distinct = True
        self.cost: dict[int, int] = {}
        self.was = -1
        self.was_people: list[int] = []
        self.factor = 1
        self.pinned = False
        self.pin_start = -1
        self.pin_people: list[int] = []
        self.mandatory = False


class Place:
    """So many people of one agency with some skills, and who has them."""

    def __init__(self, agency: int, count: int, people: list[int]) -> None:
        self.agency = agency
        self.count = count
        self.people = people


class Instance:
    """A problem in numbers. ``static[v][g]``: the starts of visit ``v`` in shift ``g``, clear of what is busy."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.grid = problem.grid
        self.travel: list[list[int]] = [list(row) for row in problem.travel]
        places = {one.id: n for n, one in enumerate(problem.locations)}
        agencies = {one.id: n for n, one in enumerate(problem.agencies)}
        self.people: list[str] = [one.id for one in problem.inspectors]
        self.person: dict[str, int] = {name: n for n, name in enumerate(self.people)}
        self.agency_of: list[int] = [agencies[one.agency] for one in problem.inspectors]
        self.members: list[list[int]] = [[] for _ in problem.agencies]
        for n, one in enumerate(self.agency_of):
            self.members[one].append(n)
        self.vehicles: list[int] = [-1 if one.vehicles is None else one.vehicles for one in problem.agencies]
        self.load_before: list[int] = [one.load_before for one in problem.inspectors]
        self.shifts: list[Shift] = []
        self.shifts_of: list[list[int]] = [[] for _ in self.people]
        for n, who in enumerate(problem.inspectors):
            for span in sorted(who.shifts):
                self.shifts_of[n].append(len(self.shifts))
                self.shifts.append(Shift(n, span, who.busy, base=places[who.base], most=who.max_visits_per_shift))
        self.earliest = min([0, *(one.first for visit in problem.visits for one in visit.windows)])
        self.offset = -(self.earliest // problem.grid)
        baseline = problem.baseline.visits if problem.baseline else ()
        self.before: dict[str, Planned] = {one.id: one for one in baseline}
        self.notified: set[str] = set(problem.notified)
        self.visits: list[NumberedVisit] = [self.numbered(n, places, agencies) for n in range(len(problem.visits))]
        self.static: list[dict[int, int]] = [self.fits(one) for one in self.visits]
        self.shifts_for: list[dict[int, list[int]]] = [self.by_person(one) for one in self.static]

    def numbered(self, n: int, places: dict[str, int], agencies: dict[str, int]) -> NumberedVisit:
        """Return a visit in numbers."""
        visit = self.problem.visits[n]
        one = NumberedVisit()
        one.name = visit.id
        one.lasts = visit.duration
        one.ends_at = places[visit.location]
        one.goes_from = one.ends_at
        if visit.briefing is not None:
            one.goes_from = places[visit.briefing.location]
            one.ahead = self.travel[one.goes_from][one.ends_at] + visit.briefing.minutes
        one.slots = -(-visit.duration // self.grid)
        one.risk = visit.risk
        one.mandatory = visit.mandatory or visit.pinned is not None
        one.unserved = self.problem.weights.unserved * visit.risk
        if one.mandatory:
            one.unserved += MUST
        if visit.pinned is not None:
            one.pinned = True
            if visit.pinned.start % self.grid == 0:
                one.pin_start = visit.pinned.start // self.grid + self.offset
            one.pin_people = [self.person[who] for who in visit.pinned.inspectors]
        for window in visit.windows:
            one.starts |= self.within(window.first, window.last - visit.duration)
        for want in visit.units:
            agency = agencies[want.agency]
            skills = set(want.skills)
            able = [who for who in self.members[agency] if skills <= set(self.problem.inspectors[who].skills)]
            one.places.append(Place(agency, want.count, able))
        one.agencies = sorted({place.agency for place in one.places})
        one.distinct = len(one.agencies) == len(one.places)
        one.places.sort(key=lambda place: (len(place.people) - place.count, place.agency))
        self.price(n, one)
        return one

    def price(self, n: int, one: NumberedVisit) -> None:
        """Note what each start costs by itself: days late, repeated times of the week; and the earlier plan's place."""
        problem, visit = self.problem, self.problem.visits[n]
        weights = problem.weights
        left = one.starts
        while left:
            low = left & -left
            left ^= low
            slot = low.bit_length() - 1
            start = (slot - self.offset) * self.grid
            cost = 0
            if visit.due is not None and start > visit.due:
                cost += weights.late * visit.risk * -(-(start - visit.due) // DAY)
            for before in visit.history:
                apart = abs(start % WEEK - before)
                cost += weights.repeat if min(apart, WEEK - apart) <= NEAR else 0
            one.cost[slot] = cost
        entry = self.before.get(visit.id)
        if entry is not None:
            one.was = self.slot_before(entry.start)
            one.was_people = [self.person[who] for who in entry.inspectors if who in self.person]
            one.factor = weights.notified_factor if visit.id in self.notified else 1

    def slot_before(self, start: int) -> int:
        """Return the slot of an earlier plan's start; one that no start has, where that lies before them all or beside.

        So a visit that cannot be where it was counts as moved, wherever it goes.
        """
        slot = start // self.grid + self.offset
        return slot if slot >= 0 and start % self.grid == 0 else NOWHERE

    def within(self, first: int, last: int) -> int:
        """Return the starts from minute ``first`` up to and with minute ``last``."""
        low = max(-(-first // self.grid) + self.offset, 0)
        high = last // self.grid + self.offset
        return ((1 << (high - low + 1)) - 1) << low if high >= low else 0

    def fits(self, one: NumberedVisit) -> dict[int, int]:
        """Return for each shift of somebody who could go the starts at which it holds the commitment."""
        found: dict[int, int] = {}
        for who in sorted({who for place in one.places for who in place.people}):
            for g in self.shifts_of[who]:
                shift = self.shifts[g]
                bits = one.starts & self.within(shift.begins + one.ahead, shift.ends - one.lasts)
                for taken in shift.busy:
                    bits &= ~self.within(taken.first - one.lasts + 1, taken.last + one.ahead - 1)
                if bits:
                    found[g] = bits
        return found

    def by_person(self, static: dict[int, int]) -> dict[int, list[int]]:
        """Return for each person the shifts in which a visit has starts at all."""
        found: dict[int, list[int]] = {}
        for g in static:
            found.setdefault(self.shifts[g].person, []).append(g)
        return found
