"""How checklists, findings, pictures and common facts are shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.authorities.rules import Field
from samsyn.findings.queries import ChecklistCard, PointLine
from samsyn.findings.rules import Answer, Question, SuggestedOutcome, Verified
from samsyn.findings.words import Hit
from samsyn.web.parsing import Shown


class ChecklistOut(Shown):
    """A checklist in its newest version; ``own`` when it is the authority's and not the house's."""

    id: UUID
    code: str
    field: Field
    own: bool
    title: str
    n: int
    points: int


class ChecklistList(Shown):
    """Some checklists."""

    items: list[ChecklistOut]
    next_cursor: str | None


class FindingOut(Shown):
    """One version of a finding. ``conflict``: its writer had not seen the version before it."""

    finding_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    check_point: str | None
    question: str
    law: str
    answer: Answer
    serious: bool
    text: str
    marking: str | None
    unit_only: bool
    written_by: UUID
    observed_at: datetime
    written_at: datetime
    conflict: bool
    pictures: int


class FindingList(Shown):
    """Some findings."""

    items: list[FindingOut]
    next_cursor: str | None = None


class HitOut(FindingOut):
    """A finding that a search found, with the words around the first term: before it, itself, after it."""

    before: str
    word: str
    after: str

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        """Show a hit."""
        said = FindingOut.model_validate(hit.line).model_dump()
        return cls(**said, before=hit.context.before, word=hit.context.word, after=hit.context.after)


class HitPage(Shown):
    """Some hits."""

    items: list[HitOut]
    next_cursor: str | None


class EvidenceOut(Shown):
    """A picture of a finding; its bytes are at ``/evidence/{id}``. ``size`` in bytes."""

    id: UUID
    finding_id: UUID
    media_type: str
    size: int
    written_by: UUID
    written_at: datetime


class FindingHistoryOut(Shown):
    """Every version of a finding, oldest first, and its pictures."""

    finding_id: UUID
    version: int
    versions: list[FindingOut]
    evidence: list[EvidenceOut]


class AnsweredOut(Shown):
    """Which version an answer became. ``conflict``: others had written since ``base_version``; both are kept."""

    finding_id: UUID
    version: int
    conflict: bool
    written: bool


class UploadOut(Shown):
    """How much of a photo has come, in bytes; ``complete``: it is taken, and nothing of it is left to send."""

    upload_id: UUID
    offset: int
    complete: bool


class NewEvidenceOut(Shown):
    """The picture that was kept, or the same one that stood already."""

    id: UUID
    finding_id: UUID


class PointOut(Shown):
    """One question with the newest own answer; ``others`` are answers that other devices gave to it.

    ``section``: the heading under which it stands; ``help``: what the authority says about how to answer it.
    """

    code: str
    text: str
    law: str
    verified: Verified
    note: str | None
    unit_only: bool
    role_required: str | None
    outcomes: list[SuggestedOutcome]
    section: str | None
    help: str | None
    answer: FindingOut | None
    others: list[FindingOut]
    conflict: bool

    @classmethod
    def of(cls, point: PointLine) -> PointOut:
        """Show a question."""
        return cls.model_validate(point)


class PartChecklistOut(Shown):
    """A part's questions in their order, and its free observations; ``code`` null where the field has no list."""

    part_id: UUID
    visit_id: UUID
    code: str | None
    title: str
    n: int
    warning: str
    answered: int
    total: int
    points: list[PointOut]
    free: list[FindingOut]

    @classmethod
    def of(cls, card: ChecklistCard) -> PartChecklistOut:
        """Show a checklist with how far it is."""
        return cls(
            part_id=card.part_id,
            visit_id=card.visit_id,
            code=card.code,
            title=card.title,
            n=card.n,
            warning=card.warning,
            answered=sum(point.answer is not None for point in card.points),
            total=len(card.points),
            points=[PointOut.of(point) for point in card.points],
            free=[FindingOut.model_validate(line) for line in card.free],
        )


class FactOut(Shown):
    """One authority's answer to a common question."""

    id: UUID
    authority_id: UUID
    question: Question
    answer: str
    written_by: UUID
    at: datetime


class FactList(Shown):
    """Some facts."""

    items: list[FactOut]
    next_cursor: str | None = None


class FactWrittenOut(Shown):
    """The fact's key; ``written`` is false where the same stood already."""

    fact_id: UUID
    written: bool
