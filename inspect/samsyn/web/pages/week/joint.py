"""The joint lane: operations of several authorities, with who has answered."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import AskedLine
from samsyn.operations.rules import TOLD, AssignmentState, OperationState
from samsyn.planning.clashes import Clash, goers_of
from samsyn.planning.queries import WeekRead
from samsyn.web.pages.week.cells import Joint, Square
from samsyn.web.pages.week.naming import Names, rank
from samsyn.web.pages.week.words import clash_words, full_hours
from samsyn.web.shell import t

DRAFT: Final = frozenset({OperationState.PROPOSED, OperationState.PREPARING})
SAID: Final = frozenset({OperationState.ONGOING, OperationState.DONE, OperationState.ABORTED})
"""States that a card names beside the drafts: the others follow from the answers."""


def is_joint(read: WeekRead, operation: OperationCard) -> bool:
    """Say whether several authorities take part, or nobody is asked yet."""
    asked = {one.authority_id for one in read.asked.get(operation.id, ())}
    asked |= {one.authority_id for one in read.goers.get(operation.id, ())}
    return not asked or len(asked | {operation.lead_id} | read.partakers.get(operation.id, frozenset())) > 1


def waits(read: WeekRead, operation: OperationCard, asked: AskedLine) -> bool:
    """Say whether an answer is missing: to a question, or from a person who has been invited."""
    if operation.state is OperationState.PROPOSED or asked.refused:
        return False
    return (asked.silent and operation.state not in SAID) or bool(silent_people(read, operation, asked))


def silent_people(read: WeekRead, operation: OperationCard, asked: AskedLine) -> list[UUID]:
    """Return the people of an authority, or a unit, who have not answered their invitation."""
    if operation.state not in TOLD:
        return []
    return [one.person_id for one in goers_of(read, asked) if one.state is AssignmentState.ASKED]


def squares(read: WeekRead, names: Names, operation: OperationCard) -> list[Square]:
    """Return a square for each that is asked, in the fields' order."""
    found = []
    for one in read.asked.get(operation.id, ()):
        whose = (one.authority_id, one.unit_id)
        found.append(Square(names.field(*whose), names.asked(*whose), waits(read, operation, one), one.refused))
    return sorted(found, key=lambda one: (rank(one.field), one.name))


def joint(read: WeekRead, names: Names, operation: OperationCard, clashes: list[Clash]) -> Joint:
    """Return an operation's card."""
    shown = squares(read, names, operation)
    answered = sum(not one.waits for one in shown)
    asked_for = operation.state is not OperationState.PROPOSED and answered < len(shown)
    return Joint(
        operation=operation,
        day=read.week.day_of(operation.starts_at),
        title=names.title(operation),
        where=names.where(operation),
        hours=full_hours((operation.starts_at, operation.ends_at)),
        label=t(f"operations.state.{operation.state}").lower() if operation.state in DRAFT | SAID else "",
        squares=shown,
        answers=t("week.answers", n=answered, of=len(shown)) if asked_for else "",
        clashes=[say_clash(names, one) for one in clashes],
    )


def say_clash(names: Names, clash: Clash) -> str:
    """Return a clash in words."""
    person = names.person(clash.person_id, clash.authority_id) if clash.person_id and clash.authority_id else ""
    unit = names.asked(clash.authority_id, clash.unit_id) if clash.authority_id else ""
    return clash_words(clash, person, unit)
