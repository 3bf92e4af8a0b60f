"""Decide the public version of a pledge's year: once, as of two versions the difference would be a small number."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, GateClosedError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.models import EvaluationPublication
from samsyn.pledges.evaluation.preview import preview_public
from samsyn.pledges.evaluation.queries import get_evaluation, get_publication, newest_of
from samsyn.pledges.evaluation.rules import digest_of, is_year
from samsyn.pledges.evaluation.service.writing import ONE_AT_A_TIME, settle


def publish(uow: UnitOfWork, evaluation_id: UUID, seen: str) -> None:
    """Decide that everybody may read a year that every party approved; it is kept as it is given, for ever.

    ``NotAllowedError`` for who decides for no party, ``GateClosedError`` for a quarter (its number and the year's would
    tell small ones by their difference) and before it is approved, ``ConflictError`` for a second one and for what a
    newer compilation corrects, ``ChangedMeanwhileError`` unless ``seen`` is the digest of what it says now.
    """
    card = get_evaluation(uow, evaluation_id)
    if "decider" not in uow.viewer.roles or uow.me not in card.pledge.parties:
        raise NotAllowedError("a party's decider publishes")
    if not is_year(card.line.period) or not card.approved:
        raise GateClosedError("only a year that every party approved", ("approved",))
    uow.session.execute(ONE_AT_A_TIME, {"key": f"{card.line.pledge_id} public"})
    if get_publication(uow, card.line.pledge_id) is not None:
        raise ConflictError("the public version is decided", missing=("published",))
    if newest_of(uow, card.line.pledge_id, card.line.period) != card.line.version:
        raise ConflictError("there is a newer compilation", missing=("newest",))
    content = preview_public(uow, card)
    if seen != digest_of(content):
        raise ChangedMeanwhileError("the numbers are other ones than those that were looked at")
    uow.session.execute(
        insert(EvaluationPublication).values(
            pledge_id=card.line.pledge_id,
            evaluation_id=evaluation_id,
            collaboration_id=card.line.collaboration_id,
            authority_id=uow.me,
            person_id=uow.person,
            at=uow.now,
            content=content,
            digest=seen,
        )
    )
    if "planner" in uow.viewer.roles:  # who is none writes no pledge: a planner of a party settles it on its page
        settle(uow, card)
    record(uow, "evaluation.publish", evaluation_id)
