"""The gates of an operation: facts in, names of what is missing out. The list is the refusal, everywhere the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from samsyn.operations.queries import OperationCard, PartCard, ParticipationLine, PersonLine, TargetLine, VisitLine
from samsyn.operations.rules import BEFORE_ONGOING, OperationState, VisitState

S = OperationState


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody who accepted, with what the person is qualified for."""

    authority_id: UUID
    competences: frozenset[str]


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that a gate may ask; gathered once, from the rooms."""

    operation: OperationCard
    visits: tuple[VisitLine, ...] = ()
    targets: Mapping[UUID, TargetLine] = field(default_factory=dict)
    parts: tuple[PartCard, ...] = ()
    participations: tuple[ParticipationLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    accepted: tuple[Goer, ...] = ()
    built: frozenset[UUID] = frozenset()
    closed: frozenset[UUID] = frozenset()
    common_approved: bool = False

    @property
    def authorities(self) -> frozenset[UUID]:
        """Who takes part and has not withdrawn."""
        return frozenset(p.authority_id for p in self.participations if not p.withdrawn)


def missing_to_schedule(facts: GateFacts) -> tuple[str, ...]:
    """Every part has said yes, on which basis, announced or not and why (MB 28:1, JO 2545-2015), in which police role.

    Overlapping bookings need no question here: the database refuses them when they are made.
    """
    missing = [] if facts.visits else ["visits"]
    missing += [f"visit:{v.id}:parts" for v in facts.visits if not any(p.visit_id == v.id for p in facts.parts)]
    for part in facts.parts:
        missing += [f"part:{part.id}:{name}" for name in missing_of_part(part)]
        target = facts.targets.get(part.visit_id)
        if target is not None and target.announced and part.announced is False:
            missing.append(f"part:{part.id}:announced_differs")
    return tuple(missing)


def missing_of_part(part: PartCard) -> list[str]:
    """Name what one authority has not said yet."""
    wanted = {
        "accepted": bool(part.accepted),
        "legal_basis": bool(part.legal_basis),
        "announced": part.announced is not None,
        "no_notice_reason": part.announced is not False or not part.needs_reason or bool(part.no_notice_reason),
        "police_role": not part.of_police or part.police_role is not None,
    }
    return [name for name, given in wanted.items() if not given]


def missing_to_invite(facts: GateFacts) -> tuple[str, ...]:
    """Meeting time and place are set, a lead person is named."""
    op = facts.operation
    wanted = {"meets_at": op.meets_at, "meeting_place": op.meeting_place, "lead_person": op.lead_person_id}
    return tuple(name for name, given in wanted.items() if not given)


def missing_to_confirm(facts: GateFacts) -> tuple[str, ...]:
    """Quorum: every required authority has its minimum of accepted people with the competence asked for."""
    missing = []
    for line in facts.participations:
        if not line.required or line.withdrawn:
            continue
        asked = {p.competence for p in facts.parts if p.authority_id == line.authority_id and p.competence}
        people = [g for g in facts.accepted if g.authority_id == line.authority_id]
        able = [g for g in people if not asked or g.competences & asked]
        if len(able) < line.minimum:
            missing.append(f"quorum:{line.authority_id}")
        missing += [
            f"competence:{line.authority_id}:{code}"
            for code in sorted(asked)
            if line.minimum and not any(code in g.competences for g in people)
        ]
    return tuple(missing)


def missing_to_end(facts: GateFacts) -> tuple[str, ...]:
    """Every visit has ended, with its time."""
    missing = [] if facts.visits else ["visits"]
    return (*missing, *(f"visit:{v.id}:ended" for v in facts.visits if v.state is VisitState.PLANNED))


def missing_to_report(facts: GateFacts) -> tuple[str, ...]:
    """Every part that said yes has handed in, or has nothing to report."""
    return tuple(f"part:{p.id}:handed_in" for p in facts.parts if p.accepted is not False and not p.handed_in)


def missing_to_compile(facts: GateFacts) -> tuple[str, ...]:
    """Every reader's dossiers are built; the lead has approved the common part."""
    missing = [f"dossier:{a}" for a in sorted(facts.authorities - facts.built, key=str)]
    return (*missing, *(() if facts.common_approved else ("common_part",)))


def missing_to_close(facts: GateFacts) -> tuple[str, ...]:
    """Every authority says that its follow-ups are closed or carried over."""
    return tuple(f"follow_ups:{a}" for a in sorted(facts.authorities - facts.closed, key=str))


def nothing_missing(_facts: GateFacts) -> tuple[str, ...]:
    """A step without a gate."""
    return ()


Gate = Callable[[GateFacts], tuple[str, ...]]
GATES: Final[Mapping[tuple[OperationState, OperationState], Gate]] = {
    (S.PROPOSED, S.PREPARING): nothing_missing,
    (S.PREPARING, S.SCHEDULED): missing_to_schedule,
    (S.SCHEDULED, S.INVITED): missing_to_invite,
    (S.INVITED, S.CONFIRMED): missing_to_confirm,
    (S.CONFIRMED, S.ONGOING): nothing_missing,
    (S.ONGOING, S.DONE): missing_to_end,
    (S.DONE, S.REPORTED): missing_to_report,
    (S.REPORTED, S.COMPILED): missing_to_compile,
    (S.COMPILED, S.CLOSED): missing_to_close,
    (S.ONGOING, S.ABORTED): nothing_missing,
    **{(state, S.CANCELLED): nothing_missing for state in sorted(BEFORE_ONGOING)},
}
FIELD_STEPS: Final = frozenset({S.ONGOING, S.DONE, S.ABORTED})
"""Steps that the lead person on site may take without being a planner."""


def next_step(state: OperationState) -> OperationState | None:
    """Return the ordinary next state, or None at the end."""
    return next((to for (at, to) in GATES if at is state and to not in {S.CANCELLED, S.ABORTED}), None)
