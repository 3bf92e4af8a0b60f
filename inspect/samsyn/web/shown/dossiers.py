"""How dossiers are shown: what was compiled for the reader's authority, and nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rules import (
    BusinessEntry,
    Counts,
    FollowUpEntry,
    OpenDeficiency,
    OutcomeEntry,
    ReceivedEntry,
    VisitEntry,
)
from samsyn.web.parsing import Shown


class DossierLineOut(Shown):
    """A dossier in a list: numbers, no finding."""

    id: UUID
    business_id: UUID
    compiled_at: datetime
    name: str
    open: int
    serious: int
    visits: int


class DossierPage(Shown):
    """Some dossiers."""

    items: list[DossierLineOut]
    next_cursor: str | None


class DossierOut(Shown):
    """A business for the reader's authority: open deficiencies first, then every visit, newest first."""

    id: UUID
    business_id: UUID
    compiled_at: datetime
    compiled_for: str
    digest: str
    business: BusinessEntry
    counts: Counts
    open_deficiencies: list[OpenDeficiency]
    visits: list[VisitEntry]
    received: list[ReceivedEntry]
    outcomes: list[OutcomeEntry]
    follow_ups: list[FollowUpEntry]

    @classmethod
    def of(cls, card: DossierCard, reader: str) -> DossierOut:
        """Show a dossier; ``reader`` is the authority that it is compiled for."""
        return cls(
            id=card.id,
            business_id=card.business_id,
            compiled_at=card.compiled_at,
            compiled_for=reader,
            digest=card.digest,
            business=card.content["business"],
            counts=card.content["counts"],
            open_deficiencies=card.content["open_deficiencies"],
            visits=card.content["visits"],
            received=card.content["received"],
            outcomes=card.content["outcomes"],
            follow_ups=card.content["follow_ups"],
        )
