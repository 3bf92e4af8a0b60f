"""Who looks: plain ids that a unit of work hands to the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

TASK = "task"
POST_OFFICE = UUID("00000000-0000-4000-8000-00000000b0c5")
"""The reserved authority that owns mail of unknown senders, and nothing else."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person acting for one authority at a time, a worker acting for it, or somebody presenting a credential."""

    authority_id: UUID | None = None
    person_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    presented: str = ""
    by_command: bool = False
    """Whoever keeps the machine acts in the person's name: the trail says that, and not that the person did it."""

    @classmethod
    def task_of(cls, authority_id: UUID, person_id: UUID | None = None) -> Self:
        """Return a worker that acts for one authority (and, for a feed, as one of its persons)."""
        return cls(authority_id, person_id, frozenset({TASK}))

    @classmethod
    def task_of_unit(cls, authority_id: UUID, unit_id: UUID) -> Self:
        """Return a worker that also reads what one unit keeps to itself (R1), for work that is done unit by unit."""
        return cls(authority_id, None, frozenset({TASK, f"unit:{unit_id}"}))

    @classmethod
    def presenting(cls, digest: str) -> Self:
        """Return somebody who is not known yet: sees the one credential row with this digest, nothing else."""
        return cls(presented=digest)

    def settings(self) -> dict[str, str]:
        """Return the four values that the database's policies read, as text; empty means nobody."""
        return {
            "authority": str(self.authority_id or ""),
            "person": str(self.person_id or ""),
            "roles": ",".join(sorted(self.roles)),
            "presented": self.presented,
        }
