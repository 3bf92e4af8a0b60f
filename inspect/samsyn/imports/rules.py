"""What a list can be of, who may bring it in, and what becomes of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

LIFE: Final = timedelta(hours=24)
"""How long a list that was begun is kept; nobody but the person can read it."""
MOST_DRAFTS: Final = 20
"""Lists that a person may have begun at the same time."""


class Subject(StrEnum):
    """What a list is of."""

    BUSINESSES = "businesses"
    PEOPLE = "people"
    SHIFTS = "shifts"
    SIGNALS = "signals"


MAY: Final[Mapping[Subject, frozenset[str]]] = {
    Subject.BUSINESSES: frozenset({"planner"}),
    Subject.PEOPLE: frozenset({"unit_admin"}),
    Subject.SHIFTS: frozenset({"planner", "unit_admin"}),
    Subject.SIGNALS: frozenset({"planner"}),
}
"""One of the roles is enough."""


WRITE_LIST: Final = "samsyn.imports.write_list"
"""The task that writes a list that is too long for a request."""
BIG: Final[Mapping[Subject, int]] = {
    Subject.BUSINESSES: 300,
    Subject.PEOPLE: 100,
    Subject.SHIFTS: 1_000,
    Subject.SIGNALS: 5_000,
}
"""Rows to write above which a list is a job: about where a second lies on two busy cores."""


class Outcome(StrEnum):
    """What becomes of a row, or became of it; ``failed`` rows of a list of people were not written."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or with a row as a whole (``column`` is None).

    ``value`` is what may be shown of it, ``key`` the whole key of its text, ``words`` the fields of that text.
    """

    line: int
    column: int | None
    value: str
    key: str
    words: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it would be, or was, written: what tells it apart, in words that may be shown."""

    line: int
    shown: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Look:
    """What a list would do: a line per good row, every fault of the others, and the columns that nobody reads."""

    lines: Sequence[Line]
    faults: Sequence[Fault]

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each outcome."""
        return Counter(line.outcome.value for line in self.lines)

    @property
    def faulty_lines(self) -> frozenset[int]:
        """The rows that have a fault."""
        return frozenset(fault.line for fault in self.faults)
