"""The same campaign planned by OR-Tools' routing library, the way its makers advise for visits of several vehicles.

One node for each place of a visit, one vehicle for each shift of each person; the nodes of a visit begin together
(google/or-tools, issues 1047 and 3664). That they are taken together is left out of the model: with it it finds
no first plan here; visits with a place left are not counted. It is let off vehicles per agency, fairness and waiting,
which it has no good words for: what it finds may break H7 and is still counted by the verifier's objective. Run as a
program: ``peer_routing.py PROBLEM.json SECONDS`` prints a plan; wants the package ``ortools``, nothing else does.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

Json = dict[str, Any]
HORIZON = 60 * 24 * 400


class Routes:
    """The model: nodes 0 and 1 onwards are bases, then one node for each place of each visit."""

    def __init__(self, problem: Json) -> None:
        pywrapcp = import_module("ortools.constraint_solver.pywrapcp")

        self.problem = problem
        self.order = {one["id"]: n for n, one in enumerate(problem["locations"])}
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
        """Put costs, time, shifts, breaks and ties into the model."""
        manager, model, weights = self.manager, self.model, self.problem["weights"]

        def drive(a: int, b: int) -> int:
            here, there = manager.IndexToNode(a), manager.IndexToNode(b)
            minutes: int = self.way(self.at[here][1], self.at[there][0])
            return minutes

        def lasting(a: int, b: int) -> int:
            lasts: int = self.lasts[manager.IndexToNode(a)]
            return lasts + drive(a, b)

        cost = model.RegisterTransitCallback(lambda a, b: weights["travel"] * drive(a, b))
        model.SetArcCostEvaluatorOfAllVehicles(cost)
        model.AddDimension(model.RegisterTransitCallback(lasting), HORIZON, HORIZON, False, "time")
        one = model.RegisterUnaryTransitCallback(lambda a: 0 if manager.IndexToNode(a) < len(self.cars) else 1)
        model.AddDimensionWithVehicleCapacity(
            one, 0, [who["max_visits_per_shift"] for who, _ in self.cars], True, "visits"
        )
        self.time = model.GetDimensionOrDie("time")
        for car, (who, shift) in enumerate(self.cars):
            self.time.CumulVar(model.Start(car)).SetValue(shift[0])
            self.time.CumulVar(model.End(car)).SetRange(shift[0], shift[1])
            self.breaks(car, who, shift)
        first: dict[str, int] = {}
        for n, (visit, want) in enumerate(self.nodes):
            self.place(len(self.cars) + n, visit, want, first)

    def breaks(self, car: int, who: Json, shift: list[int]) -> None:
        """What a person is busy with in a shift."""
        solver = self.model.solver()
        mine: list[tuple[int, int]] = []
        for a, b in sorted((max(a, shift[0]), min(b, shift[1])) for a, b in who["busy"]):
            if a < b:
                mine = (
                    [*mine[:-1], (mine[-1][0], max(b, mine[-1][1]))] if mine and a <= mine[-1][1] else [*mine, (a, b)]
                )
        held = [solver.FixedDurationIntervalVar(a, a, b - a, False, f"{car}-{a}") for a, b in mine]
        if held:
            lasts = [0] * self.model.Size()
            for n in range(len(self.at)):
                index = self.manager.NodeToIndex(n)
                if 0 <= index < len(lasts):
                    lasts[index] = self.lasts[n]
            self.time.SetBreakIntervalsOfVehicle(held, car, lasts)

    def place(self, node: int, visit: Json, want: Json, first: dict[str, int]) -> None:
        """A place of a visit: who may take it, when, at what cost it is left out, and its tie to the others."""
        model, index = self.model, self.manager.NodeToIndex(node)
        solver, grid = model.solver(), self.problem["grid"]
        places = sum(one["count"] for one in visit["units"])
        model.AddDisjunction([index], self.problem["weights"]["unserved"] * visit["risk"] // places)
        for car, (who, _) in enumerate(self.cars):
            if who["agency"] != want["agency"] or not set(want["skills"]) <= set(who["skills"]):
                model.VehicleVar(index).RemoveValue(car)
        starts = [t for a, b in visit["windows"] for t in range(-(-a // grid) * grid, b - visit["duration"] + 1, grid)]
        mine = self.time.CumulVar(index)
        if not starts:
            solver.Add(model.ActiveVar(index) == 0)
        elif visit["id"] not in first:
            first[visit["id"]] = index
            at = solver.IntVar([t - self.ahead(visit) for t in starts], f"start-{visit['id']}")
            solver.Add(mine == at)
        else:
            other = first[visit["id"]]
            solver.Add(mine == self.time.CumulVar(other))

    def solve(self, seconds: float) -> Json:
        """Return a plan after so long."""
        pywrapcp = import_module("ortools.constraint_solver.pywrapcp")
        routing_enums_pb2 = import_module("ortools.constraint_solver.routing_enums_pb2")

        how = pywrapcp.DefaultRoutingSearchParameters()
        how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        how.time_limit.FromMilliseconds(int(seconds * 1000))
        found = self.model.SolveWithParameters(how)
        planned: dict[str, Json] = {}
        for car, (who, _) in enumerate(self.cars if found else ()):
            index = found.Value(self.model.NextVar(self.model.Start(car)))
            while not self.model.IsEnd(index):
                visit, _ = self.nodes[self.manager.IndexToNode(index) - len(self.cars)]
                start = found.Value(self.time.CumulVar(index)) + self.ahead(visit)
                planned.setdefault(visit["id"], {"id": visit["id"], "start": start, "inspectors": []})[
                    "inspectors"
                ].append(who["id"])
                index = found.Value(self.model.NextVar(index))
        wanted = {one["id"]: sum(want["count"] for want in one["units"]) for one in self.problem["visits"]}
        planned = {name: one for name, one in planned.items() if len(one["inspectors"]) == wanted[name]}
        left = [{"id": one["id"]} for one in self.problem["visits"] if one["id"] not in planned]
        return {"format": "samsyn-plan/1", "visits": list(planned.values()), "unscheduled": left}


if __name__ == "__main__":
    made = Routes(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).solve(float(sys.argv[2]))
    sys.stdout.write(json.dumps(made))
