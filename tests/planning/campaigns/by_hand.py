"""A second opinion on plans, minute by minute: neither the planner's code nor the verifier's."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, product
from typing import Any

Json = dict[str, Any]


class Minutes:
    """Everybody's time as sets of minutes."""

    def __init__(self, problem: Json) -> None:
        self.problem = problem
        self.place = {one["id"]: n for n, one in enumerate(problem["locations"])}
        self.visit = {one["id"]: one for one in problem["visits"]}
        self.who = {one["id"]: one for one in problem["inspectors"]}
        self.shifts = {name: [set(range(*span)) for span in one["shifts"]] for name, one in self.who.items()}
        self.busy = {name: {t for span in one["busy"] for t in range(*span)} for name, one in self.who.items()}

    def way(self, a: str, b: str) -> int:
        """Return the minutes from one place to another."""
        return int(self.problem["travel"][self.place[a]][self.place[b]])

    def held(self, name: str, start: int) -> tuple[int, int, str, str]:
        """Return from when until when and from where to where a visit holds its people."""
        visit = self.visit[name]
        meets = visit["briefing"]
        if meets is None:
            return start, start + visit["duration"], visit["location"], visit["location"]
        ahead = meets["minutes"] + self.way(meets["location"], visit["location"])
        return start - ahead, start + visit["duration"], meets["location"], visit["location"]

    def day_holds(self, person: str, planned: list[tuple[str, int]]) -> bool:
        """Tell whether one person's visits fit into the person's shifts."""
        for shift in self.shifts[person]:
            mine = sorted(self.held(name, start) for name, start in planned if self.held(name, start)[0] in shift)
            if len(mine) > self.who[person]["max_visits_per_shift"]:
                return False
            free = sorted(shift - self.busy[person])
            at, place = min(shift), self.who[person]["base"]
            for begins, ends, goes_from, to in [*mine, (max(shift) + 1, max(shift) + 1, self.who[person]["base"], "")]:
                if mine and (begins < at or sum(at <= t < begins for t in free) < self.way(place, goes_from)):
                    return False
                if not set(range(begins, ends)) <= set(free):
                    return False
                at, place = ends, to or place
        whole = set().union(*self.shifts[person]) if self.shifts[person] else set()
        return all(self.held(name, start)[0] in whole for name, start in planned)

    def staffs(self, name: str, people: tuple[str, ...]) -> bool:
        """Tell whether people can be dealt out to the places of a visit, by trying every way."""
        places = [want for want in self.visit[name]["units"] for _ in range(want["count"])]
        if len(places) != len(people):
            return False

        def deal(n: int, left: frozenset[str]) -> bool:
            return n == len(places) or any(
                self.who[one]["agency"] == places[n]["agency"]
                and set(places[n]["skills"]) <= set(self.who[one]["skills"])
                and deal(n + 1, left - {one})
                for one in left
            )

        return deal(0, frozenset(people))

    def holds(self, entries: list[Json]) -> bool:
        """Tell whether a plan breaks no rule of H2 to H7; its ids are known to be right."""
        by_person: dict[str, list[tuple[str, int]]] = defaultdict(list)
        running: Counter[tuple[str, int]] = Counter()
        for entry in entries:
            visit, start = self.visit[entry["id"]], entry["start"]
            if start % self.problem["grid"] or not self.staffs(entry["id"], tuple(entry["inspectors"])):
                return False
            if not any(a <= start and start + visit["duration"] <= b for a, b in visit["windows"]):
                return False
            for person in entry["inspectors"]:
                by_person[person].append((entry["id"], start))
            for agency in {want["agency"] for want in visit["units"]}:
                running.update((agency, t) for t in range(start, start + visit["duration"]))
        cars = {one["id"]: one["vehicles"] for one in self.problem["agencies"]}
        if any(cars[agency] is not None and n > cars[agency] for (agency, _), n in running.items()):
            return False
        return all(self.day_holds(person, planned) for person, planned in by_person.items())

    def addable(self, entries: list[Json], name: str) -> tuple[int, tuple[str, ...]] | None:
        """Return a start and people with which a left-out visit could still be added, by trying all of them."""
        visit = self.visit[name]
        agencies = {want["agency"] for want in visit["units"]}
        able = [one for one in self.who if self.who[one]["agency"] in agencies]
        size = sum(want["count"] for want in visit["units"])
        groups = [group for group in combinations(sorted(able), size) if self.staffs(name, group)]
        grid = self.problem["grid"]
        starts = sorted({t for a, b in visit["windows"] for t in range(a, b) if t % grid == 0})
        for start, group in product(starts, groups):
            if all(self.day_holds(one, [*self.of(entries, one), (name, start)]) for one in group) and self.holds(
                [*entries, {"id": name, "start": start, "inspectors": list(group)}]
            ):
                return start, group
        return None

    def of(self, entries: list[Json], person: str) -> list[tuple[str, int]]:
        """Return what a person has in a plan."""
        return [(one["id"], one["start"]) for one in entries if person in one["inspectors"]]
