"""How far each compilation of a pledge has come: approved by whom, waiting for whom, read by everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samsyn.authorities.queries import members_of
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.evaluation.models import EvaluationApproval, EvaluationPublication, EvaluationText
from samsyn.pledges.evaluation.queries import EvaluationLine, looked_at_of
from samsyn.pledges.queries import PledgeLine


@dataclass(frozen=True, slots=True)
class Standing:
    """Which parties approved just what it says now, and which are waited for; ``public``: everybody reads it."""

    approved_by: frozenset[UUID]
    awaited: frozenset[UUID]
    public: bool

    @property
    def approved(self) -> bool:
        """Say whether every party that is a member still approved it, and one did; as its own page says."""
        return bool(self.approved_by) and not self.awaited


def standings_of(uow: UnitOfWork, pledge: PledgeLine, lines: Sequence[EvaluationLine]) -> dict[UUID, Standing]:
    """Return how the compiled ones of a pledge stand, by id; the same four statements however many there are."""
    a, p, x = EvaluationApproval, EvaluationPublication, EvaluationText
    published = uow.session.scalar(select(p.evaluation_id).where(p.pledge_id == pledge.id))
    approvals: defaultdict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for row in uow.session.execute(select(a.evaluation_id, a.digest, a.authority_id).where(a.pledge_id == pledge.id)):
        approvals[row.evaluation_id, row.digest].add(row.authority_id)
    said = uow.session.execute(
        select(x.period, x.subject_id, x.evaluation_version, x.version, x.text)
        .where(x.pledge_id == pledge.id)
        .order_by(x.version)
    ).all()
    members = {one.id for one in members_of(uow, pledge.collaboration_id)}
    found = {}
    for line in lines:
        if line.digest is None:
            continue
        mine = (one for one in said if one.period == line.period and one.evaluation_version <= line.version)
        texts = {one.subject_id: (one.version, one.text) for one in mine}
        by = frozenset(approvals[line.id, looked_at_of(line.digest, texts)])
        found[line.id] = Standing(by, frozenset(pledge.parties) & members - by, line.id == published)
    return found
