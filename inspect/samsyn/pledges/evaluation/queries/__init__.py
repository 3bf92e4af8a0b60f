"""Read compilations with their texts and approvals, and the rows that one would be made of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.authorities.queries import authority_names, members_of
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.counting import read_year
from samsyn.pledges.evaluation.models import (
    Evaluation,
    EvaluationApproval,
    EvaluationPublication,
    EvaluationText,
)
from samsyn.pledges.evaluation.public import PublicEvaluation
from samsyn.pledges.evaluation.rules import digest_of, end_of, is_year, year_before
from samsyn.pledges.evaluation.shape import Counted, EvaluationContent
from samsyn.pledges.evaluation.treatment import treatment_of
from samsyn.pledges.models import Commitment, Pledge, Tally
from samsyn.pledges.queries import PledgeLine, TallyLine, areas_of, commitments_of, get_pledge
from samsyn.pledges.rules import CommitmentForm, PledgeState

MOST_LISTED: Final = 2_000

LINE: Final[tuple[Any, ...]] = (
    *(Evaluation.id, Evaluation.pledge_id, Evaluation.collaboration_id, Evaluation.authority_id, Evaluation.period),
    *(Evaluation.version, Evaluation.asked_at, Evaluation.compiled_at, Evaluation.basis, Evaluation.digest),
)


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """A compilation among others; without a digest it is being compiled."""

    id: UUID
    pledge_id: UUID
    collaboration_id: UUID
    authority_id: UUID
    period: str
    version: int
    asked_at: datetime
    compiled_at: datetime | None
    basis: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class TextLine:
    """What people say beside the numbers of a commitment, a focus area or the pledge."""

    subject_id: UUID
    version: int
    evaluation_version: int
    authority_id: UUID
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """That a party approved what had this digest."""

    authority_id: UUID
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class EvaluationCard:
    """A compilation as it is read. ``looked_at``: the digest of its numbers and texts, which a party approves.

    ``awaited``: the parties that are members still; one that left can approve nothing, and is waited for by nobody.
    """

    line: EvaluationLine
    content: EvaluationContent
    pledge: PledgeLine
    texts: Mapping[UUID, TextLine]
    approvals: Sequence[ApprovalLine]
    looked_at: str
    awaited: frozenset[UUID]

    @property
    def approved_by(self) -> frozenset[UUID]:
        """Return the parties that approved just what it says now."""
        return frozenset(one.authority_id for one in self.approvals if one.digest == self.looked_at)

    @property
    def approved(self) -> bool:
        """Say whether every party that is a member still approved it, and one did."""
        return bool(self.approved_by) and self.awaited <= self.approved_by

    @property
    def unsettled(self) -> bool:
        """Say whether a year is approved and its pledge still in force, as the last one that was waited for left."""
        return is_year(self.line.period) and self.approved and self.pledge.state is PledgeState.IN_FORCE


def list_evaluations(uow: UnitOfWork, pledge_id: UUID) -> list[EvaluationLine]:
    """Return the compilations of a pledge, by period, newest version first; empty where it is hidden."""
    e = Evaluation
    rows = uow.session.execute(
        select(*LINE).where(e.pledge_id == pledge_id).order_by(e.period, e.version.desc()).limit(MOST_LISTED)
    )
    return [EvaluationLine(*row) for row in rows]


def get_line(uow: UnitOfWork, evaluation_id: UUID) -> EvaluationLine:
    """Return one, compiled or not; ``NotFoundError`` where it is hidden or absent."""
    return _line_with(uow, evaluation_id)[0]


def _line_with(uow: UnitOfWork, evaluation_id: UUID, *more: Any) -> tuple[EvaluationLine, Sequence[Any]]:
    row = uow.session.execute(select(*LINE, *more).where(Evaluation.id == evaluation_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such evaluation")
    return EvaluationLine(*row[: len(LINE)]), row[len(LINE) :]


def get_evaluation(uow: UnitOfWork, evaluation_id: UUID) -> EvaluationCard:
    """Return one with its texts and approvals; ``NotFoundError`` where it is hidden, absent, or not compiled yet."""
    line, (content,) = _line_with(uow, evaluation_id, Evaluation.content)
    if content is None or line.digest is None:
        raise NotFoundError("not compiled yet")
    texts = texts_of(uow, line)
    looked_at = looked_at_of(line.digest, {key: (one.version, one.text) for key, one in texts.items()})
    pledge = get_pledge(uow, line.pledge_id)
    awaited = frozenset(pledge.parties) & {one.id for one in members_of(uow, line.collaboration_id)}
    return EvaluationCard(
        line, cast(EvaluationContent, content), pledge, texts, approvals_of(uow, evaluation_id), looked_at, awaited
    )


def looked_at_of(digest: str, texts: Mapping[UUID, tuple[int, str]]) -> str:
    """Return the digest of numbers and of the texts beside them, by subject: what a party approves."""
    return digest_of({"content": digest, "texts": {str(key): list(said) for key, said in texts.items()}})


def texts_of(uow: UnitOfWork, line: EvaluationLine) -> dict[UUID, TextLine]:
    """Return the latest text of each subject that was written at this compilation, or at one before it."""
    x = EvaluationText
    rows = uow.session.execute(
        select(x.subject_id, x.version, x.evaluation_version, x.authority_id, x.at, x.text)
        .ext(distinct_on(x.subject_id))
        .where(x.pledge_id == line.pledge_id, x.period == line.period, x.evaluation_version <= line.version)
        .order_by(x.subject_id, x.version.desc())
    )
    return {row.subject_id: TextLine(*row) for row in rows}


def approvals_of(uow: UnitOfWork, evaluation_id: UUID) -> list[ApprovalLine]:
    """Return who approved what, in the order that it was done."""
    a = EvaluationApproval
    rows = select(a.authority_id, a.at, a.digest).where(a.evaluation_id == evaluation_id).order_by(a.at, a.authority_id)
    return [ApprovalLine(*row) for row in uow.session.execute(rows)]


def newest_of(uow: UnitOfWork, pledge_id: UUID, period: str) -> int:
    """Return the newest version of a period that was compiled; 0 where none was."""
    e = Evaluation
    mine = (e.pledge_id == pledge_id) & (e.period == period) & e.compiled_at.is_not(None)
    return uow.session.scalar(select(func.max(e.version)).where(mine)) or 0


def read_counted(uow: UnitOfWork, line: EvaluationLine) -> Counted:
    """Read all that a compilation counts, as its authority's worker: a worker is nobody who declared jäv."""
    pledge = get_pledge(uow, line.pledge_id)
    areas = areas_of(uow, pledge.id)
    order = {area.id: n for n, area in enumerate(areas)}
    commitments = sorted(commitments_of(uow, list(order)), key=lambda one: order[one.focus_area_id])
    tallies = tallies_of(uow, pledge)
    members = [one.id for one in members_of(uow, pledge.collaboration_id)]
    who = {*pledge.parties, *members, *(one.authority_id for one in tallies)}
    who |= {one.not_led_by for one in commitments if one.not_led_by}
    return Counted(
        line.period,
        read_year(uow, pledge, commitments, end_of(line.period)),
        areas,
        commitments,
        tallies,
        authority_names(uow, who),
        members,
        treatment_of(uow, pledge, end_of(line.period)),
        carried_from(uow, [one.id for one in commitments]),
        before_of(uow, pledge, line.period),
    )


def tallies_of(uow: UnitOfWork, pledge: PledgeLine) -> list[TallyLine]:
    """Return what every authority handed in of a pledge's year."""
    t = Tally
    rows = select(t.authority_id, t.quarter, t.measure, t.dimension, t.n, t.frozen_at.is_not(None)).where(
        t.collaboration_id == pledge.collaboration_id, t.quarter.like(f"{pledge.year}-%")
    )
    return [TallyLine(*row) for row in uow.session.execute(rows.order_by(t.authority_id, t.quarter, t.measure))]


def carried_from(uow: UnitOfWork, commitments: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return which commitment of a pledge before each one carries on."""
    c = Commitment
    rows = uow.session.execute(select(c.carried_to_id, c.id).where(c.carried_to_id.in_(commitments)).order_by(c.id))
    return {to: key for to, key in rows if to is not None}


def before_of(uow: UnitOfWork, pledge: PledgeLine, period: str) -> tuple[int, EvaluationContent] | None:
    """Return the compilation of the same period a year before: the newest that was approved, else the newest."""
    e, a = Evaluation, EvaluationApproval
    rows = uow.session.execute(
        select(e.id, e.version, select(a.evaluation_id).where(a.evaluation_id == e.id).exists())
        .join(Pledge, Pledge.id == e.pledge_id)
        .where(Pledge.collaboration_id == pledge.collaboration_id, e.period == year_before(period))
        .where(e.compiled_at.is_not(None))
        .order_by(e.version.desc())
        .limit(MOST_LISTED)
    ).all()
    if not rows:
        return None
    looked = (get_evaluation(uow, key) for key, _, touched in rows if touched)
    approved = next((card for card in looked if card.approved), None)
    card = approved or get_evaluation(uow, rows[0][0])
    return card.line.version, card.content


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """What was published of a pledge's year, as it was given."""

    evaluation_id: UUID
    authority_id: UUID
    at: datetime
    content: PublicEvaluation
    digest: str


def get_publication(uow: UnitOfWork, pledge_id: UUID) -> PublicationLine | None:
    """Return what was published of a pledge's year, or nothing."""
    p = EvaluationPublication
    row = uow.session.execute(
        select(p.evaluation_id, p.authority_id, p.at, p.content, p.digest).where(p.pledge_id == pledge_id)
    ).one_or_none()
    if row is None:
        return None
    return PublicationLine(row[0], row[1], row[2], cast(PublicEvaluation, row[3]), row[4])


def published_before(uow: UnitOfWork, pledge: PledgeLine) -> dict[str, int | None]:
    """Return what was published of the promises of the year before, by id; one to be done by a day had no number."""
    p = EvaluationPublication
    rows = uow.session.scalars(
        select(p.content)
        .join(Pledge, Pledge.id == p.pledge_id)
        .where(Pledge.collaboration_id == pledge.collaboration_id, Pledge.year == pledge.year - 1)
    )
    found = [one for content in rows for one in cast(PublicEvaluation, content)["commitments"]]
    return {one["id"]: one["done"] for one in found if one["form"] != CommitmentForm.DATE}
