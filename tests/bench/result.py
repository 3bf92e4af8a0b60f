"""What a bench says: a value beside a baseline measured in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """``ratio`` is the baseline over the value (how many times better) or, for a cost, the value over the baseline.

    ``goal`` is what PERFORMANCE asks, in words; ``ok`` says whether it was reached. Units stand in ``name``.
    """

    name: str
    value: float
    baseline: float | None
    ratio: float | None
    goal: str
    ok: bool

    def line(self) -> str:
        """Return the result as one line for people."""
        beside = "" if self.baseline is None else f" (baseline {self.baseline:.4g}, ratio {self.ratio or 0:.3g})"
        return f"{'ok  ' if self.ok else 'MISS'} {self.name}: {self.value:.4g}{beside}; goal {self.goal}"
