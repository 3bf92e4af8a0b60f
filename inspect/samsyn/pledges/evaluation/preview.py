"""What would be published of a pledge's year, and what was: numbers and the parties' words, kept together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.public import APPROVED, AWAITED, LEFT, PublicEvaluation, public_of
from samsyn.pledges.evaluation.queries import EvaluationCard, get_evaluation, get_publication, published_before
from samsyn.pledges.evaluation.rules import is_year
from samsyn.pledges.evaluation.telling import Teller

WRITTEN_IN: Final = "sv"
"""What an authority gives to everybody is written in Swedish (språklagen 10 §)."""


@dataclass(frozen=True, slots=True)
class Public:
    """The public version of a year: as it was decided, or as it would be.

    ``card`` is the compilation that it was decided on, which may be another one than the one that was asked for: its
    number is ``asked``.
    """

    card: EvaluationCard
    content: PublicEvaluation
    decided_at: datetime | None
    decided_by: UUID | None
    asked: int


def read_public(uow: UnitOfWork, evaluation_id: UUID) -> Public:
    """Return it; ``NotFoundError`` for a quarter, whose number beside the year's would tell small ones."""
    card = get_evaluation(uow, evaluation_id)
    if not is_year(card.line.period):
        raise NotFoundError("a quarter has no public version")
    kept = get_publication(uow, card.line.pledge_id)
    asked = card.line.version
    if kept is None:
        return Public(card, preview_public(uow, card), None, None, asked)
    if kept.evaluation_id != evaluation_id:
        card = get_evaluation(uow, kept.evaluation_id)
    content = kept.content if "said" in kept.content else with_words(kept.content, card)
    return Public(card, content, kept.at, kept.authority_id, asked)


def preview_public(uow: UnitOfWork, card: EvaluationCard) -> PublicEvaluation:
    """Return what would be published of a year; last year's numbers are those that were published then, or none."""
    before = published_before(uow, card.pledge)
    names = authority_names(uow, set(card.pledge.parties))
    content = with_words(public_of(card.content, card.line.version, before), card)
    return {**content, "stands": stands_of(card, names)}


def stands_of(card: EvaluationCard, names: Mapping[UUID, str]) -> list[list[str]]:
    """Return how each party stands to what it says now, by its name when it was compiled."""
    called = {**{str(key): name for key, name in names.items()}, **card.content.get("party_names", {})}

    def how(party: UUID) -> str:
        if party in card.approved_by:
            return APPROVED
        return AWAITED if party in card.awaited else LEFT

    return sorted([called.get(str(party), ""), how(party)] for party in card.pledge.parties)


def with_words(content: PublicEvaluation, card: EvaluationCard) -> PublicEvaluation:
    """Return it with what the parties say beside the numbers, each of their words; why a promise was not kept only
    where it is told that it was not.
    """
    teller = Teller(card, WRITTEN_IN)
    unsaid = {one["id"] for one in content["commitments"] if one["kept"] is None}
    said = [[of, words] for one in teller.sections(unsaid) for of, words in one.said]
    return {**content, "said": said, "whole": teller.whole()}
