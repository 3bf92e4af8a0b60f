"""Greedy at once, then ruin and recreate with annealing: anytime, seeded, bounded by iterations (PLANNER.md)."""

from __future__ import annotations

import math
from random import Random

from samsyn.planning.campaigns.board import Board
from samsyn.planning.campaigns.choosing import Choosing
from samsyn.planning.campaigns.instance import DAY, Instance, NumberedVisit

COLD = 3.0
WARM = 100.0
"""Where annealing ends, and where it begins when all is planned: what a detour of twenty minutes costs."""
BLINK = 0.05
NEIGHBOURS = 40
BY_CHANCE, BY_PLACE, BY_PEOPLE = 0, 1, 2
LIKELY = 0.7
RETRIED = 12
"""So many of the left-out visits are tried again in a step; all of them would cost more than they give."""


class Search:
    """One run. The same instance, seed and budget give the same plans; ``best`` holds the best so far at any moment.

    ``best``: for each visit its start as a slot of the grid, -1 where it is left out, and who goes.
    """

    def __init__(self, instance: Instance, seed: int) -> None:
        self.at = instance
        self.board = Board(instance)
        self.random = Random(seed)  # noqa: S311  repeatable by its seed, which is what it is for; guards nothing
        self.draw = self.random.random
        self.choosing = Choosing(instance, self.board, self.random)
        self.best_cost = self.board.cost
        self.best: list[tuple[int, list[int]]] = []
        self.out: list[int] = []
        self.heat = 0.0
        self.near = [self.neighbours(v) for v in range(len(instance.visits))]

    def neighbours(self, v: int) -> list[int]:
        """Return the other visits by the way to them from one, the nearest ones."""
        at = self.at
        ways = at.travel[at.visits[v].ends_at]
        others = [(ways[at.visits[n].ends_at], n) for n in range(len(at.visits)) if n != v]
        others.sort()
        return [n for _, n in others[:NEIGHBOURS]]

    def begin(self) -> list[int]:
        """Make a first plan: what is pinned, what was before where it still holds, then the rest by risk.

        Returns the pinned visits that cannot stay as they are pinned: then there is no plan.
        """
        at, board = self.at, self.board
        pinned = [v for v in range(len(at.visits)) if at.visits[v].pinned]
        broken = [v for v in pinned if not self.choosing.put_back(v, at.visits[v].pin_start, at.visits[v].pin_people)]
        before = [v for v in range(len(at.visits)) if at.visits[v].was >= 0 and board.start[v] < 0]
        before.sort(key=lambda v: (-at.visits[v].factor, -at.visits[v].risk, v))
        for v in before:
            self.choosing.put_back(v, at.visits[v].was, at.visits[v].was_people)
        for v in before:
            if board.start[v] < 0:
                self.choosing.choose(v, 1 << at.visits[v].was)
        for v in sorted(range(len(at.visits)), key=lambda v: (not at.visits[v].mandatory, -at.visits[v].risk, v)):
            if board.start[v] < 0:
                self.choosing.choose(v)
        self.left_out()
        self.keep()
        return broken

    def left_out(self) -> None:
        """Note the visits that have no place now."""
        self.out = [v for v in range(len(self.at.visits)) if self.board.start[v] < 0]

    def keep(self) -> None:
        """Hold on to the plan as it is."""
        self.best_cost = self.board.cost
        self.best = [(self.board.start[v], list(self.board.who[v])) for v in range(len(self.at.visits))]

    def victims(self) -> list[int]:
        """Choose the visits that are taken out: by chance, or around one by time, by place or by its people."""
        board, at = self.board, self.at
        inside = [v for v in range(len(at.visits)) if board.start[v] >= 0 and not at.visits[v].pinned]
        if not inside:
            return []
        seed = inside[int(self.draw() * len(inside))]
        size = 1 + int(self.draw() * (5 if self.out else 4))
        return [seed, *self.companions(seed, inside, size)]

    def companions(self, seed: int, inside: list[int], size: int) -> list[int]:
        """Return visits that go out together with one."""
        board = self.board
        others = [v for v in inside if v != seed]
        kind = int(self.draw() * 4)
        if kind == BY_CHANCE:
            return self.random.sample(others, min(size, len(others)))
        if kind == BY_PLACE:
            there = set(others)
            return [v for v in self.near[seed] if v in there and self.draw() < LIKELY][:size]
        blur = DAY // self.at.grid
        if kind == BY_PEOPLE:
            people = set(board.who[seed])
            others = [v for v in others if not people.isdisjoint(board.who[v])]
        else:
            blur //= 8
        keyed = [(abs(board.start[v] - board.start[seed]) + int(self.draw() * blur), v) for v in others]
        keyed.sort()
        return [v for _, v in keyed[:size]]

    def order(self, wanted: list[int]) -> list[int]:
        """Return visits in the order in which they are put in: by risk, by risk for the time it takes, or by chance."""
        how = int(self.draw() * 3)
        keyed: list[tuple[float, int]] = []
        for v in wanted:
            chance = self.draw()
            if how == 0:
                keyed.append((-self.at.visits[v].risk * (0.8 + 0.4 * chance), v))
            elif how == 1:
                keyed.append((-self.at.visits[v].risk * (0.8 + 0.4 * chance) / effort(self.at.visits[v]), v))
            else:
                keyed.append((chance, v))
        keyed.sort()
        return [v for _, v in keyed]

    def step(self) -> None:
        """One iteration: take some visits out, put them and left-out ones in again, keep that or go back."""
        board = self.board
        before = board.cost
        board.journal.clear()
        old = [(v, board.start[v], board.who[v]) for v in self.victims()]
        for v, _, _ in old:
            board.drop(v)
        tried = self.out if len(self.out) <= RETRIED else self.random.sample(self.out, RETRIED)
        self.choosing.blink = BLINK
        added = [v for v in self.order([v for v, _, _ in old] + tried) if self.choosing.choose(v)]
        worse = board.cost - before
        if worse > 0 and worse > self.heat * -math.log(1.0 - self.draw()):
            for v in added:
                board.drop(v)
            for v, slot, who in old:
                board.add(v, slot, who)
            board.back()
            return
        self.left_out()
        if board.cost < self.best_cost:
            self.keep()

    def hottest(self) -> float:
        """Return where annealing begins: a few points of risk where visits are left out, else a detour."""
        return max(WARM, 3.0 * self.at.problem.weights.unserved) if self.out else WARM

    def run(self, first: int, last: int, budget: int, hot: float) -> None:
        """Do the iterations from ``first`` until before ``last`` of a budget, over which it cools down."""
        for n in range(first, last):
            self.heat = hot * (COLD / hot) ** (n / budget)
            self.step()

    def finish(self) -> None:
        """Take the best plan up again and put in whatever still has room: a plan with room left is not finished."""
        board = self.board
        for v in range(len(self.at.visits)):
            if board.start[v] >= 0:
                board.drop(v)
        for v, (slot, who) in enumerate(self.best):
            if slot >= 0:
                board.add(v, slot, who)
        self.choosing.blink = 0.0
        self.left_out()
        for v in sorted(self.out, key=lambda v: (-self.at.visits[v].risk, v)):
            self.choosing.choose(v)
        self.left_out()
        self.keep()


def effort(one: NumberedVisit) -> int:
    """Return the minutes of people that a visit takes."""
    return (one.ahead + one.lasts) * sum([place.count for place in one.places])
