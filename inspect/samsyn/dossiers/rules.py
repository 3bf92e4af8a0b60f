"""The shape of a dossier's content, the names of its tasks, and what a person with jäv may not see of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from typing_extensions import TypedDict

from samsyn.disclosures.rules import Copy

COMPILE_OPERATION: Final = "samsyn.dossiers.compile_operation"
"""Subject: an operation. Compile every business that it visited, then say that it is built."""
COMPILE_BUSINESS: Final = "samsyn.dossiers.compile_business"
"""Subject: a business, one of whose findings changed."""
RUN_JOB: Final = "samsyn.dossiers.run_job"
"""Subject: a job. Compile all that the authority has ever visited."""
TELL_COMPILED: Final = "samsyn.lifecycle.tell_compiled"
"""Subject: an operation that is built: the own planners are told, by the room that knows them."""
MOST_FINDINGS: Final = 5_000
"""Of one document."""


class Basis(StrEnum):
    """What a document rests on, beside the grounds of disclosures."""

    OWN = "OWN"
    """The reader's own task: what is its own, what is common, what it was given."""
    PUBLIC = "PUBLIC"
    """Nothing in it is secret: for everybody."""


class FindingEntry(TypedDict):
    """One own finding, newest version, with its question as it was asked; ``point`` is null for a free observation."""

    finding_id: str
    version: int
    point: str | None
    point_sv: str | None
    point_en: str | None
    law: str | None
    answer: str
    serious: bool
    text: str
    observed_at: str
    evidence: int


class OpenDeficiency(TypedDict):
    """A deficiency whose check point was not answered ok at a later visit of the same business."""

    visit_id: str
    visited_at: str
    finding: FindingEntry


class PartEntry(TypedDict):
    """An authority (and unit) that took part: handed in or not, and the one word that it lets others read (R2)."""

    authority: str
    unit: str | None
    field: str | None
    mine: bool
    summary: str
    handed_in: bool
    nothing_to_report: bool


class FactEntry(TypedDict):
    """A common question, answered for all, and by whom."""

    question: str
    answer: str
    authority: str


class VisitEntry(TypedDict):
    """One visit: the common part, and the own findings. Times are ISO 8601 in UTC, ``date`` is the day in Sweden."""

    visit_id: str
    operation_id: str
    code_word: str
    date: str
    starts_at: str
    ends_at: str
    ended_at: str | None
    state: str
    place: str
    address: str
    announced: bool
    parts: list[PartEntry]
    facts: list[FactEntry]
    common_text: str | None
    findings: list[FindingEntry]


class BusinessEntry(TypedDict):
    """The business. ``number`` is null for a sole trader (R11), the registry's fields outside the collaboration."""

    id: str
    name: str
    operator: str | None
    form: str | None
    number: str | None
    address: str
    postcode: str | None
    town: str | None
    trades: list[str] | None


class ReceivedEntry(TypedDict):
    """What another authority has handed over: the frozen copies as they were, who decided, and on which ground."""

    disclosure_id: str
    giver: str
    decided_at: str
    decider: str
    legal_basis: str
    digest: str
    items: list[Copy]


class OutcomeEntry(TypedDict):
    """What the own authority proposed, decided or withdrew, newest version; days are ISO 8601, the amount in kronor.

    ``points``: the check points that it rests on. ``reason``: why it was withdrawn.
    """

    outcome_id: str
    version: int
    visit_id: str
    tool: str
    measure: str
    law: str
    state: str
    text: str
    amount: int | None
    heard_on: str | None
    until_on: str | None
    decided_by: str | None
    decider: str
    delegation: str
    decided_on: str | None
    case_number: str
    reason: str
    points: list[str]


class FollowUpEntry(TypedDict):
    """What somebody of the own staff sees to, newest version: of a finding (``point``) or of an outcome (``measure``).

    ``owner``: the name or service number under which the staff shows itself (R18).
    """

    follow_up_id: str
    version: int
    visit_id: str
    outcome_id: str | None
    point: str | None
    measure: str | None
    owner: str
    due_on: str
    state: str
    text: str
    reason: str


class RefusalEntry(TypedDict):
    """That entry was refused at a visit: when, in which role, and what was said."""

    refusal_id: str
    at: str
    by_role: str
    said: str


class HelpedEntry(TypedDict):
    """What came of a request: who comes and when, that nobody can, or that help was given."""

    what: str
    at: str
    text: str


class HelpEntry(TypedDict):
    """A request for help of the police that the own authority made, with what came of it."""

    request_id: str
    section: str
    ground: str | None
    reason: str
    at: str
    answers: list[HelpedEntry]


class Counts(TypedDict):
    """Numbers over the whole dossier; ``open`` and ``serious`` count open deficiencies."""

    open: int
    serious: int
    visits: int
    joint_visits: int
    findings: int
    deficiencies: int


class Content(TypedDict):
    """A business for one reader's authority."""

    business: BusinessEntry
    counts: Counts
    open_deficiencies: list[OpenDeficiency]
    visits: list[VisitEntry]
    received: list[ReceivedEntry]
    outcomes: list[OutcomeEntry]
    follow_ups: list[FollowUpEntry]
