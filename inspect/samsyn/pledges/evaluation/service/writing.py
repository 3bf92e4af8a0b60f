"""Ask for compilations, make them, write beside them, and approve them: of every party, each looking at the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text, update

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.models import Evaluation, EvaluationApproval, EvaluationText
from samsyn.pledges.evaluation.queries import (
    EvaluationCard,
    get_evaluation,
    get_line,
    newest_of,
    read_counted,
)
from samsyn.pledges.evaluation.queries.basis import basis_now
from samsyn.pledges.evaluation.rules import COMPILE, MOST_TEXT, MOST_VERSIONS, check_period, digest_of, is_year
from samsyn.pledges.evaluation.shape import content_of
from samsyn.pledges.models import Pledge
from samsyn.pledges.queries import get_pledge
from samsyn.pledges.rules import PledgeState
from samsyn.pledges.service.promising import PERSONAL, demand_party, demand_planner, refuse

ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('evaluation ' || CAST(:key AS text), 0))")


LOST_AFTER: Final = timedelta(hours=1)
"""What was not compiled by then waits for nothing: its worker gave up, or who asked left the collaboration."""


@dataclass(frozen=True, slots=True)
class WriteText:
    """What is to be said beside the numbers of a commitment, a focus area or the pledge; empty takes it away."""

    evaluation_id: UUID
    subject_id: UUID
    text: str
    seen_version: int


def ask_evaluation(uow: UnitOfWork, pledge_id: UUID, period: str) -> UUID:
    """Ask for a quarter or year to be compiled; the own authority's worker does it, as a new version.

    ``InvalidError`` for a period that is not over, ``ConflictError`` while the pledge is a draft, one is being compiled
    already, or the own authority asked for too many.
    """
    pledge = party_pledge(uow, pledge_id)
    if pledge.state is PledgeState.DRAFT:
        raise ConflictError("a draft promises nothing", fields={"period": ["the pledge is not signed"]})
    check_period(pledge.year, period, uow.today)
    uow.session.execute(ONE_AT_A_TIME, {"key": f"{pledge_id} {period}"})
    e = Evaluation
    waiting = select(e.id).where(e.pledge_id == pledge_id, e.period == period, e.compiled_at.is_(None))
    waiting = waiting.where(e.asked_at > uow.now - LOST_AFTER)
    if uow.session.scalar(waiting.limit(1)) is not None:
        raise ConflictError("it is being compiled", fields={"period": ["is being compiled"]})
    asked = select(func.count().filter(e.authority_id == uow.me), func.max(e.version))
    mine, last = uow.session.execute(asked.where(e.pledge_id == pledge_id, e.period == period)).one()
    version = (last or 0) + 1
    if mine >= MOST_VERSIONS:
        raise ConflictError("too many versions", fields={"period": ["there are too many"]})
    key = uuid4()
    uow.session.execute(
        insert(e).values(
            id=key,
            pledge_id=pledge_id,
            collaboration_id=pledge.collaboration_id,
            authority_id=uow.me,
            person_id=uow.person,
            period=period,
            version=version,
            asked_at=uow.now,
        )
    )
    emit(uow, COMPILE, key, acts_for=uow.me)
    record(uow, "evaluation.ask", key)
    return key


def compile_evaluation(uow: UnitOfWork, evaluation_id: UUID) -> None:
    """Count what was asked for, once, and freeze it with the digest of its rows; a second time changes nothing."""
    line = get_line(uow, evaluation_id)
    if line.compiled_at is not None:
        return
    basis = basis_now(uow, get_pledge(uow, line.pledge_id), line.period)  # first: what comes meanwhile shows as changed
    found = read_counted(uow, line)
    content = content_of(found)
    filled = {
        "content": content,
        "digest": digest_of(content),
        "basis": basis,
        "compiled_at": uow.now,
    }
    uow.session.execute(update(Evaluation).where(Evaluation.id == evaluation_id).values(**filled))
    record(uow, "evaluation.compile", evaluation_id)


def write_text(uow: UnitOfWork, command: WriteText) -> None:
    """Write beside the numbers; ``ChangedMeanwhileError`` where somebody else did, ``ConflictError`` where all
    approved.

    Only the newest compilation of a period is written beside: what is frozen keeps its texts.
    """
    card = newest_card(uow, command.evaluation_id)
    if card.approved:
        raise ConflictError("what every party approved is not changed", fields={"text": ["is approved"]})
    if command.subject_id not in subjects_of(card):
        raise NotFoundError("no such subject")
    faults: dict[str, list[str]] = {}
    if len(command.text) > MOST_TEXT:
        faults["text"] = ["too long"]
    elif has_personal_number(command.text):
        faults["text"] = [PERSONAL]
    refuse(faults)
    now = card.texts.get(command.subject_id)
    if (now.version if now else 0) != command.seen_version:
        raise ChangedMeanwhileError("somebody wrote there meanwhile")
    uow.session.execute(
        insert(EvaluationText).values(
            pledge_id=card.line.pledge_id,
            collaboration_id=card.line.collaboration_id,
            period=card.line.period,
            subject_id=command.subject_id,
            version=command.seen_version + 1,
            evaluation_version=card.line.version,
            authority_id=uow.me,
            person_id=uow.person,
            at=uow.now,
            text=command.text.strip(),
        )
    )
    record(uow, "evaluation.write", command.evaluation_id)


def approve(uow: UnitOfWork, evaluation_id: UUID, seen: str) -> None:
    """Approve what was looked at, for the own authority; with the last party of a year the pledge is evaluated, also
    where the last one that was waited for has left.

    ``ChangedMeanwhileError`` unless ``seen`` is the digest of its numbers and texts now; twice changes nothing.
    """
    card = newest_card(uow, evaluation_id)
    if seen != card.looked_at:
        raise ChangedMeanwhileError("it says something else than what was looked at")
    if uow.me in card.approved_by:
        if card.approved:
            settle(uow, card)
        return
    uow.session.execute(
        insert(EvaluationApproval).values(
            evaluation_id=evaluation_id,
            authority_id=uow.me,
            digest=seen,
            pledge_id=card.line.pledge_id,
            collaboration_id=card.line.collaboration_id,
            person_id=uow.person,
            at=uow.now,
        )
    )
    record(uow, "evaluation.approve", evaluation_id)
    if card.awaited <= card.approved_by | {uow.me}:
        settle(uow, card)


def settle(uow: UnitOfWork, card: EvaluationCard) -> None:
    """Let a pledge whose year every party approved be evaluated; a quarter, and a second time, changes nothing."""
    row = uow.session.get(Pledge, card.pledge.id)
    if is_year(card.line.period) and row is not None and row.state is PledgeState.IN_FORCE:
        row.state, row.version = PledgeState.EVALUATED, row.version + 1
        uow.session.flush()
        record(uow, "pledge.evaluate", row.id)


def newest_card(uow: UnitOfWork, evaluation_id: UUID) -> EvaluationCard:
    """Return a compilation that is to be written beside or approved, with nobody else at it meanwhile."""
    line = get_line(uow, evaluation_id)
    party_pledge(uow, line.pledge_id)
    uow.session.execute(ONE_AT_A_TIME, {"key": f"{line.pledge_id} {line.period}"})
    card = get_evaluation(uow, evaluation_id)
    if newest_of(uow, line.pledge_id, line.period) != line.version:
        raise ConflictError("there is a newer compilation", fields={"text": ["there is a newer compilation"]})
    return card


def subjects_of(card: EvaluationCard) -> frozenset[UUID]:
    """Return what may be written about: the pledge, its areas and its commitments."""
    content = card.content
    keys = [one["id"] for one in content["areas"]] + [one["id"] for one in content["commitments"]]
    return frozenset({card.line.pledge_id, *map(UUID, keys)})


def party_pledge(uow: UnitOfWork, pledge_id: UUID) -> Pledge:
    """Return a pledge of the own authority's; ``NotAllowedError`` for who is no planner of a party."""
    demand_planner(uow)
    row = uow.session.get(Pledge, pledge_id)
    if row is None:
        raise NotFoundError("no such pledge")
    demand_party(uow, row)
    return row
