"""A plan whose shape is right, laid out by person, for a look at each of H2-H9."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from samsyn.planning.verifier.words import Commitment, Json, Violation


class Look:
    """A plan laid out by person."""

    def __init__(self, problem: Json, entries: Mapping[str, tuple[int, tuple[str, ...]]]) -> None:
        self.problem = problem
        self.entries = entries
        self.visits = {one["id"]: one for one in problem["visits"]}
        self.inspectors = {one["id"]: one for one in problem["inspectors"]}
        order = {one["id"]: n for n, one in enumerate(problem["locations"])}
        self.order = order
        self.by_person: dict[str, list[Commitment]] = defaultdict(list)
        for name, (start, who) in entries.items():
            for person in who:
                self.by_person[person].append(self.commitment(name, start))
        for mine in self.by_person.values():
            mine.sort(key=lambda one: (one.begins, one.ends))

    def drive(self, there: str, here: str) -> int:
        """Return the minutes of the way from one place to another."""
        minutes: int = self.problem["travel"][self.order[there]][self.order[here]]
        return minutes

    def commitment(self, name: str, start: int) -> Commitment:
        """Return the visit as it lies in the day of everybody who goes."""
        visit = self.visits[name]
        briefing, ends = visit.get("briefing"), start + visit["duration"]
        if not briefing:
            return Commitment(name, start, ends, visit["location"], visit["location"])
        ahead = self.drive(briefing["location"], visit["location"]) + briefing["minutes"]
        return Commitment(name, start - ahead, ends, briefing["location"], visit["location"])

    def times(self) -> list[Violation]:
        """H2: the whole visit inside one opening window."""
        found = []
        for name, (start, _) in self.entries.items():
            visit = self.visits[name]
            ends = start + visit["duration"]
            if not any(opens <= start and ends <= closes for opens, closes in visit["windows"]):
                found.append(Violation("H2", name, f"lies at {start} in no opening window"))
        return found

    def people(self) -> list[Violation]:
        """H3: the inspectors fill the places of the units exactly, one person a place."""
        found = []
        for name, (_, who) in self.entries.items():
            places = [want for want in self.visits[name]["units"] for _ in range(want.get("count", 1))]
            if len(who) != len(places):
                found.append(Violation("H3", name, f"has {len(who)} people for {len(places)} places"))
            elif not filled(places, [self.inspectors[one] for one in who]):
                found.append(Violation("H3", name, "the people do not fill the places"))
        return found

    def days(self) -> list[Violation]:
        """H4, H5 and H6: shifts, busy times, travel between commitments, visits per shift."""
        found = []
        for person, mine in self.by_person.items():
            who = self.inspectors[person]
            shifts = [tuple(one) for one in who["shifts"]]
            in_shift: dict[tuple[int, ...], list[Commitment]] = defaultdict(list)
            for one in mine:
                home = [shift for shift in shifts if shift[0] <= one.begins and one.ends <= shift[1]]
                if not home:
                    found.append(Violation("H4", one.visit, f"lies in no shift of {person}"))
                    continue
                if any(begins < one.ends and one.begins < ends for begins, ends in who["busy"]):
                    found.append(Violation("H4", one.visit, f"{person} is busy"))
                in_shift[home[0]].append(one)
            for shift, day in in_shift.items():
                found += self.day(who, shift, day)
        return found

    def day(self, who: Json, shift: tuple[int, ...], day: list[Commitment]) -> list[Violation]:
        """H5 and H6 in one shift of one person."""
        found = []
        most = who.get("max_visits_per_shift", 100)
        if len(day) > most:
            found.append(Violation("H6", who["id"], f"{len(day)} visits in a shift of at most {most}"))
        for free, drive, one in self.legs(who, shift, day):
            if free < drive:
                found.append(Violation("H5", one, f"{who['id']} has {free} free minutes for a way of {drive}"))
        return found

    def legs(self, who: Json, shift: tuple[int, ...], day: list[Commitment]) -> list[tuple[int, int, str]]:
        """Return for each way of a shift its free minutes, its minutes, and the visit at its end (or before base)."""
        base = who["base"]
        stops = [(shift[0], shift[0], base, base, "")]
        stops += [(one.begins, one.ends, one.at_first, one.at_last, one.visit) for one in day]
        stops += [(shift[1], shift[1], base, base, day[-1].visit)]
        found = []
        for (_, left, _, place, _), (reached, _, goal, _, name) in pairwise(stops):
            busy = len({t for begins, ends in who["busy"] for t in range(max(begins, left), min(ends, reached))})
            found.append((reached - left - busy if reached >= left else reached - left, self.drive(place, goal), name))
        return found

    def vehicles(self) -> list[Violation]:
        """H7: the visits of an agency that run at once are no more than its vehicles."""
        found = []
        for agency in self.problem["agencies"]:
            if agency.get("vehicles") is None:
                continue
            mine = [
                (start, start + self.visits[name]["duration"], name)
                for name, (start, _) in self.entries.items()
                if any(want["agency"] == agency["id"] for want in self.visits[name]["units"])
            ]
            begun, over = sorted(one[0] for one in mine), sorted(one[1] for one in mine)
            for start, _, name in mine:
                running = bisect_right(begun, start) - bisect_right(over, start)
                if running > agency["vehicles"]:
                    found.append(Violation("H7", name, f"{agency['id']} has {running} visits at once"))
        return found

    def pins(self) -> list[Violation]:
        """H8 and H9: what is pinned stays, what is mandatory or pinned is planned."""
        found = []
        for name, visit in self.visits.items():
            pin, planned = visit.get("pinned"), self.entries.get(name)
            if planned is None:
                if pin or visit.get("mandatory"):
                    found.append(Violation("H9", name, "has to be planned"))
            elif pin and (planned[0] != pin["start"] or set(planned[1]) != set(pin["inspectors"])):
                found.append(Violation("H8", name, "is pinned and was changed"))
        return found


def filled(places: Sequence[Json], people: Sequence[Json]) -> bool:
    """Tell whether each place can have a person of its own who has what it asks (augmenting paths)."""
    fits = [
        [
            n
            for n, who in enumerate(people)
            if who["agency"] == place["agency"] and set(place.get("skills", ())) <= set(who.get("skills", ()))
        ]
        for place in places
    ]
    taken: dict[int, int] = {}

    def place(n: int, tried: set[int]) -> bool:
        for person in fits[n]:
            if person not in tried:
                tried.add(person)
                if person not in taken or place(taken[person], tried):
                    taken[person] = n
                    return True
        return False

    return all(place(n, set()) for n in range(len(places)))
