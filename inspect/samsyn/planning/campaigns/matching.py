"""Places that share people: whether everybody can have a place of their own (augmenting paths)."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn.planning.campaigns.board import Board
from samsyn.planning.campaigns.instance import NumberedVisit


def slots(bits: int) -> Iterator[int]:
    """Yield the starts of a set, in their order."""
    while bits:
        low = bits & -bits
        bits ^= low
        yield low.bit_length() - 1


def possible(board: Board, v: int) -> int:
    """Return the starts at which a visit can be added, exactly, also where its places share people."""
    found = board.starts(v)
    if board.at.visits[v].distinct:
        return found
    return sum([1 << slot for slot in slots(found) if matched(board, v, 1 << slot)])


def matched(board: Board, v: int, bit: int) -> list[int]:
    """Return people who fill every place of a visit at a start, or nobody."""
    wants: list[list[int]] = []
    for place in board.at.visits[v].places:
        able = [who for who in place.people if board.person_room(v, who) & bit]
        wants += [able] * place.count
    return sorted(taken_by(wants))


def fills(one: NumberedVisit, people: list[int]) -> bool:
    """Tell whether people fill the places of a visit exactly."""
    wants: list[list[int]] = []
    for place in one.places:
        wants += [[who for who in people if who in place.people]] * place.count
    return len(taken_by(wants)) == len(people) == len(wants)


def taken_by(wants: list[list[int]]) -> dict[int, int]:
    """Return who takes which place, or nothing where not every place can have somebody."""
    taken: dict[int, int] = {}
    for k in range(len(wants)):
        if not augment(k, wants, taken, set()):
            return {}
    return taken


def augment(k: int, wants: list[list[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Give a place a person, moving others on where that helps."""
    for who in wants[k]:
        if who not in tried:
            tried.add(who)
            if who not in taken or augment(taken[who], wants, taken, tried):
                taken[who] = k
                return True
    return False
