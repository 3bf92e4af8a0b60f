"""What may still be added to a plan where, and by whom it is done at the least cost.

Each person's day is a short list of visits in a shift. A visit and a shift together have a set of starts at which the
visit could be put in (way there and back, what is busy, visits per shift); such sets are kept until the shift changes.
The union over a place's people, and the intersection over places, vehicles and opening hours, are the starts at which a
visit can be added at all: a handful of integer operations instead of a walk over all starts and all people.
"""

from __future__ import annotations

from samsyn.planning.campaigns.instance import Instance, NumberedVisit, Place
from samsyn.planning.campaigns.ledger import Ledger


class Room:
    """The starts at which a visit fits into a shift as it was at an age; each gap's with the cost of its way."""

    def __init__(self, age: int) -> None:
        self.age = age
        self.bits = 0
        self.gaps: list[tuple[int, int]] = []

    def add(self, bits: int, cost: int) -> None:
        """Add a gap."""
        self.bits |= bits
        self.gaps.append((bits, cost))


class Level:
    """Starts at which the same people cost the same."""

    def __init__(self, cost: int, bits: int, people: list[int]) -> None:
        self.cost = cost
        self.bits = bits
        self.people = people


def level_cost(level: Level) -> int:
    """Return a level's cost, to sort by."""
    return level.cost


class Board(Ledger):
    """A plan that is tried, with the starts that each visit still could have."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance)
        self.open: list[dict[int, Room]] = [{} for _ in instance.visits]

    def room(self, v: int, g: int) -> Room:
        """Return the starts at which visit ``v`` can be put into shift ``g`` as it is now, gap by gap."""
        mine = self.open[v]
        known = mine.get(g)
        if known is not None and known.age == self.age[g]:
            return known
        fresh = self.fresh_room(v, g)
        mine[g] = fresh
        return fresh

    def fresh_room(self, v: int, g: int) -> Room:
        """Compute ``room``: for each gap of the shift the starts between the way there and the way on."""
        at = self.at
        shift, one, route = at.shifts[g], at.visits[v], self.route[g]
        room = Room(self.age[g])
        static = at.static[v].get(g, 0)
        if static == 0 or len(route) >= shift.most:
            return room
        left, place, nxt = 0, shift.base, one
        for k in range(len(route) + 1):
            if k < len(route):
                nxt = at.visits[route[k]]
                reach = (self.start[route[k]] - at.offset) * at.grid - nxt.ahead - shift.begins
                goal = nxt.goes_from
            else:
                reach, goal = shift.ends - shift.begins, shift.base
            there = shift.free[left] + at.travel[place][one.goes_from]
            on = shift.free[reach] - at.travel[one.ends_at][goal]
            if there <= on:
                first = max(left, shift.first[there])
                last = min(reach, shift.last[on])
                bits = static & at.within(first + shift.begins + one.ahead, last + shift.begins - one.lasts)
                if bits:
                    way = at.travel[place][one.goes_from] + at.travel[one.ends_at][goal]
                    way -= at.travel[place][goal] if route else 0
                    between = k > 0 and k < len(route)
                    wait = -(one.ahead + one.lasts + way) if between else 0
                    room.add(bits, self.w_travel * way + self.w_idle * wait)
            if k < len(route):
                left = (self.start[route[k]] - at.offset) * at.grid + nxt.lasts - shift.begins
                place = nxt.ends_at
        return room

    def staffed(self, v: int, place: Place) -> int:
        """Return the starts at which enough people of a place can go."""
        if place.count == 1:
            union = 0
            for who in place.people:
                union |= self.person_room(v, who)
            return union
        at_least = [0] * (place.count + 1)
        for who in place.people:
            bits = self.person_room(v, who)
            for n in range(place.count, 1, -1):
                at_least[n] |= at_least[n - 1] & bits
            at_least[1] |= bits
        return at_least[place.count]

    def person_room(self, v: int, who: int) -> int:
        """Return the starts at which a person can go on a visit."""
        bits = 0
        for g in self.at.shifts_for[v].get(who, ()):
            bits |= self.room(v, g).bits
        return bits

    def starts(self, v: int) -> int:
        """Return the starts at which a visit can be added; where its places share people, at which it may be."""
        one = self.at.visits[v]
        found = one.starts
        for agency in one.agencies:
            if self.full[agency]:
                found &= ~earlier(self.full[agency], one.slots)
        for place in one.places:
            if not found:
                return 0
            found &= self.staffed(v, place)
        return found

    def levels(self, v: int, place: Place, within: int) -> list[Level]:
        """Return the starts of a set by what the cheapest people of a place cost at them, least first, without waiting.

        Every start lies in one level. A person's starts in one gap of one shift all cost the same way, so a level is
        found for many starts at once; the waiting at the ends of a day comes on top.
        """
        open_ = [Level(0, within, [])]
        done: list[Level] = []
        for cost, who, bits in self.offers(v, place, within):
            grown: list[Level] = []
            for level in open_:
                both = level.bits & bits
                if both:
                    level.bits ^= both
                    more = Level(level.cost + cost, both, [*level.people, who])
                    if len(more.people) == place.count:
                        done.append(more)
                    else:
                        grown.append(more)
            open_ = [level for level in open_ if level.bits] + grown
            if not open_:
                break
        done.sort(key=level_cost)
        return done

    def offers(self, v: int, place: Place, within: int) -> list[tuple[int, int, int]]:
        """Return what each gap of each person's shifts costs, for which starts of a set; the cheapest first."""
        found: list[tuple[int, int, int]] = []
        for who in place.people:
            extra = self.personal(self.at.visits[v], who)
            for g in self.at.shifts_for[v].get(who, ()):
                room = self.room(v, g)
                if room.bits & within:
                    for bits, cost in room.gaps:
                        if bits & within:
                            found.append((cost + extra, who, bits & within))
        found.sort()
        return found

    def personal(self, one: NumberedVisit, who: int) -> int:
        """Return what a person costs beside the way: fairness, and less for those who were to go before."""
        agency, load = self.at.agency_of[who], self.load[who]
        more = load + one.ahead + one.lasts
        cost = self.w_fair * max(more - self.high[agency], 0)
        if load == self.low[agency]:
            cost -= self.w_fair * (min(self.low2[agency], more) - load)
        if one.was >= 0 and who in one.was_people:
            cost -= self.w_staff * one.factor
        return cost

    def waiting(self, v: int, who: int, slot: int) -> int:
        """Return the cost of the minutes that a person waits more for a visit before or after the day's others."""
        at = self.at
        one, g = at.visits[v], self.shift_at(v, who, slot)
        route = self.route[g]
        if not route:
            return 0
        first, last = self.start[route[0]], self.start[route[-1]]
        shift = at.shifts[g]
        begins = (slot - at.offset) * at.grid - one.ahead - shift.begins
        if slot > last:
            before = at.visits[route[-1]]
            left = (last - at.offset) * at.grid + before.lasts - shift.begins
            return self.w_idle * (shift.free[begins] - shift.free[left] - at.travel[before.ends_at][one.goes_from])
        if slot < first:
            after = at.visits[route[0]]
            reach = (first - at.offset) * at.grid - after.ahead - shift.begins
            ends = begins + one.ahead + one.lasts
            return self.w_idle * (shift.free[reach] - shift.free[ends] - at.travel[one.ends_at][after.goes_from])
        return 0


def earlier(bits: int, slots: int) -> int:
    """Return the starts from which one of the next ``slots`` slots is in the set."""
    have = 1
    while have < slots:
        step = min(have, slots - have)
        bits |= bits >> step
        have += step
    return bits
