"""Where a visit goes: its cheapest start with its cheapest people, found over sets of starts instead of one by one."""

from __future__ import annotations

from random import Random

from samsyn.planning.campaigns.board import Board, Level
from samsyn.planning.campaigns.instance import Instance
from samsyn.planning.campaigns.ledger import NEVER
from samsyn.planning.campaigns.matching import fills, matched, slots


class Choosing:
    """Puts visits into a board. ``draw`` gives the chances; without ``blink`` none are taken but among equals."""

    def __init__(self, instance: Instance, board: Board, random: Random) -> None:
        self.at = instance
        self.board = board
        self.draw = random.random
        self.blink = 0.0
        self.sets: list[list[Level]] = []
        self.least: list[int] = []
        self.found_cost = NEVER
        self.found_slot = -1
        self.found_who: list[int] = []

    def choose(self, v: int, only: int = -1) -> bool:
        """Plan a visit at its cheapest start with its cheapest people; False where there is none.

        ``only`` is a set of starts to choose from, -1 for all. With ``blink`` good places are passed over by chance.
        """
        board, one = self.board, self.at.visits[v]
        within = board.starts(v) & only
        if not within:
            return False
        self.found_cost, self.found_slot, self.found_who = NEVER, -1, []
        self.sets = [board.levels(v, place, within) for place in one.places]
        self.least = [0] * (len(self.sets) + 1)
        for k in range(len(self.sets) - 1, -1, -1):
            self.least[k] = self.least[k + 1] + (self.sets[k][0].cost if self.sets[k] else 0)
        self.dig(v, 0, within, 0, [])
        if self.found_slot < 0 and not one.distinct:
            self.match_somewhere(v, within)
        if self.found_slot < 0:
            return False
        board.add(v, self.found_slot, self.found_who)
        return True

    def dig(self, v: int, k: int, within: int, cost: int, people: list[int]) -> None:
        """Go through the levels of the places from ``k`` on, cheapest first, as long as they may still be cheaper."""
        if k == len(self.sets):
            if self.at.visits[v].distinct or len(set(people)) == len(people):
                self.weigh(v, within, cost, people)
            return
        rest = self.least[k + 1]
        for level in self.sets[k]:
            if cost + level.cost + rest >= self.found_cost:
                return
            both = within & level.bits
            if both:
                self.dig(v, k + 1, both, cost + level.cost, people + level.people)

    def weigh(self, v: int, within: int, cost: int, people: list[int]) -> None:
        """Look at some starts of a set at which the same people go: its first, its last and one by chance.

        A start by chance among equals is what keeps a plan from being guessed (PLANNER.md, Model).
        """
        if self.blink > 0.0 and self.draw() < self.blink:
            return
        board = self.board
        left = (within & -within) | 1 << (within.bit_length() - 1)
        by_chance = int(self.draw() * within.bit_length())
        rest = within >> by_chance
        left |= (rest & -rest) << by_chance
        while left:
            low = left & -left
            left ^= low
            slot = low.bit_length() - 1
            total = cost + board.base_cost(v, slot)
            if total < self.found_cost:
                for who in people:
                    total += board.waiting(v, who, slot)
                if total < self.found_cost:
                    self.found_cost, self.found_slot, self.found_who = total, slot, people

    def match_somewhere(self, v: int, within: int) -> None:
        """Find any start at which places that share people can be filled, where the cheapest are the same people."""
        for slot in slots(within):
            people = matched(self.board, v, 1 << slot)
            if people:
                self.found_slot, self.found_who = slot, people
                return

    def put_back(self, v: int, slot: int, people: list[int]) -> bool:
        """Plan a visit as it was, if that is possible now; False otherwise."""
        one, bit = self.at.visits[v], 1 << slot if slot >= 0 else 0
        if not self.board.starts(v) & bit or not fills(one, people):
            return False
        for who in people:
            if not self.board.person_room(v, who) & bit:
                return False
        self.board.add(v, slot, list(people))
        return True
