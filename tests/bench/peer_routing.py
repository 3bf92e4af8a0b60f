"""The same campaign planned by OR-Tools' routing library, the way its makers advise for visits of several vehicles.

One node for each place of a visit, one vehicle for each shift of each person; the nodes of a visit begin together and
are taken together (google/or-tools, issues 1047 and 3664). Its own first plans take none of them, tied or not: what it
inserts one by one is undone by the ties. So it begins with the greedy plan of ours, which it is given. Who can be where
when alone (shift, appointments, the way from the base and back) is a table of vehicle and start; a day late costs what
it costs by the vehicle's day.

It is let off vehicles per agency (H7), appointments between two visits of a shift (H5), waiting, fairness and the
timetable's pattern, for which it has no good words: ``bench_plans`` counts it without those rules and without its
waiting. Run as a program: ``peer_routing.py PROBLEM.json FIRST.json SECONDS`` prints a plan after so many seconds of
CPU, building the model not counted; wants the package ``ortools``, nothing else does.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from itertools import permutations
from pathlib import Path
from typing import Any

Json = dict[str, Any]
DAY = 1440


class Routes:
    """The model: nodes 0 and 1 onwards are bases, then one node for each place of each visit."""

    def __init__(self, problem: Json) -> None:
        pywrapcp = import_module("ortools.constraint_solver.pywrapcp")

        self.problem = problem
        self.order = {one["id"]: n for n, one in enumerate(problem["locations"])}
        self.people = {one["id"]: one for one in problem["inspectors"]}
        self.cars = [(who, shift) for who in problem["inspectors"] for shift in who["shifts"]]
        self.nodes = [
            (visit, want) for visit in problem["visits"] for want in visit["units"] for _ in range(want["count"])
        ]
        depots = len(self.cars)
        self.at = [(self.order[who["base"]],) * 2 for who, _ in self.cars]
        self.at += [self.ends(visit) for visit, _ in self.nodes]
        self.lasts = [0] * depots + [self.ahead(visit) + visit["duration"] for visit, _ in self.nodes]
        stops = list(range(depots))
        self.manager = pywrapcp.RoutingIndexManager(len(self.at), depots, stops, stops)
        self.model = pywrapcp.RoutingModel(self.manager)
        self.tied: dict[str, list[int]] = {}
        self.fill()

    def ahead(self, visit: Json) -> int:
        """Minutes before the start that everybody is held."""
        meets = visit["briefing"]
        return meets["minutes"] + self.way(self.order[meets["location"]], self.order[visit["location"]]) if meets else 0

    def ends(self, visit: Json) -> tuple[int, int]:
        """Where a visit begins and where it ends."""
        meets = visit["briefing"]
        last = self.order[visit["location"]]
        return (self.order[meets["location"]] if meets else last), last

    def way(self, a: int, b: int) -> int:
        return int(self.problem["travel"][a][b])

    def fill(self) -> None:
        """Put time, shifts, costs and ties into the model."""
        model, every = self.model, range(len(self.at))
        drive = [[self.way(self.at[a][1], self.at[b][0]) for b in every] for a in every]
        lasting = model.RegisterTransitMatrix([[self.lasts[a] + drive[a][b] for b in every] for a in every])
        horizon = (self.problem["horizon"]["days"] + 1) * DAY
        model.AddDimension(lasting, horizon, horizon, False, "time")
        one = model.RegisterUnaryTransitVector([int(n >= len(self.cars)) for n in every])
        most = [who["max_visits_per_shift"] for who, _ in self.cars]
        model.AddDimensionWithVehicleCapacity(one, 0, most, True, "visits")
        self.time = model.GetDimensionOrDie("time")
        for car, (_, shift) in enumerate(self.cars):
            self.time.CumulVar(model.Start(car)).SetValue(shift[0])
            self.time.CumulVar(model.End(car)).SetRange(shift[0], shift[1])
        self.price(drive)
        for n, (visit, want) in enumerate(self.nodes):
            self.place(self.manager.NodeToIndex(len(self.cars) + n), visit, want)
        for first, *others in self.tied.values():
            for other in others:
                model.solver().Add(self.time.CumulVar(first) == self.time.CumulVar(other))
                model.solver().Add(model.ActiveVar(first) == model.ActiveVar(other))

    def price(self, drive: list[list[int]]) -> None:
        """Put prices on ways, and on days late, once for each visit."""
        weights, names = self.problem["weights"], [visit["id"] for visit, _ in self.nodes]
        alike: dict[tuple[int, ...], list[int]] = {}
        for car, (_, shift) in enumerate(self.cars):
            late = [0] * len(self.cars)
            for n, (visit, _) in enumerate(self.nodes):
                counts = visit["due"] is not None and names.index(visit["id"]) == n
                days = max(0, -(-(shift[0] - visit["due"]) // DAY)) if counts else 0
                late.append(weights["late"] * visit["risk"] * days)
            alike.setdefault(tuple(late), []).append(car)
        for added, cars in alike.items():
            costs = [[weights["travel"] * way + more for way, more in zip(row, added, strict=True)] for row in drive]
            cost = self.model.RegisterTransitMatrix(costs)
            for car in cars:
                self.model.SetArcCostEvaluatorOfVehicle(cost, car)

    def place(self, index: int, visit: Json, want: Json) -> None:
        """A place of a visit: who may take it when, and at what cost it is left out."""
        model, grid = self.model, self.problem["grid"]
        places = sum(one["count"] for one in visit["units"])
        model.AddDisjunction([index], self.problem["weights"]["unserved"] * visit["risk"] // places)
        self.tied.setdefault(visit["id"], []).append(index)
        starts = [t for a, b in visit["windows"] for t in range(-(-a // grid) * grid, b - visit["duration"] + 1, grid)]
        if not starts:
            model.solver().Add(model.ActiveVar(index) == 0)
            return
        ahead, mine = self.ahead(visit), self.time.CumulVar(index)
        mine.SetValues([t - ahead for t in starts])
        rows = [(-1, t - ahead) for t in starts]
        for car, (who, shift) in enumerate(self.cars):
            if able(who, want):
                rows += [(car, t - ahead) for t in starts if self.fits(who, shift, visit, t)]
            else:
                model.VehicleVar(index).RemoveValue(car)
        model.solver().Add(model.solver().AllowedAssignments([model.VehicleVar(index), mine], rows))

    def fits(self, who: Json, shift: list[int], visit: Json, start: int) -> bool:
        """Say whether a person could be there in a shift, if there were nothing else in it but appointments."""
        first, last = start - self.ahead(visit), start + visit["duration"]
        held = {t for a, b in who["busy"] for t in range(max(a, shift[0]), min(b, shift[1]))}
        if first < shift[0] or last > shift[1] or any(t in held for t in range(first, last)):
            return False
        (goes, ends), base = self.ends(visit), self.order[who["base"]]
        before = first - shift[0] - sum(t < first for t in held)
        after = shift[1] - last - sum(t >= last for t in held)
        return before >= self.way(base, goes) and after >= self.way(ends, base)

    def routes(self, plan: Json) -> list[list[int]]:
        """Return a plan as the nodes of each vehicle, in order."""
        found: list[list[int]] = [[] for _ in self.cars]
        known = {visit["id"]: visit for visit, _ in self.nodes}
        for one in sorted(plan["visits"], key=lambda one: one["start"]):
            mine = self.tied[one["id"]]
            wants = [self.nodes[self.manager.IndexToNode(index) - len(self.cars)][1] for index in mine]
            group = next(
                those
                for those in permutations(one["inspectors"])
                if all(able(self.people[who], want) for who, want in zip(those, wants, strict=True))
            )
            first = one["start"] - self.ahead(known[one["id"]])
            for who, index in zip(group, mine, strict=True):
                car = next(n for n, (p, s) in enumerate(self.cars) if p["id"] == who and s[0] <= first < s[1])
                found[car].append(index)
        return found

    def solve(self, plan: Json, seconds: float) -> Json:
        """Return a plan that is no worse than one, by its own prices, after so long."""
        pywrapcp = import_module("ortools.constraint_solver.pywrapcp")
        routing_enums_pb2 = import_module("ortools.constraint_solver.routing_enums_pb2")

        how = pywrapcp.DefaultRoutingSearchParameters()
        how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        self.model.CloseModelWithParameters(how)
        until = time.process_time() + seconds
        enough = self.model.solver().CustomLimit(lambda: time.process_time() > until)
        self.model.AddSearchMonitor(enough)
        first = self.model.ReadAssignmentFromRoutes(self.routes(plan), True)
        if first is None:
            sys.exit("the model refuses the first plan")
        return self.told(self.model.SolveFromAssignmentWithParameters(first, how))

    def told(self, found: Any) -> Json:
        """Return what was found as a plan; a visit with a place left is not counted."""
        planned: dict[str, Json] = {}
        for car, (who, _) in enumerate(self.cars if found else ()):
            index = found.Value(self.model.NextVar(self.model.Start(car)))
            while not self.model.IsEnd(index):
                visit, _ = self.nodes[self.manager.IndexToNode(index) - len(self.cars)]
                start = found.Value(self.time.CumulVar(index)) + self.ahead(visit)
                entry = planned.setdefault(visit["id"], {"id": visit["id"], "start": start, "inspectors": []})
                entry["inspectors"].append(who["id"])
                index = found.Value(self.model.NextVar(index))
        planned = {name: one for name, one in planned.items() if len(one["inspectors"]) == len(self.tied[name])}
        left = [{"id": one["id"]} for one in self.problem["visits"] if one["id"] not in planned]
        return {"format": "samsyn-plan/1", "visits": list(planned.values()), "unscheduled": left}


def able(who: Json, want: Json) -> bool:
    """Say whether a person is of the agency and has the skills."""
    return who["agency"] == want["agency"] and set(want["skills"]) <= set(who["skills"])


if __name__ == "__main__":
    asked, begun = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    sys.stdout.write(json.dumps(Routes(asked).solve(begun, float(sys.argv[3]))))
