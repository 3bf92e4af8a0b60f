"""How the table of ``matrix`` is read: a row at the margin, below it the routes that have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.secrecy.asking import RELATIONS, ROLES

LETTERS: Final = {
    "P": "planner",
    "I": "inspector",
    "D": "decider",
    "L": "log_reviewer",
    "A": "unit_admin",
    "O": "observer",
    "x": "plain",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What people of each role are answered by a route, by relation; ``nobody`` is who is not signed in."""

    who: frozenset[str]
    nobody: str
    cells: dict[str, dict[str, str]]


def read(table: str) -> dict[tuple[str, str], Row]:
    """Return the row of every route; a route that stands in the table twice is ``ValueError``."""
    found: dict[tuple[str, str], Row] = {}
    row: Row | None = None
    for line in filter(str.strip, table.splitlines()):
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            row = row_of(line)
            continue
        method, *words = line.split()
        endings = [word for word in words if word.startswith(".")]
        rule = " ".join(word for word in words if word not in endings)
        for ending in ("", *endings):
            if (method, rule + ending) in found or row is None:
                raise ValueError(line)
            found[method, rule + ending] = row
    return found


def row_of(line: str) -> Row:
    """Read who the row is for, and its cells; what stands behind the bar is the reason."""
    first, *cells = line.partition("|")[0].split()
    who = frozenset(ROLES) if first in {"all", "open"} else people(first)
    cells *= len(RELATIONS) if len(cells) == 1 else 1
    if len(cells) != len(RELATIONS):
        raise ValueError(line)
    nobody = "who" if first != "open" else {"in": "in", "-": "none"}[cells[0]]
    return Row(who, nobody, {one: answers(who, cell) for one, cell in zip(RELATIONS, cells, strict=True)})


def people(letters: str) -> frozenset[str]:
    """Return the roles that letters stand for."""
    return frozenset(LETTERS[letter] for letter in letters)


def answers(who: frozenset[str], cell: str) -> dict[str, str]:
    """Return what each role is answered: who is not of the row is refused before anything is looked up."""
    first, _, others = cell.partition("/")
    let_in = {"in": who, "-": frozenset[str](), "no": frozenset[str]()}.get(first)
    let_in = people(first) if let_in is None else let_in
    if not let_in <= who:
        raise ValueError(cell)
    told = others or ("no" if first == "no" else "none")
    return {role: "in" if role in let_in else told if role in who else "no" for role in ROLES}
