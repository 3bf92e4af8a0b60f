"""What the verifier speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
Entries = dict[str, tuple[int, tuple[str, ...]]]
"""Of each planned visit the start and who goes."""


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks, and where."""

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule} {self.where}: {self.what}"


@dataclass(frozen=True)
class Commitment:
    """A visit as it lies in a person's day: from when to when, where it begins and where it ends."""

    visit: str
    begins: int
    ends: int
    at_first: str
    at_last: str
