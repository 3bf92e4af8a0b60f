"""A plan while it is tried: who goes where when, and what everything costs, exact at every step."""

from __future__ import annotations

from samsyn.planning.campaigns.instance import CELL, CELLS, WEEK, Instance, NumberedVisit

NEVER = 1 << 60


class Ledger:
    """The state of one plan; ``cost`` is its objective, kept exact at every step. Starts are slots of the grid."""

    def __init__(self, instance: Instance) -> None:
        self.at = instance
        weights = instance.problem.weights
        self.w_travel = weights.travel
        self.w_idle = weights.idle
        self.w_fair = weights.fairness
        self.w_cluster = weights.clustering
        self.w_moved = weights.moved
        self.w_staff = weights.staff_changed
        n = len(instance.visits)
        self.start: list[int] = [-1] * n
        self.who: list[list[int]] = [[] for _ in range(n)]
        self.route: list[list[int]] = [[] for _ in instance.shifts]
        self.age: list[int] = [0] * len(instance.shifts)
        self.road: list[int] = [0] * len(instance.shifts)
        self.clock = 0
        self.journal: dict[int, int] = {}
        self.load: list[int] = list(instance.load_before)
        self.high: list[int] = [0] * len(instance.members)
        self.low: list[int] = [0] * len(instance.members)
        self.low2: list[int] = [0] * len(instance.members)
        for agency in range(len(instance.members)):
            self.weigh(agency)
        self.cells: list[int] = [0] * CELLS
        top = max([one.starts.bit_length() + one.slots for one in instance.visits], default=0) + 1
        self.running: list[list[int]] = [[0] * top for _ in instance.vehicles]
        self.full: list[int] = [((1 << top) - 1) if cars == 0 else 0 for cars in instance.vehicles]
        self.cost = sum(self.without(one) for one in instance.visits)
        self.cost += self.w_fair * sum(self.high[a] - self.low[a] for a in range(len(instance.members)))

    def without(self, one: NumberedVisit) -> int:
        """Return what it costs that a visit is not planned."""
        return one.unserved + (self.w_moved * one.factor if one.was >= 0 else 0)

    def weigh(self, agency: int) -> None:
        """Find an agency's largest, smallest and second smallest load."""
        high, low, low2 = 0, NEVER, NEVER
        for who in self.at.members[agency]:
            load = self.load[who]
            high = max(high, load)
            if load < low:
                low, low2 = load, low
            elif load < low2:
                low2 = load
        if low == NEVER:
            high = low = low2 = 0
        self.high[agency], self.low[agency], self.low2[agency] = high, low, min(low2, NEVER)

    def base_cost(self, v: int, slot: int) -> int:
        """Return what a start costs whoever goes: late, repeated, crowded, moved, all of the baseline's people away."""
        one = self.at.visits[v]
        cost = one.cost[slot] + self.w_cluster * self.cells[self.cell(slot)]
        if one.was >= 0:
            cost += self.w_moved * one.factor if slot != one.was else 0
            cost += self.w_staff * one.factor * len(one.was_people)
        return cost

    def cell(self, slot: int) -> int:
        """Return the two hours of the week in which a start lies."""
        return (slot - self.at.offset) * self.at.grid % WEEK // CELL

    def add(self, v: int, slot: int, people: list[int]) -> None:
        """Plan a visit at a start at which these people can go."""
        one = self.at.visits[v]
        self.cost += self.base_cost(v, slot) - self.without(one)
        self.cells[self.cell(slot)] += 1
        self.start[v], self.who[v] = slot, people
        for who in people:
            self.cost -= self.w_staff * one.factor if who in one.was_people else 0
            g = self.shift_at(v, who, slot)
            route = self.route[g]
            k = 0
            while k < len(route) and self.start[route[k]] < slot:
                k += 1
            route.insert(k, v)
            self.carry(who, g, one.ahead + one.lasts)
        for agency in one.agencies:
            self.run(agency, slot, one.slots, 1)

    def drop(self, v: int) -> None:
        """Take a visit out of the plan."""
        one, slot, people = self.at.visits[v], self.start[v], self.who[v]
        self.cells[self.cell(slot)] -= 1
        self.cost -= self.base_cost(v, slot) - self.without(one)
        for who in people:
            self.cost += self.w_staff * one.factor if who in one.was_people else 0
            g = self.shift_at(v, who, slot)
            self.route[g].remove(v)
            self.carry(who, g, -one.ahead - one.lasts)
        self.start[v], self.who[v] = -1, []
        for agency in one.agencies:
            self.run(agency, slot, one.slots, -1)

    def back(self) -> None:
        """Say that every shift is again as it was when ``journal`` was emptied: what is known of it from then holds."""
        for g, age in self.journal.items():
            self.age[g] = age

    def shift_at(self, v: int, who: int, slot: int) -> int:
        """Return the shift of a person in which a start of a visit lies."""
        static = self.at.static[v]
        for g in self.at.shifts_for[v].get(who, ()):
            if static[g] >> slot & 1:
                return g
        message = f"{self.at.people[who]} has no shift for visit {v} at {slot}"
        raise LookupError(message)

    def carry(self, who: int, g: int, minutes: int) -> None:
        """Count anew what a changed shift costs, and its agency's fairness."""
        agency = self.at.agency_of[who]
        self.cost -= self.w_fair * (self.high[agency] - self.low[agency]) + self.road[g]
        self.load[who] += minutes
        self.weigh(agency)
        self.journal.setdefault(g, self.age[g])
        self.clock += 1
        self.age[g] = self.clock
        self.road[g] = self.road_of(g)
        self.cost += self.w_fair * (self.high[agency] - self.low[agency]) + self.road[g]

    def road_of(self, g: int) -> int:
        """Return what the ways and the waiting of a shift cost."""
        at = self.at
        shift, route = at.shifts[g], self.route[g]
        if not route:
            return 0
        way = wait = left = 0
        place = shift.base
        for k, v in enumerate(route):
            one = at.visits[v]
            start = (self.start[v] - at.offset) * at.grid - shift.begins
            leg = at.travel[place][one.goes_from]
            way += leg
            if k:
                wait += shift.free[start - one.ahead] - shift.free[left] - leg
            left, place = start + one.lasts, one.ends_at
        return self.w_travel * (way + at.travel[place][shift.base]) + self.w_idle * wait

    def run(self, agency: int, slot: int, slots: int, step: int) -> None:
        """Count a visit in or out among those of an agency that run at once."""
        cars = self.at.vehicles[agency]
        if cars < 0:
            return
        running, full = self.running[agency], self.full[agency]
        for n in range(slot, slot + slots):
            running[n] += step
            full = full | 1 << n if running[n] >= cars else full & ~(1 << n)
        self.full[agency] = full
