"""How the report of an operation is shown: what the reader's authority may read of it, and nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.dossiers.report.public import PublicContent
from samsyn.dossiers.report.queries import ReportCard
from samsyn.dossiers.report.shape import AuthorityLine, OperationEntry, ReportNumbers, ReportVisit
from samsyn.dossiers.report.small import PublicTable
from samsyn.web.parsing import Shown


class ReportOut(Shown):
    """An operation for the reader's authority; ``not_compiled``: ended visits that its dossiers do not hold yet."""

    operation_id: UUID
    compiled_at: datetime | None
    compiled_for: str
    digest: str
    operation: OperationEntry
    authorities: list[AuthorityLine]
    numbers: ReportNumbers
    visits: list[ReportVisit]
    not_compiled: int

    @classmethod
    def of(cls, card: ReportCard, reader: str) -> ReportOut:
        """Show a report; ``reader`` is the authority that it is compiled for."""
        return cls(
            operation_id=card.operation_id,
            compiled_at=card.compiled_at,
            compiled_for=reader,
            digest=card.digest,
            operation=card.content["operation"],
            authorities=card.content["authorities"],
            numbers=card.content["numbers"],
            visits=card.content["visits"],
            not_compiled=card.content["not_compiled"],
        )


class PublicOut(Shown):
    """An operation for everybody: numbers alone. A number that is null is below five (R15)."""

    code_word: str
    week: str
    lead: str
    publisher: str
    authorities: list[str]
    visits: PublicTable
    notice: PublicTable
    together: PublicTable
    deficiencies: PublicTable | None
    fields: PublicTable | None
    outcomes: PublicTable | None

    @classmethod
    def of(cls, content: PublicContent) -> PublicOut:
        """Show what may be published."""
        return cls.model_validate(content)
